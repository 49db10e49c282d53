namespace Reconciler.Sandbox;

/// <summary>A member of a project as the vendor holds it now.</summary>
/// <param name="Id">
/// The vendor's id of the membership (Clarifeye: the permission id; Confident AI has none but the person's).
/// </param>
/// <param name="PersonId">The vendor's id of the person.</param>
/// <param name="Email">The address as the person is registered.</param>
/// <param name="Access">What the person may do.</param>
public sealed record SandboxMember(string Id, string PersonId, string Email, SandboxAccess Access);

/// <summary>An invitation to a project as the vendor holds it now.</summary>
/// <param name="Id">The vendor's id of the invitation.</param>
/// <param name="Email">The address as it was invited.</param>
/// <param name="Access">What accepting it grants.</param>
/// <param name="Status">The vendor's word. Equinix Metal has none; here it is pending, accepted or declined.</param>
/// <param name="CreatedAt">When it was created.</param>
public sealed record SandboxInvitation(
    string Id,
    string Email,
    SandboxAccess Access,
    string Status,
    DateTimeOffset CreatedAt
);
