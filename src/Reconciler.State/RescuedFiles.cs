using System.Globalization;

namespace Reconciler.State;

/// <summary>
/// The files beside a state file that hold what was saved when it was taken away: <c>state.db.rescued</c>,
/// <c>state.db.rescued-2</c> and so on. None is ever overwritten.
/// </summary>
internal static class RescuedFiles
{
    /// <summary>How many there may be.</summary>
    public const int Most = 99;

    /// <summary>The newest one; null where there is none.</summary>
    /// <param name="path">The state file.</param>
    public static string? Newest(string path) => NextNumber(path) is > 1 and var next ? Name(path, next - 1) : null;

    /// <summary>The number of the next one, higher than that of any there is.</summary>
    /// <param name="path">The state file.</param>
    public static int NextNumber(string path)
    {
        var number = Most;
        while (number > 0 && !File.Exists(Name(path, number)))
            number--;
        return number + 1;
    }

    /// <summary>The path of one.</summary>
    /// <param name="path">The state file.</param>
    /// <param name="number">Its number, from 1.</param>
    public static string Name(string path, int number) =>
        number == 1 ? $"{path}.rescued" : string.Create(CultureInfo.InvariantCulture, $"{path}.rescued-{number}");
}
