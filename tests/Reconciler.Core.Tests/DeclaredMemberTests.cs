using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>The rows of the plan table for declared people who are members or absent.</summary>
public sealed class DeclaredMemberTests
{
    [Fact]
    public void A_member_with_the_declared_access_needs_nothing()
    {
        var plan = new World().Declare("ana@x.example", "read write").Member("ana@x.example", "write read").Plan();
        plan.OnlyFinds();
        Assert.Equal(1, plan.Converged);
    }

    [Fact]
    public void Addresses_that_differ_in_case_only_are_one_person() =>
        new World()
            .Declare("Cicih@x.example", "read")
            .Member("cicih@X.EXAMPLE", "read")
            .Owned("CICIH@x.example")
            .Prune(PrunePolicy.All)
            .Plan()
            .OnlyFinds();

    [Fact]
    public void A_left_over_invitation_of_a_member_is_revoked_and_counts_as_no_removal()
    {
        var plan = new World()
            .Declare("ana@x.example", "read")
            .Member("ana@x.example", "read")
            .Pending("ana@x.example", "read")
            .Plan();
        plan.Does("Revoke ana@x.example -read");
        Assert.False(plan.Actions[0].CountsAsRemoval);
    }

    [Fact]
    public void A_left_over_invitation_that_names_other_projects_stays() =>
        new World()
            .Declare("ana@x.example", "read")
            .Member("ana@x.example", "read")
            .Pending("ana@x.example", "read", others: true)
            .Plan()
            .Does();

    [Fact]
    public void A_member_with_other_access_is_updated_in_the_phase_of_grants()
    {
        var plan = new World().Declare("ana@x.example", "read write").Member("ana@x.example", "read admin").Plan();
        plan.Does("Update ana@x.example +write -admin");
        Assert.Equal(Phase.Grant, plan.Actions[0].Phase);
    }

    [Fact]
    public void An_update_that_only_takes_is_a_demotion()
    {
        var plan = new World().Declare("ana@x.example", "read").Member("ana@x.example", "read write").Plan();
        plan.Does("Update ana@x.example -write");
        Assert.Equal(Phase.Demotion, plan.Actions[0].Phase);
        Assert.False(plan.Actions[0].CountsAsRemoval);
    }

    [Fact]
    public void Losing_administration_counts_as_a_removal()
    {
        var action = Assert.Single(
            new World().Declare("ana@x.example", "read").Member("ana@x.example", "read admin").Plan().Actions
        );
        Assert.True(action is { LosesAdmin: true, CountsAsRemoval: true });
    }

    [Fact]
    public void Administration_in_a_field_that_the_entry_leaves_alone_is_not_lost()
    {
        var plan = new World().Declare("ana@x.example", "read").Member("ana@x.example", "read write owner").Plan();
        plan.Does("Update ana@x.example -write");
        Assert.False(plan.Actions[0].LosesAdmin);
        Assert.False(plan.Actions[0].CountsAsRemoval);
    }

    [Fact]
    public void What_the_vendor_cannot_do_is_a_manual_item_that_says_how()
    {
        var plan = new World()
            .Declare("ana@x.example", "write")
            .Member("ana@x.example", "read")
            .Cannot(ActionKind.Update)
            .Plan();
        plan.OnlyFinds("Manual ana@x.example");
        Assert.Equal("do the Update by hand", plan.TheFinding().Message);
    }

    [Fact]
    public void What_the_vendor_notes_about_an_action_is_shown_with_it()
    {
        var plan = new World()
            .Declare("ana@x.example", "read")
            .With(c => c with { Notes = c.Notes.Add(ActionKind.Invite, "costs a seat") })
            .Plan();
        Assert.Equal("costs a seat", plan.Actions[0].Note);
    }

    [Fact]
    public void Somebody_never_seen_is_invited_at_the_address_as_declared()
    {
        var plan = new World().Declare("Ana@X.example", "read").Invitations(i => i with { Message = "welcome" }).Plan();
        plan.Does("Invite Ana@X.example +read");
        Assert.Equal(("Ana@X.example", "welcome"), (plan.Actions[0].Email, plan.Actions[0].Message));
    }

    [Fact]
    public void Somebody_declined_is_not_invited_again() =>
        new World()
            .Declare("ana@x.example", "read")
            .Declined("ana@x.example", "read")
            .Plan()
            .OnlyFinds("Declined ana@x.example");

    [Fact]
    public void Somebody_declined_is_invited_again_with_reinviteDeclined() =>
        new World()
            .Declare("ana@x.example", "read")
            .Declined("ana@x.example", "read")
            .Invitations(i => i with { ReinviteDeclined = true })
            .Plan()
            .Does("Invite ana@x.example +read");

    [Fact]
    public void An_invitation_of_ours_that_is_gone_is_not_sent_again() =>
        new World()
            .Declare("ana@x.example", "read")
            .Invited("ana@x.example", 3)
            .Plan()
            .OnlyFinds("Vanished ana@x.example");

