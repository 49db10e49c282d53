using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;

namespace Reconciler.Hosts.Passes;

/// <summary>Keeps how passes stand as one value that readers take whole. One loop alone writes to it.</summary>
/// <param name="first">How they stand before anything ran.</param>
/// <param name="keepsPlans">Whether plans are kept to be looked at; their numbers are in any case.</param>
/// <param name="clock">The time.</param>
internal class PassBoard(PassStatus first, bool keepsPlans, TimeProvider clock)
{
    private readonly Dictionary<ProjectKey, ProjectStatus> _projects = [];
    private readonly Dictionary<string, ProviderStatus> _providers = new(StringComparer.Ordinal);
    private volatile PassStatus _status = first with { BeatAt = clock.GetUtcNow() };

    public PassStatus Status
    {
        get => _status;
        protected set => _status = value;
    }

    /// <summary>The loop is alive.</summary>
    public void Beat() => _status = _status with { BeatAt = clock.GetUtcNow() };

    public void Stopping() => _status = _status with { IsStopping = true };

    /// <summary>Shows the projects that are asked for; what is known of those that stay stays.</summary>
    public void Show(IReadOnlyCollection<Schedule.Entry> entries)
    {
        var projects = entries.Where(e => !e.IsGone).Select(e => e.Project).ToList();
        var keys = projects.Select(p => p.Key).ToHashSet();
        foreach (var gone in _projects.Keys.Where(k => !keys.Contains(k)).ToList())
            _projects.Remove(gone);
        foreach (var project in projects)
        {
            _projects[project.Key] = (
                _projects.GetValueOrDefault(project.Key)
                ?? new(project, ProjectState.New) { KnownSince = clock.GetUtcNow() }
            ) with
            {
                Project = project,
            };
        }

        var providers = projects.Select(p => p.Provider).Distinct().ToList();
        foreach (var gone in _providers.Keys.Except(providers.Select(p => p.Id), StringComparer.Ordinal).ToList())
            _providers.Remove(gone);
        foreach (var provider in providers)
            _providers[provider.Id] = (_providers.GetValueOrDefault(provider.Id) ?? new(provider)) with
            {
                Provider = provider,
            };
        Publish(entries);
    }

    /// <summary>Passes begin.</summary>
    public void Began(IEnumerable<Schedule.Entry> entries, IReadOnlyCollection<Schedule.Entry> all)
    {
        foreach (var entry in entries)
        {
            if (_projects.TryGetValue(entry.Project.Key, out var status))
                _projects[entry.Project.Key] = status with { IsRunning = true, RunningSince = clock.GetUtcNow() };
        }

        Publish(all);
    }

    /// <summary>A pass is over, or was stopped before it planned anything.</summary>
    /// <returns>How the project stood before, and stands now; null where it is not asked for any more.</returns>
    public (ProjectStatus Before, ProjectStatus Now)? Ended(
        Schedule.Entry entry,
        ProjectPass? pass,
        string passId,
        TimeSpan took
    )
    {
        if (!_projects.TryGetValue(entry.Project.Key, out var before))
            return null;
        var now = before with { IsRunning = false, RunningSince = null, Failures = entry.Failures };
        if (pass is not null)
        {
            now = (keepsPlans ? Kept(now, pass) : now) with
            {
                State = pass.State,
                Tally = pass.State == ProjectState.Suspended ? null : PlanTally.Of(pass.Planned.Plan) ?? before.Tally,
                PassedAt = clock.GetUtcNow(),
                Took = took,
                PassId = passId,
                Error = pass.Error,
            };
            Note(entry.Project.Provider, pass);
        }

        _projects[entry.Project.Key] = now;
        return (before, now);
    }

    /// <summary>Makes what was noted visible.</summary>
    public void Publish(IReadOnlyCollection<Schedule.Entry> entries)
    {
        var nexts = entries.ToDictionary(e => e.Project.Key, e => e.NextAt);
        _status = _status with
        {
            Projects =
            [
                .. _projects
                    .Values.Select(p =>
                        p with
                        {
                            NextAt = nexts.TryGetValue(p.Project.Key, out var next) ? next : null,
                        }
                    )
                    .OrderBy(p => p.Project.Provider.Id, StringComparer.Ordinal)
                    .ThenBy(p => p.Project.Id, StringComparer.Ordinal),
            ],
            Providers = [.. _providers.Values.OrderBy(p => p.Provider.Id, StringComparer.Ordinal)],
        };
    }

    private static ProjectStatus Kept(ProjectStatus before, ProjectPass pass) =>
        before with
        {
            Planned =
                pass.State == ProjectState.Suspended ? null
                : pass.Planned.Plan is null ? before.Planned
                : Left(pass),
            Result =
                pass.Result is { Outcomes.IsEmpty: false } result ? result
                : pass.Planned.Plan is null ? before.Result
                : null,
        };

    // What is done is planned no more.
    private static PlannedProject Left(ProjectPass pass)
    {
        var done = pass
            .Outcomes.Where(o => o.Kind is OutcomeKind.Done or OutcomeKind.Overtaken)
            .Select(o => o.Action)
            .ToHashSet(ReferenceEqualityComparer.Instance);
        var plan = pass.Planned.Plan!;
        return done.Count == 0
            ? pass.Planned
            : pass.Planned with
            {
                Plan = plan with { Actions = [.. plan.Actions.Where(a => !done.Contains(a))] },
            };
    }

    private void Note(DesiredProvider provider, ProjectPass pass)
    {
        if (
            pass.Planned.Project.Suspended
            || pass.Trouble is not null
            || !_providers.TryGetValue(provider.Id, out var known)
        )
            return;
        _providers[provider.Id] = pass.IsAnswered
            ? known with
            {
                IsReachable = true,
                ReadAt = clock.GetUtcNow(),
                Error = null,
            }
            : known with
            {
                IsReachable = false,
                Error = pass.Planned.Failure!.Message,
            };
    }
}
