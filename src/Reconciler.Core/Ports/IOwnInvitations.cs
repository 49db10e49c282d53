using System.Collections.Immutable;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ports;

/// <summary>
/// The invitations of the person whose token a connection has, and those of a whole organization: an optional
/// capability of a connection, apart from what manifests declare.
/// </summary>
public interface IOwnInvitations
{
    /// <summary>The invitations that the token's user has not answered.</summary>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">They cannot be read whole.</exception>
    Task<ImmutableArray<PersonalInvitation>> ListAsync(CancellationToken cancellation);

    /// <summary>The invitations to an organization and to its projects, to whomever they went.</summary>
    /// <param name="organizationId">The vendor's id of the organization.</param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">They cannot be read whole.</exception>
    Task<ImmutableArray<PersonalInvitation>> ListOrganizationAsync(
        string organizationId,
        CancellationToken cancellation
    );

    /// <summary>One of the token's user's own invitations; null where it is somebody else's, or gone.</summary>
    /// <param name="id">The vendor's id of the invitation.</param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">It cannot be read.</exception>
    Task<PersonalInvitation?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Accepts an invitation that <see cref="FindAsync"/> found.</summary>
    /// <param name="invitation">The invitation.</param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">It was not accepted, or nobody knows.</exception>
    Task AcceptAsync(PersonalInvitation invitation, CancellationToken cancellation);

    /// <summary>Declines an invitation that <see cref="FindAsync"/> found.</summary>
    /// <param name="invitation">The invitation.</param>
    /// <param name="cancellation">Interrupts waits, never a request in flight.</param>
    /// <exception cref="ProviderException">It was not declined, or nobody knows.</exception>
    Task DeclineAsync(PersonalInvitation invitation, CancellationToken cancellation);
}

/// <summary>An invitation as the invited person sees it.</summary>
/// <param name="Id">The vendor's id of it.</param>
/// <param name="Email">Whom it went to.</param>
/// <param name="Access">What accepting gives.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record PersonalInvitation(string Id, string Email, Access Access, DateTimeOffset CreatedAt)
{
    /// <summary>The projects that it is for; empty where it is for the organization alone.</summary>
    public ImmutableArray<NamedPlace> Projects { get; init; } = [];

    /// <summary>The organization; null where the vendor does not tell.</summary>
    public NamedPlace? Organization { get; init; }

    /// <summary>The address of whoever invited; null where the vendor does not tell.</summary>
    public string? InvitedBy { get; init; }
}

/// <summary>A project or an organization.</summary>
/// <param name="Id">The vendor's id of it.</param>
/// <param name="Name">Its name; null where the vendor does not tell.</param>
public sealed record NamedPlace(string Id, string? Name);
