using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Core;
using Reconciler.Testing.Engine;

namespace Reconciler.Engine.Tests;

/// <summary>Planning a run.</summary>
public sealed class PlanPassTests
{
    [Fact]
    public async Task A_project_that_cannot_be_read_does_not_stop_the_others()
    {
        var vendor = new FakeVendor
        {
            OnRead = p => p.Id == "default/b" ? new ProviderException(ProviderFault.Unavailable, "no answer") : null,
        };
        var run = await RunAsync(vendor, Project("a"), Project("b"), Project("c"));
        Assert.Equal(["default/a", "default/c"], run.Plans.Select(p => p.Project.Id));
        Assert.Equal("no answer", Assert.Single(run.Failures).Failure!.Message);
        Assert.Equal(["default/a", "default/b", "default/c"], run.Projects.Select(p => p.Project.Id));
    }

    [Fact]
    public async Task A_connection_that_is_refused_fails_its_projects_only()
    {
        var project = Project("a");
        var planRun = new PlanRun(
            _ => throw new ProviderException(ProviderFault.Configuration, "no token"),
            new LedgerReader(null, _ => ProjectLedger.None),
            TimeProvider.System
        );
        var run = await planRun.RunAsync([project.Desired], null, TestContext.Current.CancellationToken);
        Assert.Equal("no token", Assert.Single(run.Failures).Failure!.Message);
    }

    [Fact]
    public async Task A_suspended_project_is_not_read()
    {
        var vendor = new FakeVendor();
        var planRun = new PlanRun(_ => vendor, new LedgerReader(null, _ => ProjectLedger.None), TimeProvider.System);
        var run = await planRun.RunAsync(
            [Project("a").Desired with { Suspended = true }],
            null,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(0, vendor.Reads);
        Assert.True(run.Projects[0] is { Plan: null, Failure: null });
    }

    [Fact]
    public async Task The_limit_of_a_provider_is_judged_over_all_its_projects()
    {
        var limits = Limits.None with { ProviderRemovals = [new("g", 1, TimeSpan.FromHours(1))] };
        var run = await RunAsync(new FakeVendor(), Removing("a", limits), Removing("b", limits));
        Assert.Equal(2, run.Held.Count());
    }

    [Fact]
    public async Task Every_project_is_told_once_and_the_run_knows_whether_there_is_a_record()
    {
        var told = new List<string>();
        var vendor = new FakeVendor();
        var world = Project("a");
        vendor.Has(world.Desired, world.Live);
        var run = await new PlanRun(
            _ => vendor,
            new LedgerReader(null, _ => ProjectLedger.None),
            TimeProvider.System
        ).RunAsync([world.Desired], p => told.Add(p.Project.Id), TestContext.Current.CancellationToken);
        Assert.Equal(["default/a"], told);
        Assert.False(run.HasOwnershipRecord);
        Assert.True(run.HasChanges);
    }

    private static World Project(string name) => new World().Named(name).Declare("ana@x.example", "read");

    private static World Removing(string name, Limits limits) =>
        new World().Named(name).Limited(limits).Prune(PrunePolicy.All).Member("ana@x.example", "read");

    private static async Task<RunPlan> RunAsync(FakeVendor vendor, params World[] worlds)
    {
        foreach (var world in worlds)
            vendor.Has(world.Desired, world.Live);
        var planRun = new PlanRun(
            _ => vendor,
            new LedgerReader(null, p => worlds.First(w => w.Id == p.Id).Ledger),
            TimeProvider.System
        );
        return await planRun.RunAsync([.. worlds.Select(w => w.Desired)], null, TestContext.Current.CancellationToken);
    }
}
