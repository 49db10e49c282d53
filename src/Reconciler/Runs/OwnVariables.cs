using System.Collections.Immutable;
using Reconciler.Worker.Settings;

namespace Reconciler.Runs;

/// <summary>
/// The environment variables that the program reads for itself. A manifest may not name one for a token: its author
/// could otherwise have the program's own settings sent to a vendor. No option of the command line has a variable.
/// </summary>
internal static class OwnVariables
{
    /// <summary>All of them, made from the settings. The case is ignored, as on Windows.</summary>
    public static ImmutableHashSet<string> All { get; } =
        SettingsField.All.Select(field => field.Variable).ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);
}
