using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;

namespace Reconciler.Hosting.Reconciling;

/// <summary>
/// Builds the newest <see cref="StatusSnapshot"/> as reconciles start and complete. Written by the loop alone, read by
/// anybody.
/// </summary>
/// <param name="first">The snapshot before anything ran.</param>
/// <param name="keepsPlans">Whether whole plans are kept for a status page; their numbers are kept in any case.</param>
/// <param name="clock">The time.</param>
public class StatusSnapshotBuilder(StatusSnapshot first, bool keepsPlans, TimeProvider clock)
{
    private readonly Dictionary<ProjectKey, ProjectStatus> _projects = [];
    private readonly Dictionary<string, ProviderStatus> _providers = new(StringComparer.Ordinal);

    // The keys of the projects, ordered by provider and name.
    private ImmutableArray<ProjectKey> _order = [];
    private volatile StatusSnapshot _status = first with { BeatAt = clock.GetUtcNow() };

    /// <summary>The newest snapshot.</summary>
    public StatusSnapshot Status
    {
        get => _status;
        protected set => _status = value;
    }

    /// <summary>The revision of the manifests that is in force; null where there is none.</summary>
    protected virtual string? Revision => null;

    /// <summary>Returns an error of a reconcile as readers of the status see it; the log has the whole text.</summary>
    /// <param name="error">The whole text.</param>
    protected virtual string Shown(string error) => error;

    /// <summary>Notes that the loop takes a turn.</summary>
    internal void Beat() => _status = _status with { BeatAt = clock.GetUtcNow() };

    /// <summary>Notes that the process stops.</summary>
    internal void Stopping() => _status = _status with { IsStopping = true };

    /// <summary>Replaces the projects. What is known of a project that stays is kept.</summary>
    public void SetProjects(IReadOnlyCollection<Schedule.Entry> entries)
    {
        var projects = entries.Where(e => !e.IsGone).Select(e => e.Project).ToList();
        var keys = projects.Select(p => p.Key).ToHashSet();
        foreach (var gone in _projects.Keys.Where(k => !keys.Contains(k)).ToList())
            _projects.Remove(gone);
        foreach (var project in projects)
        {
            var known =
                _projects.GetValueOrDefault(project.Key)
                ?? new(project, ProjectState.New) { KnownSince = clock.GetUtcNow() };
            _projects[project.Key] = known with { Project = project };
        }

        _order =
        [
            .. _projects
                .OrderBy(p => p.Value.Project.Provider.Id, StringComparer.Ordinal)
                .ThenBy(p => p.Value.Project.Id, StringComparer.Ordinal)
                .Select(p => p.Key),
        ];
        SetProviders([.. projects.Select(p => p.Provider).Distinct()]);
        Publish(entries);
    }

    /// <summary>Notes that reconciles start.</summary>
    internal void Started(IEnumerable<Schedule.Entry> entries, IReadOnlyCollection<Schedule.Entry> all)
    {
        foreach (var entry in entries)
        {
            if (_projects.TryGetValue(entry.Key, out var status))
                _projects[entry.Key] = status with
                {
                    IsRunning = true,
                    RunningSince = clock.GetUtcNow(),
                    RunningRevision = Revision,
                };
        }

        Publish(all);
    }

    /// <summary>Notes the end of a reconcile, also of one that was stopped before it planned anything.</summary>
    /// <param name="entry">The project.</param>
    /// <param name="reconcile">What became of it; null where nothing was done.</param>
    /// <param name="completion">The whole reconcile.</param>
    /// <returns>The project's status before and now; null where it is desired no more.</returns>
    internal (ProjectStatus Before, ProjectStatus Now)? Completed(
        Schedule.Entry entry,
        ProjectReconcile? reconcile,
        ReconcileCompletion completion
    )
    {
        if (!_projects.TryGetValue(entry.Key, out var before))
            return null;
        var now = before with
        {
            IsRunning = false,
            RunningSince = null,
            RunningRevision = null,
            Failures = entry.Failures,
        };
        if (reconcile is not null)
        {
            if (keepsPlans)
                now = WithPlan(WithHold(now, before, reconcile), reconcile);
            now = now with
            {
                State = reconcile.State,
                Tally =
                    reconcile.State == ProjectState.Suspended
                        ? null
                        : PlanTally.Of(reconcile.Planned.Plan) ?? before.Tally,
                PassedAt = clock.GetUtcNow(),
                Took = completion.Took,
                PassId = completion.Id,
                Error = reconcile.Error is { } error ? Shown(error) : null,
            };
            UpdateProvider(entry.Project.Provider, reconcile);
        }

        _projects[entry.Key] = now;
        return (before, now);
    }

