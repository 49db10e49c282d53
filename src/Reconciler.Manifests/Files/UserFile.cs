using System.Globalization;

namespace Reconciler.Manifests.Files;

/// <summary>
/// Reads files that a person or a document names. Anything but a regular file is refused without opening it, because a
/// device may never end and a pipe may never start. Only a pipe that the command line itself names is read, up to a
/// size and within a time.
/// </summary>
public static class UserFile
{
    /// <summary>How long reading a pipe may take: 60 seconds.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Whether a path names a pipe or an open file of this process instead of a file in a folder.</summary>
    public static bool IsStream(string path) =>
        FileKinds.Of(path) == FileKind.Pipe
        // Files in /dev/shm are ordinary files.
        || path is "/dev/stdin" or "/dev/stdout" or "/dev/stderr"
        || path.StartsWith("/dev/fd/", StringComparison.Ordinal)
        || path.StartsWith("/proc/", StringComparison.Ordinal);

    /// <summary>Reads a file that the command line names: a regular file or a pipe.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="most">The most bytes it may hold.</param>
    /// <param name="clock">Measures how long a pipe takes.</param>
    /// <exception cref="UnfitFileException">It is something else, too long or too slow.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] ReadNamed(string path, int most, TimeProvider clock)
    {
        var kind = FileKinds.Of(path);
        if (!IsStream(path) && kind != FileKind.Device)
            return ReadRegular(path, most);
        if (kind is not (FileKind.Pipe or FileKind.Regular))
            throw Refused(path, kind, "a file or a pipe");
        try
        {
            // A read of a pipe without a writer cannot be cancelled. The waiting thread is abandoned, and ends with the
            // process.
            return Task.Run(() => ReadWhole(path, most)).WaitAsync(Deadline, clock).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            throw new UnfitFileException(
                path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"has no end within {Deadline.TotalSeconds:0} s; expected a pipe that is closed once all is written"
                )
            );
        }
    }

    /// <summary>Reads a regular file.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="most">The most bytes it may hold.</param>
    /// <exception cref="UnfitFileException">It is something else, or too long.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] ReadRegular(string path, int most)
    {
        var kind = FileKinds.Of(path);
        if (kind is not (FileKind.Regular or FileKind.Missing))
            throw Refused(path, kind, "a file");
        return ReadWhole(path, most);
    }

    /// <summary>Reads the text of a regular file.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="most">The most bytes it may hold.</param>
    /// <exception cref="UnfitFileException">It is something else, or too long.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string ReadRegularText(string path, int most)
    {
        using var text = new StreamReader(new MemoryStream(ReadRegular(path, most)));
        return text.ReadToEnd();
    }

    private static UnfitFileException Refused(string path, FileKind kind, string expected) =>
        new(path, $"is {kind.Words()}; expected {expected}");

    private static byte[] ReadWhole(string path, int most)
    {
        using var file = File.OpenRead(path);
        using var content = new MemoryStream(file.CanSeek ? (int)Math.Min(file.Length, most) : 0);
        // Most files are shorter than one piece.
        var piece = new byte[16 * 1024];
        for (var read = file.Read(piece); read > 0; read = file.Read(piece))
        {
            if (content.Length + read > most)
                throw new UnfitFileException(path, TooLong(most)) { IsTooLong = true };
            content.Write(piece, 0, read);
        }

        return content.ToArray();
    }

    private static string TooLong(int most) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"is longer than {(most >= 1 << 20 ? $"{most >> 20} MiB" : $"{most} bytes")}"
        );
}

/// <summary>Thrown if a file is not a regular file, is too long or takes too long to read.</summary>
/// <param name="file">The file.</param>
/// <param name="what">What it is, such as "is a pipe; expected a file".</param>
public sealed class UnfitFileException(string file, string what) : IOException($"it {what}")
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>What it is, as words after the file's name.</summary>
    public string What { get; } = what;

    /// <summary>Whether the only problem is its length.</summary>
    public bool IsTooLong { get; init; }
}
