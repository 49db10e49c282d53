using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Planning;
using Reconciler.Core.Resolving;

namespace Reconciler.Benchmarks;

/// <summary>
/// Resolves and compares many members in memory: 100,000 in 1,000 projects, and a tenth of that beside it. One in fifty
/// differs.
/// </summary>
internal static class ResolveDiff
{
    public static async Task RunAsync()
    {
        Measure.Machine();
        var small = await CostAsync(projects: 100);
        var large = await CostAsync(projects: 1_000);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"10 × the members cost {large.Cpu / small.Cpu:0.0} × the CPU and "
                    + $"{(double)large.Allocated / small.Allocated:0.0} × the bytes"
            )
        );
    }

    private static async Task<Cost> CostAsync(int projects)
    {
        var manifests = Sample.Read(Sample.Texts(projects));
        var state = Resolver.Resolve(manifests, Sample.Rules, new Problems());
        var live = state.Projects.Select(Sample.Live).ToImmutableArray();
        var actions = 0;
        var cost = await Measure.MedianAsync(
            15,
            () =>
            {
                var resolved = Resolver.Resolve(manifests, Sample.Rules, new Problems());
                actions = resolved
                    .Projects.Select(
                        (p, i) => Planner.Plan(p, live[i], ProjectLedger.None, Sample.Rules.Now).Actions.Length
                    )
                    .Sum();
            }
        );
        var members = state.Projects.Sum(p => p.Members.Length);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{members, 7} members in {projects, 5} projects, {actions, 5} actions: {cost}, "
                    + $"{cost.Allocated / members} bytes a member"
            )
        );
        return cost;
    }
}
