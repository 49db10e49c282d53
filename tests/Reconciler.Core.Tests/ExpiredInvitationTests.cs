using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>Invitations that the vendor still lists although they expired.</summary>
public sealed class ExpiredInvitationTests
{
    private const string Ana = "ana@x.example";

    [Fact]
    public void An_expired_invitation_is_a_finding_and_nobody_is_mailed()
    {
        var plan = new World().Declare(Ana, "read").Expired(Ana, "read").Invited(Ana, 8).Plan();

        plan.OnlyFinds($"Expired {Ana}");
        Assert.Contains("reinviteExpired", plan.TheFinding().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_failed_is_told_with_the_vendors_word_for_the_reason()
    {
        var plan = new World().Declare(Ana, "read").Expired(Ana, "read", failure: "no_more_seats").Plan();

        plan.OnlyFinds($"Expired {Ana}");
        Assert.Contains("and it failed (no_more_seats); ", plan.TheFinding().Message, StringComparison.Ordinal);
        World().Declare(Ana, "read").Expired(Ana, "read", failure: "no_more_seats").Plan().Does($"Invite {Ana} +read");

        var gone = World().Declare(Ana, "read").Expired(Ana, "read", failure: "no_more_seats").Invited(Ana, 3).Plan();
        gone.OnlyFinds($"Vanished {Ana}");
        Assert.Contains("which failed (no_more_seats); revoke", gone.TheFinding().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_asks_for_it_is_invited_again() =>
        World().Declare(Ana, "read").Expired(Ana, "read").Invited(Ana, 8).Plan().Does($"Invite {Ana} +read");

    [Fact]
    public void An_older_one_beside_an_invitation_that_waits_does_not_count() =>
        World().Declare(Ana, "read").Expired(Ana, "read").Pending(Ana, "read").Plan().OnlyFinds($"Waiting {Ana}");

    [Fact]
    public void An_older_one_says_nothing_of_an_invitation_that_was_sent_since_and_is_gone()
    {
        var plan = World().Declare(Ana, "read").Expired(Ana, "read").Invited(Ana, 3).Plan();

        plan.OnlyFinds($"Vanished {Ana}");
        Assert.Contains("which expired; revoke it at the vendor", plan.TheFinding().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Somebody_who_was_a_member_since_is_not_invited_by_it() =>
        World().Declare(Ana, "read").Expired(Ana, "read").Owned(Ana).Plan().OnlyFinds($"Left {Ana}");

    [Fact]
    public void A_member_or_somebody_whom_nothing_declares_is_not_touched_by_it()
    {
        World().Declare(Ana, "read").Member(Ana, "read").Expired(Ana, "read").Plan().OnlyFinds();
        World().Expired(Ana, "read").Prune(Core.Manifests.Kinds.PrunePolicy.All).Plan().OnlyFinds();
    }

    private static World World() => new World().Invitations(i => i with { ReinviteExpired = true });
}
