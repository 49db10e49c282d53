using System.Text.Json.Nodes;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox.Tests.ConfidentAi;

/// <summary>
/// A sandbox with one Confident AI connection. Ana owns the project, Bob works in it, Carol is invited, Dan has
/// declined.
/// </summary>
internal sealed class ConfidentSandbox : VendorSandbox
{
    public const string Name = "confident-ai-eu";
    public const string Project = "cm4abc123";
    public const string ForbiddenProject = "cm4secret";
    public const string Key = "confident_org_key";
    public const string Header = "CONFIDENT_API_KEY";

    private ConfidentSandbox(Serving serving, HttpMessageHandler? handler)
        : base(serving, Name, $"/v1/projects/{Project}/", handler) => Http.DefaultRequestHeaders.Add(Header, Key);

    public static SandboxSeed Seed { get; } =
        new()
        {
            Connections = [new(Name) { Token = Key, OtherOrganization = ["Erin@example.com", "fay@example.com"] }],
            KnownUsers = ["ken@example.com"],
            Projects =
            [
                new(Project, Name)
                {
                    Name = "Production App",
                    Roles = ["Analyst"],
                    Members =
                    [
                        new("ana@example.com", SandboxAccess.Role("Owner")),
                        new("Bob@Example.com", SandboxAccess.Role("Member")),
                    ],
                    Invitations =
                    [
                        new("carol@example.com", SandboxAccess.Role("Member")),
                        new("dan@example.com", SandboxAccess.Role("Analyst")) { Status = "declined" },
                    ],
                },
                new(ForbiddenProject, Name) { Forbidden = true },
            ],
        };

    public static async Task<ConfidentSandbox> StartAsync(
        SandboxSeed? seed = null,
        Func<SandboxServer, HttpMessageHandler>? handler = null
    )
    {
        var serving = await ServeAsync(seed ?? Seed);
        return new(serving, handler?.Invoke(serving.Server));
    }

    public static Task<ConfidentSandbox> WithAsync(string quirk) =>
        StartAsync(Seed with { Quirks = new Dictionary<string, bool> { [quirk] = true } });

    public static IReadOnlyList<string> Emails(JsonNode body, string list) =>
        [.. body["data"]![list]!.AsArray().Select(item => (string)item!["email"]!)];

    public Task<(int Status, JsonNode Body)> InviteAsync(string? roleId, params string[] emails)
    {
        var body = new JsonObject { ["emails"] = List(emails) };
        if (roleId is not null)
            body["projectRoleId"] = roleId;
        return PostAsync("invitations", body);
    }

    public async Task<string> RoleAsync(string name) =>
        (string)
            (await GetAsync("roles")).Body["data"]!["roles"]!.AsArray().Single(role => (string?)role!["name"] == name)![
                "id"
            ]!;

    public async Task<(int Status, JsonNode Body)> AssignAsync(string email, string role) =>
        await PutAsync($"members/{Member(Project, email).Id}", new JsonObject { ["roleId"] = await RoleAsync(role) });

    public string InvitationOf(string email) =>
        Connection.Invitations(Project).Last(invitation => invitation.Email == email).Id;

    public string RoleOf(string email) => Assert.Single(Member(Project, email).Access["role"]);
}
