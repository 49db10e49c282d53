namespace Reconciler.Sandbox.Clarifeye;

/// <summary>The paths that Clarifeye has for people.</summary>
internal enum ClarifeyeEndpoint
{
    Users,
    User,
    RemoveByEmail,
    Invites,
    Invite,
    OneInvite,
}

/// <summary>A path, taken apart.</summary>
internal readonly record struct ClarifeyeRoute(ClarifeyeEndpoint Endpoint, string ProjectId, Guid RecordId = default)
{
    /// <summary>Null where Clarifeye has no such path; a path without its last slash is none.</summary>
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
