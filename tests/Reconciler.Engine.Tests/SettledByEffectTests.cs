using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Core;
using Reconciler.Testing.Engine;

namespace Reconciler.Engine.Tests;

/// <summary>
/// What a write did is what reading shows afterwards: people who accepted meanwhile, updates that merge, lists that
/// lie.
/// </summary>
public sealed class SettledByEffectTests
{
    private const string Ana = "ana@x.example";
    private const string Bob = "bob@x.example";

    private readonly FakeVendor _vendor = new();
    private readonly MemoryLedger _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_who_accepted_before_the_revocation_is_removed_and_forgotten()
    {
        var world = new World().Pending(Ana, "read").Invited(Ana, 1);
        _vendor.On = (actions, _) =>
            actions[0].Kind == ActionKind.Revoke ? AcceptsAsync(world, new World().Member(Ana, "read")) : null;
        var result = await RunAsync(world);
        Assert.Equal([$"Revoke {Ana}", $"Remove {Ana}"], _vendor.Calls);
        Assert.Equal([OutcomeKind.Overtaken, OutcomeKind.Done], result.Outcomes.Select(o => o.Kind));
        Assert.Empty(_store[world.Desired.Key]!.People);
        Assert.Equal(
            [("remove", AuditOutcome.Done), ("revoke", AuditOutcome.Overtaken)],
            _store.Audit.Select(a => (a.Action, a.Outcome))
        );
    }

    [Fact]
    public async Task Somebody_who_accepted_and_cannot_be_removed_is_told_and_stays_on_record()
    {
        var world = new World().Pending(Ana, "read").Invited(Ana, 1);
        _vendor.On = (actions, _) =>
            actions[0].Kind == ActionKind.Revoke
                ? AcceptsAsync(world, new World().Member(Ana, "read"))
                : Answer.Fails(ProviderFault.Forbidden);
        var result = await RunAsync(world);
        Assert.Equal([OutcomeKind.Failed, OutcomeKind.Failed], result.Outcomes.Select(o => o.Kind));
        Assert.Contains(
            "accepted before this arrived, and is a member with read",
            result.Outcomes.First().Message,
            StringComparison.Ordinal
        );
        var record = Assert.Single(_store[world.Desired.Key]!.People);
        Assert.True(record is { Owned: true, State: PersonState.Member });
        _vendor.On = (_, _) => null;
        await RunAsync(world, isSeeded: true);
        Assert.Equal($"Remove {Ana}", _vendor.Calls[^1]);
    }

    [Fact]
    public async Task The_last_member_who_accepted_meanwhile_is_kept_by_the_limit()
    {
        var world = new World().Limited(Limits.BuiltIn).Prune(PrunePolicy.All).Pending(Ana, "read");
        _vendor.On = (actions, _) =>
            actions[0].Kind == ActionKind.Revoke ? AcceptsAsync(world, new World().Member(Ana, "read")) : null;
        var outcome = Assert.Single((await RunAsync(world)).Outcomes);
        Assert.Equal(OutcomeKind.Failed, outcome.Kind);
        Assert.Contains("no accepted member would be left", outcome.Message, StringComparison.Ordinal);
        Assert.Equal([$"Revoke {Ana}"], _vendor.Calls);
    }

    [Fact]
    public async Task Somebody_given_up_who_accepted_meanwhile_stays_and_is_not_given_up()
    {
        var world = new World()
            .Declare(Ana, "read")
            .Pending(Ana, "read", 30)
            .Invited(Ana, 30)
            .Invitations(i => i with { ExpireAfter = TimeSpan.FromDays(9) });
        _vendor.On = (_, _) => AcceptsAsync(world, new World().Member(Ana, "read"));
        var outcome = Assert.Single((await RunAsync(world)).Outcomes);
        Assert.Equal(OutcomeKind.Overtaken, outcome.Kind);
        Assert.Equal(PersonState.Member, Assert.Single(_store[world.Desired.Key]!.People).State);
    }

