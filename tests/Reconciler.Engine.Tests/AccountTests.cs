using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Recording;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Core;
using Reconciler.Testing.Engine;

namespace Reconciler.Engine.Tests;

/// <summary>What the projects of one account learn from each other's refusals.</summary>
public sealed class AccountTests
{
    private const string Ana = "ana@x.example";
    private const string Bob = "bob@x.example";
    private const string Carol = "carol@x.example";

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(80_000);

    private readonly FakeVendor _vendor = new();
    private readonly MemoryLedger _store = new();
    private readonly FakeTimeProvider _clock = new(World.Now);

    [Fact]
    public async Task Invitations_of_every_project_of_the_account_wait_and_the_next_pass_knows()
    {
        var (first, second) = (Project("a").Declare(Carol, "read").Desired, Project("b").Declare(Ana, "read").Desired);
        _vendor.Has(first, new World().Live).Has(second, new World().Live);
        _vendor.On = (_, _) => new(false, Spent());
        var result = await RunAsync(first with { Provider = first.Provider }, second);
        Assert.Single(_vendor.Calls);
        Assert.Equal([OutcomeKind.Failed, OutcomeKind.Skipped], result.Outcomes.Select(o => o.Kind).Order());
        var next = await PlanAsync(first, second);
        Assert.All(next.Plans, p => Assert.Equal(FindingKind.Postponed, Assert.Single(p.Findings).Kind));
    }

    [Fact]
    public async Task An_invitation_refused_for_want_of_a_seat_is_sent_once_more_after_a_removal()
    {
        var world = new World()
            .Prune(PrunePolicy.All)
            .Declare(Carol, "read")
            .Member(Bob, "read")
            .Member(Ana, "read")
            .Declare(Ana, "read");
        _vendor.On = (actions, before) =>
            actions[0].Kind == ActionKind.Invite && before == 0 ? new(false, Seatless()) : null;
        var result = await RunAsync(world);
        Assert.Equal([$"Invite {Carol}", $"Remove {Bob}", $"Invite {Carol}"], _vendor.Calls);
        Assert.All(result.Outcomes, o => Assert.Equal(OutcomeKind.Done, o.Kind));
        Assert.Equal(2, _store.Audit.Count);
    }

    [Fact]
    public async Task An_invitation_that_finds_no_seat_the_second_time_fails()
    {
        var world = new World()
            .Prune(PrunePolicy.All)
            .Declare(Carol, "read")
            .Member(Bob, "read")
            .Member(Ana, "read")
            .Declare(Ana, "read");
        _vendor.On = (actions, _) => actions[0].Kind == ActionKind.Invite ? new(false, Seatless()) : null;
        var result = await RunAsync(world);
        Assert.Equal([$"Invite {Carol}", $"Remove {Bob}", $"Invite {Carol}"], _vendor.Calls);
        Assert.Equal("no seat", result.Outcomes.Single(o => o.Action.Kind == ActionKind.Invite).Message);
    }

    [Fact]
    public async Task A_batch_that_finds_too_few_seats_is_split_so_that_those_left_are_used()
    {
        const string Dan = "dan@x.example";
        var world = new World().With(c => c with { InviteBatch = 10 }).Declare(Carol, "read").Declare(Dan, "read");
        _vendor.On = (actions, _) =>
            actions.Count > 1 || actions[0].Person.Label == Dan ? new(false, Seatless()) : null;
        var result = await RunAsync(world);
        Assert.Equal([$"Invite {Carol}, {Dan}", $"Invite {Carol}", $"Invite {Dan}"], _vendor.Calls);
        Assert.Equal([OutcomeKind.Done, OutcomeKind.Failed], result.Outcomes.Select(o => o.Kind));
    }

