using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator.Status;

/// <summary>
/// The ledger in the statuses of memberships. What a pass is about to write is saved before its first write; what became of it is kept here and
/// saved together with what people read, by <see cref="StatusWriter"/>: should the process die in between, the intents are still there, and the
/// next pass settles them by reading.
/// </summary>
/// <param name="writer">Writes statuses.</param>
/// <param name="shard">The name of this shard.</param>
internal sealed class StatusStore(StatusWriter writer, string shard) : ILedgerStore
{
    private readonly ConcurrentDictionary<ObjectKey, MembershipStatus> _records = new();
    private readonly ConcurrentDictionary<(string Vendor, string Url), GoneRemovals> _gone = new();

    // Memberships that are gone from the cluster and whose deletion is not carried out yet, by uid.
    private readonly ConcurrentDictionary<string, MembershipStatus> _leaving = new(StringComparer.Ordinal);
    private volatile ImmutableDictionary<ProjectKey, MembershipStatus> _owners = ImmutableDictionary<
        ProjectKey,
        MembershipStatus
    >.Empty;

    /// <summary>Told of every line of the audit trail.</summary>
    public Action<MembershipStatus, AuditEntry> Audited { get; init; } = (_, _) => { };

    /// <inheritdoc/>
    public bool SavesEachWrite => false;

    /// <summary>The record of a membership, brought up to date.</summary>
    public MembershipStatus Observe(ClusterResource resource)
    {
        var record = _records.GetOrAdd(resource.Key, _ => new(resource));
        // Another object of the same name: nothing that was remembered is of it.
        if (record.Uid == (resource.Metadata.Uid ?? ""))
        {
            record.Observe(resource);
            return record;
        }

        Forget(resource.Key);
        _records[resource.Key] = record = new(resource);
        return record;
    }

    public MembershipStatus? Find(ObjectKey key) => _records.GetValueOrDefault(key);

    /// <summary>A membership is gone. Removals that it made still count.</summary>
    public void Forget(ObjectKey key)
    {
        if (_records.TryRemove(key, out var record))
            KeepRemovals(record);
    }

    /// <summary>A membership is gone from the cluster, and what it granted is still to be revoked or taken over.</summary>
    /// <returns>Its record; null where none is known.</returns>
    public MembershipStatus? Leave(ObjectKey key)
    {
        if (!_records.TryRemove(key, out var record))
            return null;
        KeepRemovals(record);
        record.IsGone = true;
        return _leaving[record.Uid] = record;
    }

    /// <summary>The deletion of a membership that is gone was carried out, or another one took over.</summary>
    public void Forget(MembershipStatus gone)
    {
        if (_leaving.TryRemove(gone.Uid, out _))
            KeepRemovals(gone);
    }

    /// <summary>A membership is gone, or about to go. Removals that it made still count.</summary>
    /// <returns>Whether there are any, which the status of a provider must tell.</returns>
    public bool KeepRemovals(MembershipStatus record)
    {
        // Whoever made them notes them in the status of the provider, too.
        var others = record.Shard is { } by && by != shard ? by : null;
        return KeepRemovals(record, record.Slots, others);
    }

    /// <summary>Projects are forgotten. What was removed in them still counts.</summary>
    /// <param name="record">The membership.</param>
    /// <param name="slots">What was remembered of them.</param>
    /// <param name="others">The other shard that made the removals and notes them; null where this one does.</param>
    /// <returns>Whether there are any, which the status of a provider must tell.</returns>
    public bool KeepRemovals(MembershipStatus record, ImmutableArray<ProjectLedgerEntry> slots, string? others = null)
    {
        foreach (var slot in slots)
        {
            // A slot that comes back, because what forgot it could not be written, counts once.
            var removals = slot.Removals.Where(r => record.Keep(slot.Project, r)).ToList();
            if (removals.Count > 0)
                Change(
                    (slot.Project.VendorType, slot.Project.BaseUrl),
                    gone => others is null ? gone.With(shard, removals) : gone.Seen(others, removals)
                );
        }

        return slots.Any(s => !s.Removals.IsEmpty);
    }

    /// <summary>The membership declares this project. What nothing is remembered of any more is forgotten, and what was removed there still counts.</summary>
    public void Declare(MembershipStatus record, ProjectKey project) => KeepRemovals(record, record.Declare(project));

    /// <summary>Says which membership each project belongs to.</summary>
    public void Own(ImmutableDictionary<ProjectKey, MembershipStatus> owners) => _owners = owners;

