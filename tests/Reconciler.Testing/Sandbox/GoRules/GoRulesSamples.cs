namespace Reconciler.Testing.Sandbox.GoRules;

/// <summary>The bodies that GoRules' reference pages show for members and users.</summary>
public static class GoRulesSamples
{
    public const string AddRequest = """
        {
          "userIds": ["3c90c3cc-0d44-4b50-8888-8dd25736052a"],
          "groupIds": ["3c90c3cc-0d44-4b50-8888-8dd25736052a"],
          "owner": false
        }
        """;

    public const string AddAnswer = """
        [
          {
            "id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
            "createdAt": "<string>",
            "updatedAt": "<string>",
            "owner": true,
            "userId": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
            "projectId": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
            "user": {
              "id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
              "email": "[email protected]",
              "firstName": "<string>",
              "lastName": "<string>",
              "type": "<string>",
              "status": "<string>",
              "organisationId": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
              "createdAt": "<string>",
              "updatedAt": "<string>",
              "isService": true
            },
            "groups": [
              {
                "id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
                "name": "<string>",
                "projectId": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
                "permissions": ["<string>"],
                "description": "<string>",
                "roleId": "3c90c3cc-0d44-4b50-8888-8dd25736052a"
              }
            ]
          }
        ]
        """;

    public const string InviteAnswer = """
        [
          {
            "id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
            "email": "jsmith@example.com",
            "status": "pending",
            "userId": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
            "createdAt": "<string>",
            "expiresAt": "<string>"
          }
        ]
        """;
}
