using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>Everything known about one person in one project, by which a row of the plan table is chosen.</summary>
internal sealed class PersonCase(PersonIdentity person)
{
    public PersonIdentity Person { get; set; } = person;

    /// <summary>The declaration; null if the person is not declared.</summary>
    public DesiredMember? Declared { get; set; }

    /// <summary>The removal that a manifest asks for (expired, departed); null if none does.</summary>
    public RequestedRemoval? Requested { get; set; }

    /// <summary>The accounts that are members, the one that counts first.</summary>
    public ImmutableArray<LiveMember> Members { get; set; } = [];

    /// <summary>The pending invitations, the newest first.</summary>
    public ImmutableArray<LiveInvitation> Pending { get; set; } = [];

    /// <summary>A declined invitation; null if none is listed.</summary>
    public LiveInvitation? DeclinedInvitation { get; set; }

    /// <summary>The newest expired invitation; null if none is listed.</summary>
    public LiveInvitation? ExpiredInvitation { get; set; }

    /// <summary>The account on record for this person if it has another address now; else null.</summary>
    public LiveMember? MovedTo { get; set; }

    /// <summary>
    /// The person, declared by id, whose account has this person's address; null if there is none.
    /// </summary>
    public PersonIdentity? DeclaredAlsoAs { get; set; }

    /// <summary>The person's record in the ledger; null if there is none.</summary>
    public PersonRecord? Record { get; set; }

    /// <summary>
    /// The record of the mails of an invitation that still waits. Mails from before a membership, or before the
    /// invitation was given up, do not count.
    /// </summary>
    public PersonRecord? Mails =>
        Record is { State: PersonState.Invited } or { State: PersonState.Known, CountingFrom: not null }
            ? Record
            : null;

    /// <summary>The problems of unclear entries of the vendor's list, each with the entry's id.</summary>
    public ImmutableArray<(string Entry, string Problem)> Unclear { get; set; } = [];

    /// <summary>
    /// Whether nothing is decided about the person, because an entry of the vendor's list may or may not name them.
    /// </summary>
    public bool IsUndecided { get; set; }

    /// <summary>
    /// What is wrong with the declared login, such as that somebody else has it now; null if nothing is.
    /// </summary>
    public LoginProblem? LoginProblem { get; set; }

    /// <summary>The account of the declared login; null if the person is in the project, or it is not known.</summary>
    public LiveAccount? Account { get; set; }

    /// <summary>Whether neither a manifest nor the ledger says which account has the declared login.</summary>
    public bool IsOnTrust { get; set; }

    /// <summary>Whether the vendor can add the person without an invitation.</summary>
    public bool IsAddable { get; set; }

    /// <summary>Whether the person is a machine account that is not in the project.</summary>
    public bool IsMachine { get; set; }

    public LiveMember? Member => Members.IsEmpty ? null : Members[0];

    public LiveInvitation? Invitation => Pending.IsEmpty ? null : Pending[0];
}
