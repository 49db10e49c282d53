using System.Collections.Immutable;

namespace Reconciler.Core.Membership;

/// <summary>A project as its vendor shows it, read whole.</summary>
/// <param name="Members">Everybody who has accepted.</param>
/// <param name="Invitations">
/// The invitations that matter: pending and declined ones. Those that expired, were cancelled or accepted are left out.
/// </param>
public sealed record LiveProject(ImmutableArray<LiveMember> Members, ImmutableArray<LiveInvitation> Invitations)
{
    /// <summary>The vendor's name of the project; null where the API does not tell.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// How many members the vendor listed, where writes of late are believed that its lists do not show yet; null where
    /// the members are as listed.
    /// </summary>
    public int? Listed { get; init; }

    /// <summary>How many members the vendor listed.</summary>
    public int ListedMembers => Listed ?? Members.Length;

    /// <summary>
    /// The keys of declared addresses that are not in the project and that the vendor can add without an invitation,
    /// since they belong to its organisation: an invitation of theirs that is gone was accepted there.
    /// </summary>
    public ImmutableHashSet<string> Addable { get; init; } = [];

    /// <summary>
    /// The keys of declared people who are not in the project and are machine accounts of the vendor's organisation.
    /// </summary>
    public ImmutableHashSet<string> Machines { get; init; } = [];
}

/// <summary>Somebody who has accepted.</summary>
/// <param name="MembershipId">The id that an update needs.</param>
/// <param name="PersonId">The vendor's id of the person; null where it has none.</param>
/// <param name="Email">The address as the vendor has it; empty for accounts without one.</param>
/// <param name="Access">What the person may do.</param>
public sealed record LiveMember(string MembershipId, string? PersonId, string Email, Access Access)
{
    /// <summary>
    /// The access that the vendor's list shows, where another is believed since it was just written; null where the
    /// list is believed.
    /// </summary>
    public Access? Shown { get; init; }

    /// <summary>Whether it is a machine account of the vendor's; left alone.</summary>
    public bool IsService { get; init; }

    /// <summary>Whether it is the vendor's one Owner, who can be neither removed nor demoted.</summary>
    public bool IsVendorOwner { get; init; }
}

/// <summary>The state of an invitation.</summary>
public enum InvitationState
{
    /// <summary>Sent, and not answered.</summary>
    Pending,

    /// <summary>The person said no.</summary>
    Declined,
}

/// <summary>An invitation that waits or was declined.</summary>
/// <param name="Id">The vendor's id of the invitation.</param>
/// <param name="Email">The address as the vendor has it.</param>
/// <param name="Access">What accepting would give.</param>
/// <param name="State">Whether it waits.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record LiveInvitation(
    string Id,
    string Email,
    Access Access,
    InvitationState State,
    DateTimeOffset CreatedAt
)
{
    /// <summary>The vendor's id of the invited person, where an invitation already has one.</summary>
    public string? PersonId { get; init; }

    /// <summary>Whether it was just sent, and no list shows it yet: all that is known of it is what was sent.</summary>
    public bool IsBelieved { get; init; }

    /// <summary>Whether it names other projects too, so that revoking it would reach beyond this one.</summary>
    public bool NamesOtherProjects { get; init; }

    /// <summary>
    /// What the vendor sends the mail of, where it is one mail for several projects; null where it is this project's
    /// alone.
    /// </summary>
    public string? MailId { get; init; }
}
