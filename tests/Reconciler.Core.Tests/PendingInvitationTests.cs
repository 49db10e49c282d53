using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>The rows of the plan table for declared people whose invitation waits.</summary>
public sealed class PendingInvitationTests
{
    private const string Ana = "ana@x.example";

    [Theory]
    [InlineData(true, "Replace ana@x.example +write -read")]
    [InlineData(false, null)]
    public void An_invitation_that_is_changed_in_place_needs_no_way_to_revoke_it(bool inPlace, string? expected)
    {
        var vendor = TestVendors.Acme.Without(ActionKind.Revoke);
        vendor = vendor with { Capabilities = vendor.Capabilities with { ReplacesInPlace = inPlace } };

        var plan = new World(vendor).Declare(Ana, "write").Pending(Ana, "read").Plan();

        if (expected is null)
            plan.OnlyFinds($"Waiting {Ana}");
        else
            plan.Does(expected);
        Assert.False(vendor.Capabilities.Reinvites);
    }

    [Theory]
    [InlineData(false, true, Ana)]
    [InlineData(true, true, "alias@x.example")]
    [InlineData(false, false, "alias@x.example")]
    public void A_new_invitation_goes_to_the_declared_address_and_a_changed_one_stays_where_it_is(
        bool inPlace,
        bool mails,
        string address
    )
    {
        var plan = new World()
            .With(c => c with { ReplacesInPlace = inPlace, ReplacingMails = mails })
            .Declare(World.Person(Ana, null, "alias@x.example"), "write")
            .Pending("alias@x.example", "read")
            .Plan();

        Assert.Equal((ActionKind.Replace, address), (plan.Actions.Single().Kind, plan.Actions.Single().Email));
    }

    [Fact]
    public void Whoever_is_reminded_by_a_new_invitation_needs_a_vendor_that_makes_a_new_one()
    {
        var capabilities = TestVendors.Acme.Capabilities;

        Assert.True(capabilities.Reinvites);
        Assert.False((capabilities with { ReplacesInPlace = true }).Reinvites);
    }

    [Fact]
    public void A_pending_invitation_waits_and_is_not_sent_again() => Waiting(1).Plan().OnlyFinds($"Waiting {Ana}");

    [Fact]
    public void A_mail_is_sent_again_when_it_is_due()
    {
        var plan = Waiting(4).Plan();
        plan.Does($"Resend {Ana}");
        Assert.Equal(Phase.Grant, plan.Actions[0].Phase);
    }

    [Fact]
    public void The_last_mail_counts_and_not_the_first() =>
        Waiting(10).Invited(Ana, 10, resends: 2, sentDaysAgo: 1).Plan().OnlyFinds($"Waiting {Ana}");

