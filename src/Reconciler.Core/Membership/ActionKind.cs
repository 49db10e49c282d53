namespace Reconciler.Core.Membership;

/// <summary>What an action does.</summary>
public enum ActionKind
{
    /// <summary>Invites a person who then has to accept, or is accepted at once.</summary>
    Invite,

    /// <summary>Changes a member's access.</summary>
    Update,

    /// <summary>Revokes a pending invitation and invites again, with other access or another mail.</summary>
    Replace,

    /// <summary>Sends an invitation's mail again.</summary>
    Resend,

    /// <summary>Revokes a pending invitation.</summary>
    Revoke,

    /// <summary>Takes a member out of the project.</summary>
    Remove,
}
