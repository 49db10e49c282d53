using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Core;
using Reconciler.Testing.Engine;

namespace Reconciler.Engine.Tests;

/// <summary>What a run writes down, and what the next one makes of it.</summary>
public sealed class RememberingTests
{
    private const string Ana = "ana@x.example";
    private const string Bob = "bob@x.example";

    private readonly FakeVendor _vendor = new();
    private MemoryLedger _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_is_intended_before_it_is_sent_and_noted_after()
    {
        var world = new World().Declare(Ana, "read");
        var intended = new List<WriteIntent>();
        _vendor.On = (_, _) =>
        {
            intended.AddRange(_store[world.Desired.Key]!.Intents);
            return null;
        };
        await RunAsync(world);
        Assert.Equal((ActionKind.Invite, Ana), (Assert.Single(intended).Kind, intended[0].Email));
        Assert.Empty(_store[world.Desired.Key]!.Intents);
        var entry = Assert.Single(_store.Audit);
        Assert.Equal(
            ("invite", Ana, AuditOutcome.Done, "read"),
            (entry.Action, entry.Person, entry.Outcome, entry.Added)
        );
    }

    [Fact]
    public async Task Where_saving_is_dear_a_pass_saves_twice()
    {
        _store = new() { SavesEachWrite = false };
        await RunAsync(new World().Declare(Ana, "read").Declare(Bob, "read"));
        Assert.Equal(2, _store.Saves);
        Assert.Equal(2, _store.Audit.Count);
    }

    [Fact]
    public async Task A_pass_that_finds_nothing_new_saves_nothing()
    {
        var world = new World().Declare(Ana, "read").Member(Ana, "read");
        await RunAsync(world);
        var saves = _store.Saves;
        await RunAsync(world);
        Assert.Equal(saves, _store.Saves);
    }

    [Fact]
    public async Task A_run_that_died_after_sending_an_invitation_does_not_send_it_again_though_it_was_declined_since()
    {
        var world = new World().Declare(Ana, "read");
        await LeaveOpenAsync(world);
        world.Declined(Ana, "read", daysAgo: 0);
        await RunAsync(world);
        Assert.Empty(_vendor.Calls);
        Assert.Equal(AuditOutcome.SettledDone, Assert.Single(_store.Audit).Outcome);
    }

    [Fact]
    public async Task A_run_that_died_before_it_sent_an_invitation_is_gone_on_with()
    {
        var world = new World().Declare(Ana, "read");
        await LeaveOpenAsync(world);
        await RunAsync(world);
        Assert.Equal([$"Invite {Ana}"], _vendor.Calls);
        Assert.Equal([AuditOutcome.SettledNotDone, AuditOutcome.Done], _store.Audit.Select(a => a.Outcome));
    }

