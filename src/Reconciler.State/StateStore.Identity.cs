using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>Identifies the file that a store has open, and notices when it is taken away.</summary>
public sealed partial class StateStore
{
    private const string Rescued = ".rescued";

    private OpenFiles? _files;
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

    /// <summary>The path of what was saved when a state file was taken away; null where nothing was.</summary>
    /// <param name="path">The state file.</param>
    public static string? RescuedOf(string path) => File.Exists(path + Rescued) ? path + Rescued : null;

    /// <summary>Whether the database is still at its path, whatever became of the files beside it.</summary>
    public bool IsInPlace => _files?.Check() is not (FileLoss.Gone or FileLoss.Replaced);

    private T Run<T>(Func<T> work)
    {
        _gate.Wait();
        try
        {
            return StateErrors.Guard(_path, work);
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
        var found = _files?.Check() ?? FileLoss.None;
        if (found == FileLoss.LogGone)
            found = Heal() ? FileLoss.None : FileLoss.LogReplaced;
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

    // The open log still holds what the file lacks, and nobody else has the file open: whoever opens it makes the log
    // anew. So the log is written into the file, and a new one is begun.
    private bool Heal()
    {
        var isBusy = _connection.Number("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
        if (isBusy)
            return false;
        _connection.Dispose();
        _connection = StateFile.OpenToWrite(_full, DefaultBusyTimeout);
        // The log is made at the first write.
        StateIdentity.Ensure(_connection);
        _files = new(_full);
        return true;
    }

    private string Rescue()
    {
        var target = _path + Rescued;
        try
        {
            _rescued = StateBackup.Write(_connection, target);
            _files!.DeleteLog();
            var (state, saved) = (ShellWord(_path), ShellWord(target));
            return $"what it held is saved in {target}; put it back with: "
                + $"rm -f {ShellWord(_path + "-wal")} {ShellWord(_path + "-shm")} && mv {saved} {state}";
        }
        catch (Exception failure)
            when (failure is LedgerException or UnauthorizedAccessException or IOException
                || StateErrors.Explain(failure) is not null
            )
        {
            return "what it held could not be saved beside it; put it back, or restore it from a backup";
        }
    }

    private static string ShellWord(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '+' or ':')
            ? path
            : $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
