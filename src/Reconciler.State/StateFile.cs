using Microsoft.Data.Sqlite;
using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>A state file on disk: where it lies, who may read it, how it is opened.</summary>
public static class StateFile
{
    /// <summary>Where it lies unless told otherwise.</summary>
    public const string DefaultPath = ".reconciler/state.db";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string DefaultFolder = ".reconciler";

    /// <summary>
    /// Makes the folder of a state file. The default one keeps itself out of git: it holds people's addresses.
    /// </summary>
    internal static void PrepareFolder(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var ignore = Path.Combine(folder, ".gitignore");
        if (Path.GetFileName(folder) == DefaultFolder && !File.Exists(ignore))
            File.WriteAllText(ignore, "*\n");
    }

    /// <summary>Makes an empty file that only its owner can read; false where something lies there already.</summary>
    internal static bool CreateNew(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            new FileStream(path, options).Dispose();
            return true;
        }
        catch (IOException) when (Path.Exists(path))
        {
            return false;
        }
    }

    /// <summary>Whether there is one.</summary>
    /// <exception cref="LedgerException">There is a folder of that name.</exception>
    public static bool Exists(string path)
    {
        try
        {
            // File.Exists says no where it may not look.
            if (!File.GetAttributes(path).HasFlag(FileAttributes.Directory))
                return true;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }

        throw new LedgerException($"{path} is a folder; name a file with --state");
    }

    /// <summary>Opens it to be written.</summary>
    internal static SqliteConnection OpenToWrite(string path, TimeSpan patience) =>
        Open(path, SqliteOpenMode.ReadWrite, patience);

    /// <summary>Opens it to be read, without any change to it.</summary>
    internal static SqliteConnection OpenToRead(string path, TimeSpan patience)
    {
        try
        {
            var connection = Open(path, SqliteOpenMode.ReadOnly, patience);
            connection.Number("PRAGMA user_version");
            return connection;
        }
        catch (SqliteException failure)
            when (failure.SqliteErrorCode is 8 or 14
                && new FileInfo($"{path}-wal") is var log
                && (!log.Exists || log.Length == 0)
            )
        {
            // A folder that cannot be written has no place for the files that readers and writers share; without a log
            // nobody writes either.
            var parts = path.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString);
            return Open($"file:{string.Join('/', parts)}?immutable=1", SqliteOpenMode.ReadOnly, patience);
        }
    }

    private static SqliteConnection Open(string source, SqliteOpenMode mode, TimeSpan patience)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = source,
                Mode = mode,
                // A pool would keep the file open after its store is closed.
                Pooling = false,
                ForeignKeys = true,
                DefaultTimeout = Math.Max(1, (int)patience.TotalSeconds),
            }.ToString()
        );
        try
        {
            connection.Open();
            // Whoever is forgotten must not be found in the parts of the file that are free again.
            connection.Run(
                $"PRAGMA busy_timeout = {(int)patience.TotalMilliseconds}; PRAGMA synchronous = FULL; "
                    + "PRAGMA secure_delete = ON"
            );
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
