using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Caching;

/// <summary>
/// Keeps the ledgers in the statuses of memberships. Before the first write at a vendor its intents are written into
/// the status; what became of them is kept here and written with the rest of the status. Should the process die in
/// between, the next reconcile finds the intents and settles them by reading.
/// </summary>
/// <param name="writer">Writes statuses.</param>
/// <param name="trail">Gets every entry of the audit trail.</param>
/// <param name="settings">The name of this shard.</param>
internal sealed class StatusStore(StatusWriter writer, OperatorAudit trail, OperatorSettings settings) : ILedgerStore
{
    private readonly ConcurrentDictionary<ObjectKey, TrackedMembership> _tracked = new();
    private readonly ConcurrentDictionary<(string Vendor, string Url), GoneRemovals> _gone = new();

    // Memberships that are gone from the cluster and whose people are still in, by uid.
    private readonly ConcurrentDictionary<string, TrackedMembership> _leaving = new(StringComparer.Ordinal);
    private volatile ImmutableDictionary<ProjectKey, TrackedMembership> _owners = ImmutableDictionary<
        ProjectKey,
        TrackedMembership
    >.Empty;

    /// <inheritdoc/>
    public bool SavesEachWrite => false;

    /// <summary>Tracks a membership as it was observed.</summary>
    public TrackedMembership Observe(ClusterResource resource)
    {
        var tracked = _tracked.GetOrAdd(resource.Key, _ => new(resource));
        if (tracked.Uid == (resource.Metadata.Uid ?? ""))
        {
            tracked.Update(s => s.WithObserved(resource, LedgerVersion.Next()));
            return tracked;
        }

        // Another object of the same name: its ledger is another one.
        Forget(resource.Key);
        return _tracked[resource.Key] = new(resource);
    }

    /// <summary>Finds a membership; null where none is tracked.</summary>
    public TrackedMembership? Find(ObjectKey key) => _tracked.GetValueOrDefault(key);

    /// <summary>Forgets a membership that is gone. Its removals still count.</summary>
    public void Forget(ObjectKey key)
    {
        if (_tracked.TryRemove(key, out var tracked))
            KeepRemovals(tracked);
    }

    /// <summary>
    /// Keeps the ledger of a membership that is gone from the cluster, until its people are revoked or taken over.
    /// </summary>
    /// <returns>The membership; null where none is tracked.</returns>
    public TrackedMembership? MarkGone(ObjectKey key)
    {
        if (!_tracked.TryRemove(key, out var tracked))
            return null;
        KeepRemovals(tracked);
        tracked.Update(s => s with { IsGone = true });
        return _leaving[tracked.Uid] = tracked;
    }

    /// <summary>Forgets a membership that was marked as gone.</summary>
    public void Forget(TrackedMembership gone)
    {
        if (_leaving.TryRemove(gone.Uid, out _))
            KeepRemovals(gone);
    }

    /// <summary>Counts the removals of a membership that is gone, or about to go.</summary>
    /// <returns>Whether there are any, which the status of a provider must hold.</returns>
    public bool KeepRemovals(TrackedMembership tracked)
    {
        var status = tracked.Status;
        // The shard that removed people writes that into the status of the provider.
        var foreign = status.Shard is { } by && by != settings.Shard ? by : null;
        return KeepRemovals(tracked, status.Entries, foreign);
    }

    /// <summary>Counts the removals of projects that are forgotten.</summary>
    /// <param name="tracked">The membership.</param>
    /// <param name="entries">Their ledgers.</param>
    /// <param name="foreign">The other shard that removed people; null where this one did.</param>
    /// <returns>Whether there are any, which the status of a provider must hold.</returns>
    public bool KeepRemovals(
        TrackedMembership tracked,
        ImmutableArray<ProjectLedgerEntry> entries,
        string? foreign = null
    )
    {
        foreach (var entry in entries)
        {
            // An entry comes back where its removal could not be written, and must not count twice.
            var removals = tracked.Update(s => Uncounted(s, entry));
            if (removals.Count > 0)
                Change(
                    (entry.Project.VendorType, entry.Project.BaseUrl),
                    gone => foreign is null ? gone.With(settings.Shard, removals) : gone.WithForeign(foreign, removals)
                );
        }

        return entries.Any(e => !e.Removals.IsEmpty);
    }

    /// <summary>Declares a project. Projects without a ledger are forgotten, and their removals still count.</summary>
    public void Declare(TrackedMembership tracked, ProjectKey project) =>
        KeepRemovals(tracked, tracked.Update(s => s.WithDeclared(project, LedgerVersion.Next())));

    /// <summary>Replaces the owners: the membership that each project belongs to.</summary>
    public void SetOwners(ImmutableDictionary<ProjectKey, TrackedMembership> owners) => _owners = owners;

