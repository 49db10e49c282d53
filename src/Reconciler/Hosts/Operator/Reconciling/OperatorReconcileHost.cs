using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Hosts.Passes;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator;

/// <summary>One project of a pass, with the resource that asked for it.</summary>
internal sealed record PassItem(Schedule.Entry Entry, Wish Wish);

/// <summary>
/// Runs a pass beside the operator's loop: finalizers are set, Secrets read, then plan and apply as everywhere, then it is noted what became of it.
/// However it ends, the loop is told.
/// </summary>
internal sealed class OperatorPass(OperatorParts parts, OperatorNotes notes, ReconcileNotifier news)
{
    private const int StatusesAtOnce = 8;
    private readonly AccountReconciler _runner = new(parts.Book, null, parts.Clock);
    private readonly ReconcileScope _frame = new(news, parts.Clock);

    /// <summary>Runs one.</summary>
    /// <param name="account">The account.</param>
    /// <param name="items">Its projects that are due.</param>
    /// <param name="isSettled">Whether nothing about a membership has changed in the cluster that the loop has not looked at yet.</param>
    /// <param name="ended">Told what came of it, and of which memberships the status could not be written.</param>
    /// <param name="stopping">Stops between actions.</param>
    public Task RunAsync(
        Account account,
        IReadOnlyList<PassItem> items,
        Func<ObjectKey, bool> isSettled,
        Action<ReconcileCompletion, IReadOnlyCollection<ObjectKey>> ended,
        CancellationToken stopping
    )
    {
        var unwritten = new ConcurrentDictionary<ObjectKey, bool>();
        return _frame.RunAsync(
            account,
            [.. items.Select(i => i.Entry)],
            new Reconcile(() => PassAsync(items, isSettled, unwritten, stopping)),
            end => ended(end, [.. unwritten.Keys]),
            stopping
        );
    }

    private async Task<ImmutableArray<ProjectReconcile>> PassAsync(
        IReadOnlyList<PassItem> items,
        Func<ObjectKey, bool> isSettled,
        ConcurrentDictionary<ObjectKey, bool> unwritten,
        CancellationToken stopping
    )
    {
        try
        {
            return await GuardedAsync(items, isSettled, unwritten, stopping);
        }
        finally
        {
            foreach (var item in items)
                item.Wish.Record.Plan(item.Entry.Project.Key, null);
        }
    }

    private async Task<ImmutableArray<ProjectReconcile>> GuardedAsync(
        IReadOnlyList<PassItem> items,
        Func<ObjectKey, bool> isSettled,
        ConcurrentDictionary<ObjectKey, bool> unwritten,
        CancellationToken stopping
    )
    {
        var byKey = items.ToDictionary(i => i.Entry.Project.Key);
        var (guarded, refused) = await GuardAsync(items, stopping);
        var scope = new Scope(parts, () => Now(guarded), IsStillAsked);
        var passes = (await TryRunAsync(scope, guarded, stopping)).AddRange(refused);
        var byRecord = passes.GroupBy(p => byKey[p.Planned.Project.Key].Wish.Record);
        await Parallel.ForEachAsync(
            byRecord,
            new ParallelOptions { MaxDegreeOfParallelism = StatusesAtOnce },
            async (group, _) =>
            {
                if (!await notes.NoteAsync(group.Key, [.. group.Select(p => (byKey[p.Planned.Project.Key], p))]))
                    unwritten[group.Key.Key] = true;
            }
        );
        return passes;

        bool IsStillAsked(DesiredProject project) =>
            byKey.TryGetValue(project.Key, out var item)
            && item.Entry is { IsGone: false, IsExpedited: false }
            && isSettled(item.Wish.Record.Key);
    }

