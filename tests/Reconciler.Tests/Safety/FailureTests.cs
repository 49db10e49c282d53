using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Core;
using Reconciler.Testing.Engine;

namespace Reconciler.Tests.Safety;

/// <summary>Failures that became worse than they had to, each as it was reported.</summary>
public sealed class FailureTests
{
    private const string Ana = "ana@x.example";
    private const string Bob = "bob@x.example";

    private readonly FakeVendor _vendor = new();

    [Fact]
    public async Task One_blocked_account_does_not_abort_the_run_as_in_test_infra_22723()
    {
        _vendor.On = (actions, _) => actions[0].Email == Ana ? Answer.Fails(ProviderFault.Refused) : null;
        var result = await ApplyAsync(await PlanAsync(new World().Declare(Ana, "read").Declare(Bob, "read")));
        Assert.Equal([OutcomeKind.Failed, OutcomeKind.Done], result.Outcomes.Select(o => o.Kind));
    }

    [Fact]
    public async Task The_first_bad_project_does_not_stop_the_rest()
    {
        _vendor.OnRead = p => p.Id == "default/a" ? new ProviderException(ProviderFault.Forbidden, "403") : null;
        var run = await PlanAsync(
            new World().Named("a").Declare(Ana, "read"),
            new World().Named("b").Declare(Bob, "read")
        );
        var result = await ApplyAsync(run);
        Assert.Equal([$"Invite {Bob}"], _vendor.Calls);
        Assert.Equal("default/a", Assert.Single(result.Plan.Failures).Project.Id);
    }

    [Fact]
    public async Task A_change_of_role_is_one_change_and_no_removal_that_sends_a_mail_as_in_the_github_provider_865()
    {
        await ApplyAsync(
            await PlanAsync(new World(TestVendors.Solo).Declare(Ana, "Manager").Member(Ana, "Viewer").Owned(Ana))
        );
        Assert.Equal([$"Update {Ana}"], _vendor.Calls);
    }

    [Fact]
    public async Task A_dry_run_has_nothing_to_write_with_as_in_safe_settings_551_and_gitlabform_975()
    {
        var run = await PlanAsync(new World().DryRun().Prune(PrunePolicy.All).Declare(Ana, "read").Member(Bob, "read"));
        await new Applier(
            _ => new(_vendor, () => throw new InvalidOperationException("a writer was made"), new MemoryStream()),
            null,
            TimeProvider.System
        ).ApplyAsync(run, null, CancellationToken.None);
        Assert.Empty(_vendor.Calls);
    }

    [Fact]
    public async Task A_dry_run_shows_every_deletion_as_in_team_manager_33() =>
        Assert.Equal(
            [$"Invite {Ana} +read", $"Remove {Bob} -read"],
            (await PlanAsync(new World().DryRun().Prune(PrunePolicy.All).Declare(Ana, "read").Member(Bob, "read")))
                .Plans.Single()
                .Actions.Select(PlanAssertions.Show)
        );

    [Fact]
    public async Task A_stale_plan_is_not_applied_and_says_what_is_new_as_in_atlantis_3254()
    {
        var saved = SavedPlan.Of(await PlanAsync(new World().Prune(PrunePolicy.All).Declare(Ana, "read")));
        Assert.Null(saved.Judge(await PlanAsync(new World().Prune(PrunePolicy.All).Declare(Ana, "read"))));
        var stale = saved.Judge(
            await PlanAsync(new World().Prune(PrunePolicy.All).Declare(Ana, "read").Member(Bob, "read"))
        );
        Assert.Equal($"remove {Bob} [−read]", Assert.Single(stale!.Added).Text);
    }

    [Fact]
    public async Task A_plan_that_starts_from_another_live_state_is_stale_though_it_does_the_same()
    {
        var saved = SavedPlan.Of(await PlanAsync(new World().Declare(Ana, "write").Member(Ana, "read")));
        Assert.NotNull(saved.Judge(await PlanAsync(new World().Declare(Ana, "write").Member(Ana, "read admin"))));
    }

    [Fact]
    public async Task A_plan_is_good_for_a_day()
    {
        var (saved, fresh) = (
            SavedPlan.Of(await PlanAsync(new World().Declare(Ana, "read"))),
            await PlanAsync(new World().Declare(Ana, "read"))
        );
        Assert.Null(saved.Judge(fresh with { At = fresh.At.AddHours(24) }));
        Assert.Equal(saved.At, saved.Judge(fresh with { At = fresh.At.AddHours(25) })!.MadeAt);
    }

    [Fact]
    public async Task A_quota_that_ends_while_planning_fails_its_project_and_removes_nobody()
    {
        _vendor.OnRead = p =>
            p.Id == "default/a"
                ? new ProviderException(ProviderFault.RateLimited, "429, again in 20 minutes")
                {
                    RetryAfter = TimeSpan.FromMinutes(20),
                }
                : null;
        var run = await PlanAsync(
            new World().Named("a").Prune(PrunePolicy.All).Declare(Ana, "read").Member(Bob, "read"),
            new World().Named("b").Declare(Bob, "read")
        );
        Assert.Equal(["default/b"], run.Plans.Select(p => p.Project.Id));
        Assert.Equal("429, again in 20 minutes", Assert.Single(run.Failures).Failure!.Message);
    }

    private async Task<RunPlan> PlanAsync(params World[] worlds)
    {
        foreach (var world in worlds)
            _vendor.Has(world.Desired, world.Live);
        ImmutableArray<World> all = [.. worlds];
        return await new PlanRun(
            _ => _vendor,
            new(null, p => all.First(w => w.Id == p.Id).Ledger),
            new FakeTimeProvider(World.Now)
        ).RunAsync([.. worlds.Select(w => w.Desired)], null, TestContext.Current.CancellationToken);
    }

    private Task<RunResult> ApplyAsync(RunPlan plan) =>
        new Applier(_ => _vendor.Connection, null, TimeProvider.System).ApplyAsync(plan, null, CancellationToken.None);
}
