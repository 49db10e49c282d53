using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Hosts.Worker;
using Reconciler.Kubernetes.Client;
using Reconciler.Telemetry;

namespace Reconciler.Hosts.Operator;

/// <summary>One project of a pass, with the resource that asked for it.</summary>
internal sealed record PassItem(Schedule.Entry Entry, Wish Wish);

/// <summary>What came of a pass.</summary>
/// <param name="Passes">Each project's part.</param>
/// <param name="Unwritten">Memberships whose status could not be written.</param>
/// <param name="PassId">The pass, as in the logs.</param>
/// <param name="Took">How long it took.</param>
internal sealed record PassEnd(ImmutableArray<ProjectPass> Passes, ImmutableArray<ObjectKey> Unwritten, string PassId, TimeSpan Took);

/// <summary>
/// Runs a pass beside the operator's loop: Secrets are read, finalizers set, then plan and apply as everywhere, then statuses are written.
/// However it ends, the loop is told.
/// </summary>
internal sealed class OperatorPass(OperatorParts parts, WorkerNews news)
{
    private const int StatusesAtOnce = 8;
    private readonly PassRunner _runner = new(parts.Book, null, parts.Clock);

    /// <summary>Runs one.</summary>
    /// <param name="account">The account.</param>
    /// <param name="items">Its projects that are due.</param>
    /// <param name="isSettled">Whether nothing about a membership has changed in the cluster that the loop has not looked at yet.</param>
    /// <param name="ended">Told what came of it, its id, and how long it took.</param>
    /// <param name="stopping">Stops between actions.</param>
    public Task RunAsync(Account account, IReadOnlyList<PassItem> items, Func<ObjectKey, bool> isSettled, Action<PassEnd> ended, CancellationToken stopping)
    {
        var passId = Guid.CreateVersion7().ToString("N", CultureInfo.InvariantCulture)[^12..];
        var started = parts.Clock.GetTimestamp();
        return Task.Run(
            async () =>
            {
                ImmutableArray<ProjectPass> passes = [];
                var unwritten = new ConcurrentDictionary<ObjectKey, bool>();
                try
                {
                    using var scope = news.PassBegins(passId, items.Count, account);
                    var name = items.Count == 1 ? items[0].Entry.Project.Id : string.Create(CultureInfo.InvariantCulture, $"{items.Count} projects");
                    using var span = ReconcilerTracing.StartPass(items[0].Entry.Project.Provider.Id, account.VendorType, name, passId);
                    passes = await PassAsync(items, isSettled, unwritten, stopping);
                    var worst = passes.Select(p => p.Outcome).Where(o => o != PassOutcome.Suspended).DefaultIfEmpty().Max();
                    ReconcilerTracing.End(span, worst, worst == PassOutcome.Failed);
                }
                catch (OperationCanceledException) when (stopping.IsCancellationRequested)
                {
                    // Nothing was written; whoever leads next begins anew.
                }
                catch (Exception failure)
                {
                    // A fault of ours must not end the operator: the projects are tried again after a while.
                    news.PassBroke(failure);
                    passes = [.. items.Select(i => ProjectPass.NotRun(i.Entry.Project, failure.Message))];
                }
                finally
                {
                    ended(new(passes, [.. unwritten.Keys], passId, parts.Clock.GetElapsedTime(started)));
                }
            },
            CancellationToken.None);
    }

    private async Task<ImmutableArray<ProjectPass>> PassAsync(IReadOnlyList<PassItem> items, Func<ObjectKey, bool> isSettled, ConcurrentDictionary<ObjectKey, bool> unwritten, CancellationToken stopping)
    {
        await RefreshAsync(items, stopping);
        var guarded = await GuardAsync(items, stopping);
        var byKey = guarded.ToDictionary(i => i.Entry.Project.Key);
        var scope = new PassScope(() => (parts.Connections, NoLease.Instance), () => Now(guarded), IsStillAsked);
        var passes = await _runner.RunAsync(scope, news.Acted, stopping);
        var byRecord = passes.GroupBy(p => byKey[p.Planned.Project.Key].Wish.Record);
        await Parallel.ForEachAsync(byRecord, new ParallelOptions { MaxDegreeOfParallelism = StatusesAtOnce }, async (group, _) =>
        {
            if (!await NoteAsync(group.Key, [.. group.Select(p => (byKey[p.Planned.Project.Key], p))])) unwritten[group.Key.Key] = true;
        });
        return passes;

        bool IsStillAsked(DesiredProject project) => byKey.TryGetValue(project.Key, out var item) && item.Entry is { IsGone: false, IsHurried: false } && isSettled(item.Wish.Record.Key);
    }

