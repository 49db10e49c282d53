using Reconciler.Core.Ports;

namespace Reconciler.Hosting.Reconciling;

/// <summary>The right to write, where other processes may write too.</summary>
public interface IWriteGate
{
    /// <summary>
    /// A number that grows each time this process is given a right that it had not kept. Where it has grown, another
    /// process may have written meanwhile.
    /// </summary>
    long Turns => 0;

    /// <summary>
    /// Chooses the accounts that this process reconciles now; other processes reconcile the rest. Where only one
    /// process reconciles, that is all. Waits for nothing; called by the loop each turn.
    /// </summary>
    /// <param name="accounts">The accounts with desired projects. A right to any other account is given back.</param>
    IReadOnlyCollection<Account> Choose(IReadOnlyCollection<Account> accounts) => accounts;

    /// <summary>
    /// Enters with the right to write, and waits for other runs of the same state file; disposing the place leaves.
    /// </summary>
    /// <param name="accounts">The accounts that are to be written; none where only something is forgotten.</param>
    /// <param name="turns">
    /// <see cref="Turns"/> before what is to be written was planned.
    /// </param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <returns>The place; null where another process has got the right to an account since it was chosen.</returns>
    /// <exception cref="LedgerException">The lock cannot be used.</exception>
    Task<WritePlace?> EnterAsync(IReadOnlyCollection<Account> accounts, long turns, CancellationToken cancellation);
}

/// <summary>A right to write, given back when it is disposed.</summary>
/// <param name="hasWaited">Whether another process may have written since the plan was made.</param>
/// <param name="leave">Called once, when the right is given back.</param>
public sealed class WritePlace(bool hasWaited, Action leave) : IDisposable
{
    private Action? _leave = leave;

    /// <summary>Whether another process may have written since the plan was made.</summary>
    public bool HasWaited => hasWaited;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
