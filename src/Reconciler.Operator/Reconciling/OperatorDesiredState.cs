using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Membership;
using Reconciler.Hosting.Reconciling;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Evaluating;
using Reconciler.Operator.Finalizing;
using Reconciler.Operator.Providers;
using Reconciler.Operator.Queue;
using Reconciler.Operator.Status.Updating;
using Reconciler.Operator.Vendors;
using Reconciler.Providers;

namespace Reconciler.Operator.Reconciling;

/// <summary>
/// The desired state of an operator: it takes the keys of changed resources from the queue, evaluates their
/// memberships, decides who owns which project, replaces the schedule and starts what is to be done beside reconciles.
/// </summary>
/// <param name="cache">The resources.</param>
/// <param name="store">The statuses.</param>
/// <param name="changes">The queue.</param>
/// <param name="memberships">The evaluations.</param>
/// <param name="evaluator">Evaluates memberships.</param>
/// <param name="decisions">Carries out decisions.</param>
/// <param name="guard">Warns of lost finalizers.</param>
/// <param name="statuses">Asks the server for statuses.</param>
/// <param name="providers">Writes the statuses of AccessProviders.</param>
/// <param name="removals">Loads removals of earlier processes.</param>
/// <param name="vendors">Writes the statuses of VendorDefinitions.</param>
/// <param name="connections">The connections to vendors.</param>
/// <param name="rules">The rules of the runner.</param>
/// <param name="schedule">When each project is due.</param>
/// <param name="snapshots">How everything stands.</param>
/// <param name="logger">Where the term is logged.</param>
/// <param name="clock">The time.</param>
internal sealed class OperatorDesiredState(
    ResourceCache cache,
    StatusStore store,
    ChangeQueue changes,
    DesiredMemberships memberships,
    NamespaceEvaluator evaluator,
    DecisionRunner decisions,
    FinalizerGuard guard,
    StatusWorker statuses,
    ProviderRefresher providers,
    ProviderRemovals removals,
    VendorStatuses vendors,
    Connections connections,
    OperatorRules rules,
    Schedule schedule,
    StatusSnapshotBuilder snapshots,
    ILogger logger,
    TimeProvider clock
) : IDesiredStateSource
{
    private readonly RequestAnnotations _requests = new();
    private ImmutableDictionary<ProjectKey, DesiredMembership> _owners = ImmutableDictionary<
        ProjectKey,
        DesiredMembership
    >.Empty;

    /// <inheritdoc/>
    public DateTimeOffset? NextAt => changes.SettledAt;

    /// <inheritdoc/>
    public bool IsBusy => false;

    /// <inheritdoc/>
    public void Start()
    {
        OperatorLog.Leads(logger, cache.Memberships.Count);
        changes.Open(cache.Namespaces);
        vendors.RefreshAll();
    }

    /// <inheritdoc/>
    public void Refresh(CancellationToken stopping)
    {
        if (changes.SettledAt is not { } settled || settled > clock.GetUtcNow())
            return;
        var batch = changes.Take();
        var keys = KeysOf(batch);
        var namespaces = keys.Select(k => k.Namespace ?? "default")
            .Concat(batch.Namespaces)
            .ToHashSet(StringComparer.Ordinal);
        // Removals of an earlier process count for the very first limit.
        removals.Load(namespaces);
        Evaluate(keys);
        Decide(stopping);
        providers.Refresh(namespaces);
    }

    /// <inheritdoc/>
    public Task StopAsync()
    {
        changes.Close();
        OperatorLog.Stops(logger);
        return Task.CompletedTask;
    }

    /// <summary>The membership that a scheduled project belongs to; called by the loop.</summary>
    public DesiredMembership OwnerOf(ProjectKey project) => _owners[project];

    /// <summary>
    /// Loads the removals that another shard, or the leader before this one, wrote into a namespace's AccessProviders;
    /// from any thread.
    /// </summary>
    public void LoadRemovals(string @namespace) => changes.Post(() => removals.Load([@namespace]));

    private HashSet<ObjectKey> KeysOf(ChangeBatch batch) =>
        [
            .. batch.Keys,
            .. cache
                .Memberships.Concat(memberships.All.Select(m => m.Document))
                .Where(d => batch.Namespaces.Contains(d.Resource.Namespace))
                .Select(d => d.Resource.Key),
        ];

    private void Evaluate(IReadOnlyCollection<ObjectKey> keys)
    {
        var (current, followUps) = (rules.Now(), new EvaluationFollowUps());
        foreach (var group in keys.GroupBy(k => k.Namespace ?? "default", StringComparer.Ordinal))
            evaluator.Evaluate(group.Key, [.. group], current, followUps);
        changes.Settle();
        followUps.Busy.ForEach(changes.Enqueue);
        followUps.Lost.ForEach(guard.WarnOfLoss);
        foreach (var tracked in followUps.Outdated)
            statuses.Check(tracked, () => changes.PostAlways(() => StatusReplaced(tracked)));
    }

    // The status on the server is another one, so a reconcile writes it again.
    private void StatusReplaced(TrackedMembership tracked)
    {
        changes.Enqueue(tracked.Key);
        foreach (var (project, owner) in _owners)
        {
            if (owner.Resource.Key == tracked.Key)
                schedule.Expedite(project, clock.GetUtcNow());
        }
    }

    private void Decide(CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        var decision = memberships.Decide(now);
        store.SetOwners(decision.Owners.ToImmutableDictionary(o => o.Key, o => o.Value.Tracked));
        foreach (var project in decision.Projects.Where(p => !p.IsDeleted))
            store.Declare(decision.Owners[project.Key].Tracked, project.Key);
        (var before, _owners) = (_owners, decision.Owners);
        schedule.Replace(decision.Projects, now);
        ExpediteChanged(before, now);
        snapshots.SetProjects(schedule.All);
        decisions.Run(decision, stopping);
        if (!schedule.Entries.Values.Any(e => e.IsRunning))
            connections.Release(
                (spec, definition) =>
                    decision.Projects.Any(p =>
                        ReferenceEquals(p.Provider.Spec, spec) && p.Provider.Vendor.Description?.Digest == definition
                    )
            );
    }

    // A new object of the same name, and an edit that changes nothing, need a new status all the same: somebody may
    // wait for its generation.
    private void ExpediteChanged(ImmutableDictionary<ProjectKey, DesiredMembership> before, DateTimeOffset now)
    {
        foreach (var (project, owner) in _owners)
        {
            if (before.TryGetValue(project, out var was) && !owner.IsSameAs(was))
                schedule.Expedite(project, now);
        }

        foreach (var group in _owners.GroupBy(o => o.Value.Tracked))
        {
            if (!_requests.TryHandle(group.First().Value.Resource))
                continue;
            foreach (var (project, _) in group)
                schedule.Expedite(project, now);
        }
    }
}