    /// <summary>Publishes a new snapshot of everything that was noted.</summary>
    public void Publish(IReadOnlyCollection<Schedule.Entry> entries)
    {
        foreach (var entry in entries)
            if (_projects.TryGetValue(entry.Key, out var project) && project.NextAt != entry.NextAt)
                _projects[entry.Key] = project with { NextAt = entry.NextAt };
        _status = _status with
        {
            Projects = [.. _order.Select(k => _projects[k])],
            Providers = [.. _providers.Values.OrderBy(p => p.Provider.Id, StringComparer.Ordinal)],
        };
    }

    // A reconcile that could not plan says nothing of what was held before it.
    private ProjectStatus WithHold(ProjectStatus now, ProjectStatus before, ProjectReconcile reconcile)
    {
        if (reconcile.Planned.Plan is not { } plan)
            return now;
        if (plan.IsFree)
            return now with { HeldSince = null, HeldRevision = null };
        return before.HeldSince is not null && before.Planned?.Plan?.HeldDigest == plan.HeldDigest
            ? now
            : now with
            {
                HeldSince = clock.GetUtcNow(),
                HeldRevision = before.RunningRevision,
            };
    }

    private ProjectResult Shown(ProjectResult result) =>
        result with
        {
            NotRemembered = result.NotRemembered is { } lost ? Shown(lost) : null,
            Outcomes =
            [
                .. result.Outcomes.Select(o => o.Message is { } message ? o with { Message = Shown(message) } : o),
            ],
        };

    private ProjectStatus WithPlan(ProjectStatus before, ProjectReconcile reconcile) =>
        before with
        {
            Planned =
                reconcile.State == ProjectState.Suspended ? null
                : reconcile.Planned.Plan is null ? before.Planned
                : WithoutDone(reconcile),
            Result =
                reconcile.Result is { Outcomes.IsEmpty: false } result ? Shown(result)
                : reconcile.Planned.Plan is null ? before.Result
                : null,
        };

    private static PlannedProject WithoutDone(ProjectReconcile reconcile)
    {
        var done = reconcile
            .Outcomes.Where(o => o.Kind is OutcomeKind.Done or OutcomeKind.Overtaken)
            .Select(o => o.Action)
            .ToHashSet(ReferenceEqualityComparer.Instance);
        var plan = reconcile.Planned.Plan!;
        return done.Count == 0
            ? reconcile.Planned
            : reconcile.Planned with
            {
                Plan = plan with { Actions = [.. plan.Actions.Where(a => !done.Contains(a))] },
            };
    }

    private void SetProviders(IReadOnlyCollection<DesiredProvider> providers)
    {
        foreach (var gone in _providers.Keys.Except(providers.Select(p => p.Id), StringComparer.Ordinal).ToList())
            _providers.Remove(gone);
        foreach (var provider in providers)
        {
            var known = _providers.GetValueOrDefault(provider.Id) ?? new(provider);
            _providers[provider.Id] = known with { Provider = provider };
        }
    }

    // Only a reconcile that asked the vendor says whether it can be reached.
    private void UpdateProvider(DesiredProvider provider, ProjectReconcile reconcile)
    {
        if (
            reconcile.Planned.Project.Suspended
            || reconcile.Trouble is not null
            || !_providers.TryGetValue(provider.Id, out var known)
        )
            return;
        _providers[provider.Id] = reconcile.IsAnswered
            ? known with
            {
                IsReachable = true,
                ReadAt = clock.GetUtcNow(),
                Error = null,
            }
            : known with
            {
                IsReachable = false,
                Error = reconcile.Planned.Failure!.Message,
            };
    }
}
