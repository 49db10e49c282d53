using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>Identifies the file that a store has open, and notices when it is taken away.</summary>
public sealed partial class StateStore
{
    private OpenFiles? _files;

    // Set while the old connection is closed and the file could not be opened again yet.
    private bool _isClosed;
    private string? _loss;
    private string? _rescued;

    /// <summary>The id of this state: a copy has the same id, a new file has another.</summary>
    public string Id => Run(() => StateIdentity.Of(_connection));

    /// <summary>Whether a human has confirmed that this file replaces a worker's lost one.</summary>
    public bool IsConfirmed => Run(() => StateIdentity.IsConfirmed(_connection));

    /// <summary>Confirms that this file may replace a worker's lost one.</summary>
    /// <exception cref="LedgerException">It cannot be written.</exception>
    public void Confirm() =>
        Run(() =>
        {
            StateIdentity.Confirm(_connection, isConfirmed: true);
            return true;
        });

    /// <summary>
    /// Ends the confirmation once the file has replaced the lost one, so that a later copy is not confirmed.
    /// </summary>
    public void EndConfirmation() =>
        Run(() =>
        {
            if (StateIdentity.IsConfirmed(_connection))
                StateIdentity.Confirm(_connection, isConfirmed: false);
            return true;
        });

    /// <summary>
    /// Says why the file must not be used any more: it, or a file beside it, was deleted, moved or replaced while it
    /// was open, and what is written to it is lost. Its content is saved beside it, where that is possible.
    /// </summary>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <returns>The reason in a sentence; null while all is well.</returns>
    public Task<string?> FindLossAsync(CancellationToken cancellation) => RunAsync(FindLoss, cancellation);

    /// <summary>For tests: opens the file again after its log was deleted.</summary>
    internal Func<string, TimeSpan, StateConnection> OpenAgain { get; set; } = StateFile.OpenToWrite;

    /// <summary>Whether the database is still at its path, whatever became of the files beside it.</summary>
    public bool IsInPlace => _files?.Check() is not (FileLoss.Gone or FileLoss.Replaced);

    private T Run<T>(Func<T> work)
    {
        _gate.Wait();
        try
        {
            return Guard(work);
        }
        finally
        {
            _gate.Release();
        }
    }

    private void EnsureInPlace()
    {
        if (FindLoss() is { } loss)
            throw new LedgerException($"{loss}. Nothing more is saved, so nothing more is sent to any vendor");
    }

    private string? FindLoss()
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
            FileLoss.Gone => $"the state file {_path} was deleted or moved away while it was in use; {Rescue()}",
            FileLoss.Replaced => $"the state file {_path} was replaced by another while it was in use; {Rescue()}",
            _ => $"the files {_path}-wal and {_path}-shm, which belong to the state file, were replaced while they "
                + $"were in use; end what uses them; {Rescue()}",
        };
        // SQLite would take the log of the file that is gone for that of the new one, and mix the two.
        if (found == FileLoss.Replaced)
            _files!.DeleteLog();
        return _loss;
    }

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

    // The open log still holds what the file lacks, and nobody else has the file open: whoever opens it makes a new
    // log. So the log is written into the file, and a new one is begun.
    private bool Heal()
    {
        var isBusy = _connection.Number("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
        if (isBusy)
            return false;
        // SQLite shares the deleted log with every connection of this process, so the old one is closed first.
        _isClosed = true;
        _connection.Dispose();
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

        (_connection, _files, _isClosed) = (opened, files, false);
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
            return $"what it held is saved in {target}; put it back with: {PutBack(target, _path)}";
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
        for (var number = RescuedFiles.NextNumber(_path); ; number++)
        {
            var target = RescuedFiles.Name(_path, number);
            try
            {
                _rescued = StateBackup.Write(_connection, target);
                return target;
            }
            catch (LedgerException) when (number < RescuedFiles.Most && File.Exists(target))
            {
                // What is there is kept; the next name is tried.
            }
        }
    }
}
