using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Clarifeye;

/// <summary>Handles the six calls of one project.</summary>
internal readonly struct ClarifeyeEndpoints(ClarifeyeWorld world, ClarifeyeProject project)
{
    public VendorAnswer ListUsers(VendorRequest request)
    {
        var found = Listing.Search(
            project.Members.All,
            request.Query["search"].ToString(),
            member => member.User.Email
        );
        return ClarifeyePage.Answer(request, found, world, ClarifeyeWire.Member);
    }

    public VendorAnswer ListInvites(VendorRequest request)
    {
        var found = Listing.Search(project.Invites, request.Query["search"].ToString(), invite => invite.Email);
        if (request.Query["status"].ToString() is { Length: > 0 } status)
        {
            if (status is not (ClarifeyeInvite.Pending or ClarifeyeInvite.Accepted or ClarifeyeInvite.Cancelled))
                return ClarifeyeWire.FieldError(
                    "status",
                    $"Select a valid choice. {status} is not one of the available choices."
                );
            found = [.. found.Where(invite => invite.Status.Equals(status, StringComparison.Ordinal))];
        }

        return ClarifeyePage.Answer(request, found, world, ClarifeyeWire.Invite);
    }

    public VendorAnswer Patch(Guid permissionId, VendorRequest request)
    {
        if (project.Members.Find(permissionId) is not { } member)
            return ClarifeyeWire.NotFound;
        using var form = ClarifeyeForm.Read(request);
        var permissions = form.Permissions(required: !world.Profiles);
        var profile = world.Profiles ? form.Profile() : null;
        if (form.Refusal is { } refusal)
            return refusal;
        var access = member.Access;
        if (permissions is { } given)
            access = access with
            {
                Permissions = world.PatchMerges ? [.. access.Permissions.Union(given, StringComparer.Ordinal)] : given,
            };
        member.Access = access with { Profile = profile ?? access.Profile };
        return VendorAnswer.Json(200, JsonText.Write((member, world), ClarifeyeWire.Member));
    }

    public VendorAnswer RemoveByEmail(VendorRequest request)
    {
        using var form = ClarifeyeForm.Read(request);
        var email = form.Email();
        if (form.Refusal is { } refusal)
            return refusal;
        if (email.Equals(world.Actor.Email, StringComparison.OrdinalIgnoreCase))
            return ClarifeyeWire.Error(400, "You cannot remove yourself from the project.");
        if (project.Members.Find(email) is not { } member)
            return ClarifeyeWire.Error(400, "User not found");
        project.Members.Remove(member);
        return new(204);
    }

    public VendorAnswer Invite(VendorRequest request)
    {
        using var form = ClarifeyeForm.Read(request);
        var email = form.Email();
        var permissions = form.Permissions(required: true);
        var profile = world.Profiles ? form.Profile() : null;
        if (form.Refusal is { } refusal)
            return refusal;
        if (project.Members.Find(email) is not null)
            return ClarifeyeWire.Error(400, "User already has access to this project.");
        if (project.PendingInvite(email) is not null)
            return ClarifeyeWire.Error(400, "User has already been invited to this project.");
        var invite = world.Invite(project, email, new(permissions!.Value, profile ?? ClarifeyeSeed.DefaultProfile));
        return VendorAnswer.Json(201, JsonText.Write((invite, world), ClarifeyeWire.CreatedInvite));
    }

    public VendorAnswer Cancel(Guid inviteId)
    {
        if (project.Invite(inviteId) is not { } invite)
            return ClarifeyeWire.NotFound;
        if (!invite.IsPending)
            return ClarifeyeWire.Error(400, "Only pending invitations can be cancelled.");
        world.Cancel(project, invite);
        return new(204);
    }
}
