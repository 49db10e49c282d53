using System.Collections.Immutable;

namespace Reconciler.Core.Membership;

/// <summary>A project as read from its vendor, complete.</summary>
/// <param name="Members">Everybody who has accepted.</param>
/// <param name="Invitations">
/// Invitations that wait, were declined, or expired and are listed still. Those that were cancelled or accepted are
/// left out.
/// </param>
public sealed record LiveProject(ImmutableArray<LiveMember> Members, ImmutableArray<LiveInvitation> Invitations)
{
    /// <summary>The vendor's name of the project; null if the API does not report it.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// How many members the vendor listed, if recent writes that its lists do not show yet are counted in; null if the
    /// members are as listed.
    /// </summary>
    public int? Listed { get; init; }

    /// <summary>How many members the vendor listed, without those whose access all comes from above.</summary>
    public int ListedMembers => Listed ?? Members.Count(m => !m.IsInherited);

    /// <summary>
    /// The keys of declared addresses that are not in the project and that the vendor can add without an invitation,
    /// because they belong to its organisation. If an invitation of theirs is gone, it was accepted there.
    /// </summary>
    public ImmutableHashSet<string> Addable { get; init; } = [];

    /// <summary>
    /// The keys of declared people who are not in the project and are machine accounts of the vendor's organisation.
    /// </summary>
    public ImmutableHashSet<string> Machines { get; init; } = [];

    /// <summary>
    /// The accounts of declared logins that are not in the project, by the logins' keys; null for a login that nobody
    /// has. Empty where the vendor knows people by addresses, or cannot find the account of a login.
    /// </summary>
    public ImmutableDictionary<string, LiveAccount?> Accounts { get; init; } =
        ImmutableDictionary<string, LiveAccount?>.Empty;
}

/// <summary>An account that is not in the project.</summary>
/// <param name="Id">The vendor's id of it.</param>
/// <param name="Login">Its login, as the vendor has it.</param>
public sealed record LiveAccount(string Id, string Login);

/// <summary>A member: a person who has accepted.</summary>
/// <param name="MembershipId">The id that an update needs.</param>
/// <param name="PersonId">The vendor's id of the person; null if it has none.</param>
/// <param name="Email">
/// The address as the vendor has it, or the login where the vendor knows people by logins; empty for accounts without
/// one.
/// </param>
/// <param name="Access">What the person may do.</param>
public sealed record LiveMember(string MembershipId, string? PersonId, string Email, Access Access)
{
    /// <summary>
    /// The access that the vendor's list still shows although a newer write was confirmed; null if the list is up to
    /// date.
    /// </summary>
    public Access? Shown { get; init; }

    /// <summary>The person's name, as the vendor has it; null if it does not tell.</summary>
    public string? Name { get; init; }

    /// <summary>Whether it is a machine account of the vendor; such accounts are not managed.</summary>
    public bool IsService { get; init; }

    /// <summary>
    /// The access that comes from above, such as a group or a parent project, and that nothing can take away in the
    /// project itself; <see cref="Access"/> has only what was given directly.
    /// </summary>
    public Access Inherited { get; init; } = Reconciler.Core.Membership.Access.None;

    /// <summary>Whether some access comes from above.</summary>
    public bool HasInherited => !Inherited.IsNone;

    /// <summary>Whether all access comes from above: nothing of it can be taken away in the project.</summary>
    public bool IsInherited => HasInherited && Access.IsNone;

    /// <summary>Whether it is the token's own user, as the vendor says.</summary>
    public bool IsCaller { get; init; }

    /// <summary>Whether it is the vendor's one Owner, who can be neither removed nor demoted.</summary>
    public bool IsVendorOwner { get; init; }
}

/// <summary>The state of an invitation.</summary>
public enum InvitationState
{
    /// <summary>Sent, and not answered.</summary>
    Pending,

    /// <summary>The person declined.</summary>
    Declined,

    /// <summary>It ended without an answer, and the vendor still lists it.</summary>
    Expired,
}

/// <summary>An invitation that waits or was declined.</summary>
/// <param name="Id">The vendor's id of the invitation.</param>
/// <param name="Email">The address or login as the vendor has it.</param>
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

    /// <summary>The person's name, as the vendor has it; null if it does not tell.</summary>
    public string? Name { get; init; }

    /// <summary>The address or name of whoever invited the person; null if the vendor does not tell.</summary>
    public string? InvitedBy { get; init; }

    /// <summary>
    /// The vendor's word for why it ended without an answer; null if it did not, or the vendor does not tell.
    /// </summary>
    public string? Failure { get; init; }

    /// <summary>Whether it was just sent and no list shows it yet, so that only the sent values are known.</summary>
    public bool IsBelieved { get; init; }

    /// <summary>Whether it names other projects as well, so that revoking it would affect them.</summary>
    public bool NamesOtherProjects { get; init; }

    /// <summary>
    /// The id of a mail that is sent once for several projects; null if it is for this project alone.
    /// </summary>
    public string? MailId { get; init; }
}
