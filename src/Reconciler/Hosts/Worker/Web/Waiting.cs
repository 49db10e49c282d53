using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Hosts.Worker.Web;

/// <summary>The invitations that wait for their answer.</summary>
internal static class Waiting
{
    /// <summary>How many there are in a project, by its last plan.</summary>
    public static int In(ProjectPlan plan) => plan.Live.Invitations.Count(i => i.State == InvitationState.Pending);
}
