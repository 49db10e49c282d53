namespace Reconciler.Sandbox;

/// <summary>A member of a project, with the current state at the vendor.</summary>
/// <param name="Id">
/// The vendor's id of the membership. At Clarifeye it is the permission id; at Confident AI, that of the person.
/// </param>
/// <param name="PersonId">The vendor's id of the person.</param>
/// <param name="Email">The address that the person registered with.</param>
/// <param name="Access">The access of the member.</param>
public sealed record SandboxMember(string Id, string PersonId, string Email, SandboxAccess Access);

/// <summary>An invitation to a project, with the current state at the vendor.</summary>
/// <param name="Id">The vendor's id of the invitation.</param>
/// <param name="Email">The address as it was invited.</param>
/// <param name="Access">The access that accepting grants.</param>
/// <param name="Status">The vendor's status. Equinix Metal has none; here it is pending, accepted or declined.</param>
/// <param name="CreatedAt">The time when it was created.</param>
public sealed record SandboxInvitation(
    string Id,
    string Email,
    SandboxAccess Access,
    string Status,
    DateTimeOffset CreatedAt
);
