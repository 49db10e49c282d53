using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Core;
using Reconciler.Testing.Engine;

namespace Reconciler.Engine.Tests;

/// <summary>Applying a run.</summary>
public sealed class ApplierTests
{
    private const string Ana = "ana@x.example";
    private const string Bob = "bob@x.example";

    private readonly FakeVendor _vendor = new();

    [Fact]
    public async Task Actions_are_applied_phase_by_phase_and_told_one_by_one()
    {
        var told = new List<string>();
        var result = await ApplyAsync(
            new World().Prune(PrunePolicy.All).Member(Ana, "read").Declare(Bob, "read"),
            told: o => told.Add(PlanAssertions.Show(o.Action))
        );
        Assert.Equal([$"Invite {Bob}", $"Remove {Ana}"], _vendor.Calls);
        Assert.Equal([$"Invite {Bob} +read", $"Remove {Ana} -read"], told);
        Assert.Equal(2, result.Count(OutcomeKind.Done));
    }

    [Fact]
    public async Task A_lost_answer_to_an_invitation_is_settled_by_listing_and_never_sent_twice()
    {
        _vendor.On = (_, _) => Answer.Lost(done: true);
        var result = await ApplyAsync(Inviting());
        Assert.Equal([$"Invite {Ana}"], _vendor.Calls);
        Assert.Equal((OutcomeKind.Done, 1), (Single(result).Kind, _vendor.Reads));
    }

    [Fact]
    public async Task A_lost_invitation_that_is_not_listed_is_sent_once_more()
    {
        _vendor.On = (_, before) => before == 0 ? Answer.Lost(done: false) : null;
        Assert.Equal(OutcomeKind.Done, Single(await ApplyAsync(Inviting())).Kind);
        Assert.Equal([$"Invite {Ana}", $"Invite {Ana}"], _vendor.Calls);
    }

    [Fact]
    public async Task A_lost_invitation_is_sent_once_more_at_most()
    {
        _vendor.On = (_, _) => Answer.Lost(done: false);
        Assert.Equal(OutcomeKind.Failed, Single(await ApplyAsync(Inviting())).Kind);
        Assert.Equal(2, _vendor.Calls.Count);
    }

    [Fact]
    public async Task A_lost_invitation_that_is_listed_with_other_access_is_not_sent_again()
    {
        var world = Inviting();
        _vendor.On = (_, _) =>
        {
            _vendor.Has(world.Desired, new World().Pending(Ana, "read write").Live);
            return Answer.Lost(done: false);
        };
        var outcome = Single(await ApplyAsync(world));
        Assert.Equal(OutcomeKind.Failed, outcome.Kind);
        Assert.Equal(
            "the answer was lost, and reading shows that the person also has write; nothing was sent again",
            outcome.Message
        );
        Assert.Single(_vendor.Calls);
    }

    [Fact]
    public async Task A_lost_resend_counts_as_sent_without_any_reading()
    {
        _vendor.On = (_, _) => Answer.Lost(done: false);
        _vendor.OnRead = _ => new ProviderException(ProviderFault.Unavailable, "no answer");
        Assert.Equal(OutcomeKind.Done, Single(await ApplyAsync(Resending())).Kind);
        Assert.Single(_vendor.Calls);
    }

    [Fact]
    public async Task A_lost_removal_is_done_once_the_member_is_absent()
    {
        _vendor.On = (_, _) => Answer.Lost(done: true);
        Assert.Equal(OutcomeKind.Done, Single(await ApplyAsync(Removing())).Kind);
    }

    [Fact]
    public async Task A_lost_removal_is_not_repeated()
    {
        _vendor.On = (_, _) => Answer.Lost(done: false);
        Assert.Equal(OutcomeKind.Failed, Single(await ApplyAsync(Removing())).Kind);
        Assert.Single(_vendor.Calls);
    }

    [Fact]
    public async Task A_lost_answer_that_cannot_be_settled_fails_and_says_both()
    {
        _vendor.On = (_, _) => Answer.Lost(done: true);
        _vendor.OnRead = _ => new ProviderException(ProviderFault.Unavailable, "no answer");
        Assert.Equal(
            "the answer was lost; whether it was done could not be read: no answer",
            Single(await ApplyAsync(Inviting())).Message
        );
        Assert.Single(_vendor.Calls);
    }

    [Fact]
    public async Task A_yes_that_reading_does_not_confirm_is_a_failure()
    {
        _vendor.Result = WriteResult.ReadBack;
        _vendor.On = (_, _) => new(Done: false, Failure: null);
        var outcome = Single(await ApplyAsync(Removing()));
        Assert.Equal(
            (OutcomeKind.Failed, "the vendor did not confirm it, and reading the project shows no change"),
            (outcome.Kind, outcome.Message)
        );
        Assert.Single(_vendor.Calls);
    }

