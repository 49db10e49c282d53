namespace Reconciler.Testing.Sandbox.ConfidentAi;

/// <summary>The bodies that Confident AI's reference page shows for creating invitations.</summary>
public static class ConfidentSamples
{
    public const string InviteRequest = """
        {
          "emails": [
            "carol@example.com",
            "dave@example.com"
          ],
          "projectRoleId": "project-role-uuid-2"
        }
        """;

    public const string InviteAnswer = """
        {
          "success": true,
          "data": {
            "invitations": [
              {
                "id": 201,
                "email": "carol@example.com",
                "status": "PENDING",
                "created_at": "2024-12-04T23:00:00.000Z",
                "projectRoleId": "project-role-uuid-2"
              },
              {
                "id": 202,
                "email": "dave@example.com",
                "status": "PENDING",
                "created_at": "2024-12-04T23:00:00.000Z",
                "projectRoleId": "project-role-uuid-2"
              }
            ]
          }
        }
        """;
}