    /// <inheritdoc/>
    public Task<StoredLedger> LoadAsync(ProjectKey key, CancellationToken cancellation)
    {
        var status = _owners.GetValueOrDefault(key)?.Status;
        if (status?.Unreadable is { } broken)
            throw new LedgerException(broken);
        return Task.FromResult(Stored(key, status?.EntryOf(key)));
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredLedger>> LoadAllAsync(CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<StoredLedger>>([
            .. Known
                .SelectMany(s => s.Entries)
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
        var tracked =
            _owners.GetValueOrDefault(before.Key)
            ?? throw new LedgerException("its ProjectMembership is gone, or declares another project now");
        await tracked.Turn.WaitAsync(cancellation);
        try
        {
            var entry = tracked.Status.EntryOf(before.Key) ?? new(before.Key, null);
            if (VersionOf(entry) != before.Version)
                throw new LedgerConflictException(before.Key);
            var next = entry.With(RemovalCount.Of(audit)) with { Ledger = ledger, Version = LedgerVersion.Next() };
            tracked.Update(s => s.With(next));
            // Only what must survive a crash is written at once.
            if (ledger is { Intents.IsEmpty: false })
                await WriteIntentsAsync(tracked, entry, next);
            foreach (var line in audit)
                trail.Write(tracked.Status, line);
            return Stored(before.Key, tracked.Status.EntryOf(before.Key));
        }
        finally
        {
            tracked.Turn.Release();
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
        var removals = Known.SelectMany(status =>
            status
                .Entries.Where(e => e.Project.VendorType == vendorType && e.Project.BaseUrl == baseUrl)
                .SelectMany(e => e.Removals.Where(r => !status.CountedElsewhere.Contains((e.Project, r))))
        );
        var gone = GoneOf(vendorType, baseUrl).Since(since);
        return Task.FromResult(
            (int)Math.Min(int.MaxValue, gone + removals.Where(r => r.At >= since).Sum(r => Math.Max(0L, r.Count)))
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
                .SelectMany(s => s.Entries)
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

    /// <summary>
    /// Loads the removals that earlier processes, and other shards, wrote into the status of a provider.
    /// </summary>
    public void LoadRemovals(string vendorType, string baseUrl, ClusterResource provider) =>
        Change((vendorType, baseUrl), gone => gone.WithStatusOf(provider));

    private IEnumerable<MembershipStatus> Known => _tracked.Values.Concat(_leaving.Values).Select(t => t.Status);

    private void Change((string, string) account, Func<GoneRemovals, GoneRemovals> change) =>
        _gone.AddOrUpdate(account, _ => change(GoneRemovals.None), (_, gone) => change(gone));

    private static (MembershipStatus, List<RemovalCount>) Uncounted(MembershipStatus status, ProjectLedgerEntry entry)
    {
        var fresh = entry.Removals.Where(r => !status.CountedElsewhere.Contains((entry.Project, r))).ToList();
        var counted = status.CountedElsewhere.Union(fresh.Select(r => (entry.Project, r)));
        return (status with { CountedElsewhere = counted }, fresh);
    }

    private async Task WriteIntentsAsync(TrackedMembership tracked, ProjectLedgerEntry before, ProjectLedgerEntry next)
    {
        try
        {
            // A new status is written now, so a former message that the resource is stalled no longer applies.
            tracked.Update(s => s with { Stall = null });
            await CheckSizeAsync(tracked, next);
            var planned = tracked.Status.Planned.GetValueOrDefault(next.Project);
            await writer.WriteAsync(
                tracked,
                StatusText.Progressing(planned ?? tracked.Status.Latest, settings.Shard),
                CancellationToken.None,
                planned
            );
        }
        catch (Exception failed)
        {
            if (failed is LedgerException)
                tracked.Update(s => s with { TooLarge = failed.Message });
            // Roll back. If the write did reach the server, the next read settles it.
            tracked.Update(s =>
                ReferenceEquals(s.EntryOf(next.Project), next)
                    ? s.With(before with { Version = LedgerVersion.Next() })
                    : s
            );
            // The status or the spec changed meanwhile, so the plan may be wrong.
            if (failed is StatusConflictException)
                throw new LedgerConflictException(before.Project);
            if (failed is KubernetesException)
                throw new LedgerException($"its status cannot be written: {failed.Message}", failed);
            throw;
        }
    }

    private async Task CheckSizeAsync(TrackedMembership tracked, ProjectLedgerEntry next)
    {
        var status = tracked.Status;
        if (status.IsGone || !StatusSize.Grows(next.Ledger!))
            return;
        var others = status
            .Entries.Where(e => e.Project != next.Project && e.Ledger is not null)
            .Sum(StatusSize.OfLedger);
        var ledgers = others + StatusSize.OfLedger(next);
        if (ledgers < StatusSize.AlwaysFits)
            return;
        var rest = await writer.SizeWithoutStatusAsync(tracked, CancellationToken.None);
        if (StatusSize.Refusal(ledgers, rest, StatusSize.Done(next.Ledger!).People.Length) is { } refusal)
            throw new LedgerException(refusal);
    }

    private static StoredLedger Stored(ProjectKey key, ProjectLedgerEntry? entry) =>
        new(key, entry?.Ledger, entry is null ? "0" : VersionOf(entry));

    private static string VersionOf(ProjectLedgerEntry entry) => entry.Version.ToString(CultureInfo.InvariantCulture);
}
