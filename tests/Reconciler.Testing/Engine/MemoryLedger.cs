using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Testing.Engine;

/// <summary>A ledger store in memory, with the same promises as a stored one.</summary>
public sealed class MemoryLedger : ILedgerStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ProjectKey, StoredLedger> _stored = [];
    private readonly List<AuditEntry> _audit = [];
    private int _version;

    public bool SavesEachWrite { get; init; } = true;

    /// <summary>What a save throws; null saves.</summary>
    public Func<ProjectLedger?, Exception?> OnSave { get; set; } = _ => null;

    public int Saves { get; private set; }

    public IReadOnlyList<AuditEntry> Audit
    {
        get
        {
            lock (_gate)
                return [.. _audit];
        }
    }

    public ProjectLedger? this[ProjectKey key]
    {
        get
        {
            lock (_gate)
                return _stored.GetValueOrDefault(key)?.Ledger;
        }
    }

    public Task<StoredLedger> LoadAsync(ProjectKey key, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(_stored.GetValueOrDefault(key) ?? new(key, null, ""));
    }

    public Task<ImmutableArray<StoredLedger>> LoadAllAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(
                _stored
                    .Values.Where(s => s.Ledger is not null)
                    .OrderBy(s => s.Key.ToString(), StringComparer.Ordinal)
                    .ToImmutableArray()
            );
    }

    public Task<StoredLedger> SaveAsync(
        StoredLedger before,
        ProjectLedger? ledger,
        IReadOnlyList<AuditEntry> audit,
        CancellationToken cancellation
    )
    {
        lock (_gate)
        {
            if (OnSave(ledger) is { } failure)
                throw failure;
            if ((_stored.GetValueOrDefault(before.Key)?.Version ?? "") != before.Version)
                throw new LedgerConflictException(before.Key);
            Saves++;
            var saved = new StoredLedger(before.Key, ledger, $"{++_version}");
            _stored[before.Key] = saved;
            _audit.AddRange(audit);
            return Task.FromResult(saved);
        }
    }

    public Task<int> RemovalsSinceAsync(
        string vendorType,
        string baseUrl,
        DateTimeOffset since,
        CancellationToken cancellation
    )
    {
        lock (_gate)
        {
            return Task.FromResult(
                _audit
                    .Where(a =>
                        a.CountsAsRemoval
                        && (a.Outcome is AuditOutcome.Done or AuditOutcome.SettledDone)
                        && a.At >= since
                    )
                    .Where(a => a.Project.VendorType == vendorType && a.Project.BaseUrl == baseUrl)
                    .Select(a => (a.Project, a.Person))
                    .Distinct()
                    .Count()
            );
        }
    }
}
