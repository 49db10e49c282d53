using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Manifests.Files;

namespace Reconciler.Worker.Settings;

/// <summary>
/// Whether the files that settings name are there. A worker that starts does not ask: some are written a little later,
/// by a side-car.
/// </summary>
internal static class SettingsFiles
{
    /// <summary>Adds a problem for each that is missing.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="folder">The folder that relative paths start from.</param>
    /// <param name="problems">Gets the problems.</param>
    public static void Check(WorkerSettings settings, string folder, Problems problems)
    {
        var start = Path.GetFullPath(folder);
        foreach (var (part, field, path, kind) in Named(settings))
        {
            if (path is null)
                continue;
            var full = Path.GetFullPath(path, start);
            var found = FileKinds.Of(full);
            var fits = kind switch
            {
                Kind.File => found == FileKind.Regular,
                Kind.Folder => found == FileKind.Folder,
                _ => found is FileKind.Regular or FileKind.Folder,
            };
            if (fits)
                continue;
            var isSecret = part.OwnShape.Fields.Any(f => f.Name == field && f.IsSecret);
            var which = found == FileKind.Missing ? "does not exist" : $"is {found.Words()}";
            var named =
                isSecret && !IsPath(path)
                    ? $"names something that {which}"
                    : $"is {ProblemText.Quote(path)}, which {which}";
            problems.Error(part.Origin, field, $"{named}; expected {Words(kind)}");
        }
    }

    private static IEnumerable<(ManifestPart Part, string Field, string? Path, Kind Kind)> Named(
        WorkerSettings settings
    )
    {
        yield return (settings, "secretsDir", settings.SecretsDir, Kind.Folder);
        yield return (settings, "guardrails", settings.Guardrails, Kind.Either);
        yield return (settings, "approvals", settings.Approvals, Kind.Either);
        yield return (settings, "connections", settings.Connections, Kind.Either);
        yield return (settings, "vendors", settings.Vendors, Kind.Either);
        // A source that could not be read is told as a problem of its own.
        if (settings.Source?.Git is { } git)
        {
            yield return (git, "tokenFile", git.TokenFile, Kind.File);
            yield return (git, "sshKeyFile", git.SshKeyFile, Kind.File);
            yield return (git, "knownHostsFile", git.KnownHostsFile, Kind.File);
            yield return (git, "caFile", git.CaFile, Kind.File);
            yield return (git, "verifyKeys", git.VerifyKeys, Kind.Either);
        }

        if (settings.Status is { } status)
            yield return (status, "tokenFile", status.TokenFile, Kind.File);
        if (settings.Webhook is { } webhook)
            yield return (webhook, "secretFile", webhook.SecretFile, Kind.File);
        foreach (var one in settings.Notifications ?? [])
            yield return (one, "urlFile", one.UrlFile, Kind.File);
    }

    // Anything else may be the secret itself.
    private static bool IsPath(string text) =>
        text[0] == '/' || text.StartsWith("./", StringComparison.Ordinal) || text.All(char.IsAsciiLetter);

    private static string Words(Kind kind) =>
        kind switch
        {
            Kind.File => "a file",
            Kind.Folder => "a folder",
            _ => "a file or a folder",
        };

    private enum Kind
    {
        File,
        Folder,
        Either,
    }
}