    [Fact]
    public async Task A_replacement_that_found_no_seat_after_the_revocation_is_invited_anew_once_there_is_one()
    {
        var world = new World()
            .Prune(PrunePolicy.All)
            .Declare(Ana, "write")
            .Pending(Ana, "read")
            .Invited(Ana, 1)
            .Member(Bob, "read")
            .Member(Carol, "read")
            .Declare(Carol, "read");
        var revoked = new World().Member(Bob, "read").Member(Carol, "read").Live;
        _vendor.On = (actions, _) =>
        {
            if (actions[0].Kind != ActionKind.Replace)
                return null;
            _vendor.Has(world.Desired, revoked);
            return new(false, new(ProviderFault.NoSeat, "no seat") { IsPartlyDone = true });
        };
        var result = await RunAsync(world);
        Assert.Equal([$"Replace {Ana}", $"Remove {Bob}", $"Invite {Ana}"], _vendor.Calls);
        Assert.All(result.Outcomes, o => Assert.Equal(OutcomeKind.Done, o.Kind));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_removal_opens_an_account_again_that_waits_for_a_time(bool timeFirst)
    {
        var account = new AccountRun();
        foreach (var lacksSeat in timeFirst ? [false, true] : new[] { true, false })
            account.Spend(lacksSeat ? "no seat" : "no more today", lacksSeat);
        account.Reopen();
        Assert.EndsWith("no more today", account.WhyNot(ActionKind.Invite), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_removal_nothing_is_sent_a_second_time_for_want_of_a_seat()
    {
        _vendor.On = (_, _) => new(false, Seatless());
        var result = await RunAsync(new World().Declare(Carol, "read"));
        Assert.Single(_vendor.Calls);
        Assert.Equal(OutcomeKind.Failed, Assert.Single(result.Outcomes).Kind);
        Assert.Single(_store.Audit);
    }

    [Fact]
    public async Task A_removal_that_would_break_minAdmins_without_the_refused_grant_stays_skipped()
    {
        var limits = Limits.None with { MinAdmins = [new("g", 1)] };
        var world = new World()
            .Limited(limits)
            .Prune(PrunePolicy.All)
            .Member(Bob, "admin")
            .Member(Ana, "read")
            .Declare(Ana, "admin");
        _vendor.On = (actions, _) =>
            actions[0].Kind == ActionKind.Update ? new(false, new(ProviderFault.NoSeat, "no seat")) : null;
        var result = await RunAsync(world);
        Assert.Equal([$"Update {Ana}"], _vendor.Calls);
        Assert.Equal(OutcomeKind.Skipped, result.Outcomes.Single(o => o.Action.Kind == ActionKind.Remove).Kind);
    }

    [Fact]
    public async Task A_replacement_whose_new_access_is_refused_for_good_is_a_finding_and_not_sent_again()
    {
        var world = new World().Declare(Ana, "write").Pending(Ana, "read").Invited(Ana, 1);
        _vendor.On = (_, _) =>
        {
            _vendor.Has(world.Desired, new World().Live);
            return new(false, new(ProviderFault.Refused, "Roles contains an invalid role") { IsPartlyDone = true });
        };
        await RunAsync(world);
        var plan = Assert.Single((await PlanAsync(world.Desired)).Plans);
        Assert.Empty(plan.Actions);
        var finding = Assert.Single(plan.Findings);
        Assert.Equal(FindingKind.Refused, finding.Kind);
        Assert.Contains("Roles contains an invalid role", finding.Message, StringComparison.Ordinal);

        var changed = new World().Declare(Ana, "read").Desired;
        Assert.Equal(ActionKind.Invite, Assert.Single(Assert.Single((await PlanAsync(changed)).Plans).Actions).Kind);
    }

    [Fact]
    public async Task A_reminder_refused_for_good_is_a_finding_and_one_that_fails_is_tried_again()
    {
        var world = new World()
            .Declare(Ana, "read")
            .Pending(Ana, "read", 9)
            .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(5) });
        foreach (
            var (fault, actions) in new[]
            {
                (ProviderFault.Unavailable, 1),
                (ProviderFault.Unauthorized, 1),
                (ProviderFault.Refused, 0),
            }
        )
        {
            _vendor.On = (_, _) => Answer.Fails(fault);
            await _store.SaveAsync(await _store.LoadAsync(world.Desired.Key, Cancel), world.Ledger, [], Cancel);
            await RunAsync(world);
            Assert.Equal(actions, Assert.Single((await PlanAsync(world.Desired)).Plans).Actions.Length);
        }
    }

    [Fact]
    public async Task What_the_token_may_not_do_is_manual_in_the_next_plan()
    {
        var denial = new ProviderException(ProviderFault.Manual, "invite ana by hand")
        {
            ForAnybody = "invite the person by hand",
        };
        _vendor.On = (_, _) => new(false, denial);
        var result = await RunAsync(new World().Declare(Ana, "read"));
        Assert.Equal(OutcomeKind.Manual, Assert.Single(result.Outcomes).Kind);
        var other = new World().Declare(Bob, "read").Desired;
        var finding = Assert.Single(Assert.Single((await PlanAsync(other)).Plans).Findings);
        Assert.Equal(FindingKind.Manual, finding.Kind);
        Assert.StartsWith(
            "invite the person by hand; it is tried again after",
            finding.Message,
            StringComparison.Ordinal
        );
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Single(Assert.Single((await PlanAsync(other)).Plans).Actions);
    }

    [Fact]
    public async Task A_crash_while_inviting_counts_as_a_mail_of_unknown_outcome()
    {
        var world = new World().Declare(Ana, "read");
        var intent = WriteIntent.Of(world.Plan().Actions[0], World.Now.AddMinutes(-1));
        var (ledger, _) = Recovery.Settle(ProjectLedger.Empty with { Intents = [intent] }, new World().Live);
        Assert.Equal((LessonKind.SentUnknown, Ana), (Assert.Single(ledger.Lessons).Kind, ledger.Lessons[0].Subject));
        _vendor.Has(world.Desired, world.Live);
        _vendor.On = (_, _) => Answer.Lost(done: false);
        await _store.SaveAsync(await _store.LoadAsync(world.Desired.Key, Cancel), ledger, [], Cancel);
        await RunAsync(world);
        Assert.Single(_vendor.Calls);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static World Project(string name) => new World().Named(name);

    private static ProviderException Spent() =>
        new(ProviderFault.InvitationsSpent, "no more today") { RetryAfter = Wait };

    private static ProviderException Seatless() => new(ProviderFault.NoSeat, "no seat");

    private Task<RunPlan> PlanAsync(params DesiredProject[] projects) =>
        new PlanRun(_ => _vendor, new(_store, _ => ProjectLedger.None), _clock).RunAsync(projects, null, Cancel);

    private Task<RunResult> RunAsync(World world)
    {
        _vendor.Has(world.Desired, world.Live);
        return RunAsync(world.Desired);
    }

    private async Task<RunResult> RunAsync(params DesiredProject[] projects) =>
        await new Applier(_ => _vendor.Connection, _store, _clock).ApplyAsync(await PlanAsync(projects), null, Cancel);
}
