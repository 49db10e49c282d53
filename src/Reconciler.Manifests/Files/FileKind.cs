using System.Runtime.InteropServices;
using System.Text;

namespace Reconciler.Manifests.Files;

/// <summary>The kind of a file, with links followed.</summary>
public enum FileKind
{
    /// <summary>Nothing, or a link that leads nowhere.</summary>
    Missing,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A named pipe, or a pipe from another process. Opening one waits for somebody who writes.</summary>
    Pipe,

    /// <summary>A device, such as a terminal or <c>/dev/zero</c>. It may never end.</summary>
    Device,

    /// <summary>A socket.</summary>
    Socket,
}

/// <summary>Finds the kind of a file without opening it: opening a pipe would wait, and a device may react.</summary>
public static class FileKinds
{
    // As in stat(2).
    private const int Mask = 0xF000;

    /// <summary>Returns the kind of file at a path.</summary>
    public static FileKind Of(string path)
    {
        if (OperatingSystem.IsWindows())
            return Directory.Exists(path) ? FileKind.Folder
                : File.Exists(path) ? FileKind.Regular
                : FileKind.Missing;
        if (Stat(Encoding.UTF8.GetBytes(path + "\0"), out var status) != 0)
            return FileKind.Missing;
        return (status.Mode & Mask) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Folder,
            0x1000 => FileKind.Pipe,
            0xC000 => FileKind.Socket,
            _ => FileKind.Device,
        };
    }

    /// <summary>Returns the kind in words, such as "a device".</summary>
    public static string Words(this FileKind kind) =>
        kind switch
        {
            FileKind.Folder => "a folder",
            FileKind.Pipe => "a pipe",
            FileKind.Device => "a device",
            FileKind.Socket => "a socket",
            FileKind.Regular => "a file",
            _ => "missing",
        };

    // The runtime's own stat has the same layout on every system but Windows.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Stat(byte[] path, out Status status);

    /// <summary>The first fields of the runtime's structure, with room for the rest.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private readonly struct Status
    {
        private readonly int _flags;

        public readonly int Mode;
    }
}
