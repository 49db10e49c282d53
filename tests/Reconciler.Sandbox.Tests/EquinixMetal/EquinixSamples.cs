namespace Reconciler.Sandbox.Tests.EquinixMetal;

/// <summary>What Equinix Metal's pages and document show of invitations and errors.</summary>
internal static class EquinixSamples
{
    public const string InviteRequest = """
        {
            "invitee": "string",
            "message": "string",
            "roles": [
                "string"
            ],
            "projects_ids": [
                "string"
            ]
        }
        """;

    public const string InvalidRole = """{"errors":["Roles contains an invalid role limited_collaborator"]}""";
}
