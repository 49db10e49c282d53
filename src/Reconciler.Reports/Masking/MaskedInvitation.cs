using Reconciler.Core.Membership;

namespace Reconciler.Reports.Masking;

/// <summary>Masks the addresses in one invitation, and leaves the person's name out.</summary>
public static class MaskedInvitation
{
    /// <summary>Masks every text of the invitation; returns the invitation itself where there is no mask.</summary>
    public static ViewedInvitation Masked(this ViewedInvitation viewed, AddressMask? mask)
    {
        if (mask is null)
            return viewed;
        var invitation = viewed.Invitation;
        mask.Learn([invitation.Email, invitation.InvitedBy ?? ""]);
        return viewed with
        {
            Name = null,
            Meanings = [.. viewed.Meanings.Select(m => MaskedReview.Of(m, mask))],
            Invitation = new(
                invitation.Id,
                mask.Text(invitation.Email),
                Access.Of(
                    invitation.Access.Grants.Select(g => new Grant(g.Field, mask.Text(g.Word), mask.Text(g.Label)))
                ),
                invitation.CreatedAt
            )
            {
                Projects =
                [
                    .. invitation.Projects.Select(p => p with { Name = p.Name is null ? null : mask.Text(p.Name) }),
                ],
                Organization = invitation.Organization is { } place
                    ? place with
                    {
                        Name = place.Name is null ? null : mask.Text(place.Name),
                    }
                    : null,
                InvitedBy = invitation.InvitedBy is { } by ? mask.Text(by) : null,
            },
        };
    }
}