    /// <inheritdoc/>
    public Task<StoredLedger> LoadAsync(ProjectKey key, CancellationToken cancellation)
    {
        var record = _owners.GetValueOrDefault(key);
        if (record?.Unreadable is { } broken)
            throw new LedgerException(broken);
        return Task.FromResult(Stored(key, record?.SlotOf(key)));
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredLedger>> LoadAllAsync(CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<StoredLedger>>([
            .. Known
                .SelectMany(r => r.Slots)
                .Where(s => s.Ledger is not null)
                .Select(s => Stored(s.Project, s))
                .OrderBy(s => s.Key.VendorType, StringComparer.Ordinal)
                .ThenBy(s => s.Key.BaseUrl, StringComparer.Ordinal)
                .ThenBy(s => s.Key.ProjectId, StringComparer.Ordinal),
        ]);

    /// <inheritdoc/>
    public async Task<StoredLedger> SaveAsync(
        StoredLedger before,
        ProjectLedger? ledger,
        IReadOnlyList<AuditEntry> audit,
        CancellationToken cancellation
    )
    {
        var record =
            _owners.GetValueOrDefault(before.Key)
            ?? throw new LedgerException("its ProjectMembership is gone, or declares another project now");
        await record.Turn.WaitAsync(cancellation);
        try
        {
            var slot = record.SlotOf(before.Key) ?? new(before.Key, null);
            if (Name(slot) != before.Version)
                throw new LedgerConflictException(before.Key);
            var next = slot.With(Removed(audit)) with { Ledger = ledger, Version = MembershipStatus.NextVersion() };
            record.Set(next);
            // Only what must survive a crash is written at once.
            if (ledger is { Intents.IsEmpty: false })
                await IntendAsync(record, slot, next);
            foreach (var entry in audit)
                Audited(record, entry);
            return Stored(before.Key, record.SlotOf(before.Key));
        }
        finally
        {
            record.Turn.Release();
        }
    }

    /// <inheritdoc/>
    public Task<int> RemovalsSinceAsync(
        string vendorType,
        string baseUrl,
        DateTimeOffset since,
        CancellationToken cancellation
    )
    {
        var slots = Known.SelectMany(r =>
            r.Slots.Where(s => s.Project.VendorType == vendorType && s.Project.BaseUrl == baseUrl)
                .SelectMany(s => s.Removals.Where(one => !r.IsKept(s.Project, one)))
        );
        var gone = GoneOf(vendorType, baseUrl).Since(since);
        return Task.FromResult(
            (int)Math.Min(int.MaxValue, gone + slots.Where(r => r.At >= since).Sum(r => Math.Max(0L, r.Count)))
        );
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<Lesson>> AccountLessonsAsync(
        string vendorType,
        string baseUrl,
        CancellationToken cancellation
    ) =>
        Task.FromResult<ImmutableArray<Lesson>>([
            .. Known
                .SelectMany(r => r.Slots)
                .Where(s =>
                    s.Ledger is { Lessons.IsEmpty: false }
                    && s.Project.VendorType == vendorType
                    && s.Project.BaseUrl == baseUrl
                )
                .SelectMany(s => s.Ledger!.Lessons.Where(l => l.IsOfAccount)),
        ]);

    /// <summary>The removals of memberships that are gone.</summary>
    public GoneRemovals GoneOf(string vendorType, string baseUrl) =>
        _gone.GetValueOrDefault((vendorType, baseUrl), GoneRemovals.None);

    /// <summary>Takes over removals that earlier processes, and other shards, noted in the status of a provider.</summary>
    public void Recall(string vendorType, string baseUrl, ClusterResource provider) =>
        Change((vendorType, baseUrl), gone => gone.Recalled(provider));

    private IEnumerable<MembershipStatus> Known => _records.Values.Concat(_leaving.Values);

    private void Change((string, string) account, Func<GoneRemovals, GoneRemovals> change) =>
        _gone.AddOrUpdate(account, _ => change(GoneRemovals.None), (_, gone) => change(gone));

    private async Task IntendAsync(MembershipStatus record, ProjectLedgerEntry before, ProjectLedgerEntry next)
    {
        try
        {
            // Whatever it said before that nothing can be done for, it says something else now.
            record.Stall = null;
            await CheckSizeAsync(record, next);
            var planned = record.PlannedOf(next.Project);
            await writer.WriteAsync(
                record,
                StatusText.Progressing(planned ?? record.Latest, shard),
                CancellationToken.None,
                planned
            );
        }
        catch (Exception failed)
        {
            if (failed is LedgerException)
                record.TooLarge = failed.Message;
            // Nothing is sent, so nothing of it is remembered; should it have been written all the same, it is settled by reading.
            if (ReferenceEquals(record.SlotOf(next.Project), next))
                record.Set(before with { Version = MembershipStatus.NextVersion() });
            // What the server has was taken over, or something else is asked for by now: the plan may be wrong.
            if (failed is StatusConflictException)
                throw new LedgerConflictException(before.Project);
            if (failed is KubernetesException)
                throw new LedgerException($"its status cannot be written: {failed.Message}", failed);
            throw;
        }
    }

    private async Task CheckSizeAsync(MembershipStatus record, ProjectLedgerEntry next)
    {
        if (record.IsGone || !StatusSize.Grows(next.Ledger!))
            return;
        var others = record
            .Slots.Where(s => s.Project != next.Project && s.Ledger is not null)
            .Sum(StatusSize.OfLedger);
        var ledgers = others + StatusSize.OfLedger(next);
        if (ledgers < StatusSize.AlwaysFits)
            return;
        var rest = await writer.SizeWithoutStatusAsync(record, CancellationToken.None);
        if (StatusSize.Refusal(ledgers, rest, StatusSize.Done(next.Ledger!).People.Length) is { } refusal)
            throw new LedgerException(refusal);
    }

    private static RemovalCount? Removed(IReadOnlyList<AuditEntry> audit)
    {
        var people = audit
            .Where(a => a is { CountsAsRemoval: true, Outcome: AuditOutcome.Done or AuditOutcome.SettledDone })
            .ToList();
        // As every status tells it, so that two who count the same know that it is the same.
        return people.Count == 0
            ? null
            : new(
                GoneRemovals.WholeSecond(people.Max(a => a.At)),
                people.Select(a => a.Person).Distinct(StringComparer.Ordinal).Count()
            );
    }

    private static StoredLedger Stored(ProjectKey key, ProjectLedgerEntry? slot) =>
        new(key, slot?.Ledger, slot is null ? "0" : Name(slot));

    private static string Name(ProjectLedgerEntry slot) => slot.Version.ToString(CultureInfo.InvariantCulture);
}
