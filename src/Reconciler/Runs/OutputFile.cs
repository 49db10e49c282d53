using Reconciler.Core.Text;
using Reconciler.Manifests;
using Reconciler.Manifests.Files;
using Reconciler.Manifests.Loading;
using Reconciler.Options;

namespace Reconciler.Runs;

/// <summary>Writes a file that --out names, whole or not at all, and says what prevents it.</summary>
internal static class OutputFile
{
    // SQLite and the locks keep files beside the state file; their names are its name with these endings.
    private static readonly string[] StateSuffixes =
    [
        "-wal",
        "-shm",
        "-journal",
        ".lock",
        ".lock.json",
        ".worker.lock",
        ".worker.lock.json",
    ];

    /// <summary>
    /// Why a file cannot be written at a path, as far as this is known before writing; null if nothing prevents it.
    /// </summary>
    /// <param name="path">Its full path.</param>
    public static string? Refusal(string path)
    {
        var kind = FileKinds.Of(path);
        if (kind is not (FileKind.Regular or FileKind.Missing))
            return $"it is {kind.Words()}; expected the name of a file";
        // The finished file replaces what is there, which must not be a device or another entry of the system.
        if (UserFile.IsStream(path))
            return "it is an entry of the system; expected the name of a file, or the output redirected to it";
        return Directory.Exists(Path.GetDirectoryName(path)) ? null : "its folder does not exist";
    }

    /// <summary>Writes the file.</summary>
    /// <param name="environment">Gets the sentence where it cannot be written.</param>
    /// <param name="path">The path as the user named it.</param>
    /// <param name="manifests">The manifests that were read; none of them is overwritten.</param>
    /// <param name="state">The state file, which is not overwritten either; null where there is none.</param>
    /// <param name="write">Writes it.</param>
    /// <returns>Whether it was written.</returns>
    public static bool TryWrite(
        CliEnvironment environment,
        string path,
        ManifestRequest manifests,
        StateRequest state,
        Action<string> write
    )
    {
        var full = Path.GetFullPath(path, Path.GetFullPath(environment.Folder));
        if ((Refusal(full) ?? Overwrites(environment, full, manifests, state)) is { } refusal)
            return Fail(environment, path, refusal);
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

    private static string? Overwrites(
        CliEnvironment environment,
        string full,
        ManifestRequest manifests,
        StateRequest state
    )
    {
        var real = RealPath.Of(full) ?? full;
        if (state.Path is { } kept && (real == kept || StateSuffixes.Any(s => real == kept + s)))
            return "it is the state file, or belongs to it; name another file";
        if (!File.Exists(real))
            return null;
        var start = Path.GetFullPath(environment.Folder);
        // A file that is named itself, not by its folder, is read as a manifest whatever its ending is.
        var read = manifests.Paths.Where(p =>
            ManifestFiles.IsManifest(real) || !Directory.Exists(Path.GetFullPath(p, start))
        );
        return ReviewedPaths.Clash(full, read, start) is null ? null : "it is one of the manifests; name another file";
    }

    private static bool Fail(CliEnvironment environment, string path, string why)
    {
        environment.Error.WriteLine($"error: {TerminalText.Escape($"{path} cannot be written: {why}")}");
        return false;
    }
}
