using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;

namespace Reconciler.Engine;

/// <summary>
/// Plans a run: reads every project, compares it, judges the plans of each provider together. It holds readers only, so that nothing can be
/// written. One project or provider that fails never stops the others.
/// </summary>
/// <param name="readers">Gives each provider's reader; may refuse with a <see cref="ProviderException"/>.</param>
/// <param name="ledgers">Gives what is remembered of a project.</param>
/// <param name="clock">The time.</param>
internal sealed class PlanPass(Func<DesiredProvider, IProjectReader> readers, Func<DesiredProject, ProjectLedger> ledgers, TimeProvider clock)
{
    /// <summary>Plans the projects.</summary>
    /// <param name="projects">The projects.</param>
    /// <param name="onRead">Called after each project, from any thread.</param>
    /// <param name="cancellation">Stops between requests.</param>
    public async Task<RunPlan> RunAsync(IReadOnlyList<DesiredProject> projects, Action<PlannedProject>? onRead, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var planned = new ConcurrentDictionary<string, PlannedProject>(StringComparer.Ordinal);
        await Task.WhenAll(projects.GroupBy(p => p.Provider).Select(group => ReadProviderAsync(group.Key, [.. group], now, Keep, cancellation)));
        var judged = Judged(projects.Select(p => planned[p.Id]).ToList());
        return new(judged, now, projects.Any(p => ledgers(p).Source != OwnershipSource.None));

        void Keep(PlannedProject project)
        {
            planned[project.Project.Id] = project;
            onRead?.Invoke(project);
        }
    }

    private async Task ReadProviderAsync(DesiredProvider provider, IReadOnlyList<DesiredProject> projects, DateTimeOffset now, Action<PlannedProject> keep, CancellationToken cancellation)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = provider.MaxConcurrency, CancellationToken = cancellation };
        await Parallel.ForEachAsync(projects, options, async (project, token) => keep(await PlanAsync(project, now, token)));
    }

    private async Task<PlannedProject> PlanAsync(DesiredProject project, DateTimeOffset now, CancellationToken cancellation)
    {
        if (project.Suspended) return new(project, null, null);
        try
        {
            var live = await readers(project.Provider).ReadAsync(project, cancellation);
            return new(project, Planner.Plan(project, live, ledgers(project), now), null);
        }
        catch (ProviderException failure)
        {
            return new(project, null, failure);
        }
        catch (Exception unforeseen) when (unforeseen is not OperationCanceledException)
        {
            // A fault of ours in one project must not stop the others.
            return new(project, null, new ProviderException(ProviderFault.BadAnswer, $"not foreseen: {unforeseen.GetType().Name}: {unforeseen.Message}", unforeseen));
        }
    }

    // By the account's address, not by the document: a second AccessProvider for it must not bring a second allowance.
    private static ImmutableArray<PlannedProject> Judged(List<PlannedProject> projects)
    {
        var judged = projects.Select(p => p.Plan).OfType<ProjectPlan>()
            .GroupBy(p => (p.Project.Key.VendorType, p.Project.Key.BaseUrl))
            .SelectMany(g => Judge.HoldProvider([.. g], recent: _ => 0))
            .ToDictionary(p => p.Project.Id, StringComparer.Ordinal);
        return [.. projects.Select(p => p with { Plan = judged.GetValueOrDefault(p.Project.Id) })];
    }
}
