using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>Identifies the file that a store has open, and checks whether it is still at its path.</summary>
public sealed partial class StateStore
{
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
    /// Whether the file at a path is the one that this store has open. A deleted file stays writable while it is open,
    /// and what is written to it is lost.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <exception cref="LedgerException">The file there cannot be read.</exception>
    /// <param name="cancellation">Stops before anything is written.</param>
    public Task<bool> IsAtAsync(string path, CancellationToken cancellation) =>
        RunAsync(
            () =>
            {
                var mark = Guid.NewGuid().ToString("N");
                StateIdentity.Mark(_connection, mark);
                using var other = StateFile.OpenToRead(Path.GetFullPath(path), DefaultBusyTimeout);
                return other.Number("SELECT count(*) FROM sqlite_schema WHERE name = 'about'") > 0
                    && StateIdentity.MarkOf(other) == mark;
            },
            cancellation
        );

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
}