    [Fact]
    public async Task A_reminder_that_may_have_been_sent_counts_as_sent()
    {
        var world = new World()
            .Declare(Ana, "read")
            .Pending(Ana, "read", 9)
            .Invited(Ana, 9)
            .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(3) });
        await LeaveOpenAsync(world);
        await RunAsync(world);
        Assert.Empty(_vendor.Calls);
        Assert.Equal(1, Assert.Single(_store[world.Desired.Key]!.People).Resends);
    }

    [Fact]
    public async Task A_removal_that_a_run_sent_before_it_died_counts_against_the_limit_of_the_provider()
    {
        var world = Limited(
            new World().Prune(PrunePolicy.All).Member(Ana, "read").Member(Bob, "read").Declare(Bob, "read")
        );
        await LeaveOpenAsync(world);
        var next = Limited(
            new World().Prune(PrunePolicy.All).Member("eve@x.example", "read").Member(Bob, "read").Declare(Bob, "read")
        );
        Assert.Equal(2, Assert.Single(Assert.Single((await PlanAsync(next)).Held).Holds).Amount);
    }

    [Fact]
    public async Task A_removal_of_unknown_outcome_counts_while_its_project_cannot_be_read()
    {
        var world = Limited(
            new World().Prune(PrunePolicy.All).Member(Ana, "read").Member(Bob, "read").Declare(Bob, "read")
        );
        await LeaveOpenAsync(world);
        var other = Limited(
            new World()
                .Named("other")
                .Prune(PrunePolicy.All)
                .Member("eve@x.example", "read")
                .Member(Bob, "read")
                .Declare(Bob, "read")
        );
        _vendor.Has(other.Desired, other.Live).OnRead = p =>
            p.Id == world.Id ? new ProviderException(ProviderFault.Unavailable, "no answer") : null;
        var planRun = new PlanRun(_ => _vendor, new(_store, _ => ProjectLedger.None), new FakeTimeProvider(World.Now));
        Assert.Single(
            (await planRun.RunAsync([world.Desired, other.Desired with { ProjectId = "p-2" }], null, Cancel)).Held
        );
    }

    [Fact]
    public async Task A_replacement_that_changed_the_very_invitation_is_settled_as_done_and_brings_no_reminder()
    {
        var world = new World()
            .Declare(Ana, "write")
            .Pending(Ana, "read", 9)
            .Invited(Ana, 9)
            .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(3) });
        await LeaveOpenAsync(world);
        var changed = new World()
            .Declare(Ana, "write")
            .Pending(Ana, "write", 9)
            .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(3) });
        await RunAsync(changed);
        Assert.Empty(_vendor.Calls);
        Assert.Equal(AuditOutcome.SettledDone, Assert.Single(_store.Audit).Outcome);
    }

    [Fact]
    public async Task An_outcome_that_cannot_be_read_stays_open_for_the_next_run()
    {
        var world = new World().Declare(Ana, "read");
        _vendor.On = (_, _) => Answer.Lost(done: true);
        var reads = 0;
        _vendor.OnRead = _ => ++reads == 2 ? new ProviderException(ProviderFault.Unavailable, "no answer") : null;
        await RunAsync(world);
        Assert.Single(_store[world.Desired.Key]!.Intents);
        await RunAsync(world, isSeeded: true);
        Assert.Equal([$"Invite {Ana}"], _vendor.Calls);
        Assert.Equal([AuditOutcome.Unknown, AuditOutcome.SettledDone], _store.Audit.Select(a => a.Outcome));
    }

    [Fact]
    public async Task A_replacement_that_only_revoked_is_invited_by_the_next_run()
    {
        var world = new World().Declare(Ana, "write").Pending(Ana, "read").Invited(Ana, 1);
        _vendor.On = (_, _) =>
        {
            _vendor.Has(world.Desired, new World().Live);
            return new(false, new(ProviderFault.Unavailable, "no") { IsPartlyDone = true });
        };
        await RunAsync(world);
        Assert.Equal(AuditOutcome.PartlyDone, Assert.Single(_store.Audit).Outcome);
        _vendor.On = (_, _) => null;
        await RunAsync(world, isSeeded: true);
        Assert.Equal([$"Replace {Ana}", $"Invite {Ana}"], _vendor.Calls);
    }

    [Fact]
    public async Task A_replacement_whose_second_try_fails_too_is_invited_by_the_next_run()
    {
        var world = new World().Declare(Ana, "write").Pending(Ana, "read").Invited(Ana, 1);
        _vendor.On = (actions, before) =>
        {
            if (before == 0)
                _vendor.Has(world.Desired, new World().Live);
            var isFirst = actions[0].Kind == ActionKind.Replace;
            return isFirst
                ? new(false, new(ProviderFault.Ambiguous, "lost") { IsPartlyDone = true })
                : Answer.Fails(ProviderFault.Unavailable);
        };
        await RunAsync(world);
        _vendor.On = (_, _) => null;
        await RunAsync(world, isSeeded: true);
        Assert.Equal([$"Replace {Ana}", $"Invite {Ana}", $"Invite {Ana}"], _vendor.Calls);
    }

    [Fact]
    public async Task A_ledger_that_somebody_changed_since_the_plan_stops_the_project_before_anything_is_sent()
    {
        var world = new World().Declare(Ana, "read");
        var plan = await PlanAsync(world);
        await _store.SaveAsync(await _store.LoadAsync(world.Desired.Key, Cancel), ProjectLedger.Empty, [], Cancel);
        var result = await ApplyAsync(plan);
        Assert.Equal(OutcomeKind.Skipped, Assert.Single(result.Outcomes).Kind);
        Assert.Contains(
            "changed by another process",
            Assert.Single(result.NotRemembered).NotRemembered,
            StringComparison.Ordinal
        );
        Assert.Empty(_vendor.Calls);
    }

    [Fact]
    public async Task What_somebody_notes_during_an_apply_is_kept_beside_what_was_done()
    {
        var world = new World().Declare(Ana, "read").Declare(Bob, "read").Member(Bob, "read");
        _vendor.On = (_, _) =>
        {
            var now = _store.LoadAsync(world.Desired.Key, Cancel).Result;
            _store
                .SaveAsync(
                    now,
                    now.Ledger! with
                    {
                        People = [.. now.Ledger.People, new("eve@x.example") { Owned = true }],
                    },
                    [],
                    Cancel
                )
                .Wait(TestContext.Current.CancellationToken);
            return null;
        };
        await RunAsync(world);
        Assert.Equal([Ana, Bob, "eve@x.example"], _store[world.Desired.Key]!.People.Select(p => p.Email));
    }

    [Fact]
    public async Task What_cannot_be_remembered_is_not_sent()
    {
        _store.OnSave = _ => new LedgerException("the disk is full");
        var result = await RunAsync(new World().Declare(Ana, "read"));
        Assert.Equal(
            (OutcomeKind.Skipped, "not tried: the disk is full"),
            (result.Outcomes.Single().Kind, result.Outcomes.Single().Message)
        );
        Assert.Empty(_vendor.Calls);
    }

    [Fact]
    public async Task A_disk_that_fills_up_during_an_apply_stops_it_and_loses_no_outcome()
    {
        _vendor.On = (_, _) =>
        {
            _store.OnSave = _ => new LedgerException("the disk is full");
            return null;
        };
        var result = await RunAsync(new World().Prune(PrunePolicy.All).Declare(Ana, "read").Member(Bob, "read"));
        Assert.Equal([OutcomeKind.Done, OutcomeKind.Skipped], result.Outcomes.Select(o => o.Kind));
        Assert.Equal("the disk is full", Assert.Single(result.NotRemembered).NotRemembered);
    }

    [Fact]
    public async Task Removals_of_the_last_hour_count_against_the_limit_of_the_provider()
    {
        var limits = Limits.None with { ProviderRemovals = [new("g", 1, TimeSpan.FromHours(1))] };
        await RunAsync(
            new World()
                .Limited(limits)
                .Prune(PrunePolicy.All)
                .Member(Ana, "read")
                .Member(Bob, "read")
                .Declare(Bob, "read")
        );
        var held = await PlanAsync(
            new World().Named("other").Limited(limits).Prune(PrunePolicy.All).Member(Ana, "read")
        );
        Assert.Contains(
            "1 was made already",
            Assert.Single(Assert.Single(held.Held).Holds).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_deleted_project_is_forgotten_with_the_last_person_who_was_owned()
    {
        var world = new World().Owned(Ana).Member(Ana, "read").Member(Bob, "read");
        await SeedAsync(world);
        await ApplyAsync(await PlanAsync(world, p => p with { IsDeleted = true }));
        Assert.Equal([$"Remove {Ana}"], _vendor.Calls);
        Assert.Null(_store[world.Desired.Key]);
    }

    private static World Limited(World world) =>
        world.Limited(Limits.None with { ProviderRemovals = [new("g", 1, TimeSpan.FromHours(1))] });

    /// <summary>A run that died between intending the plan's first action and noting its outcome.</summary>
    private async Task LeaveOpenAsync(World world)
    {
        var action = world.Plan().Actions[0];
        await SeedAsync(world, l => l with { Intents = [WriteIntent.Of(action, World.Now.AddMinutes(-1))] });
    }

    private async Task SeedAsync(World world, Func<ProjectLedger, ProjectLedger>? change = null) =>
        await _store.SaveAsync(
            await _store.LoadAsync(world.Desired.Key, Cancel),
            change is null ? world.Ledger : change(world.Ledger),
            [],
            Cancel
        );

    private async Task<RunResult> RunAsync(World world, bool isSeeded = false) =>
        await ApplyAsync(await PlanAsync(world, isSeeded: isSeeded));

    private async Task<RunPlan> PlanAsync(
        World world,
        Func<DesiredProject, DesiredProject>? change = null,
        bool isSeeded = false
    )
    {
        var project = change is null ? world.Desired : change(world.Desired);
        if (!isSeeded)
            _vendor.Has(project, world.Live);
        return await new PlanRun(
            _ => _vendor,
            new(_store, _ => ProjectLedger.None),
            new FakeTimeProvider(World.Now)
        ).RunAsync([project], null, TestContext.Current.CancellationToken);
    }

    private Task<RunResult> ApplyAsync(RunPlan plan) =>
        new Applier(_ => _vendor.Connection, _store, new FakeTimeProvider(World.Now)).ApplyAsync(
            plan,
            null,
            CancellationToken.None
        );
}
