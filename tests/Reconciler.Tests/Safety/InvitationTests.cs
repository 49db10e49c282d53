using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Recording;
using Reconciler.Testing.Core;

namespace Reconciler.Tests.Safety;

/// <summary>What went wrong with invitations elsewhere, each as it was reported.</summary>
public sealed class InvitationTests
{
    private const string Ana = "ana@x.example";

    [Fact]
    public void Pending_people_are_not_invited_again_on_every_run_for_not_being_in_the_member_list() =>
        new World().Declare(Ana, "read").Pending(Ana, "read").Plan().OnlyFinds($"Waiting {Ana}");

    [Fact]
    public void An_invitation_of_somebody_who_leaves_the_config_is_revoked_so_that_no_late_accept_grants_access_as_in_test_infra_9483() =>
        new World().Pending(Ana, "read").Invited(Ana, 1).Plan().Does($"Revoke {Ana} -read");

    [Fact]
    public void An_expired_invitation_is_not_taken_for_a_live_one_as_in_test_infra_20872() =>
        // Readers leave expired invitations out; what is left is somebody whom we invited and who is not there.
        new World()
            .Declare(Ana, "read")
            .Invited(Ana, 30)
            .Plan()
            .OnlyFinds($"Vanished {Ana}");

    [Fact]
    public void Somebody_who_left_is_not_invited_for_ever_as_in_kubernetes_org_3367()
    {
        var world = new World().Declare(Ana, "read").Owned(Ana);
        world.Plan().OnlyFinds($"Left {Ana}");
        world.Invitations(i => i with { ReinviteLeft = true }).Plan().Does($"Invite {Ana} +read");
    }

    [Fact]
    public void Somebody_who_never_accepts_is_given_up_and_stays_so_as_in_kubernetes_org_3367()
    {
        var world = new World()
            .Declare(Ana, "read")
            .Pending(Ana, "read", 15)
            .Invited(Ana, 15)
            .Invitations(i => i with { ExpireAfter = TimeSpan.FromDays(14) });
        var plan = world.Plan();
        plan.Does($"Revoke {Ana} -read");
        var ledger = LedgerUpdate.After(world.Ledger, plan, plan.Actions, World.Now);
        Planner.Plan(world.Desired, new World().Live, ledger, World.Now.AddDays(365)).OnlyFinds($"GaveUp {Ana}");
    }

    [Fact]
    public void The_role_of_a_pending_invitation_is_corrected() =>
        new World()
            .Declare(Ana, "write")
            .Pending(Ana, "read")
            .Invited(Ana, 1)
            .Plan()
            .Does($"Replace {Ana} +write -read");

    [Fact]
    public void Accepting_an_invitation_changes_nothing_else_as_in_the_mongodbatlas_provider_636()
    {
        var world = new World().Declare(Ana, "read");
        var plan = world.Plan();
        var ledger = LedgerUpdate.After(world.Ledger, plan, plan.Actions, World.Now);
        var accepted = new World().Declare(Ana, "read").Member(Ana, "read", id: "u-new");
        Planner.Plan(accepted.Desired, accepted.Live, ledger, World.Now.AddDays(1)).OnlyFinds();
    }

    [Fact]
    public void Access_that_can_be_given_only_after_acceptance_needs_no_second_change_as_in_the_tfe_provider_160()
    {
        var world = new World().Cannot(ActionKind.Replace).Declare(Ana, "admin").Pending(Ana, "read").Invited(Ana, 1);
        world.Plan().OnlyFinds($"Waiting {Ana}");
        new World().Declare(Ana, "admin").Member(Ana, "read").Invited(Ana, 1).Plan().Does($"Update {Ana} +admin -read");
    }
}
