using Reconciler.Core.Ports;
using Reconciler.Hosting.Reconciling;

namespace Reconciler.Worker;

/// <summary>
/// Shares accounts between the workers of one state in PostgreSQL: each keeps the right to some, reconciles these, and
/// waits for the others. While a run of the command line waits for an account, its worker gives the right back.
/// </summary>
/// <param name="state">The state.</param>
/// <param name="clock">The time that processes share.</param>
/// <param name="onWaiting">Called with the account where this worker waits, and with the holder of the right; with null
/// where it is not known.</param>
/// <param name="onTurn">Called from any thread when the choice of accounts may be another one.</param>
internal sealed class ServerGate(
    WatchedState state,
    TimeProvider clock,
    Action<Account, Holder?> onWaiting,
    Action onTurn
) : IWriteGate, IDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(4);

    private readonly Lock _lock = new();
    private readonly Dictionary<Account, KeptRight> _kept = [];
    private long _turns;

    /// <inheritdoc/>
    public long Turns => Interlocked.Read(ref _turns);

    /// <inheritdoc/>
    public IReadOnlyCollection<Account> Choose(IReadOnlyCollection<Account> accounts)
    {
        foreach (var kept in TakeAllBut(accounts))
            _ = Task.Run(kept.Dispose);
        return [.. accounts.Where(a => Of(a).MayBegin())];
    }

    /// <inheritdoc/>
    public Task<WritePlace?> EnterAsync(
        IReadOnlyCollection<Account> accounts,
        long turns,
        CancellationToken cancellation
    )
    {
        // What is only forgotten is written at no vendor, and two that save one project never overwrite each other.
        if (accounts.Count == 0)
            return Task.FromResult<WritePlace?>(new(hasWaited: false, () => { }));
        var kept = Of(accounts.Single());
        var turn = kept.TryEnter();
        return Task.FromResult(turn is null ? null : new WritePlace(turn > turns, kept.Leave));
    }

    /// <inheritdoc/>
    public void Dispose() =>
        // Side by side, and not forever: a worker that stops has seconds, and what is not given back ends with it.
        Task.WhenAny(
                Task.WhenAll(TakeAllBut([]).Select(k => Task.Run(k.Dispose))),
                Task.Delay(LongestEnd, TimeProvider.System)
            )
            .Wait();

    private KeptRight Of(Account account)
    {
        lock (_lock)
        {
            if (!_kept.TryGetValue(account, out var kept))
                _kept[account] = kept = new(
                    state,
                    (account.VendorType, account.BaseUrl),
                    clock,
                    holder => onWaiting(account, holder),
                    CountTurn
                );
            return kept;
        }
    }

    private long CountTurn()
    {
        var turn = Interlocked.Increment(ref _turns);
        onTurn();
        return turn;
    }

    private List<KeptRight> TakeAllBut(IReadOnlyCollection<Account> accounts)
    {
        lock (_lock)
        {
            var taken = _kept.Where(k => !accounts.Contains(k.Key)).ToList();
            foreach (var (account, _) in taken)
                _kept.Remove(account);
            return [.. taken.Select(k => k.Value)];
        }
    }
}
