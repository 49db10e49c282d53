using Reconciler.Core.Ports;
using Reconciler.Hosting.Reconciling;
using Reconciler.State;

namespace Reconciler.Worker;

/// <summary>
/// Guards accounts against other processes with the same state in PostgreSQL: while a reconcile of this worker writes
/// to an account, no apply and no other worker does. Where others wait for it, they go first.
/// </summary>
/// <param name="state">The state.</param>
/// <param name="clock">The time that processes share.</param>
/// <param name="onWaiting">Called with the holder of the right where a reconcile must wait; with null where it is not
/// known.</param>
internal sealed class ServerGate(WatchedState state, TimeProvider clock, Action<Holder?> onWaiting) : IWriteGate
{
    /// <inheritdoc/>
    public async Task<WritePlace> EnterAsync(IReadOnlyCollection<Account> accounts, CancellationToken cancellation)
    {
        // What is only forgotten is written at no vendor, and two that save one project never overwrite each other.
        if (accounts.Count == 0)
            return new(hasWaited: false, () => { });
        var request = new RightRequest("worker", [.. accounts.Select(a => (a.VendorType, a.BaseUrl))])
        {
            Wait = TimeSpan.MaxValue,
            Yields = true,
            OnWaiting = onWaiting,
        };
        var right = await state.AcquireAsync(request, clock, cancellation);
        return new(right.HasWaited, right.Dispose);
    }
}
