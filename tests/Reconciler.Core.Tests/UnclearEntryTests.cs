using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Planning;
using Reconciler.Core.Recording;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>Entries of a vendor's list that name nobody for certain touch nobody, and stop nothing else.</summary>
public sealed class UnclearEntryTests
{
    [Theory]
    [InlineData("w@")]
    [InlineData("x..y@z.example")]
    [InlineData("ana@x.example\n")]
    [InlineData("bo\u0000b@x.example")]
    [InlineData("a@\u212aubes.io")]
    [InlineData("")]
    public void A_member_without_a_usable_address_is_a_finding_with_its_id_and_the_others_are_planned(string odd)
    {
        var plan = Everybody().Member(odd, "read", id: "u9").Plan();
        plan.Does("Invite new@x.example +read", "Remove old@x.example -read");
        plan.Finds("Unclear member m-u9");
        Assert.True(plan.IsUnclear);
    }

    // No manifest can declare such an address, so it must not keep its member from being removed.
    [Fact]
    public void A_member_whose_address_only_a_slip_makes_is_removed_as_everybody_else() =>
        Everybody()
            .Member("svc@exa_mple.com", "read", id: "u9")
            .Plan()
            .Does("Invite new@x.example +read", "Remove old@x.example -read", "Remove svc@exa_mple.com -read");

    [Theory]
    [InlineData("w@")]
    [InlineData("")]
    public void An_invitation_without_a_usable_address_is_neither_revoked_nor_matched(string odd)
    {
        var plan = Everybody().Pending(odd, "read", id: "i9").Plan();
        plan.Does("Invite new@x.example +read", "Remove old@x.example -read");
        plan.Finds("Unclear invitation i9");
    }

    [Fact]
    public void Two_members_under_one_address_are_findings_and_neither_is_touched()
    {
        var plan = Everybody()
            .Member("kim@münchen.example", "read", id: "u1")
            .Member("kim@xn--mnchen-3ya.example", "write", id: "u2")
            .Plan();
        plan.Does("Invite new@x.example +read", "Remove old@x.example -read");
        plan.Finds("Unclear member m-u1", "Unclear member m-u2");
        Assert.All(plan.Findings, f => Assert.Contains("m-u1, m-u2", f.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_members_under_a_declared_address_are_neither_changed_nor_invited() =>
        new World()
            .Declare("ana@x.example", "write")
            .Member("ana@x.example", "read", id: "u1")
            .Member("Ana@x.example", "read", id: "u2")
            .Prune(PrunePolicy.All)
            .Plan()
            .OnlyFinds("Unclear member m-u1", "Unclear member m-u2");

    [Fact]
    public void Of_two_members_under_one_address_an_id_that_is_declared_tells_which_is_meant()
    {
        var plan = new World()
            .Declare(World.Person("ana@x.example", "u1"), "write")
            .Member("ana@x.example", "read", id: "u1")
            .Member("ana@x.example", "read", id: "u2")
            .Prune(PrunePolicy.All)
            .Plan();
        plan.Does("Update ana@x.example +write -read");
        plan.Finds("Unclear member m-u2");
    }

    [Fact]
    public void A_second_account_under_an_alias_is_none_of_these() =>
        new World()
            .Declare(World.Person("ana@x.example", null, "ana.old@x.example"), "read")
            .Member("ana@x.example", "read", id: "u1")
            .Member("ana.old@x.example", "read", id: "u2")
            .Plan()
            .OnlyFinds("SecondAccount ana@x.example");

    [Fact]
    public void Somebody_whose_remembered_account_is_unclear_now_is_not_invited_again()
    {
        var world = new World()
            .Declare("ana@x.example", "read")
            .Member("w@", "read", id: "u1")
            .Remember(
                new("ana@x.example")
                {
                    PersonId = "u1",
                    Owned = true,
                    State = PersonState.Member,
                }
            );
        var plan = world.Plan();
        plan.Does();
        Assert.All(plan.Findings, f => Assert.Equal(FindingKind.Unclear, f.Kind));
        Assert.Single(
            LedgerUpdate.After(world.Ledger, plan, [], World.Now).People,
            p => p is { Email: "ana@x.example", PersonId: "u1", Owned: true }
        );
    }

    [Fact]
    public void What_is_remembered_of_two_under_one_address_stays()
    {
        var world = new World()
            .Member("ana@x.example", "read", id: "u1")
            .Member("ana@x.example", "read", id: "u2")
            .Remember(
                new("ana@x.example")
                {
                    PersonId = "u1",
                    Owned = true,
                    State = PersonState.Member,
                }
            );
        Assert.Single(LedgerUpdate.After(world.Ledger, world.Plan(), [], World.Now).People);
    }

    [Fact]
    public void An_account_without_an_address_that_is_declared_by_its_id_is_clear() =>
        new World().DeclareId("u1", "write").Member("", "read", id: "u1").Plan().Does("Update id:u1 +write -read");

    [Fact]
    public void An_account_with_an_odd_address_is_not_touched_though_its_id_is_declared() =>
        new World()
            .DeclareId("u1", "write")
            .Member("x..y@z.example", "read", id: "u1")
            .Plan()
            .OnlyFinds("Unclear member m-u1");

    [Fact]
    public void Addresses_that_differ_in_the_case_of_other_letters_are_a_finding_never_invite_and_remove() =>
        new World()
            .Declare("MÜLLER@x.example", "read")
            .Member("müller@x.example", "read", id: "u1")
            .Prune(PrunePolicy.All)
            .Plan()
            .OnlyFinds("Unclear member m-u1");

    [Fact]
    public void Where_both_spellings_are_there_the_declared_one_is_planned_and_the_other_stays()
    {
        var plan = new World()
            .Declare("MÜLLER@x.example", "write")
            .Member("MÜLLER@x.example", "read", id: "u1")
            .Member("müller@x.example", "read", id: "u2")
            .Prune(PrunePolicy.All)
            .Plan();
        plan.Does("Update MÜLLER@x.example +write -read");
        plan.Finds("Unclear member m-u2");
    }

    private static World Everybody() =>
        new World()
            .Declare("new@x.example", "read")
            .Declare("ana@x.example", "read")
            .Member("ana@x.example", "read", id: "u0")
            .Member("old@x.example", "read", id: "u8")
            .Prune(PrunePolicy.All);
}