    // Access that ended since the memberships were resolved is to be taken away now. What else has changed is the loop's to judge, together.
    private List<DesiredProject> Now(IReadOnlyCollection<PassItem> items)
    {
        var (rules, projects) = (parts.Rules(), new List<DesiredProject>());
        foreach (var group in items.Where(i => !i.Entry.IsGone).GroupBy(i => i.Wish.Around))
        {
            var resolved = MembershipResolver.Resolve([.. group.Select(i => i.Wish.Document).Distinct()], group.Key, rules);
            foreach (var item in group)
            {
                var project = item.Entry.Project;
                var now = project.IsDeleted ? null : resolved[item.Wish.Document.Position.Path].Project;
                projects.Add(now is not null && now.Key == project.Key ? now : project);
            }
        }

        return projects;
    }

    private async Task RefreshAsync(IReadOnlyList<PassItem> items, CancellationToken stopping)
    {
        foreach (var provider in items.Where(i => !i.Entry.Project.Suspended).Select(i => i.Entry.Project.Provider).DistinctBy(p => p.Id))
        {
            if (await parts.Secrets.RefreshAsync(provider, stopping)) parts.Connections.Release((spec, _) => !ReferenceEquals(spec, provider.Spec));
        }
    }

    // Before anything is granted it is made sure that a deletion will be seen.
    private async Task<ImmutableArray<PassItem>> GuardAsync(IReadOnlyList<PassItem> items, CancellationToken stopping)
    {
        var guarded = new ConcurrentBag<PassItem>();
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = StatusesAtOnce, CancellationToken = stopping }, async (item, cancellation) =>
        {
            try
            {
                var project = item.Entry.Project;
                item.Wish.Record.Planned = item.Wish.Resource;
                if (!project.IsDeleted && !project.Suspended && !project.DryRun) await FinalizeAsync(item.Wish.Record, wanted: true, cancellation);
                guarded.Add(item);
            }
            catch (KubernetesException failed)
            {
                OperatorLog.NotWritten(parts.Logger, item.Wish.Record.Key.ToString(), failed.Message);
            }
        });
        return [.. guarded];
    }

    private async Task FinalizeAsync(MembershipRecord record, bool wanted, CancellationToken cancellation)
    {
        if (record.Latest.HasFinalizer == wanted) return;
        await record.Turn.WaitAsync(cancellation);
        try
        {
            await parts.Writer.SetFinalizerAsync(record, wanted, cancellation);
        }
        finally
        {
            record.Turn.Release();
        }
    }

    /// <summary>Notes in the status of a membership how its projects stand.</summary>
    /// <returns>Whether the status is written.</returns>
    private async Task<bool> NoteAsync(MembershipRecord record, IReadOnlyList<(PassItem Item, ProjectPass Pass)> passes)
    {
        var (isOver, seen) = (false, passes[0].Item.Wish.Resource);
        foreach (var (_, pass) in passes) parts.Providers.Passed(pass);
        await record.Turn.WaitAsync();
        try
        {
            record.Planned = null;
            foreach (var (item, pass) in passes) Remember(item, pass);
            // A newer wish says itself how it stands; what is remembered is saved in any case.
            var composed = passes.Where(p => !p.Item.Entry.IsGone).Select(p => Compose(p.Item, p.Pass)).OfType<Action<JsonObject, DateTimeOffset>>().ToList();
            if (passes.Any(p => !p.Item.Entry.IsGone)) composed.AddRange(record.FormerTroubles.Values);
            await parts.Writer.WriteAsync(record, (status, now) => composed.ForEach(compose => compose(status, now)), CancellationToken.None);
            if (composed.Count > 0) record.Stall = null;
            foreach (var (_, pass) in passes) parts.Events.OfPass(record, seen, pass);
            isOver = record.Latest.IsBeingDeleted && !record.Slots.Any(s => s.Ledger?.Applied is not null);
        }
        catch (Exception failed) when (failed is KubernetesException or StatusConflictException or LedgerException)
        {
            OperatorLog.NotWritten(parts.Logger, record.Key.ToString(), failed.Message);
            return false;
        }
        finally
        {
            record.Turn.Release();
        }

        return !isOver || await TryLetGoAsync(record);
    }

    private async Task<bool> TryLetGoAsync(MembershipRecord record)
    {
        try
        {
            await LetGoAsync(record, "everybody whom it let in is out");
            return true;
        }
        catch (KubernetesException failed)
        {
            OperatorLog.NotWritten(parts.Logger, record.Key.ToString(), failed.Message);
            return false;
        }
    }

    private Action<JsonObject, DateTimeOffset>? Compose(PassItem item, ProjectPass pass)
    {
        var (seen, shard) = (item.Wish.Resource, parts.Settings.Shard);
        if (pass.Planned.Project.Suspended) return StatusText.Suspended(seen, shard);
        if (pass.Planned.Project.IsDeleted && !seen.IsBeingDeleted)
        {
            item.Wish.Record.FormerTroubles.Remove(pass.Planned.Project.Key);
            if (StatusText.Former(pass, seen) is { } trouble) item.Wish.Record.FormerTroubles[pass.Planned.Project.Key] = trouble;
            return null;
        }

        if (item.Wish.Revoked.IsEmpty) item.Wish.Record.FormerTroubles.Clear();
        return item.Wish.Stranded is { } stranded ? StatusText.Of(pass, seen, shard) + StatusText.Stranded(stranded, seen) : StatusText.Of(pass, seen, shard);
    }

    /// <summary>Lets a deleted membership go.</summary>
    /// <exception cref="KubernetesException">Its finalizer could not be removed.</exception>
    public async Task LetGoAsync(MembershipRecord record, string what)
    {
        OperatorLog.Deleted(parts.Logger, record.Key.ToString(), what);
        parts.Events.Happened(record.Latest, "Deleted", "Delete", what);
        await FinalizeAsync(record, wanted: false, CancellationToken.None);
    }

    private void Remember(PassItem item, ProjectPass pass)
    {
        var (record, project) = (item.Wish.Record, pass.Planned.Project);
        var isDone = pass is { Error: null, IsInterrupted: false, Planned.Plan.IsFree: true };
        if (project.IsDeleted && isDone && record.SlotOf(project.Key)?.Ledger is null) parts.Book.KeepRemovals(record.Drop(project.Key));
        if (project.IsDeleted) return;
        if (pass.Planned.Plan?.Live.Name is { } name && record.SlotOf(project.Key) is { } slot && slot.Name != name) record.Set(slot with { Name = Conditions.Cut(name, 253) });
        if (isDone && project is { DryRun: false, Suspended: false, DeletionPolicy: DeletionPolicy.Orphan }) ForgetFormer(record, project.Key);
    }

    // What it declared before is forgotten only now that the new project is as declared: had its id been a slip of the pen, everybody would
    // be a stranger once it is put right.
    private void ForgetFormer(MembershipRecord record, ProjectKey declared)
    {
        foreach (var slot in record.Slots.Where(s => s.Project != declared))
        {
            parts.Book.KeepRemovals(record.Drop(slot.Project));
            if (slot.Ledger?.Applied is null) continue;
            var orphaned = Audit.OfOrphan(new(slot.Project, slot.Ledger, ""), parts.Clock.GetUtcNow());
            parts.Book.Audited(record, orphaned with { Reason = "the membership declares another project now; deletionPolicy: orphan, so everybody keeps their access" });
        }
    }

    private sealed class NoLease : IDisposable
    {
        public static NoLease Instance { get; } = new();

        public void Dispose()
        {
            // The connections live as long as the operator.
        }
    }
}
