namespace Reconciler.Tests.Examples.Ci;

/// <summary>What starts a workflow of GitHub.</summary>
/// <param name="Name">The name of the event.</param>
/// <param name="Commit">The commit that it runs for.</param>
internal sealed record WorkflowEvent(string Name, string Commit)
{
    public const string Repository = "acme/access";

    /// <summary>The number of the pull request.</summary>
    public int? PullRequest { get; init; }

    /// <summary>The repository that the pull request comes from.</summary>
    public string Head { get; init; } = Repository;

    /// <summary>The commit before a push.</summary>
    public string? Before { get; init; }

    /// <summary>What somebody gave who started the workflow by hand.</summary>
    public IReadOnlyDictionary<string, object?> Inputs { get; init; } = new Dictionary<string, object?>();

    /// <summary>The context that expressions know as github.</summary>
    public IReadOnlyDictionary<string, object?> Context(string token) =>
        Map(
            ("token", token),
            ("repository", Repository),
            ("sha", Commit),
            ("ref", PullRequest is { } n ? $"refs/pull/{n}/merge" : "refs/heads/main"),
            ("event_name", Name),
            ("action_repository", "your-organization/reconciler"),
            (
                "event",
                Map(
                    ("before", Before),
                    (
                        "pull_request",
                        PullRequest is null
                            ? null
                            : Map(("number", $"{PullRequest}"), ("head", Map(("repo", Map(("full_name", Head))))))
                    )
                )
            )
        );

    /// <summary>The variables that every step has.</summary>
    public IReadOnlyDictionary<string, string> Variables =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CI"] = "true",
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_EVENT_NAME"] = Name,
            ["GITHUB_REPOSITORY"] = Repository,
            ["GITHUB_SHA"] = Commit,
            ["GITHUB_BASE_REF"] = PullRequest is null ? "" : "main",
            ["GITHUB_SERVER_URL"] = "https://github.com",
            ["GITHUB_RUN_ID"] = "42",
            ["GITHUB_ACTOR"] = "ana",
        };

    public static IReadOnlyDictionary<string, object?> Map(params (string Key, object? Value)[] pairs) =>
        pairs.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
}
