using System.Collections.Immutable;
using Reconciler.Worker.Settings;

namespace Reconciler.Runs;

/// <summary>
/// The environment variables that the program reads for itself. A manifest may not name one for a token: whoever
/// proposes it could have
/// the program's own settings sent to a vendor. No option of the command line has a variable.
/// </summary>
internal static class OwnVariables
{
    /// <summary>All of them, made from the settings.</summary>
    public static ImmutableHashSet<string> All { get; } = [.. SettingsField.All.Select(field => field.Variable)];

    /// <summary>Whether a variable is one of them, in any capitals.</summary>
    public static bool Has(string name) => All.Any(own => own.Equals(name, StringComparison.OrdinalIgnoreCase));
}
