namespace Reconciler.Sandbox.Clarifeye;

/// <summary>The paths of Clarifeye's API for users and invitations.</summary>
internal enum ClarifeyeEndpoint
{
    Users,
    User,
    RemoveByEmail,
    Invites,
    Invite,
    OneInvite,
}

/// <summary>A path, split into its parts.</summary>
internal readonly record struct ClarifeyeRoute(ClarifeyeEndpoint Endpoint, string ProjectId, Guid RecordId = default)
{
    /// <summary>Parses a path; null where Clarifeye has no such path. The last slash is required.</summary>
    public static ClarifeyeRoute? Parse(string path)
    {
        var segments = path.Split('/');
        if (segments is not ["", "projects", var project, .. var rest] || !Guid.TryParseExact(project, "D", out _))
            return null;
        return rest switch
        {
            ["users", ""] => new(ClarifeyeEndpoint.Users, project),
            ["users", "remove-by-email", ""] => new(ClarifeyeEndpoint.RemoveByEmail, project),
            ["users", var id, ""] when Guid.TryParseExact(id, "D", out var record) => new(
                ClarifeyeEndpoint.User,
                project,
                record
            ),
            ["invites", ""] => new(ClarifeyeEndpoint.Invites, project),
            ["invites", "invite", ""] => new(ClarifeyeEndpoint.Invite, project),
            ["invites", var id, ""] when Guid.TryParseExact(id, "D", out var record) => new(
                ClarifeyeEndpoint.OneInvite,
                project,
                record
            ),
            _ => null,
        };
    }
}
