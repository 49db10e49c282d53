using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Recording;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>People whom a vendor knows by logins, which can be renamed and registered by somebody else.</summary>
public sealed class LoginTests
{
    private const string Ana = "octocat";

    [Theory]
    [InlineData("@octocat", "begins with @, which is no part of a login")]
    [InlineData("ana@example.com", "is an address, and no login")]
    [InlineData("octo cat", "holds white space")]
    [InlineData("a/b", "holds /")]
    [InlineData("id:7", "holds :")]
    [InlineData("a\u037eb", "holds ;")]
    [InlineData("..", "is dots alone")]
    [InlineData("octo\u200bcat", "holds the invisible character")]
    public void A_text_that_cannot_be_a_login_is_refused_with_the_reason(string text, string why)
    {
        Assert.Null(Login.Parse(text));
        Assert.StartsWith(why, Login.Explain(text), StringComparison.Ordinal);
    }

    // A constant of an attribute could not hold it.
    [Fact]
    public void Half_a_surrogate_pair_is_part_of_no_login() =>
        Assert.Equal("holds the invisible character \\ud800", Login.Explain($"octo{(char)0xd800}cat"));

    [Theory]
    [InlineData("octocat")]
    [InlineData("Mona_acme")]
    [InlineData("dependabot[bot]")]
    [InlineData("a.b-c")]
    public void A_login_is_kept_as_written(string text) => Assert.Equal(text, Login.Parse(text)!.Text);

