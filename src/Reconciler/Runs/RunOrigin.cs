using System.Globalization;
using Reconciler.Core.Ledgers;
using Reconciler.Hosting;
using Reconciler.Sources.Git;

namespace Reconciler.Runs;

/// <summary>
/// Who runs the program, as the environment tells. A CI service sets these variables for its jobs; a user can set them
/// too, so that what they say is a claim.
/// </summary>
internal static class RunOrigin
{
    /// <summary>
    /// Who runs a command: in CI the account and the run that the service names, else the user of the machine.
    /// </summary>
    /// <param name="variable">Gives a variable of the environment.</param>
    public static AuditOrigin Of(Func<string, string?> variable)
    {
        var machine = Environment.MachineName;
        if (CiJob.Of(variable) is { } job)
        {
            return new()
            {
                Actor = job.Actor.Length > 0 ? job.Actor : Environment.UserName,
                Host = $"{machine} ({job.Service})",
                Run = PlainAddress.OfRun(job.Run),
                Repository = PlainAddress.Of(job.Repository),
                Revision = job.Revision,
                Program = ServiceOrigin.Program,
            };
        }

        // Under sudo the account is root, so the person behind it is taken from the variables of sudo.
        var (user, person) = (Environment.UserName, variable("SUDO_USER"));
        var isSudo =
            person is { Length: > 0 }
            && int.TryParse(variable("SUDO_UID"), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return new()
        {
            Actor = isSudo ? $"{user} (sudo by {person})" : user,
            Host = machine,
            Program = ServiceOrigin.Program,
        };
    }
}

/// <summary>A job of a CI service, as its variables tell.</summary>
/// <param name="Service">The service.</param>
/// <param name="Actor">Who started it; empty where the service does not tell.</param>
/// <param name="Run">The address of the run.</param>
/// <param name="Repository">The repository's address.</param>
/// <param name="Revision">The commit.</param>
internal sealed record CiJob(string Service, string Actor, string Run, string Repository, string Revision)
{
    /// <summary>The job that this process is part of; null where it is part of none.</summary>
    /// <param name="variable">Gives a variable of the environment.</param>
    public static CiJob? Of(Func<string, string?> variable)
    {
        if (Is("GITHUB_ACTIONS"))
            return GitHub(Text);
        if (Is("GITLAB_CI"))
            return new(
                "GitLab CI",
                Text("GITLAB_USER_LOGIN"),
                First("CI_JOB_URL", "CI_PIPELINE_URL"),
                Text("CI_PROJECT_URL"),
                Text("CI_COMMIT_SHA")
            );
        if (Is("TF_BUILD"))
            return Azure(Text);
        if (Is("CIRCLECI"))
            return new(
                "CircleCI",
                Text("CIRCLE_USERNAME"),
                Text("CIRCLE_BUILD_URL"),
                Text("CIRCLE_REPOSITORY_URL"),
                Text("CIRCLE_SHA1")
            );
        if (Is("BUILDKITE"))
            return new(
                "Buildkite",
                First("BUILDKITE_BUILD_CREATOR", "BUILDKITE_UNBLOCKER"),
                Text("BUILDKITE_BUILD_URL"),
                Text("BUILDKITE_REPO"),
                Text("BUILDKITE_COMMIT")
            );
        if (Text("BITBUCKET_BUILD_NUMBER") is { Length: > 0 } number && number.All(char.IsAsciiDigit))
            return Bitbucket(Text, number);
        return IsAddress(Text("JENKINS_URL"))
            ? new(
                "Jenkins",
                First("BUILD_USER_ID", "CHANGE_AUTHOR"),
                Text("BUILD_URL"),
                Text("GIT_URL"),
                Text("GIT_COMMIT")
            )
            : null;

        bool Is(string name) => string.Equals(variable(name), "true", StringComparison.OrdinalIgnoreCase);
        string Text(string name) => variable(name)?.Trim() ?? "";
        string First(string name, string other) => Text(name) is { Length: > 0 } text ? text : Text(other);
    }

    // Gitea and Forgejo use the same names.
    private static CiJob GitHub(Func<string, string> text)
    {
        var repository = $"{text("GITHUB_SERVER_URL").TrimEnd('/')}/{text("GITHUB_REPOSITORY")}";
        var (actor, trigger) = (text("GITHUB_ACTOR"), text("GITHUB_TRIGGERING_ACTOR"));
        var attempt =
            text("GITHUB_RUN_ATTEMPT") is { Length: > 0 } number && number != "1" ? $"/attempts/{number}" : "";
        var who = trigger.Length > 0 && trigger != actor ? $"{actor} (run again by {trigger})" : actor;
        return new(
            "GitHub Actions",
            who,
            $"{repository}/actions/runs/{text("GITHUB_RUN_ID")}{attempt}",
            repository,
            text("GITHUB_SHA")
        );
    }

    private static CiJob Azure(Func<string, string> text)
    {
        var collection = text("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI").TrimEnd('/');
        var project = Uri.EscapeDataString(text("SYSTEM_TEAMPROJECT"));
        var run = $"{collection}/{project}/_build/results?buildId={text("BUILD_BUILDID")}";
        var actor = text("BUILD_REQUESTEDFOREMAIL") is { Length: > 0 } mail
            ? $"{text("BUILD_REQUESTEDFOR")} <{mail}>"
            : text("BUILD_REQUESTEDFOR");
        return new("Azure Pipelines", actor, run, text("BUILD_REPOSITORY_URI"), text("BUILD_SOURCEVERSION"));
    }

    private static CiJob Bitbucket(Func<string, string> text, string number)
    {
        var repository = $"https://bitbucket.org/{text("BITBUCKET_REPO_FULL_NAME")}";
        return new(
            "Bitbucket Pipelines",
            text("BITBUCKET_STEP_TRIGGERER_UUID"),
            $"{repository}/pipelines/results/{number}",
            repository,
            text("BITBUCKET_COMMIT")
        );
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}
