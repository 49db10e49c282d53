using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Core.Manifests.Kinds;

/// <summary>The list of a project's invitations.</summary>
public sealed partial class InvitationListDefinition : ListDefinition
{
    /// <summary>What holds of invitations that wait.</summary>
    [Default("all of the list wait")]
    [MaxItems(10)]
    public IReadOnlyList<JsonConditionDefinition>? Pending { get; init; }

    /// <summary>What holds of invitations that were declined.</summary>
    [Default("none is")]
    [MaxItems(10)]
    public IReadOnlyList<JsonConditionDefinition>? Declined { get; init; }

    /// <summary>What holds of invitations that expired, for vendors that list them still.</summary>
    [Default("none is")]
    [MaxItems(10)]
    public IReadOnlyList<JsonConditionDefinition>? Expired { get; init; }

    /// <summary>A second list, of invitations that ended without an answer, for vendors that list them apart.</summary>
    [Default("none: they are in the same list, or in none")]
    public FailedListDefinition? Failed { get; init; }

    /// <summary>
    /// What holds of items that are left out: invitations that were accepted or cancelled, or members in the same list.
    /// An item that is none of all is an error, so that no state of the vendor's is overlooked.
    /// </summary>
    [Default("none is")]
    [MaxItems(10)]
    public IReadOnlyList<JsonConditionDefinition>? Over { get; init; }

    /// <summary>Where the invitation's id is in an item, as a JSON pointer.</summary>
    [Text(Example = "/id")]
    public required string Id { get; init; }

    /// <summary>
    /// Where the invited login is in an item, as a JSON pointer, where people are known by logins; an invitation
    /// without one has the address at email.
    /// </summary>
    [Text(Example = "/invitee/login")]
    public string? Login { get; init; }

    /// <summary>Where the invited address is in an item, as a JSON pointer; needed without login.</summary>
    [Text(Example = "/email")]
    public string? Email { get; init; }

    /// <summary>Where the vendor's id of the invited person is in an item, as a JSON pointer.</summary>
    [Text(Example = "/invitee/id")]
    public string? Person { get; init; }

    /// <summary>Where the time of the invitation is in an item (ISO 8601), as a JSON pointer.</summary>
    [Text(Example = "/created_at")]
    public required string CreatedAt { get; init; }

    /// <summary>Where the inviter's address or name is in an item, as a JSON pointer.</summary>
    [Text(Example = "/invited_by/email")]
    public string? InvitedBy { get; init; }

    /// <summary>Where the access is, by the fields of access.</summary>
    [Default("as in the list of members")]
    [MaxItems(20)]
    public IReadOnlyDictionary<string, AccessSourceDefinition>? Access { get; init; }
}

/// <summary>
/// The list of invitations that ended without an answer. Its items and pages are those of the invitations.
/// </summary>
public sealed partial class FailedListDefinition : ManifestPart
{
    /// <summary>The path below the base URL, with <c>{project}</c> in it.</summary>
    [Text(Example = "/orgs/{project}/failed_invitations")]
    public required string Path { get; init; }

    /// <summary>Where the vendor's word for the reason is in an item, as a JSON pointer.</summary>
    [Text(Example = "/failed_reason")]
    public string? Reason { get; init; }

    /// <summary>What holds of items that are left out, such as invitations of people who are members.</summary>
    [Default("none is")]
    [MaxItems(10)]
    public IReadOnlyList<JsonConditionDefinition>? Over { get; init; }
}