    [Fact]
    public void Somebody_absent_is_invited_under_the_login_and_the_plan_says_that_it_is_taken_on_trust()
    {
        var plan = Hub().DeclareLogin(Ana, "read").Account(Ana, "583231").Plan();

        plan.Does($"Invite {Ana} +read");
        Assert.Equal(Ana, plan.Actions[0].Email);
        Assert.Equal("583231", plan.Actions[0].AccountId);
        plan.Finds($"OnTrust {Ana}");
        Assert.Contains("pin it with id: \"583231\"", plan.TheFinding().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_who_is_given_more_without_a_pin_or_a_record_is_taken_on_trust_too()
    {
        Hub().DeclareLogin(Ana, "read write").Member(Ana, "read", "583231").Plan().Finds($"OnTrust {Ana}");
        Hub()
            .DeclareLogin(Ana, "read write")
            .Member(Ana, "read", "583231")
            .Remember(Member("583231", PersonState.Member))
            .Plan()
            .Finds();
        Hub().DeclareLogin(Ana, "read").Member(Ana, "read write", "583231").Plan().Finds();
    }

    [Fact]
    public void A_pinned_login_is_invited_without_a_warning()
    {
        var plan = Hub().DeclareLogin(Ana, "read", "583231").Account(Ana, "583231").Plan();

        plan.Does($"Invite {Ana} +read");
        plan.Finds();
    }

    [Fact]
    public void The_account_that_was_invited_is_remembered_so_that_another_one_under_the_login_is_known()
    {
        var world = Hub().DeclareLogin(Ana, "read").Account(Ana, "583231");
        var plan = world.Plan();

        var ledger = LedgerUpdate.After(world.Ledger, plan, plan.Actions, World.Now);

        var record = Assert.Single(ledger.People);
        Assert.Equal((Ana, "583231"), (record.Email, record.PersonId));
    }

    [Fact]
    public void A_login_that_nobody_has_is_a_finding_and_nobody_is_invited()
    {
        var plan = Hub().DeclareLogin("octocta", "read").Account("octocta", null).Plan();

        plan.OnlyFinds("Manual octocta");
        Assert.Contains("is no login at Acme", plan.TheFinding().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PrunePolicy.Never)]
    [InlineData(PrunePolicy.Owned)]
    [InlineData(PrunePolicy.All)]
    public void A_pinned_login_that_another_account_has_is_never_granted_anything(PrunePolicy prune)
    {
        Hub().DeclareLogin(Ana, "write", "583231").Member(Ana, "read", "999").Prune(prune).Plan().OnlyFinds(Taken);
        Hub().DeclareLogin(Ana, "write", "583231").Account(Ana, "999").Prune(prune).Plan().OnlyFinds(Taken);
    }

    [Fact]
    public void A_remembered_login_that_another_account_has_is_never_granted_anything_and_stays_remembered()
    {
        var world = Hub().DeclareLogin(Ana, "write").Account(Ana, "999").Remember(Member("583231", PersonState.Known));
        var plan = world.Plan();

        plan.OnlyFinds(Taken);
        Assert.Contains("was the account 583231", plan.TheFinding().Message, StringComparison.Ordinal);
        Assert.Equal(world.Ledger.People, LedgerUpdate.After(world.Ledger, plan, [], World.Now).People);
    }

    [Fact]
    public void An_account_that_took_over_the_login_of_somebody_who_left_is_not_removed_in_their_place()
    {
        var plan = Hub().TakeAway(World.ByLogin(Ana, "583231")).Member(Ana, "read", "999").Plan();

        plan.OnlyFinds(Taken);
    }

    [Fact]
    public void Somebody_who_departs_is_removed_under_whatever_login_the_pinned_account_has() =>
        Hub()
            .TakeAway(World.ByLogin(Ana, "583231"))
            .Member("renamed", "read", "583231")
            .Plan()
            .Does("Remove octocat -read");

    [Fact]
    public void A_pinned_account_under_another_login_is_a_finding_that_names_it()
    {
        var plan = Hub().DeclareLogin(Ana, "write", "583231").Member("renamed", "read", "583231").Plan();

        plan.OnlyFinds($"AddressChanged {Ana}");
        Assert.Contains("has the login renamed", plan.TheFinding().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_remembered_account_under_another_login_is_a_finding_that_names_it()
    {
        var plan = Hub()
            .DeclareLogin(Ana, "write")
            .Member("renamed", "read", "583231")
            .Account(Ana, null)
            .Remember(Member("583231", PersonState.Member))
            .Plan();

        plan.OnlyFinds($"AddressChanged {Ana}");
        Assert.Contains("has the login renamed", plan.TheFinding().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_case_of_letters_does_not_matter_unless_the_vendor_says_so()
    {
        Hub().DeclareLogin("Octocat", "read").Member(Ana, "read", "583231").Plan().OnlyFinds();
        var plan = new World()
            .WithLogins(caseCounts: true)
            .DeclareLogin("Octocat", "read")
            .Member(Ana, "read", "583231")
            .Plan();

        plan.OnlyFinds("LoginTaken Octocat");
        Assert.Contains("by the case of letters", plan.TheFinding().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_without_a_login_is_unclear_and_one_whom_nothing_declares_keeps_the_login()
    {
        Hub().Member("", "read", "7").Plan().OnlyFinds("Unclear member m-7");
        Hub().Member("stranger", "read", "8").Prune(PrunePolicy.All).Plan().Does("Remove stranger -read");
    }

    [Fact]
    public void An_invitation_to_a_persons_address_is_the_persons()
    {
        var person = World.ByLogin(Ana) with { Aliases = ["ana@x.example"] };

        Hub().Declare(person, "read").Pending("ana@x.example", "read").Plan().OnlyFinds($"Waiting {Ana}");
    }

    [Theory]
    [InlineData(PrunePolicy.Owned)]
    [InlineData(PrunePolicy.All)]
    public void A_member_who_renamed_the_account_is_kept_when_somebody_else_has_the_old_login(PrunePolicy prune)
    {
        var plan = Hub()
            .DeclareLogin(Ana, "read")
            .Member("renamed", "read", "583231")
            .Member(Ana, "read", "999")
            .Remember(Member("583231", PersonState.Member))
            .Prune(prune)
            .Plan();

        plan.OnlyFinds(Taken, "AddressChanged renamed");
        var after = LedgerUpdate.After(
            new ProjectLedger(OwnershipSource.Ledger, [Member("583231", PersonState.Member)]),
            plan,
            [],
            World.Now
        );
        Assert.Equal("583231", Assert.Single(after.People).PersonId);
    }

    [Fact]
    public void Somebody_departed_is_removed_under_a_login_that_another_entry_names_and_that_entry_gets_nothing()
    {
        var plan = Hub()
            .TakeAway(World.ByLogin("gone", "1"))
            .DeclareLogin("bob", "write")
            .Member("bob", "read", "1")
            .Plan();

        plan.Does("Remove gone -read");
        plan.Finds("LoginTaken bob");
    }

    [Fact]
    public void An_account_that_one_entry_pins_gets_nothing_by_another_entry()
    {
        var plan = Hub()
            .DeclareLogin(Ana, "read", "1")
            .DeclareLogin("bob", "write")
            .Account(Ana, null)
            .Account("bob", "1")
            .Plan();

        plan.OnlyFinds("LoginTaken bob", $"Manual {Ana}");
    }

    [Fact]
    public void An_invitation_that_does_not_tell_its_account_is_compared_by_the_account_that_was_looked_up() =>
        Hub().DeclareLogin(Ana, "admin", "583231").Pending(Ana, "read").Account(Ana, "999").Plan().OnlyFinds(Taken);

    [Fact]
    public void A_rule_on_domains_holds_nobody_who_is_known_by_a_login()
    {
        var limits = Limits.None with { Rules = new() { Domains = [new("the Guardrail g", ["x.example"])] } };

        Assert.Empty(Hub().DeclareLogin(Ana, "read", "1").Account(Ana, "1").Limited(limits).Plan().Holds);
        Assert.Single(new World().Declare("ana@y.example", "read").Limited(limits).Plan().Holds);
    }

    [Fact]
    public void An_invitation_to_an_address_waits_where_calls_name_logins() =>
        Hub()
            .Declare(World.ByLogin(Ana, "1") with { Aliases = ["ana@x.example"] }, "write")
            .Pending("ana@x.example", "read")
            .Plan()
            .OnlyFinds($"Waiting {Ana}");

    [Fact]
    public void An_invitation_to_an_address_is_not_sent_anew_as_a_reminder_where_calls_name_logins() =>
        Hub()
            .Declare(World.ByLogin(Ana, "1") with { Aliases = ["ana@x.example"] }, "read")
            .Pending("ana@x.example", "read", 4)
            .Cannot(ActionKind.Resend)
            .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(3), ResendBy = ResendBy.Reinvite })
            .Plan()
            .OnlyFinds($"Manual {Ana}");

    private const string Taken = $"LoginTaken {Ana}";

    private static World Hub() => new World().WithLogins();

    private static PersonRecord Member(string id, PersonState state) =>
        new(Ana)
        {
            PersonId = id,
            Owned = true,
            State = state,
        };
}
