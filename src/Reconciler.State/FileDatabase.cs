using Microsoft.Data.Sqlite;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;

namespace Reconciler.State;

/// <summary>A state file in use. It notices when the file is taken away, and saves then what the file held.</summary>
internal sealed class FileDatabase : IStateDatabase
{
    /// <summary>How long to wait for another program's save, unless said otherwise.</summary>
    public static readonly TimeSpan DefaultBusyTimeout = TimeSpan.FromSeconds(10);

    private readonly string _full;
    private OpenFiles? _files;

    // Set while the old connection is closed and the file could not be opened again yet.
    private bool _isClosed;
    private string? _loss;
    private string? _rescued;

    public FileDatabase(StateConnection connection, string path, bool writes)
    {
        (Connection, Name, _full, Writes) = (connection, path, Path.GetFullPath(path), writes);
        _files = writes ? new(_full) : null;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool Writes { get; }

    /// <inheritdoc/>
    public StateConnection Connection { get; private set; }

    /// <inheritdoc/>
    public bool IsInPlace => _files?.Check() is not (FileLoss.Gone or FileLoss.Replaced);

    /// <summary>For tests: opens the file again after its log was deleted.</summary>
    internal Func<string, TimeSpan, StateConnection> OpenAgain { get; set; } = StateFile.OpenToWrite;

    /// <summary>The commands that put a saved file in the place of a state file.</summary>
    public static string PutBack(string rescued, string path) =>
        $"rm -f {ShellText.Word(path + "-wal")} {ShellText.Word(path + "-shm")} "
        + $"&& mv {ShellText.Word(rescued)} {ShellText.Word(path)}";

    /// <inheritdoc/>
    public string? Explain(Exception failure) => StateErrors.Explain(failure);

    /// <inheritdoc/>
    public bool Recovers(Exception failure) => false;

    /// <inheritdoc/>
    /// <remarks>The right to write a state file is the lock of the file, which ends with its process.</remarks>
    public void Fence(IEnumerable<ProjectKey> projects) { }

    /// <inheritdoc/>
    public string? Objection((string VendorType, string BaseUrl) account) => null;

    /// <inheritdoc/>
    public Exception? Commit(StateTransaction transaction)
    {
        transaction.Commit();
        return null;
    }

    /// <inheritdoc/>
    public bool TakeRolledBack() => false;

    /// <inheritdoc/>
    public void Shred()
    {
        // VACUUM and the checkpoint remove the rows from free pages and from the log.
        Connection.Run("VACUUM");
        Connection.Run("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <inheritdoc/>
    public void EnsureUsable()
    {
        if (FindLoss() is { } loss)
            throw new LedgerException($"{loss}. Nothing more is saved, so nothing more is sent to any vendor");
    }

    /// <inheritdoc/>
    public string? FindLoss()
    {
        var found = CheckFiles();
        if (found == FileLoss.None)
        {
            // A folder may be moved away and back: what was saved meanwhile is in the file itself.
            if (_rescued is { } needless)
                File.Delete(needless);
            (_loss, _rescued) = (null, null);
            return null;
        }

        _loss ??= found switch
        {
            FileLoss.Gone => $"the state file {Name} was deleted or moved away while it was in use; {Rescue()}",
            FileLoss.Replaced => $"the state file {Name} was replaced by another while it was in use; {Rescue()}",
            _ => $"the files {Name}-wal and {Name}-shm, which belong to the state file, were replaced while they "
                + $"were in use; end what uses them; {Rescue()}",
        };
        // SQLite would take the log of the file that is gone for that of the new one, and mix the two.
        if (found == FileLoss.Replaced)
            _files!.DeleteLog();
        return _loss;
    }

    /// <inheritdoc/>
    public void Dispose() => Connection.Dispose();

    private FileLoss CheckFiles()
    {
        var found = _files?.Check() ?? FileLoss.None;
        // While the file is closed it has no log of this store, so a log beside it is another program's.
        if (_isClosed && found is not (FileLoss.Gone or FileLoss.Replaced))
        {
            Reopen();
            return FileLoss.None;
        }

        if (found == FileLoss.LogGone)
            return Heal() ? FileLoss.None : FileLoss.LogReplaced;
        return found;
    }

    // The open log still holds what the file lacks, and nobody else has the file open: a program that opens it makes a
    // new log. So the log is written into the file, and a new one is begun.
    private bool Heal()
    {
        var isBusy = Connection.Number("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
        if (isBusy)
            return false;
        // SQLite shares the deleted log with every connection of this process, so the old one is closed first.
        _isClosed = true;
        Connection.Dispose();
        Reopen();
        return true;
    }

    // Nothing is taken over before all of it has succeeded; after a failure, the next check opens the file again.
    private void Reopen()
    {
        var opened = OpenAgain(_full, DefaultBusyTimeout);
        OpenFiles files;
        try
        {
            // The log is made at the first write.
            StateIdentity.Ensure(opened);
            files = new(_full);
        }
        catch
        {
            opened.Dispose();
            throw;
        }

        (Connection, _files, _isClosed) = (opened, files, false);
    }

    private string Rescue()
    {
        const string NotSaved = "what it held could not be saved beside it; put it back, or restore it from a backup";
        // All that it held is in the file that was taken away.
        if (_isClosed)
            return NotSaved;
        try
        {
            var target = WriteRescued();
            _files!.DeleteLog();
            return $"what it held is saved in {target}; put it back with: {PutBack(target, Name)}";
        }
        catch (Exception failure)
            when (failure is LedgerException or UnauthorizedAccessException or IOException
                || StateErrors.Explain(failure) is not null
            )
        {
            return NotSaved;
        }
    }

    // Another process that had the same file open may save it at the same time.
    private string WriteRescued()
    {
        for (var number = RescuedFiles.NextNumber(Name); ; number++)
        {
            var target = RescuedFiles.Name(Name, number);
            try
            {
                _rescued = StateBackup.Write(this, target);
                return target;
            }
            catch (LedgerException) when (number < RescuedFiles.Most && File.Exists(target))
            {
                // What is there is kept; the next name is tried.
            }
        }
    }
}
