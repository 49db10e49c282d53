using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;

namespace Reconciler.Engine;

/// <summary>
/// Applies the plans of a run, project by project and phase by phase. One failing person, project or provider never stops the others.
/// Cancellation stops between actions; an action in flight is finished.
/// </summary>
/// <param name="connections">Gives each provider's connection; may refuse with a <see cref="ProviderException"/>.</param>
/// <param name="ledgers">Gives what is remembered of a project.</param>
internal sealed class Applier(Func<DesiredProvider, ProviderConnection> connections, Func<DesiredProject, ProjectLedger> ledgers)
{
    /// <summary>Applies what no limit holds.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="onOutcome">Called after each action, from any thread.</param>
    /// <param name="cancellation">Stops between actions.</param>
    public async Task<RunResult> ApplyAsync(RunPlan plan, Action<ProjectPlan, ActionOutcome>? onOutcome, CancellationToken cancellation)
    {
        var results = new ConcurrentDictionary<string, ProjectResult>(StringComparer.Ordinal);
        await Task.WhenAll(plan.Plans.GroupBy(p => p.Project.Provider).Select(g => ApplyProviderAsync(g.Key, [.. g])));
        return new(plan, [.. plan.Plans.Select(p => results[p.Project.Id])]);

        Task ApplyProviderAsync(DesiredProvider provider, IReadOnlyList<ProjectPlan> plans)
        {
            var degree = provider.MaxConcurrency;
            var shared = SharedCalls.Of(provider, plans);
            return Parallel.ForEachAsync(plans, new ParallelOptions { MaxDegreeOfParallelism = degree }, async (project, _) =>
                results[project.Project.Id] = await ApplyProjectAsync(project, shared, onOutcome, cancellation));
        }
    }

    private async Task<ProjectResult> ApplyProjectAsync(ProjectPlan plan, SharedCalls shared, Action<ProjectPlan, ActionOutcome>? onOutcome, CancellationToken cancellation)
    {
        var actions = plan.Applicable.ToImmutableArray();
        if (actions.IsEmpty) return new(plan, []);
        if (Connect(plan.Project.Provider, out var reader, out var writer) is { } refusal)
        {
            var failed = actions.Select(a => new ActionOutcome(a, OutcomeKind.Failed, refusal.Message)).ToImmutableArray();
            foreach (var outcome in failed) onOutcome?.Invoke(plan, outcome);
            return new(plan, failed);
        }

        var run = new ProjectRun(plan, reader!, shared.Wrap(writer!), ledgers(plan.Project), outcome => onOutcome?.Invoke(plan, outcome), cancellation);
        foreach (var phase in actions.GroupBy(a => a.Phase).OrderBy(g => g.Key)) await run.ApplyAsync([.. phase], plan.Project.Provider.MaxConcurrency);
        return new(plan, [.. actions.Select(run.OutcomeOf)]);
    }

    private ProviderException? Connect(DesiredProvider provider, out IProjectReader? reader, out IProjectWriter? writer)
    {
        (reader, writer) = (null, null);
        try
        {
            var connection = connections(provider);
            (reader, writer) = (connection.Reader, connection.Writer());
            return null;
        }
        catch (ProviderException refusal)
        {
            return refusal;
        }
        catch (Exception unforeseen)
        {
            return new ProviderException(ProviderFault.Configuration, $"not foreseen: {unforeseen.GetType().Name}: {unforeseen.Message}", unforeseen);
        }
    }
}