    [Fact]
    public async Task A_left_over_invitation_that_is_gone_is_done_though_the_person_was_a_member_all_along()
    {
        var world = new World().Declare(Ana, "read").Member(Ana, "read").Pending(Ana, "read");
        _vendor.On = (_, _) => new(Done: true, new(ProviderFault.NotFound, "gone") { IsSettledByReading = true });
        Assert.Equal(OutcomeKind.Done, Assert.Single((await RunAsync(world)).Outcomes).Kind);
    }

    [Fact]
    public async Task Somebody_who_accepted_a_left_over_invitation_with_other_access_gets_the_declared_one()
    {
        var world = new World().Declare(Ana, "read").Pending(Ana, "read", 1, "new").Pending(Ana, "admin", 3, "old");
        _vendor.On = (actions, _) =>
            actions[0].Kind == ActionKind.Revoke
                ? AcceptsAsync(world, new World().Member(Ana, "admin").Pending(Ana, "read", 1, "new"))
                : null;
        var result = await RunAsync(world);
        Assert.Equal([$"Revoke {Ana}", $"Update {Ana}"], _vendor.Calls);
        Assert.Equal([OutcomeKind.Overtaken, OutcomeKind.Done], result.Outcomes.Select(o => o.Kind));
    }

    [Fact]
    public async Task Somebody_added_anew_while_they_were_removed_is_removed_too()
    {
        var world = new World().Prune(PrunePolicy.All).Member(Ana, "read").Member(Bob, "read").Declare(Bob, "read");
        _vendor.Result = WriteResult.ReadBack;
        _vendor.On = (_, before) =>
            before == 0 ? AcceptsAsync(world, new World().Member(Ana, "read", "again").Member(Bob, "read")) : null;
        var result = await RunAsync(world);
        Assert.Equal([$"Remove {Ana}", $"Remove {Ana}"], _vendor.Calls);
        Assert.Equal([OutcomeKind.Overtaken, OutcomeKind.Done], result.Outcomes.Select(o => o.Kind));
    }

    [Fact]
    public async Task A_revocation_left_open_by_a_crash_keeps_the_record_of_somebody_who_accepted()
    {
        var world = new World().Pending(Ana, "read").Invited(Ana, 1);
        var intent = WriteIntent.Of(world.Plan().Actions[0], World.Now.AddMinutes(-1));
        await _store.SaveAsync(
            await _store.LoadAsync(world.Desired.Key, Cancel),
            world.Ledger with
            {
                Intents = [intent],
            },
            [],
            Cancel
        );
        var accepted = new World().Member(Ana, "read");
        var result = await RunAsync(accepted);
        Assert.Equal([$"Remove {Ana}"], _vendor.Calls);
        Assert.Equal(AuditOutcome.SettledNotDone, _store.Audit[0].Outcome);
        Assert.Equal(1, result.Count(OutcomeKind.Done));
    }

    [Fact]
    public async Task Merging_update_is_recorded_as_ours_and_says_what_is_still_there()
    {
        var world = new World().Declare(Bob, "write").Member(Bob, "read");
        Merges(world, "read write");
        var outcome = Assert.Single((await RunAsync(world)).Outcomes);
        Assert.Equal((OutcomeKind.Failed, true), (outcome.Kind, outcome.IsPartlyDone));
        Assert.Equal("the vendor said yes, and reading shows that the person still has read", outcome.Message);
        Assert.True(Assert.Single(_store[world.Desired.Key]!.People).Owned);
        Assert.Equal(AuditOutcome.PartlyDone, Assert.Single(_store.Audit).Outcome);
    }

    [Fact]
    public async Task Merging_update_left_open_by_a_crash_is_ours()
    {
        var world = new World().Declare(Bob, "write").Member(Bob, "read");
        var intent = WriteIntent.Of(world.Plan().Actions[0], World.Now.AddMinutes(-1));
        await _store.SaveAsync(
            await _store.LoadAsync(world.Desired.Key, Cancel),
            world.Ledger with
            {
                Intents = [intent],
            },
            [],
            Cancel
        );
        _vendor.On = (_, _) => Answer.Fails(ProviderFault.Forbidden);
        await RunAsync(new World().Declare(Bob, "write").Member(Bob, "read write"));
        Assert.True(Assert.Single(_store[world.Desired.Key]!.People).Owned);
        Assert.Equal(AuditOutcome.PartlyDone, _store.Audit[0].Outcome);
    }

