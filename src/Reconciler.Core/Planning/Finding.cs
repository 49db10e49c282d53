namespace Reconciler.Core.Planning;

/// <summary>Kinds of findings: things to report that need no write, or that the vendor's API cannot write.</summary>
public enum FindingKind
{
    /// <summary>An invitation waits for its answer.</summary>
    Waiting,

    /// <summary>A member or invitation that no manifest declares and that prune does not remove.</summary>
    Unmanaged,

    /// <summary>The person declined.</summary>
    Declined,

    /// <summary>An invitation expired without an answer, and the vendor still lists it.</summary>
    Expired,

    /// <summary>An invitation of ours is gone without an answer: declined, expired or revoked by hand.</summary>
    Vanished,

    /// <summary>The person was a member and left.</summary>
    Left,

    /// <summary>The invitation was given up.</summary>
    GaveUp,

    /// <summary>The declared address is gone, while the person's account lives under another.</summary>
    AddressChanged,

    /// <summary>
    /// The declared login belongs to another account than a manifest or the ledger says: somebody else may have
    /// registered it.
    /// </summary>
    LoginTaken,

    /// <summary>
    /// Somebody is granted access by a login of which neither a manifest nor the ledger says whose account it is.
    /// </summary>
    OnTrust,

    /// <summary>A second account of one person.</summary>
    SecondAccount,

    /// <summary>Something that only a human can do.</summary>
    Manual,

    /// <summary>A change that was left out because the person is protected.</summary>
    Protected,

    /// <summary>A declared person whom the provider's manifest ignores.</summary>
    Ignored,

    /// <summary>Access that ends soon, because its entry does.</summary>
    Expiring,

    /// <summary>
    /// An invitation that is not sent now, because the vendor accepts no more of them for a time or earlier ones may
    /// have arrived.
    /// </summary>
    Postponed,

    /// <summary>
    /// An action that the vendor refused for good. It is not tried again until the entry or the live state changes.
    /// </summary>
    Refused,

    /// <summary>
    /// An entry of the vendor's list that cannot be matched to one person: its address is unusable, or another entry
    /// has the same one. Nobody is matched, invited or removed because of it, and the project counts as failed.
    /// </summary>
    Unclear,
}

/// <summary>A finding about a person in a project.</summary>
/// <param name="Kind">The kind of finding.</param>
/// <param name="Person">The person's address or id, as shown.</param>
/// <param name="Message">What it means and what can be done.</param>
public sealed record Finding(FindingKind Kind, string Person, string Message);
