using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Planning;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>The first row of the plan table: people whom no rule may take anything from.</summary>
public sealed class ProtectedPeopleTests
{
    private const string Root = "root@x.example";

    public static TheoryData<string> Reasons => ["protected", "actingAs", "owner"];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Nothing_is_taken_from_them_where_the_manifest_declares_less(string reason) =>
        Shielded(reason, "read write").Declare(Root, "read").Plan().OnlyFinds($"Protected {Root}");

    [Theory]
    [MemberData(nameof(Reasons))]
    public void An_exchange_of_access_is_no_rise(string reason) =>
        Shielded(reason, "read").Declare(Root, "write").Plan().OnlyFinds($"Protected {Root}");

    [Theory]
    [MemberData(nameof(Reasons))]
    public void More_access_is_granted(string reason) =>
        Shielded(reason, "read").Declare(Root, "read write").Plan().Does($"Update {Root} +write");

    [Theory]
    [MemberData(nameof(Reasons))]
    public void They_are_never_removed_whoever_asks_for_it(string reason)
    {
        Shielded(reason, "read").Prune(PrunePolicy.All).Plan().OnlyFinds($"Protected {Root}");
        Shielded(reason, "read").Owned(Root).Prune(PrunePolicy.Owned).Plan().OnlyFinds($"Protected {Root}");
        Shielded(reason, "read").TakeAway(Root).Prune(PrunePolicy.Never).Plan().OnlyFinds($"Protected {Root}");
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void They_are_left_alone_where_nobody_asks_for_anything(string reason)
    {
        var plan = Shielded(reason, "read").Prune(PrunePolicy.Never).Plan();
        plan.OnlyFinds();
        Assert.Equal(1, plan.LeftAlone);
    }

    [Fact]
    public void Where_a_vendor_takes_one_role_only_a_rise_to_administration_replaces_it()
    {
        new World(TestVendors.Solo)
            .Protect(Root)
            .Member(Root, "Editor")
            .Declare(Root, "Manager")
            .Plan()
            .Does($"Update {Root} +Manager -Editor");
        new World(TestVendors.Solo)
            .Protect(Root)
            .Member(Root, "Editor")
            .Declare(Root, "Viewer")
            .Plan()
            .OnlyFinds($"Protected {Root}");
        new World(TestVendors.Solo)
            .Protect(Root)
            .Member(Root, "Owner")
            .Declare(Root, "Manager")
            .Plan()
            .OnlyFinds($"Protected {Root}");
    }

    [Fact]
    public void Somebody_protected_and_absent_is_invited() =>
        new World().Protect(Root).Declare(Root, "read").Plan().Does($"Invite {Root} +read");

    [Fact]
    public void An_invitation_of_somebody_protected_is_not_revoked() =>
        new World().Protect(Root).Pending(Root, "read").Prune(PrunePolicy.All).Plan().OnlyFinds($"Protected {Root}");

    [Fact]
    public void A_protected_address_shields_the_account_also_where_it_is_declared_by_id()
    {
        new World()
            .Protect(Root)
            .DeclareId("u1", "read")
            .Member(Root, "read admin", id: "u1")
            .Plan()
            .OnlyFinds("Protected id:u1");
        new World()
            .ActingAs("Root@x.example")
            .DeclareId("u1", "read")
            .Member(Root, "read admin", id: "u1")
            .Plan()
            .OnlyFinds("Protected id:u1");
    }

    [Fact]
    public void A_protected_alias_shields_the_person() =>
        new World()
            .Protect(Root)
            .TakeAway(World.Person("ana@x.example", aliases: Root))
            .Member("ana@x.example", "read")
            .Member(Root, "admin")
            .Plan()
            .OnlyFinds("Protected ana@x.example");

    [Fact]
    public void People_on_the_ignore_list_are_left_alone_whatever_is_declared_pending_or_pruned()
    {
        var plan = new World()
            .Ignore("*@vendor.example")
            .Prune(PrunePolicy.All)
            .Owned("a@vendor.example")
            .Member("a@Vendor.example", "read")
            .Pending("b@vendor.example", "read")
            .Plan();
        plan.OnlyFinds();
        Assert.Equal(2, plan.LeftAlone);
        new World()
            .Ignore("*@vendor.example")
            .Declare("a@vendor.example", "read")
            .Plan()
            .OnlyFinds("Ignored a@vendor.example");
    }

    [Fact]
    public void Somebody_declared_who_is_ignored_is_said_to_be_not_managed()
    {
        var plan = new World().Ignore("*@vendor.example").Declare("a@vendor.example", "read").Plan();
        var finding = Assert.Single(plan.Findings);
        Assert.StartsWith("is declared, but not managed: ", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Somebody_departed_who_is_ignored_stays_and_that_is_said() =>
        new World()
            .Ignore("*@vendor.example")
            .TakeAway("a@vendor.example")
            .Member("a@vendor.example", "read")
            .Plan()
            .OnlyFinds("Ignored a@vendor.example");

    [Fact]
    public void An_ignored_address_is_left_alone_also_where_it_is_declared_by_id() =>
        new World()
            .Ignore("*@vendor.example")
            .DeclareId("u1", "write")
            .Member("a@vendor.example", "read", id: "u1")
            .Plan()
            .OnlyFinds("Ignored id:u1");

    [Fact]
    public void An_ignored_second_account_stays_when_its_person_departs() =>
        new World()
            .Ignore("*@vendor.example")
            .TakeAway(World.Person("a@x.example", aliases: "a@vendor.example"))
            .Member("a@x.example", "read")
            .Member("a@vendor.example", "write")
            .Plan()
            .Does("Remove a@x.example -read");

    [Fact]
    public void Machine_accounts_are_left_alone()
    {
        var plan = new World().Member("robot@x.example", "admin", service: true).Prune(PrunePolicy.All).Plan();
        plan.OnlyFinds();
        Assert.Equal(1, plan.LeftAlone);
        new World()
            .Declare("robot@x.example", "read")
            .Member("robot@x.example", "admin", service: true)
            .Plan()
            .OnlyFinds("Ignored robot@x.example");
    }

    private static World Shielded(string reason, string access)
    {
        var world = new World().Member(Root, access, owner: reason == "owner");
        return reason switch
        {
            "protected" => world.Protect("ROOT@x.example"),
            "actingAs" => world.ActingAs("Root@X.example"),
            _ => world,
        };
    }
}
