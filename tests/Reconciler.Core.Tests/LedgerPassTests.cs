using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Planning;
using Reconciler.Core.Recording;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>What is remembered after a pass.</summary>
public sealed class LedgerPassTests
{
    private const string Ana = "ana@x.example";

    [Fact]
    public void A_member_with_the_declared_access_is_owned_from_now_on_and_its_id_is_remembered()
    {
        var record = Assert.Single(After(new World().Declare(Ana, "read").Member(Ana, "read", id: "u1")).People);
        Assert.True(record is { Owned: true, PersonId: "u1", State: PersonState.Member, SentAt: null });
    }

    [Fact]
    public void Strangers_are_not_remembered() =>
        Assert.Empty(After(new World().Member(Ana, "read").Pending("eve@x.example", "read")).People);

    [Fact]
    public void An_invitation_of_ours_is_remembered_with_its_mail()
    {
        var record = Assert.Single(After(new World().Declare(Ana, "read")).People);
        Assert.True(record is { Owned: true, State: PersonState.Invited, Resends: 0 });
        Assert.Equal((World.Now, World.Now), (record.InvitedAt, record.SentAt));
    }

    [Fact]
    public void An_action_that_was_not_done_leaves_no_trace()
    {
        var world = new World().Declare(Ana, "read").Declare("bob@x.example", "write").Member("bob@x.example", "read");
        var after = LedgerUpdate.After(world.Ledger, world.Plan(), [], World.Now);
        Assert.Equal(["bob@x.example"], after.People.Select(p => p.Email));
        Assert.False(after.People[0].Owned);
    }