    // A fault of ours is told in the statuses, too.
    private async Task<ImmutableArray<ProjectReconcile>> TryRunAsync(
        IReconcileContext scope,
        ImmutableArray<PassItem> items,
        CancellationToken stopping
    )
    {
        try
        {
            await RefreshAsync(items, stopping);
            return await _runner.RunAsync(scope, news.ActionCompleted, stopping);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            news.Failed(failure);
            return [.. items.Select(i => ProjectReconcile.NotRun(i.Entry.Project, failure.Message))];
        }
    }

    // Access that ended since the memberships were resolved is to be taken away now. What else has changed is the loop's to judge, together.
    private List<DesiredProject> Now(IReadOnlyCollection<PassItem> items)
    {
        var (rules, projects) = (parts.Rules(), new List<DesiredProject>());
        foreach (var group in items.Where(i => !i.Entry.IsGone).GroupBy(i => i.Wish.Around))
        {
            var resolved = MembershipResolver.Resolve(
                [.. group.Select(i => i.Wish.Document).Distinct()],
                group.Key,
                rules
            );
            foreach (var item in group)
            {
                var project = item.Entry.Project;
                var now = project.IsDeleted ? null : resolved[item.Wish.Document.Position.Path].Project;
                projects.Add(now is not null && now.Key == project.Key ? now : project);
            }
        }

        return projects;
    }

    private async Task RefreshAsync(IReadOnlyCollection<PassItem> items, CancellationToken stopping)
    {
        foreach (
            var provider in items
                .Where(i => !i.Entry.Project.Suspended)
                .Select(i => i.Entry.Project.Provider)
                .DistinctBy(p => p.Id)
        )
        {
            if (await parts.Secrets.RefreshAsync(provider, stopping))
                parts.Connections.Release((spec, _) => !ReferenceEquals(spec, provider.Spec));
        }
    }

    // Before anything is granted it is made sure that a deletion will be seen. Where that cannot be, nothing is granted.
    private async Task<(ImmutableArray<PassItem> Guarded, ImmutableArray<ProjectReconcile> Refused)> GuardAsync(
        IReadOnlyList<PassItem> items,
        CancellationToken stopping
    )
    {
        var (guarded, refused) = (new ConcurrentBag<PassItem>(), new ConcurrentBag<ProjectReconcile>());
        await Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = StatusesAtOnce, CancellationToken = stopping },
            async (item, cancellation) =>
            {
                try
                {
                    var project = item.Entry.Project;
                    item.Wish.Record.Plan(project.Key, item.Wish.Resource);
                    if (!project.IsDeleted && !project.Suspended && !project.DryRun)
                        await notes.FinalizeAsync(item.Wish.Record, wanted: true, cancellation);
                    guarded.Add(item);
                }
                catch (KubernetesException failed)
                {
                    refused.Add(
                        ProjectReconcile.NotRun(
                            item.Entry.Project,
                            $"its finalizer cannot be set, so nothing is done: {failed.Message}"
                        )
                    );
                }
            }
        );
        return ([.. guarded], [.. refused]);
    }

    private sealed class Reconcile(Func<Task<ImmutableArray<ProjectReconcile>>> run) : IAccountReconcile
    {
        public Task<ImmutableArray<ProjectReconcile>> RunAsync(CancellationToken stopping) => run();

        public ReconcileResult Complete(Schedule.Entry entry, ProjectReconcile? reconcile, TimeSpan took) =>
            throw new NotSupportedException();

        public void Publish() => throw new NotSupportedException();
    }

    private sealed class Scope(
        OperatorParts parts,
        Func<IReadOnlyList<DesiredProject>> projects,
        Func<DesiredProject, bool> isCurrent
    ) : IReconcileContext
    {
        public IReadOnlyList<DesiredProject> Projects => projects();

        public Engine.Approvals Approvals => parts.Approvals.Now();

        public Engine.AuditContext Audit => parts.Context;

        public (Connections Connections, IDisposable Lease) Connect() => (parts.Connections, NoLease.Instance);

        public bool IsCurrent(DesiredProject project) => isCurrent(project);
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
