using System.Collections.Immutable;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ports;

/// <summary>
/// Lists and answers the invitations of the token's own user, and lists those of an organization. An optional
/// capability of a connection that needs no manifests.
/// </summary>
public interface IOwnInvitations
{
    /// <summary>Lists the invitations that the token's user has not answered.</summary>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">The list cannot be read completely.</exception>
    Task<ImmutableArray<PersonalInvitation>> ListAsync(CancellationToken cancellation);

    /// <summary>Lists the invitations to an organization and to its projects, of all people.</summary>
    /// <param name="organizationId">The vendor's id of the organization.</param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">The list cannot be read completely.</exception>
    Task<ImmutableArray<PersonalInvitation>> ListOrganizationAsync(
        string organizationId,
        CancellationToken cancellation
    );

    /// <summary>Finds one of the token's user's own invitations; null if it is somebody else's, or gone.</summary>
    /// <param name="id">The vendor's id of the invitation.</param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">It cannot be read.</exception>
    Task<PersonalInvitation?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>
    /// Finds an invitation that the token's user may see, their own or one that they sent; null if there is none.
    /// </summary>
    /// <param name="id">The vendor's id of the invitation.</param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">It cannot be read.</exception>
    Task<PersonalInvitation?> ViewAsync(string id, CancellationToken cancellation);

    /// <summary>Accepts an invitation that <see cref="FindAsync"/> found.</summary>
    /// <param name="invitation">The invitation.</param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">It was not accepted, or the outcome is unknown.</exception>
    Task AcceptAsync(PersonalInvitation invitation, CancellationToken cancellation);

    /// <summary>Declines an invitation that <see cref="FindAsync"/> found.</summary>
    /// <param name="invitation">The invitation.</param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">It was not declined, or the outcome is unknown.</exception>
    Task DeclineAsync(PersonalInvitation invitation, CancellationToken cancellation);
}

/// <summary>An invitation as the invited person sees it.</summary>
/// <param name="Id">The vendor's id of it.</param>
/// <param name="Email">The address that it was sent to.</param>
/// <param name="Access">The access that accepting it gives.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record PersonalInvitation(string Id, string Email, Access Access, DateTimeOffset CreatedAt)
{
    /// <summary>The projects that it is for; empty if it is for the organization alone.</summary>
    public ImmutableArray<NamedPlace> Projects { get; init; } = [];

    /// <summary>The organization; null if the vendor does not report it.</summary>
    public NamedPlace? Organization { get; init; }

    /// <summary>The address of the inviter; null if the vendor does not report it.</summary>
    public string? InvitedBy { get; init; }
}

/// <summary>A project or an organization.</summary>
/// <param name="Id">The vendor's id of it.</param>
/// <param name="Name">Its name; null if the vendor does not report it.</param>
public sealed record NamedPlace(string Id, string? Name);
