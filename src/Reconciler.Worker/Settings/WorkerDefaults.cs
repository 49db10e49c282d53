using System.Globalization;
using Reconciler.Manifests.Loading;
using Reconciler.State;

namespace Reconciler.Worker.Settings;

/// <summary>What holds where the settings say nothing, and what their words mean.</summary>
public static class WorkerDefaults
{
    /// <summary>The word that turns a listener off.</summary>
    public const string Off = "off";

    /// <summary>The address that health and metrics are served on.</summary>
    public const string Operations = "127.0.0.1:8080";
    internal const string WebhookPath = "/webhook";
    internal const string GitUser = "git";

    /// <summary>The time between two fetches of a git repository.</summary>
    public static TimeSpan GitInterval { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The time between two looks at a folder.</summary>
    public static TimeSpan FolderInterval { get; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the source is asked.</summary>
    internal static TimeSpan SourceInterval(WorkerSettings settings) =>
        settings.Source.Git is { } git
            ? git.Interval?.Value ?? GitInterval
            : settings.Source.Folder!.Interval?.Value ?? FolderInterval;

    /// <summary>The state file, or the URL of PostgreSQL.</summary>
    internal static string StateOf(WorkerSettings settings, string folder) =>
        StatePlace.Full(settings.State ?? StateFile.DefaultPath, folder);

    /// <summary>The variable that named the state; null where none did.</summary>
    internal static string? StateVariableOf(WorkerSettings settings) =>
        settings.Origin["state"]?.Position is { } place ? SettingsOrigins.VariableAt(place) : null;

    /// <summary>Where copies of the source are kept: a dot folder, which no walk over manifests enters.</summary>
    internal static string WorkFolderOf(WorkerSettings settings, string folder) =>
        settings.Source?.Git?.WorkFolder is { } given
            ? Path.GetFullPath(given, Path.GetFullPath(folder))
            : Path.Combine(StateFolderOf(settings, folder), ".source");

    // A server has no folder; the worker's own files are where the state file would be.
    private static string StateFolderOf(WorkerSettings settings, string folder) =>
        Path.GetDirectoryName(
            StateOf(settings, folder) is var place && StatePlace.IsServer(place)
                ? StatePlace.Full(StateFile.DefaultPath, folder)
                : place
        )!;

    /// <summary>Which manifests a pass reads, and what the settings decide about them.</summary>
    internal static ManifestRequest RequestOf(WorkerSettings settings, string folder)
    {
        var start = Path.GetFullPath(folder);
        return new([])
        {
            AllowedHosts = settings.AllowHosts ?? [],
            AllowedVariables = settings.AllowEnv ?? [],
            BaseUrls =
            [
                .. (settings.BaseUrls ?? new Dictionary<string, string>(StringComparer.Ordinal))
                    .OrderBy(b => b.Key, StringComparer.Ordinal)
                    .Select(b => $"{b.Key}={b.Value}"),
            ],
            BaseUrlsGivenBy = "the setting baseUrls",
            Exclude = settings.Exclude ?? [],
            AllowsEmpty = settings.AllowEmpty ?? false,
            AllowsEmptyBy = "the setting allowEmpty: true",
            SecretsFolder = Full(settings.SecretsDir),
            Guardrails = Full(settings.Guardrails),
            Approvals = Full(settings.Approvals),
            Connections = Full(settings.Connections),
            Vendors = Full(settings.Vendors),
            OverriddenVendors = settings.OverrideVendors ?? [],
            MaxRemovals = int.TryParse(
                settings.MaxRemovals,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var most
            )
                ? most
                : null,
            LiftsBuiltInLimits = settings.MaxRemovals == "none",
        };

        string? Full(string? path) => path is null ? null : Path.GetFullPath(path, start);
    }
}
