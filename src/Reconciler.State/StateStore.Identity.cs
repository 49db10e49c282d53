using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>Identifies the state that a store has open, and notices when it is taken away.</summary>
public sealed partial class StateStore
{
    /// <summary>The id of this state: a copy has the same id, a new state has another.</summary>
    public string Id => Run(() => StateIdentity.Of(Connection));

    /// <summary>Whether a human has confirmed that this state replaces a worker's lost one.</summary>
    public bool IsConfirmed => Run(() => StateIdentity.IsConfirmed(Connection));

    /// <summary>Confirms that this state may replace a worker's lost one.</summary>
    /// <exception cref="LedgerException">It cannot be written.</exception>
    public void Confirm() =>
        Run(() =>
        {
            StateIdentity.Confirm(Connection, isConfirmed: true);
            return true;
        });

    /// <summary>
    /// Ends the confirmation once the state has replaced the lost one, so that a later copy is not confirmed.
    /// </summary>
    public void EndConfirmation() =>
        Run(() =>
        {
            if (StateIdentity.IsConfirmed(Connection))
                StateIdentity.Confirm(Connection, isConfirmed: false);
            return true;
        });

    /// <summary>
    /// Says why the state must not be used any more: its file, or a file beside it, was deleted, moved or replaced
    /// while it was open, or its server does not answer. The content of a file is saved beside it, where that is
    /// possible.
    /// </summary>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <returns>The reason in a sentence; null while all is well.</returns>
    public Task<string?> FindLossAsync(CancellationToken cancellation) => RunAsync(Database.FindLoss, cancellation);

    /// <summary>Whether the state is still where it was opened, whatever became of the files beside it.</summary>
    public bool IsInPlace => Database.IsInPlace;

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
}
