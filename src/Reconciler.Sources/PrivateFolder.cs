namespace Reconciler.Sources;

/// <summary>Creates folders and files that only their owner can access.</summary>
public static class PrivateFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates a folder, with its parents.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, Owner);
    }

    /// <summary>Creates a folder, or removes the rights of others from an existing one.</summary>
    internal static void Own(string path)
    {
        Create(path);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, Owner);
    }

    /// <summary>Creates a new file that only its owner can access.</summary>
    /// <exception cref="IOException">It exists.</exception>
    public static FileStream NewFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path, options);
    }
}
