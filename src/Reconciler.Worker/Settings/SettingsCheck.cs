using Reconciler.Core.Manifests;
using Reconciler.Hosting.Web;
using Reconciler.Manifests;
using Reconciler.Sources.Git;
using Reconciler.State;

namespace Reconciler.Worker.Settings;

/// <summary>What one field of the settings cannot tell of itself.</summary>
internal static class SettingsCheck
{
    public static void Check(WorkerSettings settings, Problems problems)
    {
        var listening = new Dictionary<int, string>();
        CheckListen(
            settings.Operations,
            settings.Operations?.Listen ?? WorkerDefaults.Operations,
            "operations",
            listening,
            problems
        );
        CheckListen(settings.Status, settings.Status?.Listen ?? WorkerDefaults.Off, "status", listening, problems);
        CheckListen(settings.Webhook, settings.Webhook?.Listen ?? WorkerDefaults.Off, "webhook", listening, problems);
        CheckStatus(settings, problems);
        if (settings.State is { } state && StatePlace.Problem(state) is { } wrong)
            problems.Error(settings.Origin, "state", wrong);
        if (settings.Source?.Git is { } git)
            CheckGit(git, problems);
        CheckNotifications(settings, problems);
        CheckTelemetry(settings, problems);
        CheckBaseUrls(settings, problems);
    }

    private static void CheckStatus(WorkerSettings settings, Problems problems)
    {
        if (
            settings.Status is { Listen: { } shown, TokenFile: null } status
            && ListenAddress.Parse(shown) is { } place
            && !ListenAddress.IsLoopback(place)
        )
        {
            problems.Error(
                status.Origin,
                "listen",
                $"is {ProblemText.Quote(shown)}, which others reach; the page shows addresses of people, so "
                    + "expected tokenFile too, or 127.0.0.1"
            );
        }
    }

    private static void CheckNotifications(WorkerSettings settings, Problems problems)
    {
        foreach (var one in settings.Notifications ?? [])
        {
            if (one.Url is not { } url)
                continue;
            if (!Uri.TryCreate(url, UriKind.Absolute, out var target))
                problems.Error(
                    one.Origin,
                    "url",
                    "cannot be read; expected a URL such as https://chat.example.com/hooks/access"
                );
            else if (target is { Scheme: "http", IsLoopback: false })
                problems.Error(one.Origin, "url", "is http; expected https, except on loopback");
        }
    }

    private static void CheckTelemetry(WorkerSettings settings, Problems problems)
    {
        if (
            settings.Telemetry is { Endpoint: { } endpoint } telemetry
            && !Uri.TryCreate(endpoint, UriKind.Absolute, out _)
        )
            problems.Error(
                telemetry.Origin,
                "endpoint",
                $"is {ProblemText.Quote(endpoint)}, which cannot be read; expected a URL such as http://collector:4318"
            );
    }

    private static void CheckBaseUrls(WorkerSettings settings, Problems problems)
    {
        foreach (var (name, url) in settings.BaseUrls ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (Uri.TryCreate(url, UriKind.Absolute, out var target) && (target.Scheme is "https" or "http"))
                continue;
            var found = url.Contains('@', StringComparison.Ordinal)
                ? "a text that is not shown here"
                : ProblemText.Quote(url);
            problems.Error(
                settings.Origin,
                "baseUrls",
                $"{ProblemText.Quote(name)} is {found}; expected a URL that begins with https://"
            );
        }
    }

    // As the source itself will judge them, but all at once.
    private static void CheckGit(GitSection git, Problems problems)
    {
        Try(git, "branch", () => GitRef.Of(git.Branch, null), problems);
        Try(git, "tag", () => GitRef.Of(null, git.Tag), problems);
        Try(git, "path", () => RepositoryPath.Of(git.Path ?? RepositoryPath.Root), problems);
        if (git.Url is null || Try(git, "url", () => GitAddress.Parse(git.Url), problems) is not { } address)
            return;
        var settings = new GitSettings(git.Url, "")
        {
            TokenFile = git.TokenFile,
            CaFile = git.CaFile,
            SshKeyFile = git.SshKeyFile,
            KnownHostsFile = git.KnownHostsFile,
            UserName = git.Username ?? WorkerDefaults.GitUser,
        };
        foreach (var (field, message) in settings.Problems(address))
            problems.Error(git.Origin, field, message);
    }

    private static T? Try<T>(ManifestPart part, string field, Func<T> read, Problems problems)
        where T : class
    {
        try
        {
            return read();
        }
        catch (SourceException wrong)
        {
            problems.Error(part.Origin, field, wrong.Message);
            return null;
        }
    }

    // Ports of any address and of one address are the same port.
    private static void CheckListen(
        ManifestPart? section,
        string listen,
        string name,
        Dictionary<int, string> taken,
        Problems problems
    )
    {
        if (listen == WorkerDefaults.Off)
            return;
        if (ListenAddress.Parse(listen) is not { } endpoint)
        {
            if (section is not null)
                problems.Error(
                    section.Origin,
                    "listen",
                    $"is {ProblemText.Quote(listen)}; expected {ListenAddress.Expected}"
                );
            return;
        }

        // Each shows other things to other people: none may answer in another's place. Port 0 takes any free one.
        if (endpoint.Port != 0 && !taken.TryAdd(endpoint.Port, name) && section is not null)
            problems.Error(
                section.Origin,
                "listen",
                $"has the port of {taken[endpoint.Port]}; expected a port of its own"
            );
    }
}
