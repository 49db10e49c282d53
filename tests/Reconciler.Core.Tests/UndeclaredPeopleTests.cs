using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>
/// The rows of the plan table for people whom no manifest declares, or whose removal a manifest asks for.
/// </summary>
public sealed class UndeclaredPeopleTests
{
    private const string Eve = "eve@x.example";

    [Theory]
    [InlineData(PrunePolicy.Never, true, "Unmanaged")]
    [InlineData(PrunePolicy.Never, false, "Unmanaged")]
    [InlineData(PrunePolicy.Owned, true, "Remove")]
    [InlineData(PrunePolicy.Owned, false, "Unmanaged")]
    [InlineData(PrunePolicy.All, true, "Remove")]
    [InlineData(PrunePolicy.All, false, "Remove")]
    public void Prune_decides_about_an_undeclared_member(PrunePolicy prune, bool owned, string expected)
    {
        var world = new World().Member(Eve, "read").Prune(prune);
        Check(owned ? world.Owned(Eve) : world, expected);
    }

    [Theory]
    [InlineData(PrunePolicy.Never, true, "Unmanaged")]
    [InlineData(PrunePolicy.Owned, true, "Revoke")]
    [InlineData(PrunePolicy.Owned, false, "Unmanaged")]
    [InlineData(PrunePolicy.All, false, "Revoke")]
    public void Prune_decides_about_an_undeclared_invitation(PrunePolicy prune, bool owned, string expected)
    {
        var world = new World().Pending(Eve, "read").Prune(prune);
        Check(owned ? world.Invited(Eve, 1) : world, expected);
    }

    [Fact]
    public void Without_an_ownership_record_owned_removes_nobody_and_says_how_many_were_not_judged()
    {
        var plan = new World()
            .Member(Eve, "read")
            .Pending("mal@x.example", "read")
            .Records(OwnershipSource.None)
            .Plan();
        plan.OnlyFinds();
        Assert.Equal(2, plan.NotJudged);
    }

    [Theory]
    [InlineData(PrunePolicy.Never, "Unmanaged")]
    [InlineData(PrunePolicy.All, "Remove")]
    public void Never_and_all_need_no_ownership_record(PrunePolicy prune, string expected) =>
        Check(new World().Member(Eve, "read").Records(OwnershipSource.None).Prune(prune), expected);

    [Fact]
    public void A_baseline_makes_owned_whoever_it_declared_also_under_an_alias()
    {
        var before = new World().Declare(World.Person(Eve, aliases: "eve.old@x.example"), "read").Desired;
        var baseline = ProjectLedger.FromBaseline(before);
        var now = new World().Member("EVE.old@x.example", "read").Member("mal@x.example", "read");
        var plan = Planner.Plan(now.Desired, now.Live, baseline, World.Now);
        plan.Does("Remove EVE.old@x.example -read");
        plan.Finds("Unmanaged mal@x.example");
    }

    [Fact]
    public void A_baseline_owns_whom_an_entry_declared_that_has_expired_since()
    {
        var before = new World().Desired with
        {
            Removals = [new(World.Person(Eve), "expired on 2026-01-01", Position.None)],
        };
        var now = new World().Member(Eve, "read");
        Planner.Plan(now.Desired, now.Live, ProjectLedger.FromBaseline(before), World.Now).Does($"Remove {Eve} -read");
    }

    [Fact]
    public void A_baseline_that_did_not_declare_the_project_owns_nobody()
    {
        var world = new World().Member(Eve, "read");
        var plan = Planner.Plan(world.Desired, world.Live, ProjectLedger.FromBaseline(null), World.Now);
        plan.OnlyFinds($"Unmanaged {Eve}");
        Assert.Equal(0, plan.NotJudged);
    }

