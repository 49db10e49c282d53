using System.Text.Json.Nodes;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox.Tests.EquinixMetal;

/// <summary>
/// A sandbox with one Equinix Metal connection. Ana administrates the project, Bob works in it, Carol is invited, Dan
/// is invited to it and to a second one, and the token's user is invited to the second one.
/// </summary>
internal sealed class EquinixSandbox : VendorSandbox
{
    public const string Name = "equinix-metal";
    public const string Project = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string SecondProject = "4c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string ForbiddenProject = "5c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string ForeignProject = "6c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string Organization = "0a90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string Token = "secret";
    public const string Header = "X-Auth-Token";

    private EquinixSandbox(Serving serving, HttpMessageHandler? handler)
        : base(serving, Name, "/", handler) => Http.DefaultRequestHeaders.Add(Header, Token);

    public static SandboxSeed Seed { get; } =
        new()
        {
            Token = Token,
            Projects =
            [
                new(Project, Name)
                {
                    Organization = Organization,
                    Members =
                    [
                        new("ana@example.com", SandboxAccess.Roles("admin", "billing")),
                        new("Bob@Example.com", SandboxAccess.Roles("collaborator")),
                    ],
                    Invitations =
                    [
                        new("carol@example.com", SandboxAccess.Roles("collaborator")),
                        new("dan@example.com", SandboxAccess.Roles("collaborator")) { AlsoProjects = [SecondProject] },
                    ],
                },
                new(SecondProject, Name)
                {
                    Organization = Organization,
                    Invitations = [new("bot@example.com", SandboxAccess.Roles("admin"))],
                },
                new(ForbiddenProject, Name) { Organization = Organization, Forbidden = true },
                new(ForeignProject, Name),
            ],
        };

    public static async Task<EquinixSandbox> StartAsync(
        SandboxSeed? seed = null,
        Func<SandboxServer, HttpMessageHandler>? handler = null
    )
    {
        var serving = await ServeAsync(seed ?? Seed);
        return new(serving, handler?.Invoke(serving.Server));
    }

    public static Task<EquinixSandbox> WithAsync(string quirk) =>
        StartAsync(Seed with { Quirks = new Dictionary<string, bool> { [quirk] = true } });

    public static SandboxSeed Crowd(int size) =>
        Seed with
        {
            Projects =
            [
                new(Project, Name)
                {
                    Members =
                    [
                        .. Enumerable
                            .Range(0, size)
                            .Select(i => new SeedMember($"p{i:000}@example.com", SandboxAccess.Roles("collaborator"))),
                    ],
                },
            ],
        };

    public Task<(int Status, JsonNode Body)> InviteAsync(string email, params string[] roles) =>
        PostAsync($"projects/{Project}/invitations", new JsonObject { ["invitee"] = email, ["roles"] = List(roles) });

    public Task<(int Status, JsonNode Body)> ChangeAsync(string email, string spelling, params string[] roles) =>
        PutAsync($"memberships/{Member(Project, email).Id}", new JsonObject { [spelling] = List(roles) });

    public string InvitationOf(string email, string project = Project) =>
        Connection.Invitations(project).Last(invitation => invitation.Email == email).Id;

    public IReadOnlyList<string> RolesOf(string email, string project = Project) =>
        Member(project, email).Access["roles"];

    public async Task<IReadOnlyList<string>> InviteesAsync(string path) =>
        [
            .. (await GetAsync(path)).Body["invitations"]!
                .AsArray()
                .Select(invitation => (string)invitation!["invitee"]!),
        ];
}
