using Reconciler.Core.Manifests;
using Reconciler.Hosts.Worker.Web;

namespace Reconciler.Hosts.Worker.Settings;

/// <summary>What one field of the settings cannot tell of itself.</summary>
internal static class SettingsCheck
{
    public static void Check(WorkerSettings settings, Problems problems)
    {
        var listening = new Dictionary<int, string>();
        CheckListen(settings.Operations, settings.Operations?.Listen ?? WorkerDefaults.Operations, "operations", listening, problems);
        CheckListen(settings.Status, settings.Status?.Listen ?? WorkerDefaults.Off, "status", listening, problems);
        CheckListen(settings.Webhook, settings.Webhook?.Listen ?? WorkerDefaults.Off, "webhook", listening, problems);
        if (settings.Status is { Listen: { } shown, TokenFile: null } status && ListenAddress.Parse(shown) is { } place && !ListenAddress.IsLoopback(place))
        {
            problems.Error(status.Origin, "listen", $"is {ProblemText.Quote(shown)}, which others reach; the page shows addresses of people, so expected tokenFile too, or 127.0.0.1");
        }

        if (settings.Source?.Git is { } git) CheckGit(git, problems);
        foreach (var one in settings.Notifications ?? [])
        {
            if (one.Url is { } url && Uri.TryCreate(url, UriKind.Absolute, out var target) && target is { Scheme: "http", IsLoopback: false }) problems.Error(one.Origin, "url", "is http; expected https, except on loopback");
        }

        foreach (var (name, url) in settings.BaseUrls ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var target) || target.Scheme is not ("https" or "http")) problems.Error(settings.Origin, "baseUrls", $"{ProblemText.Quote(name)} is {ProblemText.Quote(url)}; expected a URL such as https://eu.app.clarifeye.ai/api/v1");
        }
    }

    private static void CheckGit(GitSection git, Problems problems)
    {
        var isSsh = git.Url?.StartsWith("ssh://", StringComparison.Ordinal) == true || git.Url?.StartsWith("http", StringComparison.Ordinal) == false;
        if (isSsh && git.TokenFile is not null) problems.Error(git.Origin, "tokenFile", "is for https; expected sshKeyFile for an address of ssh");
        if (!isSsh && git.SshKeyFile is not null) problems.Error(git.Origin, "sshKeyFile", "is for ssh; expected tokenFile for an address of https");
        if (git.SshKeyFile is not null && git.KnownHostsFile is null) problems.Error(git.Origin, "knownHostsFile", "is missing; expected a file with the host's key: without it anybody could answer in its place");
    }

    // Ports of any address and of one address are the same port.
    private static void CheckListen(ManifestPart? section, string listen, string name, Dictionary<int, string> taken, Problems problems)
    {
        if (listen == WorkerDefaults.Off) return;
        if (ListenAddress.Parse(listen) is not { } endpoint)
        {
            if (section is not null) problems.Error(section.Origin, "listen", $"is {ProblemText.Quote(listen)}; expected {ListenAddress.Expected}");
            return;
        }

        // Each shows other things to other people: none may answer in another's place. Port 0 takes any free one.
        if (endpoint.Port != 0 && !taken.TryAdd(endpoint.Port, name) && section is not null) problems.Error(section.Origin, "listen", $"has the port of {taken[endpoint.Port]}; expected a port of its own");
    }
}
