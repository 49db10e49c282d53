using System.Collections.Immutable;
using Reconciler.State;
using Reconciler.Worker.Settings;

namespace Reconciler.Runs;

/// <summary>
/// The environment variables that the program reads for itself. A manifest may not name one for a token: its author
/// could otherwise have the program's own settings sent to a vendor.
/// </summary>
internal static class OwnVariables
{
    /// <summary>
    /// The variables of the worker's settings, and the one that names a state. The case is ignored, as on Windows.
    /// </summary>
    public static ImmutableHashSet<string> All { get; } =
        SettingsField
            .All.Select(field => field.Variable)
            .Append(StatePlace.Variable)
            .ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);
}