    [Fact]
    public void Somebody_else_who_took_over_an_owned_address_is_not_owned() =>
        new World()
            .Member(Eve, "read", id: "u2")
            .Remember(
                new(Eve)
                {
                    PersonId = "u1",
                    Owned = true,
                    State = PersonState.Member,
                }
            )
            .Plan()
            .OnlyFinds($"Unmanaged {Eve}");

    [Theory]
    [InlineData(PrunePolicy.Never)]
    [InlineData(PrunePolicy.Owned)]
    [InlineData(PrunePolicy.All)]
    public void An_expired_entry_is_removed_under_every_prune(PrunePolicy prune)
    {
        foreach (var source in Enum.GetValues<OwnershipSource>())
        {
            var plan = new World()
                .Member(Eve, "read")
                .Pending(Eve, "write")
                .TakeAway(Eve)
                .Prune(prune)
                .Records(source)
                .Plan();
            plan.Does($"Revoke {Eve} -write", $"Remove {Eve} -read");
            Assert.All(plan.Actions, a => Assert.True(a.CountsAsRemoval));
        }
    }

    [Fact]
    public void Somebody_departed_loses_every_account_also_under_aliases() =>
        new World()
            .Prune(PrunePolicy.Never)
            .TakeAway(World.Person(Eve, aliases: "eve.old@x.example"))
            .Member(Eve, "read")
            .Member("eve.old@x.example", "write")
            .Plan()
            .Does($"Remove {Eve} -write", $"Remove {Eve} -read");

    [Fact]
    public void A_removal_asked_for_follows_the_person_to_another_address() =>
        new World()
            .Prune(PrunePolicy.Never)
            .TakeAway(Eve)
            .Member("eve.new@x.example", "read", id: "u1")
            .Remember(
                new(Eve)
                {
                    PersonId = "u1",
                    Owned = true,
                    State = PersonState.Member,
                }
            )
            .Plan()
            .Does($"Remove {Eve} -read");

    [Fact]
    public void A_removal_asked_for_of_somebody_absent_needs_nothing() => new World().TakeAway(Eve).Plan().OnlyFinds();

    [Fact]
    public void A_second_account_that_is_the_vendors_Owner_or_a_machine_stays_when_its_person_departs()
    {
        var person = World.Person(Eve, null, "boss@x.example", "robot@x.example");
        var plan = new World()
            .TakeAway(person)
            .Member(Eve, "read")
            .Member("boss@x.example", "admin", owner: true)
            .Member("robot@x.example", "read", service: true)
            .Plan();
        Assert.Equal([$"m-{Eve}"], plan.Actions.Select(a => a.Member!.MembershipId));
        plan.Finds($"Protected {Eve}", $"Protected {Eve}");
    }

    [Fact]
    public void An_invitation_that_names_other_projects_is_revoked_by_hand() =>
        new World().Pending(Eve, "read", others: true).Prune(PrunePolicy.All).Plan().OnlyFinds($"Manual {Eve}");

    [Fact]
    public void What_the_vendor_cannot_remove_is_manual() =>
        new World()
            .Member(Eve, "read")
            .Prune(PrunePolicy.All)
            .Cannot(ActionKind.Remove)
            .Plan()
            .OnlyFinds($"Manual {Eve}");

    [Fact]
    public void A_declined_invitation_of_somebody_undeclared_needs_nothing() =>
        new World().Declined(Eve, "read").Prune(PrunePolicy.All).Plan().OnlyFinds();

    [Fact]
    public void How_somebody_undeclared_is_shown_does_not_depend_on_the_order_of_pages()
    {
        var world = new World().Pending("EVE@x.example", "read", 2, "i1").Pending("eve@x.example", "read", 1, "i2");
        Assert.Equal(world.Plan().TheFinding(), world.Reversed().Plan().TheFinding());
    }

    private static void Check(World world, string expected)
    {
        if (expected == "Unmanaged")
            world.Plan().OnlyFinds($"Unmanaged {Eve}");
        else
            world.Plan().Does($"{expected} {Eve} -read");
    }
}