    [Fact]
    public async Task A_yes_that_reading_confirms_is_done()
    {
        _vendor.Result = WriteResult.ReadBack;
        Assert.Equal(OutcomeKind.Done, Single(await ApplyAsync(Removing())).Kind);
    }

    [Fact]
    public async Task A_refused_batch_is_split_so_that_one_bad_address_fails_alone()
    {
        _vendor.On = (actions, _) => actions.Any(a => a.Email == Bob) ? Answer.Fails(ProviderFault.Refused) : null;
        var result = await ApplyAsync(Inviting(Ana, Bob, "cy@x.example").With(c => c with { InviteBatch = 10 }));
        Assert.Equal(
            [$"Invite {Ana}, {Bob}, cy@x.example", $"Invite {Ana}", $"Invite {Bob}", "Invite cy@x.example"],
            _vendor.Calls
        );
        Assert.Equal((2, 1), (result.Count(OutcomeKind.Done), result.Count(OutcomeKind.Failed)));
    }

    [Fact]
    public async Task What_only_a_human_can_do_is_left_to_one_and_holds_nobody_of_its_batch_back()
    {
        _vendor.On = (actions, _) => actions.Any(a => a.Email == Bob) ? Answer.Fails(ProviderFault.Manual) : null;
        var result = await ApplyAsync(Inviting(Ana, Bob).With(c => c with { InviteBatch = 10 }));
        Assert.Equal([$"Invite {Ana}, {Bob}", $"Invite {Ana}", $"Invite {Bob}"], _vendor.Calls);
        Assert.Equal(
            (1, 1, 0),
            (result.Count(OutcomeKind.Done), result.Count(OutcomeKind.Manual), result.Count(OutcomeKind.Failed))
        );
    }