    [Fact]
    public void The_mail_of_an_invitation_that_somebody_made_by_hand_since_counts_too() =>
        new World()
            .Declare(Ana, "read")
            .Pending(Ana, "read", 1)
            .Invited(Ana, 10)
            .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(3) })
            .Plan()
            .OnlyFinds($"Waiting {Ana}");

    [Fact]
    public void Without_resendAfter_nothing_is_sent_again() =>
        new World().Declare(Ana, "read").Pending(Ana, "read", 400).Invited(Ana, 400).Plan().OnlyFinds($"Waiting {Ana}");

    [Fact]
    public void After_the_last_resend_the_invitation_is_given_up()
    {
        var plan = Waiting(12).Invited(Ana, 12, resends: 3, sentDaysAgo: 3).Plan();
        plan.Does($"Revoke {Ana} -read");
        Assert.True(plan.Actions[0] is { GivesUp: true, CountsAsRemoval: true });
    }

    [Fact]
    public void The_last_mail_has_its_time_too_before_the_invitation_is_given_up() =>
        Waiting(12).Invited(Ana, 12, resends: 3, sentDaysAgo: 2).Plan().OnlyFinds($"Waiting {Ana}");

    [Fact]
    public void After_expireAfter_the_invitation_is_given_up_however_many_mails_were_sent() =>
        new World()
            .Declare(Ana, "read")
            .Pending(Ana, "read", 14)
            .Invited(Ana, 14, sentDaysAgo: 0.1)
            .Invitations(i => i with { ExpireAfter = TimeSpan.FromDays(14) })
            .Plan()
            .Does($"Revoke {Ana} -read");

    [Theory]
    [InlineData(OwnershipSource.None)]
    [InlineData(OwnershipSource.Baseline)]
    public void Without_a_ledger_nothing_is_sent_again_and_nothing_given_up(OwnershipSource source) =>
        Waiting(400)
            .Invitations(i => i with { ExpireAfter = TimeSpan.FromDays(14) })
            .Records(source)
            .Plan()
            .OnlyFinds($"Waiting {Ana}");

    [Fact]
    public void An_invitation_that_names_other_projects_is_given_up_by_hand() =>
        new World()
            .Declare(Ana, "read")
            .Pending(Ana, "read", 20, others: true)
            .Invitations(i => i with { ExpireAfter = TimeSpan.FromDays(14) })
            .Plan()
            .OnlyFinds($"Manual {Ana}");

    [Fact]
    public void Nobody_is_given_up_who_would_get_a_reminder_of_an_older_invitation_to_several_projects()
    {
        var plan = new World()
            .Declare(Ana, "read")
            .Pending(Ana, "read", 21, id: "older", others: true)
            .Pending(Ana, "read", 20, id: "newer")
            .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(3), ExpireAfter = TimeSpan.FromDays(14) })
            .Plan();

        plan.OnlyFinds($"Manual {Ana}");
        Assert.Contains("revoke both by hand", plan.TheFinding().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_protected_persons_invitation_is_not_given_up() =>
        Waiting(400)
            .Invitations(i => i with { ExpireAfter = TimeSpan.FromDays(14), ResendAfter = null })
            .Protect(Ana)
            .Plan()
            .OnlyFinds($"Waiting {Ana}");

    [Fact]
    public void The_mails_of_an_invitation_given_up_do_not_count_for_one_made_by_hand_since() =>
        Waiting(1)
            .Invitations(i => i with { ExpireAfter = TimeSpan.FromDays(14) })
            .Remember(
                new(Ana)
                {
                    State = PersonState.GaveUp,
                    InvitedAt = World.Now.AddDays(-60),
                    SentAt = World.Now.AddDays(-50),
                    Resends = 3,
                }
            )
            .Plan()
            .OnlyFinds($"Waiting {Ana}");

    [Fact]
    public void The_mails_before_a_membership_do_not_count_for_an_invitation_after_it() =>
        Waiting(1)
            .Invitations(i => i with { ExpireAfter = TimeSpan.FromDays(14) })
            .Remember(
                new(Ana)
                {
                    State = PersonState.Member,
                    InvitedAt = World.Now.AddDays(-60),
                    SentAt = World.Now.AddDays(-50),
                    Resends = 3,
                }
            )
            .Plan()
            .OnlyFinds($"Waiting {Ana}");

    [Fact]
    public void Where_the_vendor_cannot_resend_it_is_manual_unless_reinvite_is_allowed()
    {
        Waiting(4).Cannot(ActionKind.Resend).Plan().OnlyFinds($"Manual {Ana}");
        var plan = Waiting(4)
            .Cannot(ActionKind.Resend)
            .Invitations(i => i with { ResendBy = ResendBy.Reinvite })
            .Plan();
        plan.Does($"Replace {Ana}");
        Assert.True(plan.Actions[0].IsReminder);
        Assert.False(plan.Actions[0].CountsAsRemoval);
    }

    [Fact]
    public void Pending_with_other_access_is_replaced_in_one_action()
    {
        var plan = new World().Declare(Ana, "write").Pending(Ana, "read").Plan();
        plan.Does($"Replace {Ana} +write -read");
        Assert.True(plan.Actions[0] is { Phase: Phase.Grant, CountsAsRemoval: false, IsReminder: false });
    }

    [Theory]
    [InlineData(ActionKind.Replace)]
    [InlineData(ActionKind.Revoke)]
    public void Pending_with_other_access_waits_where_the_vendor_cannot_replace(ActionKind kind) =>
        new World().Declare(Ana, "write").Pending(Ana, "read").Cannot(kind).Plan().OnlyFinds($"Waiting {Ana}");

    [Fact]
    public void An_invitation_that_names_other_projects_is_not_replaced() =>
        new World().Declare(Ana, "write").Pending(Ana, "read", others: true).Plan().OnlyFinds($"Waiting {Ana}");

    [Fact]
    public void Of_several_pending_invitations_the_newest_counts_and_the_others_are_revoked()
    {
        var plan = new World()
            .Declare(Ana, "read")
            .Pending(Ana, "write", 5, "old")
            .Pending(Ana, "read", 1, "new")
            .Pending(Ana, "read", 9, "oldest")
            .Plan();
        Assert.Equal(["old", "oldest"], plan.Actions.Select(a => a.Invitation!.Id));
        Assert.All(plan.Actions, a => Assert.True(a is { Kind: ActionKind.Revoke, CountsAsRemoval: false }));
        plan.Finds($"Waiting {Ana}");
    }

    [Fact]
    public void A_pending_invitation_outweighs_an_older_declined_one() =>
        new World()
            .Declare(Ana, "read")
            .Declined(Ana, "read", 9)
            .Pending(Ana, "read")
            .Plan()
            .OnlyFinds($"Waiting {Ana}");

    [Fact]
    public void Of_several_declined_invitations_the_newest_is_told_whatever_the_order_of_pages()
    {
        var world = new World().Declare(Ana, "read").Declined(Ana, "read", 30, "d1").Declined(Ana, "read", 2, "d2");
        Assert.Contains("2026-06-13", world.Plan().TheFinding().Message, StringComparison.Ordinal);
        Assert.Contains("2026-06-13", world.Reversed().Plan().TheFinding().Message, StringComparison.Ordinal);
    }

    private static World Waiting(double daysAgo) =>
        new World()
            .Declare(Ana, "read")
            .Pending(Ana, "read", daysAgo)
            .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(3) });
}
