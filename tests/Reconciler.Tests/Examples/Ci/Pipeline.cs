namespace Reconciler.Tests.Examples.Ci;

/// <summary>What starts a pipeline of GitLab.</summary>
/// <param name="Commit">The commit that it runs for.</param>
/// <param name="Variables">What the jobs know of it.</param>
internal sealed record Pipeline(string Commit, IReadOnlyDictionary<string, string> Variables)
{
    private const string Nothing = "0000000000000000000000000000000000000000";

    /// <summary>Whether its branch is protected, so that it has the protected variables.</summary>
    public bool IsProtected => Variables.ContainsKey("CI_COMMIT_BRANCH");

    /// <summary>A pipeline of a merge request.</summary>
    /// <param name="commit">The branch's newest commit, or the commit that merges it.</param>
    /// <param name="number">The number of the merge request.</param>
    /// <param name="type">detached, merged_result or merge_train.</param>
    /// <param name="source">The id of the project that the change comes from.</param>
    public static Pipeline OfMergeRequest(string commit, int number, string type, string source = "1") =>
        new(
            commit,
            Map(
                commit,
                "merge_request_event",
                ("CI_MERGE_REQUEST_IID", $"{number}"),
                ("CI_MERGE_REQUEST_EVENT_TYPE", type),
                ("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", source),
                ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
                ("CI_COMMIT_BEFORE_SHA", Nothing)
            )
        );

    public static Pipeline OfPush(string before, string after) =>
        new(after, Map(after, "push", ("CI_COMMIT_BRANCH", "main"), ("CI_COMMIT_BEFORE_SHA", before)));

    public static Pipeline OfSchedule(string commit, string what) =>
        new(
            commit,
            Map(
                commit,
                "schedule",
                ("CI_COMMIT_BRANCH", "main"),
                ("CI_COMMIT_BEFORE_SHA", Nothing),
                ("ACCESS_SCHEDULE", what)
            )
        );

    public static Pipeline ByHand(string commit, string digest, string approve) =>
        new(
            commit,
            Map(
                commit,
                "web",
                ("CI_COMMIT_BRANCH", "main"),
                ("CI_COMMIT_BEFORE_SHA", Nothing),
                ("DIGEST", digest),
                ("APPROVE", approve)
            )
        );

    private static Dictionary<string, string> Map(
        string commit,
        string source,
        params (string Name, string Value)[] more
    ) =>
        more.Append(("CI_PIPELINE_SOURCE", source))
            .Append(("CI_COMMIT_SHA", commit))
            .Append(("CI_DEFAULT_BRANCH", "main"))
            .Append(("CI_PROJECT_ID", "1"))
            .Append(("CI_JOB_URL", "https://gitlab.example/acme/access/-/jobs/42"))
            .Append(("CI_JOB_TOKEN", "job-token"))
            .Append(("CI_SERVER_HOST", "127.0.0.1"))
            .Append(("GITLAB_CI", "true"))
            .Append(("CI", "true"))
            .ToDictionary(StringComparer.Ordinal);
}