    [Fact]
    public async Task A_batch_carries_as_many_as_the_vendor_takes_and_only_the_same_access()
    {
        var world = new World().With(c => c with { InviteBatch = 2 });
        foreach (var name in "abcde")
            world.Declare($"{name}@x.example", name == 'e' ? "write" : "read");
        await ApplyAsync(world);
        Assert.Equal(
            ["Invite a@x.example, b@x.example", "Invite c@x.example, d@x.example", "Invite e@x.example"],
            _vendor.Calls.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task After_a_failed_grant_what_would_break_a_limit_now_is_skipped_and_the_others_go()
    {
        _vendor.On = (actions, _) => actions[0].Kind == ActionKind.Update ? Answer.Fails(ProviderFault.Refused) : null;
        var world = new World()
            .Prune(PrunePolicy.All)
            .Limited(Limits.None with { MinAdmins = [new("g", 1)] })
            .Member("boss@x.example", "admin")
            .Member(Ana, "read")
            .Declare(Ana, "admin")
            .Member("eve@x.example", "read");
        var result = await ApplyAsync(world);
        Assert.Equal([$"Update {Ana}", "Remove eve@x.example"], _vendor.Calls);
        var skipped = Assert.Single(result.Outcomes, o => o.Kind == OutcomeKind.Skipped);
        Assert.Equal("boss@x.example", skipped.Action.Email);
        Assert.StartsWith(
            "not tried: a grant failed, and now 0 administrators would be left",
            skipped.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task After_a_failed_grant_nothing_is_taken_from_the_same_person()
    {
        _vendor.On = (actions, _) => actions[0].Kind == ActionKind.Update ? Answer.Fails(ProviderFault.Refused) : null;
        var result = await ApplyAsync(new World().Declare(Ana, "write").Member(Ana, "read").Pending(Ana, "read"));
        Assert.Equal([$"Update {Ana}"], _vendor.Calls);
        Assert.Equal("not tried: the same person's grant failed", result.Outcomes.Last().Message);
    }

    [Fact]
    public async Task One_that_fails_does_not_stop_the_others()
    {
        _vendor.On = (actions, _) => actions[0].Email == Ana ? Answer.Fails(ProviderFault.Forbidden) : null;
        var result = await ApplyAsync(Inviting(Ana, Bob));
        Assert.Equal([OutcomeKind.Failed, OutcomeKind.Done], result.Outcomes.Select(o => o.Kind));
    }

    [Theory]
    [InlineData(ProviderFault.Unauthorized)]
    [InlineData(ProviderFault.RateLimited)]
    public async Task A_refused_token_or_a_long_wait_stops_the_rest_of_the_project(ProviderFault fault)
    {
        _vendor.On = (_, _) => Answer.Fails(fault);
        var result = await ApplyAsync(
            new World().Prune(PrunePolicy.All).Declare(Ana, "read").Member(Bob, "read").Pending("cy@x.example", "read")
        );
        Assert.Equal([$"Invite {Ana}"], _vendor.Calls);
        Assert.Equal(
            [OutcomeKind.Failed, OutcomeKind.Skipped, OutcomeKind.Skipped],
            result.Outcomes.Select(o => o.Kind)
        );
    }

    [Fact]
    public async Task Cancellation_stops_between_actions_and_says_what_was_not_tried()
    {
        using var cancel = new CancellationTokenSource();
        _vendor.On = (_, _) =>
        {
            cancel.Cancel();
            return null;
        };
        var result = await ApplyAsync(
            new World().Prune(PrunePolicy.All).Declare(Ana, "read").Member(Bob, "read"),
            cancel: cancel
        );
        Assert.Equal([OutcomeKind.Done, OutcomeKind.Interrupted], result.Outcomes.Select(o => o.Kind));
        Assert.Equal([$"Invite {Ana}"], _vendor.Calls);
    }

    [Fact]
    public async Task A_held_plan_and_a_dry_run_write_nothing_and_make_no_writer()
    {
        var held = new World().Prune(PrunePolicy.All).Limited(Limits.BuiltIn).Member(Ana, "read").Declare(Bob, "read");
        foreach (var world in new[] { held, Inviting().DryRun() })
        {
            var plan = RunOf(world);
            var applier = new Applier(
                _ => new(_vendor, () => throw new InvalidOperationException("a writer was made"), new MemoryStream()),
                null,
                TimeProvider.System
            );
            Assert.Empty((await applier.ApplyAsync(plan, null, CancellationToken.None)).Outcomes);
        }
    }

    [Fact]
    public async Task A_fault_of_ours_while_settling_is_told_and_loses_no_other_outcome()
    {
        var world = Inviting();
        _vendor.Result = WriteResult.ReadBack;
        _vendor.OnRead = _ => new InvalidOperationException("a bug");
        var outcome = Assert.Single((await ApplyAsync(world)).Outcomes);
        Assert.Equal(OutcomeKind.Failed, outcome.Kind);
        Assert.Contains("whether it was done could not be read: a bug", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Held_removals_leave_the_grants_to_go()
    {
        await ApplyAsync(
            new World()
                .Trusted(9)
                .Prune(PrunePolicy.All)
                .Member(Ana, "read")
                .Member(Bob, "read")
                .Declare(Bob, "read write")
        );
        Assert.Equal([$"Update {Bob}"], _vendor.Calls);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_made_fails_its_project_and_not_the_others()
    {
        var (bad, good) = (Inviting().Named("bad"), Inviting().Named("good"));
        _vendor.Has(good.Desired, good.Live);
        var failed = false;
        var applier = new Applier(_ => new(_vendor, Writer, new MemoryStream()), null, TimeProvider.System);
        var result = await applier.ApplyAsync(RunOf(bad, good), null, CancellationToken.None);
        Assert.Equal(
            [OutcomeKind.Failed, OutcomeKind.Done],
            result.Outcomes.Select(o => o.Kind).Order(Comparer<OutcomeKind>.Create((a, b) => b.CompareTo(a)))
        );

        IProjectWriter Writer()
        {
            if (failed)
                return _vendor;
            failed = true;
            _vendor.Has(bad.Desired, bad.Live);
            throw new ProviderException(ProviderFault.Configuration, "no token");
        }
    }

    private static World Inviting(params string[] emails)
    {
        var world = new World();
        foreach (var email in emails.DefaultIfEmpty(Ana))
            world.Declare(email, "read");
        return world;
    }

    private static World Removing() => new World().Prune(PrunePolicy.All).Member(Ana, "read");

    private static World Resending() =>
        new World()
            .Declare(Ana, "read")
            .Pending(Ana, "read", 9)
            .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(3) });

    private static ActionOutcome Single(RunResult result) => Assert.Single(result.Outcomes);

    private static RunPlan RunOf(params World[] worlds) =>
        new(
            [.. worlds.Select(w => new PlannedProject(w.Desired, w.Plan(), null) { Memory = new(w.Ledger, null, []) })],
            World.Now,
            HasOwnershipRecord: true
        );

    private async Task<RunResult> ApplyAsync(
        World world,
        Action<ActionOutcome>? told = null,
        CancellationTokenSource? cancel = null
    )
    {
        if (!_vendor.Calls.Any())
            _vendor.Has(world.Desired, world.Live);
        return await new Applier(_ => _vendor.Connection, null, TimeProvider.System).ApplyAsync(
            RunOf(world),
            (_, outcome) => told?.Invoke(outcome),
            cancel?.Token ?? CancellationToken.None
        );
    }
}