    [Fact]
    public void Somebody_whose_invitation_was_accepted_elsewhere_in_the_organisation_is_added()
    {
        var world = new World().Declare("Ana@x.example", "read").Invited("ana@x.example", 3);
        var plan = Planner.Plan(
            world.Desired,
            world.Live with
            {
                Addable = ["ana@x.example"],
            },
            world.Ledger,
            World.Now
        );
        Assert.Equal(ActionKind.Invite, Assert.Single(plan.Actions).Kind);
        Assert.Empty(plan.Findings);
    }

    [Fact]
    public void Somebody_who_left_is_not_invited_again() =>
        new World().Declare("ana@x.example", "read").Owned("ana@x.example").Plan().OnlyFinds("Left ana@x.example");

    [Fact]
    public void Somebody_who_left_is_invited_again_with_reinviteLeft() =>
        new World()
            .Declare("ana@x.example", "read")
            .Owned("ana@x.example")
            .Invitations(i => i with { ReinviteLeft = true })
            .Plan()
            .Does("Invite ana@x.example +read");

    [Fact]
    public void Somebody_given_up_stays_given_up() => GaveUp("read").Plan().OnlyFinds("GaveUp ana@x.example");

    [Fact]
    public void Somebody_given_up_is_invited_again_once_the_declared_access_changes() =>
        GaveUp("write").Plan().Does("Invite ana@x.example +read");

    [Fact]
    public void Somebody_given_up_is_invited_again_at_another_address()
    {
        var world = new World().Declare(World.Person("ana.new@x.example", aliases: "ana@x.example"), "read");
        world
            .Remember(
                new("ana@x.example")
                {
                    Owned = true,
                    State = PersonState.GaveUp,
                    Asked = world.Vendor.Grants("read"),
                }
            )
            .Plan()
            .Does("Invite ana.new@x.example +read");
    }

    [Fact]
    public void A_baseline_remembers_no_invitation_so_an_absent_person_is_invited() =>
        new World()
            .Declare("ana@x.example", "read")
            .Records(OwnershipSource.Baseline)
            .Remember(new("ana@x.example") { Owned = true })
            .Plan()
            .Does("Invite ana@x.example +read");

    [Fact]
    public void Somebody_declared_by_id_alone_is_matched_by_id()
    {
        new World()
            .DeclareId("u1", "write")
            .Member("ana@x.example", "read", id: "u1")
            .Prune(PrunePolicy.All)
            .Plan()
            .Does("Update id:u1 +write -read");
        new World().DeclareId("u1", "read").Member("", "read", id: "u1").Plan().OnlyFinds();
    }

    [Fact]
    public void Somebody_declared_by_id_alone_and_absent_cannot_be_invited() =>
        new World().DeclareId("u1", "read").Plan().OnlyFinds("Manual id:u1");

    [Fact]
    public void One_account_declared_by_id_and_by_address_is_never_invited_a_second_time() =>
        new World()
            .DeclareId("u1", "read")
            .Declare("ana@x.example", "read")
            .Member("ana@x.example", "read", id: "u1")
            .Plan()
            .OnlyFinds("Manual ana@x.example");

    [Fact]
    public void An_invitation_to_the_address_of_an_account_declared_by_id_is_left_over() =>
        new World()
            .DeclareId("u1", "read")
            .Member("ana@x.example", "read", id: "u1")
            .Pending("ana@x.example", "write")
            .Plan()
            .Does("Revoke id:u1 -write");

    [Fact]
    public void An_entry_by_id_that_expired_takes_nothing_from_the_same_account_declared_by_address() =>
        new World()
            .TakeAway(new PersonIdentity("id:u1", null) { UserId = "u1" })
            .Declare("ana@x.example", "read")
            .Member("ana@x.example", "read", id: "u1")
            .Plan()
            .OnlyFinds();

    [Fact]
    public void Order_is_grants_then_demotions_then_revocations_then_removals_each_by_address()
    {
        var plan = new World()
            .Prune(PrunePolicy.All)
            .Member("a@x.example", "read")
            .Pending("b@x.example", "read")
            .Declare("c@x.example", "read")
            .Member("c@x.example", "read write")
            .Declare("z@x.example", "read")
            .Declare("y@x.example", "write")
            .Member("y@x.example", "read")
            .Member("k@x.example", "read")
            .Plan();
        plan.Does(
            "Update y@x.example +write -read",
            "Invite z@x.example +read",
            "Update c@x.example -write",
            "Revoke b@x.example -read",
            "Remove a@x.example -read",
            "Remove k@x.example -read"
        );
    }

    private static World GaveUp(string asked)
    {
        var world = new World().Declare("ana@x.example", "read");
        return world.Remember(
            new("ana@x.example")
            {
                Owned = true,
                State = PersonState.GaveUp,
                Asked = world.Vendor.Grants(asked),
            }
        );
    }
}
