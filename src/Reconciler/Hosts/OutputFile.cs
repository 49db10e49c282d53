using Reconciler.Reports;
using Reconciler.Sources;

namespace Reconciler.Hosts;

/// <summary>Writes a file that --out names, whole or not at all, and says what prevents it.</summary>
internal static class OutputFile
{
    /// <summary>What prevents a file from being written at a path, as far as can be told before; null where nothing does.</summary>
    /// <param name="path">Its full path.</param>
    public static string? Refusal(string path)
    {
        var kind = FileKinds.Of(path);
        if (kind is not (FileKind.Regular or FileKind.Missing)) return $"it is {kind.Words()}; expected the name of a file";
        // The finished file takes the place of what is there, which must not be an entry of the system's.
        if (UserFile.IsStream(path)) return "it is an entry of the system; expected the name of a file, or the output redirected to it";
        return Directory.Exists(Path.GetDirectoryName(path)) ? null : "its folder does not exist";
    }

    /// <summary>Writes the file.</summary>
    /// <param name="environment">Gets the sentence where it cannot be written.</param>
    /// <param name="path">The path as the user named it.</param>
    /// <param name="write">Writes it.</param>
    /// <returns>Whether it was written.</returns>
    public static bool TryWrite(CliEnvironment environment, string path, Action<string> write)
    {
        var full = Path.GetFullPath(path, Path.GetFullPath(environment.Folder));
        if (Refusal(full) is { } refusal) return Fail(environment, path, refusal);
        try
        {
            write(full);
            return true;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return Fail(environment, path, unwritable.Message);
        }
    }

    private static bool Fail(CliEnvironment environment, string path, string why)
    {
        environment.Error.WriteLine($"error: {TerminalText.Escape($"{path} cannot be written: {why}")}");
        return false;
    }
}
