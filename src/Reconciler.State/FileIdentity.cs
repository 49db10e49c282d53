using System.Runtime.InteropServices;
using System.Text;

namespace Reconciler.State;

/// <summary>
/// Tells a file from another one at the same path. The number of a file is not given to another one while the file is
/// open, even if it is deleted.
/// </summary>
/// <param name="Device">The file system.</param>
/// <param name="Number">The number of the file there.</param>
internal readonly record struct FileIdentity(long Device, long Number)
{
    /// <summary>Returns the identity of the file at a path; null if there is none.</summary>
    /// <param name="path">The path; links are followed.</param>
    public static FileIdentity? Of(string path)
    {
        // Windows deletes and replaces no file that is open.
        if (OperatingSystem.IsWindows())
            return File.Exists(path) ? new FileIdentity() : null;
        return Stat(Encoding.UTF8.GetBytes(path + "\0"), out var status) == 0
            ? new FileIdentity(status.Device, status.Number)
            : null;
    }

    // The runtime's own stat has the same layout on every system but Windows.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Stat(byte[] path, out Status status);

    /// <summary>Two fields of the runtime's structure, with room for the rest.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct Status
    {
        [FieldOffset(88)]
        public readonly long Device;

        [FieldOffset(104)]
        public readonly long Number;
    }
}
