using Reconciler.Core.Ports;

namespace Reconciler.Hosting.Reconciling;

/// <summary>The right to write, where other processes may write too.</summary>
public interface IWriteGate
{
    /// <summary>Waits for the right to write; disposing the place gives it back.</summary>
    /// <param name="accounts">The accounts that are to be written; none where only something is forgotten.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <exception cref="LedgerException">The lock cannot be used.</exception>
    Task<WritePlace> EnterAsync(IReadOnlyCollection<Account> accounts, CancellationToken cancellation);
}

/// <summary>A right to write, given back when it is disposed.</summary>
/// <param name="hasWaited">Whether another process may have written during the wait.</param>
/// <param name="leave">Called once, when the right is given back.</param>
public sealed class WritePlace(bool hasWaited, Action leave) : IDisposable
{
    private Action? _leave = leave;

    /// <summary>Whether another process may have written during the wait.</summary>
    public bool HasWaited => hasWaited;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