    [Fact]
    public async Task An_update_of_which_nothing_came_is_nobodys()
    {
        var world = new World().Declare(Bob, "write").Member(Bob, "read");
        Merges(world, "read");
        var outcome = Assert.Single((await RunAsync(world)).Outcomes);
        Assert.Equal("the vendor did not confirm it, and reading the project shows no change", outcome.Message);
        Assert.False(Assert.Single(_store[world.Desired.Key]!.People).Owned);
    }

    [Fact]
    public async Task Somebody_added_with_less_than_was_asked_for_is_ours_and_is_not_added_again()
    {
        var world = new World().Declare(Ana, "read write");
        Merges(world, "write", Ana);
        var outcome = Assert.Single((await RunAsync(world)).Outcomes);
        Assert.Equal("the vendor said yes, and reading shows that the person lacks read", outcome.Message);
        Assert.True(Assert.Single(_store[world.Desired.Key]!.People).Owned);
        _vendor.On = (_, _) => null;
        await RunAsync(new World().Declare(Ana, "read write").Member(Ana, "write"));
        Assert.Equal([$"Invite {Ana}", $"Update {Ana}"], _vendor.Calls);
    }

    [Fact]
    public async Task A_reading_that_leaves_everybody_out_settles_nothing()
    {
        var world = new World().Prune(PrunePolicy.All).Member(Ana, "read").Member(Bob, "read").Declare(Bob, "read");
        _vendor.Result = WriteResult.ReadBack;
        _vendor.On = (_, _) => AcceptsAsync(world, new World(), failure: null);
        var outcome = Assert.Single((await RunAsync(world)).Outcomes);
        Assert.Equal((OutcomeKind.Failed, true), (outcome.Kind, outcome.IsOpen));
        Assert.Contains("the vendor lists 0 members where 1 should be", outcome.Message, StringComparison.Ordinal);
        Assert.Single(_store[world.Desired.Key]!.Intents);
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_vendors_words_where_reading_shows_no_change()
    {
        var world = new World().Prune(PrunePolicy.All).Member(Ana, "read").Member(Bob, "read").Declare(Bob, "read");
        _vendor.On = (_, _) =>
            new(Done: false, new(ProviderFault.Refused, "You cannot remove yourself") { IsSettledByReading = true });
        Assert.Equal("You cannot remove yourself", Assert.Single((await RunAsync(world)).Outcomes).Message);
    }

    // The vendor has these people by the time the write arrives, and refuses it.
    private Answer AcceptsAsync(World world, World then) =>
        AcceptsAsync(
            world,
            then,
            new(ProviderFault.NotFound, "there is no such invitation") { IsSettledByReading = true }
        );

    private Answer AcceptsAsync(World world, World then, ProviderException? failure)
    {
        _vendor.Has(world.Desired, then.Live);
        return new(Done: false, failure);
    }

    private void Merges(World world, string words, string email = Bob)
    {
        _vendor.Result = WriteResult.ReadBack;
        _vendor.On = (_, _) => AcceptsAsync(world, new World().Member(email, words), failure: null);
    }

    private async Task<RunResult> RunAsync(World world, bool isSeeded = false)
    {
        if (!isSeeded)
            _vendor.Has(world.Desired, world.Live);
        if (_store[world.Desired.Key] is null)
            await _store.SaveAsync(await _store.LoadAsync(world.Desired.Key, Cancel), world.Ledger, [], Cancel);
        var clock = new FakeTimeProvider(World.Now);
        var plan = await new PlanRun(_ => _vendor, new(_store, _ => ProjectLedger.None), clock).RunAsync(
            [world.Desired],
            null,
            Cancel
        );
        return await new Applier(_ => _vendor.Connection, _store, clock).ApplyAsync(plan, null, CancellationToken.None);
    }
}
