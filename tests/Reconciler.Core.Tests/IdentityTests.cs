using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Planning;
using Reconciler.Core.Recording;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>Who is who: addresses that change, second accounts, aliases.</summary>
public sealed class IdentityTests
{
    private const string Old = "ana.old@x.example";
    private const string New = "ana.new@x.example";

    [Theory]
    [InlineData(PrunePolicy.Never)]
    [InlineData(PrunePolicy.Owned)]
    [InlineData(PrunePolicy.All)]
    public void A_changed_address_is_a_finding_and_neither_removal_nor_invitation(PrunePolicy prune)
    {
        var plan = Moved().Prune(prune).Plan();
        plan.OnlyFinds($"AddressChanged {Old}");
        Assert.Contains(New, plan.TheFinding().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_address_is_never_invited_whatever_was_declined_or_is_pending()
    {
        Moved()
            .Declined(Old, "read")
            .Invitations(i => i with { ReinviteDeclined = true, ReinviteLeft = true })
            .Plan()
            .OnlyFinds($"AddressChanged {Old}");
        Moved().Pending(Old, "read").Plan().OnlyFinds($"AddressChanged {Old}");
    }

    [Fact]
    public void A_changed_address_that_is_declared_now_is_the_same_person() => Moved(declared: New).Plan().OnlyFinds();

    [Fact]
    public void An_address_that_became_free_can_be_given_to_somebody_else() =>
        Moved().Declare(New, "read").Plan().Does($"Invite {Old} +read");

    [Fact]
    public void Somebody_who_got_the_old_address_of_an_account_declared_by_id_is_remembered_apart_from_it()
    {
        var world = new World()
            .DeclareId("u1", "read")
            .Member(New, "read", id: "u1")
            .Declare(Old, "read")
            .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(3) });
        world.Remember(
            new(Old)
            {
                PersonId = "u1",
                Owned = true,
                State = PersonState.Member,
            }
        );
        var plan = world.Plan();
        plan.Does($"Invite {Old} +read");
        var ledger = LedgerUpdate.After(world.Ledger, plan, plan.Actions, World.Now);
        Assert.Equal([New, Old], ledger.People.Select(p => p.Email));
        var reminded = LedgerUpdate.After(
            ledger,
            Planner.Plan(world.Desired, world.Pending(Old, "read", 4).Live, ledger, World.Now),
            [],
            World.Now
        );
        Assert.Equal(World.Now, reminded.Of(Old, null)!.SentAt);
    }

    [Fact]
    public void Somebody_declared_by_address_and_by_id_has_one_record_which_remembers_the_mail()
    {
        var world = new World()
            .DeclareId("u1", "read")
            .Declare(Old, "read")
            .Invitations(i => i with { ReinviteLeft = true });
        world.Remember(
            new(Old)
            {
                PersonId = "u1",
                Owned = true,
                State = PersonState.Member,
            }
        );
        var plan = world.Plan();
        plan.Does($"Invite {Old} +read");
        var record = Assert.Single(LedgerUpdate.After(world.Ledger, plan, plan.Actions, World.Now).People);
        Assert.Equal((Old, PersonState.Invited, World.Now), (record.Email, record.State, record.SentAt));
    }

    [Fact]
    public void Of_two_accounts_of_one_Person_the_one_with_the_address_counts()
    {
        var world = new World().Prune(PrunePolicy.All).Declare(World.Person(New, aliases: Old), "read");
        world.Member(Old, "admin").Member(New, "read").Plan().OnlyFinds($"SecondAccount {New}");
    }

    [Fact]
    public void An_account_under_an_alias_is_the_person()
    {
        var world = new World().Prune(PrunePolicy.All).Declare(World.Person(New, aliases: Old), "write");
        var plan = world.Member(Old, "read").Plan();
        plan.Does($"Update {New} +write -read");
        Assert.Equal(Old, plan.Actions[0].Email);
    }

    [Fact]
    public void An_invitation_under_an_alias_is_the_persons() =>
        new World()
            .Declare(World.Person(New, aliases: Old), "read")
            .Pending(Old, "read")
            .Plan()
            .OnlyFinds($"Waiting {New}");

    [Fact]
    public void An_id_that_the_manifest_states_outweighs_the_address() =>
        new World()
            .Prune(PrunePolicy.All)
            .Declare(World.Person(New, userId: "u1"), "read")
            .Member("someone@else.example", "read", id: "u1")
            .Plan()
            .OnlyFinds();

    [Fact]
    public void Accounts_without_an_address_that_were_added_by_their_ids_are_removed_by_them() =>
        new World()
            .Member("", "read", id: "u1")
            .Member("", "read", id: "u2")
            .Prune(PrunePolicy.All)
            .Remember(new("id:u1") { PersonId = "u1", Owned = true })
            .Remember(new("id:u2") { PersonId = "u2", Owned = true })
            .Plan()
            .Does("Remove id:u1 -read", "Remove id:u2 -read");

    private static World Moved(string declared = Old) =>
        new World()
            .Declare(declared, "read")
            .Member(New, "read", id: "u1")
            .Remember(
                new(Old)
                {
                    PersonId = "u1",
                    Owned = true,
                    State = PersonState.Member,
                }
            );
}