    [Fact]
    public void A_resend_is_counted_and_the_first_mail_kept()
    {
        var world = new World()
            .Declare(Ana, "read")
            .Pending(Ana, "read", 10)
            .Invited(Ana, 10, resends: 1, sentDaysAgo: 5)
            .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(3) });
        var record = Assert.Single(After(world).People);
        Assert.Equal((2, World.Now, World.Now.AddDays(-10)), (record.Resends, record.SentAt, record.InvitedAt));
    }

    [Fact]
    public void Somebody_given_up_is_remembered_until_the_entry_is_deleted()
    {
        var world = new World()
            .Declare(Ana, "read")
            .Pending(Ana, "read", 20)
            .Invitations(i => i with { ExpireAfter = TimeSpan.FromDays(14) });
        var ledger = After(world);
        Assert.Equal(PersonState.GaveUp, Assert.Single(ledger.People).State);
        var empty = new World();
        Assert.Empty(
            LedgerUpdate.After(ledger, Planner.Plan(empty.Desired, empty.Live, ledger, World.Now), [], World.Now).People
        );
    }

    [Fact]
    public void Somebody_removed_is_forgotten_and_somebody_whose_removal_failed_is_not()
    {
        var world = new World().Member(Ana, "read").Owned(Ana);
        Assert.Empty(After(world).People);
        Assert.True(Assert.Single(LedgerUpdate.After(world.Ledger, world.Plan(), [], World.Now).People).Owned);
    }

    [Fact]
    public void An_account_under_an_alias_is_removed_once_nothing_declares_it()
    {
        var declared = new World()
            .Declare(World.Person(Ana, aliases: "ana.old@x.example"), "read")
            .Member("ana.old@x.example", "read", id: "u1");
        var ledger = After(declared);
        var undeclared = new World().Member("ana.old@x.example", "read", id: "u1");
        Planner.Plan(undeclared.Desired, undeclared.Live, ledger, World.Now).Does("Remove ana.old@x.example -read");
    }

    [Fact]
    public void A_changed_address_stays_one_person_with_one_record()
    {
        var world = new World()
            .Declare(Ana, "read")
            .Member("ana.new@x.example", "read", id: "u1")
            .Remember(
                new(Ana)
                {
                    PersonId = "u1",
                    Owned = true,
                    State = PersonState.Member,
                }
            );
        Assert.Equal(world.Ledger.People, After(world).People);
    }

    [Fact]
    public void A_count_is_trusted_after_a_pass_without_a_hold_and_counts_what_was_removed()
    {
        var world = new World().Prune(PrunePolicy.All).Trusted(8).Members(4, "read").Declare("m1@x.example", "read");
        Assert.Equal(1, After(world).TrustedCount);
        Assert.Equal(9, After(world.Trusted(9)).TrustedCount);
    }

    [Fact]
    public void A_reading_that_may_be_wrong_makes_nobody_stop_being_ours()
    {
        var world = new World().Trusted(9).Owned(Ana);
        var ledger = After(world);
        Assert.True(Assert.Single(ledger.People).Owned);
        var back = new World().Member(Ana, "read");
        Planner
            .Plan(back.Desired, back.Live, ledger with { TrustedCount = null }, World.Now)
            .Does($"Remove {Ana} -read");
    }

    [Fact]
    public void A_reading_that_may_be_wrong_is_not_trusted_for_having_asked_for_no_removal()
    {
        var world = new World().Trusted(9).Declare(Ana, "read").Member(Ana, "read");
        Assert.Equal(9, After(world).TrustedCount);
    }

    [Theory]
    [InlineData(OwnershipSource.None)]
    [InlineData(OwnershipSource.Baseline)]
    public void The_first_pass_starts_a_ledger_and_sends_nothing_again_for_one_whole_time(OwnershipSource source)
    {
        var world = new World().Records(source).Declare(Ana, "read").Pending(Ana, "read", 10);
        var ledger = After(world);
        var record = Assert.Single(ledger.People);
        Assert.Equal(
            (OwnershipSource.Ledger, World.Now.AddDays(-10), World.Now),
            (ledger.Source, record.InvitedAt, record.CountingFrom)
        );
        Assert.Null(record.SentAt);
    }

    [Fact]
    public void Whoever_a_baseline_declared_stays_owned_while_the_removal_is_held()
    {
        var world = new World().Records(OwnershipSource.Baseline).Owned(Ana).Member(Ana, "read");
        Assert.True(Assert.Single(LedgerUpdate.After(world.Ledger, world.Plan(), [], World.Now).People).Owned);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(9)]
    public void A_plan_that_asks_for_removals_only_leaves_everybody_elses_record_as_it_is(int? trusted)
    {
        const string Bob = "bob@x.example",
            Cy = "cy@x.example",
            Dan = "dan@x.example";
        var world = new World()
            .TakeAway(Ana)
            .Owned(Ana, Bob, Cy)
            .Invited(Dan, 3, resends: 1)
            .Member(Ana, "read")
            .Member(Bob, "write")
            .Member("stranger@x.example", "read");
        var (desired, ledger) = (
            world.Desired with
            {
                OnlyRemovals = true,
                Prune = PrunePolicy.Never,
            },
            (trusted is { } count ? world.Trusted(count) : world).Ledger
        );
        var plan = Planner.Plan(desired, world.Live, ledger, World.Now);
        Assert.Equal([Ana], plan.Actions.Select(a => a.Email));

        // Cy and Dan are in no reading, Bob has other access: a whole pass would forget or change them.
        var after = LedgerUpdate.After(ledger, plan, plan.Actions, World.Now);
        Assert.Equal(
            ledger.People.Where(p => p.Email != Ana).OrderBy(p => p.Email, StringComparer.Ordinal),
            after.People
        );
        var whole = LedgerUpdate.After(
            ledger,
            plan with
            {
                Project = plan.Project with { OnlyRemovals = false },
            },
            plan.Actions,
            World.Now
        );
        if (trusted is null)
            Assert.NotEqual(after.People, whole.People);
    }

    [Fact]
    public void A_replacement_that_ended_after_its_revocation_is_invited_by_the_next_pass()
    {
        var world = new World().Declare(Ana, "write").Pending(Ana, "read").Invited(Ana, 1);
        var (plan, pass) = (world.Plan(), new LedgerUpdate(world.Ledger, world.Plan(), World.Now));
        pass.NotDone(plan.Actions[0], partly: true);
        Planner.Plan(world.Desired, new World().Live, pass.Value, World.Now).Does($"Invite {Ana} +write");
    }

    [Fact]
    public void A_pass_that_changed_nothing_gives_back_the_very_ledger()
    {
        var world = new World().Declare(Ana, "read").Member(Ana, "read").Trusted(1);
        var ledger = After(world);
        Assert.Same(
            ledger,
            LedgerUpdate.After(ledger, Planner.Plan(world.Desired, world.Live, ledger, World.Now), [], World.Now)
        );
    }

    [Fact]
    public void A_copy_of_a_ledger_with_other_people_knows_them()
    {
        var copy = ProjectLedger.Empty with { People = [new(Ana) { PersonId = "u1" }] };
        Assert.NotNull(copy.Of(Ana, null));
        Assert.NotNull(copy.Of("", "u1"));
    }

    private static ProjectLedger After(World world)
    {
        var plan = world.Plan();
        return LedgerUpdate.After(world.Ledger, plan, plan.Applicable, World.Now);
    }
}
