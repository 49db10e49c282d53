using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Hosts.Passes;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator;

/// <summary>One project of a pass, with the resource that asked for it.</summary>
internal sealed record PassItem(Schedule.Entry Entry, Wish Wish);

/// <summary>
/// Runs a pass beside the operator's loop: Secrets are read, finalizers set, then plan and apply as everywhere, then statuses are written.
/// However it ends, the loop is told.
/// </summary>
internal sealed class OperatorPass(OperatorParts parts, PassNews news)
{
    private const int StatusesAtOnce = 8;
    private readonly PassRunner _runner = new(parts.Book, null, parts.Clock);
    private readonly PassFrame _frame = new(news, parts.Clock);

    /// <summary>Runs one.</summary>
    /// <param name="account">The account.</param>
    /// <param name="items">Its projects that are due.</param>
    /// <param name="isSettled">Whether nothing about a membership has changed in the cluster that the loop has not looked at yet.</param>
    /// <param name="ended">Told what came of it, and of which memberships the status could not be written.</param>
    /// <param name="stopping">Stops between actions.</param>
    public Task RunAsync(Account account, IReadOnlyList<PassItem> items, Func<ObjectKey, bool> isSettled, Action<PassEnd, IReadOnlyCollection<ObjectKey>> ended, CancellationToken stopping)
    {
        var unwritten = new ConcurrentDictionary<ObjectKey, bool>();
        return _frame.RunAsync(account, [.. items.Select(i => i.Entry)], () => PassAsync(items, isSettled, unwritten, stopping), end => ended(end, [.. unwritten.Keys]), stopping);
    }

    private async Task<ImmutableArray<ProjectPass>> PassAsync(IReadOnlyList<PassItem> items, Func<ObjectKey, bool> isSettled, ConcurrentDictionary<ObjectKey, bool> unwritten, CancellationToken stopping)
    {
        try
        {
            await RefreshAsync(items, stopping);
            return await GuardedAsync(items, isSettled, unwritten, stopping);
        }
        finally
        {
            foreach (var item in items) item.Wish.Record.Plan(item.Entry.Project.Key, null);
        }
    }

    private async Task<ImmutableArray<ProjectPass>> GuardedAsync(IReadOnlyList<PassItem> items, Func<ObjectKey, bool> isSettled, ConcurrentDictionary<ObjectKey, bool> unwritten, CancellationToken stopping)
    {
        var byKey = items.ToDictionary(i => i.Entry.Project.Key);
        var (guarded, refused) = await GuardAsync(items, stopping);
        var scope = new PassScope(() => (parts.Connections, NoLease.Instance), () => Now(guarded), IsStillAsked);
        var passes = (await TryRunAsync(scope, guarded, stopping)).AddRange(refused);
        var byRecord = passes.GroupBy(p => byKey[p.Planned.Project.Key].Wish.Record);
        await Parallel.ForEachAsync(byRecord, new ParallelOptions { MaxDegreeOfParallelism = StatusesAtOnce }, async (group, _) =>
        {
            if (!await NoteAsync(group.Key, [.. group.Select(p => (byKey[p.Planned.Project.Key], p))])) unwritten[group.Key.Key] = true;
        });
        return passes;

        bool IsStillAsked(DesiredProject project) => byKey.TryGetValue(project.Key, out var item) && item.Entry is { IsGone: false, IsHurried: false } && isSettled(item.Wish.Record.Key);
    }

