using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing.Engine;

namespace Reconciler.Engine.Tests.Model;

/// <summary>
/// A store that can lose the saves that a dying process does not wait for: only saves that intend a write are sure to
/// be kept, since nothing is sent before they are. Which of the others are in time would depend on threads, and no seed
/// could replay it.
/// </summary>
internal sealed class ModelStore(bool savesEachWrite) : ILedgerStore
{
    private readonly MemoryLedger _kept = new() { SavesEachWrite = savesEachWrite };
    private readonly Lock _gate = new();
    private readonly Dictionary<ProjectKey, (StoredLedger Seen, ImmutableArray<AuditEntry> Audit)> _lost = [];

    public bool SavesEachWrite => savesEachWrite;

    /// <summary>Whether the process will die in this pass.</summary>
    public bool IsDying { get; private set; }

    /// <summary>Whether nothing can be saved.</summary>
    public bool IsFull { get; set; }

    public ProjectLedger? this[ProjectKey key] => _kept[key];

    public void Die() => IsDying = true;

    /// <summary>Another process begins with what was kept.</summary>
    public void Restart()
    {
        IsDying = false;
        _lost.Clear();
    }

    public Task<StoredLedger> LoadAsync(ProjectKey key, CancellationToken cancellation)
    {
        lock (_gate)
            return _lost.TryGetValue(key, out var lost)
                ? Task.FromResult(lost.Seen)
                : _kept.LoadAsync(key, cancellation);
    }

    public Task<ImmutableArray<StoredLedger>> LoadAllAsync(CancellationToken cancellation) =>
        _kept.LoadAllAsync(cancellation);

    public Task<int> RemovalsSinceAsync(
        string vendorType,
        string baseUrl,
        DateTimeOffset since,
        CancellationToken cancellation
    ) => _kept.RemovalsSinceAsync(vendorType, baseUrl, since, cancellation);

    public async Task<StoredLedger> SaveAsync(
        StoredLedger before,
        ProjectLedger? ledger,
        IReadOnlyList<AuditEntry> audit,
        CancellationToken cancellation
    )
    {
        if (IsFull)
            throw new LedgerException("no space left");
        if (!IsDying)
            return await _kept.SaveAsync(before, ledger, audit, cancellation);
        ImmutableArray<AuditEntry> all;
        lock (_gate)
            all = _lost.TryGetValue(before.Key, out var lost) ? [.. lost.Audit, .. audit] : [.. audit];
        var known = await _kept.LoadAsync(before.Key, cancellation);
        if (ledger?.Intents.Any(i => known.Ledger?.Intents.Contains(i) != true) == true)
        {
            var kept = await _kept.SaveAsync(known, ledger, all, cancellation);
            lock (_gate)
                _lost[before.Key] = (kept, []);
            return kept;
        }

        var seen = new StoredLedger(before.Key, ledger, before.Version + "+");
        lock (_gate)
            _lost[before.Key] = (seen, all);
        return seen;
    }
}
