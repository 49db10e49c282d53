using Reconciler.Core.Manifests;
using Reconciler.Manifests;

namespace Reconciler.Worker.Settings;

/// <summary>
/// Whether limits, Approvals, connections and secrets of the worker lie inside its source: those who may change
/// manifests could change them too.
/// </summary>
internal static class SettingsPlaces
{
    /// <summary>Adds a problem for each that does.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="folder">The folder that relative paths start from.</param>
    /// <param name="problems">Gets the problems.</param>
    public static void Check(WorkerSettings settings, string folder, Problems problems)
    {
        var (source, what) = SourceOf(settings, folder);
        (string Field, string? Path)[] named =
        [
            ("secretsDir", settings.SecretsDir),
            ("guardrails", settings.Guardrails),
            ("approvals", settings.Approvals),
            ("connections", settings.Connections),
            ("vendors", settings.Vendors),
        ];
        foreach (var (field, path) in named)
        {
            if (path is null || ReviewedPaths.Clash(path, source, folder) is not { } place)
                continue;
            problems.Error(
                settings.Origin,
                field,
                $"is {ProblemText.Quote(path)}, which lies in {what} {place}, or around it, so a change of "
                    + "the manifests could change it too; expected a place apart"
            );
        }
    }

    private static (IReadOnlyList<string> Places, string What) SourceOf(WorkerSettings settings, string folder)
    {
        if (settings.Source?.Folder is { } followed)
            return ([followed.Path], "the followed folder");
        var copies = WorkerDefaults.WorkFolderOf(settings, folder);
        var url = settings.Source?.Git?.Url ?? "";
        var local = Uri.TryCreate(url, UriKind.Absolute, out var address) && address.IsFile ? address.LocalPath : null;
        return (local is null ? [copies] : [copies, local], "the copy of the repository at");
    }
}
