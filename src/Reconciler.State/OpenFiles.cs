namespace Reconciler.State;

/// <summary>What became of the files of an open database.</summary>
internal enum FileLoss
{
    /// <summary>All are in place.</summary>
    None,

    /// <summary>The database was deleted, or moved away.</summary>
    Gone,

    /// <summary>Another file stands in the place of the database.</summary>
    Replaced,

    /// <summary>
    /// The database is in place. A file beside it was deleted, and nobody else has opened the database since then:
    /// whoever opens it makes those files anew.
    /// </summary>
    LogGone,

    /// <summary>The database is in place, and other files stand in the place of those beside it.</summary>
    LogReplaced,
}

/// <summary>
/// The files of an open database: SQLite goes on to write to them after they are deleted, and what it writes then is
/// lost when they are closed.
/// </summary>
internal sealed class OpenFiles
{
    private readonly string _path;
    private readonly FileIdentity? _database;
    private readonly FileIdentity? _log;
    private readonly FileIdentity? _index;

    /// <summary>Notes which files are open now.</summary>
    /// <param name="path">The whole path of the database.</param>
    public OpenFiles(string path)
    {
        _path = path;
        _database = FileIdentity.Of(path);
        _log = FileIdentity.Of(LogOf(path));
        _index = FileIdentity.Of(IndexOf(path));
    }

    /// <summary>Says what became of them.</summary>
    public FileLoss Check()
    {
        var (database, log, index) = (
            FileIdentity.Of(_path),
            FileIdentity.Of(LogOf(_path)),
            FileIdentity.Of(IndexOf(_path))
        );
        if (database != _database)
            return database is null ? FileLoss.Gone : FileLoss.Replaced;
        if (log == _log && index == _index)
            return FileLoss.None;
        return IsOther(log, _log) || IsOther(index, _index) ? FileLoss.LogReplaced : FileLoss.LogGone;
    }

    /// <summary>Deletes what still stands beside the place of a database that is gone.</summary>
    public void DeleteLog()
    {
        Delete(LogOf(_path), _log);
        Delete(IndexOf(_path), _index);
    }

    private static bool IsOther(FileIdentity? now, FileIdentity? before) => now is not null && now != before;

    private static void Delete(string path, FileIdentity? own)
    {
        if (own is not null && FileIdentity.Of(path) == own)
            File.Delete(path);
    }

    private static string LogOf(string path) => $"{path}-wal";

    private static string IndexOf(string path) => $"{path}-shm";
}
