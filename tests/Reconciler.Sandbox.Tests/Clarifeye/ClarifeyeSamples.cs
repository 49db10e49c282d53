namespace Reconciler.Sandbox.Tests.Clarifeye;

/// <summary>The bodies that Clarifeye's reference pages show for its two documented calls.</summary>
internal static class ClarifeyeSamples
{
    public const string InviteRequest =
        """{"email":"user@example.com","permissions":["CAN_VIEW_DATA","CAN_RUN_TASKS"]}""";

    public const string InviteAnswer = """
        {
          "id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
          "email": "jsmith@example.com",
          "permissions": ["CAN_PERFORM_ADMIN_ACTIONS"],
          "status": "pending",
          "created_at": "2023-11-07T05:31:56Z",
          "updated_at": "2023-11-07T05:31:56Z",
          "invited_by": {
            "id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
            "email": "jsmith@example.com",
            "date_joined": "2023-11-07T05:31:56Z"
          },
          "type": "new_user"
        }
        """;

    public const string PatchRequest = """{"permissions":["CAN_VIEW_DATA","CAN_PERFORM_ADMIN_ACTIONS"]}""";

    public const string PatchAnswer = """
        {
          "id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
          "user": {
            "id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
            "email": "jsmith@example.com",
            "date_joined": "2023-11-07T05:31:56Z"
          },
          "permissions": ["CAN_PERFORM_ADMIN_ACTIONS"]
        }
        """;
}
