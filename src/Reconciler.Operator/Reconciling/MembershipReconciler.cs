using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Hosting.Reconciling;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Evaluating;
using Reconciler.Operator.Finalizing;
using Reconciler.Operator.Providers;
using Reconciler.Operator.Queue;
using Reconciler.Operator.Status.Updating;
using Reconciler.Providers;

namespace Reconciler.Operator.Reconciling;

/// <summary>The outcome of a reconcile of memberships.</summary>
/// <param name="Projects">What became of each project.</param>
/// <param name="Unwritten">The memberships whose status could not be written.</param>
internal sealed record MembershipReconcile(
    ImmutableArray<ProjectReconcile> Projects,
    IReadOnlySet<ObjectKey> Unwritten
);

/// <summary>
/// Reconciles memberships beside the loop: it sets finalizers, reads Secrets, plans and applies, then updates the
/// statuses.
/// </summary>
/// <param name="reconciler">Reads, plans and applies.</param>
/// <param name="changes">Says whether a membership has changed.</param>
/// <param name="finalizers">Sets finalizers.</param>
/// <param name="statuses">Updates statuses.</param>
/// <param name="secrets">Reads Secrets.</param>
/// <param name="connections">The connections to vendors.</param>
/// <param name="approvals">What may be released.</param>
/// <param name="audit">What the audit trail says of the operator.</param>
/// <param name="rules">The rules of the runner.</param>
/// <param name="notifier">Logs what happens.</param>
internal sealed class MembershipReconciler(
    AccountReconciler reconciler,
    ChangeQueue changes,
    Finalizers finalizers,
    StatusUpdater statuses,
    ClusterSecrets secrets,
    Connections connections,
    ClusterApprovals approvals,
    AuditContext audit,
    OperatorRules rules,
    ReconcileNotifier notifier
)
{
    private const int AtOnce = 8;

    /// <summary>Reconciles some projects of one account.</summary>
    /// <param name="projects">The projects.</param>
    /// <param name="stopping">Stops between actions.</param>
    public async Task<MembershipReconcile> RunAsync(
        ImmutableArray<ScheduledProject> projects,
        CancellationToken stopping
    )
    {
        try
        {
            var (guarded, refused) = await SetFinalizersAsync(projects, stopping);
            var reconciles = (await ReconcileAsync(guarded, projects, stopping)).AddRange(refused);
            return new(reconciles, await UpdateStatusesAsync(projects, reconciles));
        }
        finally
        {
            foreach (var project in projects)
                project.Membership.Tracked.Update(s => s.WithoutPlanned(project.Entry.Project.Key));
        }
    }

    // With the finalizer a deletion is seen. Where it cannot be set, nobody is let in.
    private async Task<(ImmutableArray<ScheduledProject>, ImmutableArray<ProjectReconcile>)> SetFinalizersAsync(
        ImmutableArray<ScheduledProject> projects,
        CancellationToken stopping
    )
    {
        var (guarded, refused) = (new ConcurrentBag<ScheduledProject>(), new ConcurrentBag<ProjectReconcile>());
        await Parallel.ForEachAsync(
            projects,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stopping },
            async (scheduled, cancellation) =>
            {
                var (project, membership) = (scheduled.Entry.Project, scheduled.Membership);
                try
                {
                    membership.Tracked.Update(s => s.WithPlanned(project.Key, membership.Resource));
                    if (!project.IsDeleted && !project.Suspended && !project.DryRun)
                        await finalizers.SetFinalizerAsync(membership.Tracked, cancellation);
                    guarded.Add(scheduled);
                }
                catch (KubernetesException failed)
                {
                    var trouble = $"its finalizer cannot be set, so nothing is done: {failed.Message}";
                    refused.Add(ProjectReconcile.NotRun(project, trouble));
                }
            }
        );
        return ([.. guarded], [.. refused]);
    }

    // A bug is caught here too, so that the statuses tell it.
    private async Task<ImmutableArray<ProjectReconcile>> ReconcileAsync(
        ImmutableArray<ScheduledProject> guarded,
        ImmutableArray<ScheduledProject> all,
        CancellationToken stopping
    )
    {
        try
        {
            await RefreshSecretsAsync(guarded, stopping);
            var byKey = all.ToDictionary(p => p.Entry.Project.Key, p => p.Membership);
            var reconciles = await reconciler.RunAsync(
                new Context(this, guarded, all),
                notifier.ActionCompleted,
                stopping
            );
            return [.. reconciles.Select(r => AccessPlaces.WithFields(r, byKey[r.Planned.Project.Key]))];
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            notifier.Failed(failure);
            return [.. guarded.Select(p => ProjectReconcile.NotRun(p.Entry.Project, failure.Message))];
        }
    }

    private async Task RefreshSecretsAsync(ImmutableArray<ScheduledProject> projects, CancellationToken stopping)
    {
        var providers = projects
            .Where(p => !p.Entry.Project.Suspended)
            .Select(p => p.Entry.Project.Provider)
            .DistinctBy(p => p.Id);
        foreach (var provider in providers)
        {
            if (await secrets.RefreshAsync(provider, stopping))
                connections.Release((spec, _) => !ReferenceEquals(spec, provider.Spec));
        }
    }

    private async Task<IReadOnlySet<ObjectKey>> UpdateStatusesAsync(
        ImmutableArray<ScheduledProject> projects,
        ImmutableArray<ProjectReconcile> reconciles
    )
    {
        var (byKey, unwritten) = (projects.ToDictionary(p => p.Entry.Project.Key), new ConcurrentBag<ObjectKey>());
        await Parallel.ForEachAsync(
            reconciles
                .Select(r => new ReconciledProject(byKey[r.Planned.Project.Key], r))
                .GroupBy(r => r.Project.Membership.Tracked),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (group, _) =>
            {
                if (!await statuses.UpdateAsync(group.Key, [.. group]))
                    unwritten.Add(group.Key.Key);
            }
        );
        return unwritten.ToHashSet();
    }

    private sealed class Context(
        MembershipReconciler host,
        ImmutableArray<ScheduledProject> guarded,
        ImmutableArray<ScheduledProject> all
    ) : IReconcileContext
    {
        private readonly Dictionary<ProjectKey, ScheduledProject> _byKey = all.ToDictionary(p => p.Entry.Project.Key);

        // Resolved now, since access may have ended since the evaluation. What else changed is evaluated by the loop.
        public IReadOnlyList<DesiredProject> Projects =>
            [
                .. guarded
                    .Where(p => !p.Entry.IsGone)
                    .GroupBy(p => p.Membership.Namespace)
                    .SelectMany(g => Resolve(g.Key, [.. g])),
            ];

        public Approvals Approvals => host.Approvals;

        public AuditContext Audit => host.Audit;

        public (Connections Connections, IDisposable Use) Connect() => (host.Connections, NoUse.Instance);

        public bool IsCurrent(DesiredProject project) =>
            _byKey.TryGetValue(project.Key, out var scheduled)
            && scheduled.Entry is { IsGone: false, IsExpedited: false }
            && host.IsSettled(scheduled.Membership.Tracked.Key);

        private IEnumerable<DesiredProject> Resolve(NamespaceResources @namespace, List<ScheduledProject> projects)
        {
            var resolved = MembershipResolver.Resolve(
                [.. projects.Select(p => p.Membership.Document).Distinct()],
                @namespace,
                host.Rules
            );
            foreach (var scheduled in projects)
            {
                var project = scheduled.Entry.Project;
                var path = scheduled.Membership.Document.Position.Path;
                var now = project.IsDeleted ? null : resolved[path].Project;
                yield return now is not null && now.Key == project.Key ? now : project;
            }
        }
    }

    private Approvals Approvals => approvals.Now();

    private AuditContext Audit => audit;

    private Connections Connections => connections;

    private Reconciler.Core.Resolving.RunnerRules Rules => rules.Now();

    private bool IsSettled(ObjectKey membership) => changes.IsSettled(membership);

    private sealed class NoUse : IDisposable
    {
        public static NoUse Instance { get; } = new();

        public void Dispose()
        {
            // The connections live as long as the operator.
        }
    }
}
