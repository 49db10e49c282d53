using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox.Tests.Clarifeye;

/// <summary>
/// A sandbox with one Clarifeye connection, and a client that is signed in to it and follows no redirect.
/// </summary>
internal sealed class ClarifeyeSandbox : VendorSandbox
{
    public const string Name = "clarifeye-eu";
    public const string Project = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string ForbiddenProject = "11111111-0d44-4b50-8888-8dd25736052a";
    public const string Token = "secret";

    private ClarifeyeSandbox(Serving serving, HttpMessageHandler? handler)
        : base(serving, Name, $"/projects/{Project}/", handler) =>
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);

    public static SandboxSeed Seed { get; } =
        new()
        {
            Token = Token,
            KnownUsers = ["ken@example.com"],
            Projects =
            [
                new(Project, Name)
                {
                    Members =
                    [
                        new("ana@example.com", SandboxAccess.Permissions("CAN_VIEW_DATA")),
                        new("Bob@Example.com", SandboxAccess.Permissions("CAN_VIEW_DATA", "CAN_RUN_TASKS")),
                    ],
                    Invitations = [new("carol@example.com", SandboxAccess.Permissions("CAN_VIEW_DATA"))],
                },
                new(ForbiddenProject, Name) { Forbidden = true },
            ],
        };

    public static async Task<ClarifeyeSandbox> StartAsync(
        SandboxSeed? seed = null,
        Func<SandboxServer, HttpMessageHandler>? handler = null,
        Func<SandboxMoment, CancellationToken, Task>? onRequest = null
    )
    {
        var serving = await ServeAsync(seed ?? Seed, onRequest);
        return new(serving, handler?.Invoke(serving.Server));
    }

    public Task<(int Status, JsonNode Body)> InviteAsync(string email, params string[] permissions) =>
        SendAsync(
            HttpMethod.Post,
            "invites/invite/",
            new JsonObject { ["email"] = email, ["permissions"] = List(permissions) }.ToJsonString()
        );

    public Task<(int Status, JsonNode Body)> RemoveAsync(string email) =>
        SendAsync(HttpMethod.Post, "users/remove-by-email/", new JsonObject { ["email"] = email }.ToJsonString());

    public Task<(int Status, JsonNode Body)> PatchAsync(string email, params string[] permissions) =>
        SendAsync(
            HttpMethod.Patch,
            $"users/{IdOf(email)}/",
            new JsonObject { ["permissions"] = List(permissions) }.ToJsonString()
        );

    public Task<(int Status, JsonNode Body)> CancelAsync(string email) =>
        SendAsync(
            HttpMethod.Delete,
            $"invites/{Connection.Invitations(Project).Last(invitation => invitation.Email == email).Id}/"
        );

    public string IdOf(string email) => Member(Project, email).Id;

    public IReadOnlyList<string> Permissions(string email) => Member(Project, email).Access["permissions"];

    public IReadOnlyList<string> Emails() => EmailsIn(Project);
}
