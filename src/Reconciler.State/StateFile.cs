using Microsoft.Data.Sqlite;
using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>Creates and opens state files on disk.</summary>
public static class StateFile
{
    /// <summary>The default path.</summary>
    public const string DefaultPath = ".reconciler/state.db";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string DefaultFolder = ".reconciler";

    /// <summary>
    /// Creates the folder of a state file. The default folder gets a .gitignore, because it holds people's addresses.
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

    /// <summary>Creates an empty file that only its owner can read; false if a file exists already.</summary>
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

    /// <summary>Whether the file exists.</summary>
    /// <exception cref="LedgerException">There is a folder of that name.</exception>
    public static bool Exists(string path)
    {
        try
        {
            // File.Exists returns false if access is denied.
            if (!File.GetAttributes(path).HasFlag(FileAttributes.Directory))
                return true;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }

        throw new LedgerException($"{path} is a folder; name a file with --state");
    }

    /// <summary>Opens a file for writing.</summary>
    internal static StateConnection OpenToWrite(string path, TimeSpan busyTimeout) =>
        Open(path, SqliteOpenMode.ReadWrite, busyTimeout);

    /// <summary>Opens a file for reading, without changing it.</summary>
    internal static StateConnection OpenToRead(string path, TimeSpan busyTimeout)
    {
        try
        {
            var connection = Open(path, SqliteOpenMode.ReadOnly, busyTimeout);
            connection.Number("PRAGMA user_version");
            return connection;
        }
        catch (SqliteException failure)
            when (failure.SqliteErrorCode is 8 or 14
                && new FileInfo($"{path}-wal") is var log
                && (!log.Exists || log.Length == 0)
            )
        {
            // A read-only folder has no place for SQLite's shared files. Without a log nobody is writing, so the file
            // can be opened as immutable.
            var parts = path.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString);
            return Open($"file:{string.Join('/', parts)}?immutable=1", SqliteOpenMode.ReadOnly, busyTimeout);
        }
    }

    /// <summary>Opens an empty database that is gone once it is closed.</summary>
    internal static StateConnection OpenInMemory()
    {
        var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        return Of(connection);
    }

    /// <summary>Copies everything to an empty database, as it is at one moment.</summary>
    internal static void Copy(StateConnection from, StateConnection to) =>
        ((SqliteConnection)from.Inner).BackupDatabase((SqliteConnection)to.Inner);

    // A transaction that writes takes its turn at once, so that it never has to give up half way.
    private static StateConnection Of(SqliteConnection connection) =>
        new(connection, writes => connection.BeginTransaction(deferred: !writes));

    private static StateConnection Open(string source, SqliteOpenMode mode, TimeSpan busyTimeout)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = source,
                Mode = mode,
                // Connection pooling would keep the file open after its store is closed.
                Pooling = false,
                ForeignKeys = true,
                DefaultTimeout = Math.Max(1, (int)busyTimeout.TotalSeconds),
            }.ToString()
        );
        try
        {
            connection.Open();
            // secure_delete: erased people must not remain in free pages of the file.
            var opened = Of(connection);
            opened.Run(
                $"PRAGMA busy_timeout = {(int)busyTimeout.TotalMilliseconds}; PRAGMA synchronous = FULL; "
                    + "PRAGMA secure_delete = ON"
            );
            return opened;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
