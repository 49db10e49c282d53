using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.GoRules;

/// <summary>Handles the calls about the organisation: its users and the invitations to it.</summary>
internal readonly struct GoRulesOrganisation(GoRulesWorld world, VendorRequest request)
{
    private const int LargestBatch = 10;

    public VendorAnswer ListUsers()
    {
        IReadOnlyList<GoRulesUser> found = Listing.Search(
            world.Users,
            request.Query["search"].ToString(),
            user => user.Email
        );
        if (request.Query["isService"].ToString() is { Length: > 0 } text)
        {
            if (!bool.TryParse(text, out var isService))
                return GoRulesWire.BadRequest("isService must be a boolean");
            found = [.. found.Where(user => user.IsService == isService)];
        }

        var organisation = world.OrganisationId;
        return GoRulesWire.Page(
            request,
            found,
            world.Quirks,
            (writer, user) => GoRulesWire.User(writer, (user, organisation))
        );
    }

    public VendorAnswer ListInvitations()
    {
        var found = Listing.Search(
            [.. world.Invitations],
            request.Query["search"].ToString(),
            invitation => invitation.User.Email
        );
        if (request.Query["status"].ToString() is { Length: > 0 } status)
        {
            if (status is not ("pending" or "accepted"))
                return GoRulesWire.BadRequest("status must be pending or accepted");
            found = [.. found.Where(invitation => invitation.Status.Equals(status, StringComparison.Ordinal))];
        }

        var organisation = world.OrganisationId;
        return GoRulesWire.Page(
            request,
            found,
            world.Quirks,
            (writer, invitation) => GoRulesWire.Listed(writer, (invitation, organisation))
        );
    }

    public VendorAnswer Invite()
    {
        if (!world.Quirks[GoRulesQuirks.OrganisationWrites])
            return Forbidden;
        using var body = JsonBody.Read(request);
        var problems = new List<string>();
        var emails = body.Texts("emails", problems.Add) ?? [];
        if (emails.IsEmpty || emails.Length > LargestBatch)
            problems.Add($"emails must hold 1 to {LargestBatch} addresses");
        problems.AddRange(emails.Where(email => !EmailAddress.Fits(email)).Select(email => $"{email} is no address"));
        if (world.Quirks[GoRulesQuirks.KnownRefused])
        {
            var known = world;
            problems.AddRange(
                emails
                    .Where(email => known.User(email) is not null)
                    .Select(email => $"{email} is in the organisation already")
            );
        }

        return problems.Count > 0
            ? GoRulesWire.BadRequest(string.Join("; ", problems))
            : GoRulesWire.Bare(Invite(emails.Distinct(StringComparer.OrdinalIgnoreCase)), GoRulesWire.Invited);
    }

    public VendorAnswer Resend(string userId)
    {
        if (!world.Quirks[GoRulesQuirks.OrganisationWrites])
            return Forbidden;
        if (!Guid.TryParseExact(userId, "D", out var id) || world.User(id) is not { } user)
            return GoRulesWire.NotFound;
        if (user is not { IsPending: true, Invitation: { } invitation })
            return GoRulesWire.BadRequest("the user has accepted already");
        world.Resend(invitation);
        return new(204);
    }

    private static VendorAnswer Forbidden =>
        GoRulesWire.Error(403, "Forbidden", "A personal access token cannot do this");

    private List<GoRulesInvitation> Invite(IEnumerable<string> emails)
    {
        var invitations = new List<GoRulesInvitation>();
        foreach (var email in emails)
        {
            if (world.User(email) is not { } known)
                invitations.Add(world.Invite(email));
            else if (known.Invitation is { } there)
                invitations.Add(there);
        }

        return invitations;
    }
}