    // A fault of ours is told in the statuses, too.
    private async Task<ImmutableArray<ProjectPass>> TryRunAsync(PassScope scope, ImmutableArray<PassItem> items, CancellationToken stopping)
    {
        try
        {
            return await _runner.RunAsync(scope, news.Acted, stopping);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            news.PassBroke(failure);
            return [.. items.Select(i => ProjectPass.NotRun(i.Entry.Project, failure.Message))];
        }
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

    // Before anything is granted it is made sure that a deletion will be seen. Where that cannot be, nothing is granted.
    private async Task<(ImmutableArray<PassItem> Guarded, ImmutableArray<ProjectPass> Refused)> GuardAsync(IReadOnlyList<PassItem> items, CancellationToken stopping)
    {
        var (guarded, refused) = (new ConcurrentBag<PassItem>(), new ConcurrentBag<ProjectPass>());
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = StatusesAtOnce, CancellationToken = stopping }, async (item, cancellation) =>
        {
            try
            {
                var project = item.Entry.Project;
                item.Wish.Record.Plan(project.Key, item.Wish.Resource);
                if (!project.IsDeleted && !project.Suspended && !project.DryRun) await FinalizeAsync(item.Wish.Record, wanted: true, cancellation);
                guarded.Add(item);
            }
            catch (KubernetesException failed)
            {
                refused.Add(ProjectPass.NotRun(item.Entry.Project, $"its finalizer cannot be set, so nothing is done: {failed.Message}"));
            }
        });
        return ([.. guarded], [.. refused]);
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
            var hasForgotten = false;
            foreach (var (item, pass) in passes) hasForgotten |= Remember(item, pass);
            if (hasForgotten) await RememberRemovalsAsync(record.Key.Namespace ?? "default");
            // A newer wish says itself how it stands; what is remembered is saved in any case.
            var composed = passes.Where(p => !p.Item.Entry.IsGone).Select(p => Compose(p.Item, p.Pass)).OfType<Action<JsonObject, DateTimeOffset>>().ToList();
            if (passes.Any(p => !p.Item.Entry.IsGone)) composed.AddRange(record.FormerTroubles.Values);
            if (!await WriteAsync(record, seen, composed)) return false;
            if (composed.Count > 0) record.Stall = null;
            foreach (var (_, pass) in passes) parts.Events.OfPass(record, seen, pass);
            isOver = record.Latest.IsBeingDeleted && !record.Slots.Any(s => s.Ledger?.Applied is not null);
        }
        catch (Exception failed) when (failed is KubernetesException or StatusConflictException)
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

    // More than a status can hold is not remembered, and the status says so: whoever only read the log would wait for ever. Open writes that were
    // told before stand there still, and are settled by reading.
    private async Task<bool> WriteAsync(MembershipRecord record, ClusterResource seen, IReadOnlyList<Action<JsonObject, DateTimeOffset>> composed)
    {
        string message;
        try
        {
            await parts.Writer.WriteAsync(record, Compose, CancellationToken.None);
            return true;
        }
        catch (LedgerException full)
        {
            message = full.Message;
        }
        catch (KubernetesException refused) when (refused.Code is 413 or 422 || refused.Message.Contains("too large", StringComparison.Ordinal))
        {
            message = $"the server refuses its status: {refused.Message}";
        }

        OperatorLog.NotWritten(parts.Logger, record.Key.ToString(), message);
        record.Restore();
        // A newer wish says itself how it stands.
        if (composed.Count == 0) return false;
        record.Stall = null;
        await parts.Writer.WriteAsync(record, StatusText.Stalled(seen, MembershipResolver.TooManyMembers, message, parts.Settings.Shard), CancellationToken.None, keepsLedger: true);
        parts.Events.Stalled(record, MembershipResolver.TooManyMembers, message);
        return false;

        void Compose(JsonObject status, DateTimeOffset now)
        {
            foreach (var compose in composed) compose(status, now);
        }
    }

    // Removals that limits still count outlive what remembers them in the status of their provider, which is written first.
    private async Task RememberRemovalsAsync(string space)
    {
        foreach (var document in parts.Catalog.Providers(space))
        {
            if (MembershipResolver.ResolveProvider(document, parts.Rules()).Provider is { } provider) await parts.Providers.RememberAsync(document.Resource, provider);
        }
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

    /// <returns>Whether removals are remembered nowhere else now.</returns>
    private bool Remember(PassItem item, ProjectPass pass)
    {
        var (record, project) = (item.Wish.Record, pass.Planned.Project);
        var isDone = pass is { Error: null, IsInterrupted: false, Planned.Plan.IsFree: true };
        if (project.IsDeleted) return isDone && record.SlotOf(project.Key)?.Ledger is null && parts.Book.KeepRemovals(record.Drop(project.Key));
        if (pass.Planned.Plan?.Live.Name is { } name && record.SlotOf(project.Key) is { } slot && slot.Name != name) record.Set(slot with { Name = Conditions.Cut(Reports.TerminalText.Escape(name), 253) });
        return isDone && project is { DryRun: false, Suspended: false, DeletionPolicy: DeletionPolicy.Orphan } && ForgetFormer(record, project.Key);
    }

    // What it declared before is forgotten only now that the new project is as declared: had its id been a slip of the pen, everybody would
    // be a stranger once it is put right.
    private bool ForgetFormer(MembershipRecord record, ProjectKey declared)
    {
        var hasForgotten = false;
        foreach (var slot in record.Slots.Where(s => s.Project != declared))
        {
            hasForgotten |= parts.Book.KeepRemovals(record.Drop(slot.Project));
            if (slot.Ledger?.Applied is null) continue;
            var orphaned = Audit.OfOrphan(new(slot.Project, slot.Ledger, ""), parts.Clock.GetUtcNow());
            parts.Book.Audited(record, orphaned with { Reason = "the membership declares another project now; deletionPolicy: orphan, so everybody keeps their access" });
        }

        return hasForgotten;
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
