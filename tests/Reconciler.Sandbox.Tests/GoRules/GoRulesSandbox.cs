using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox.Tests.GoRules;

/// <summary>
/// A sandbox with one GoRules connection. Ana owns the project, Bob edits in it, Carol is invited to the organisation
/// and waits in the project, Ken is in the organisation only.
/// </summary>
internal sealed class GoRulesSandbox : VendorSandbox
{
    public const string Name = "gorules-acme";
    public const string Project = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string SecondProject = "4c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string ForbiddenProject = "5c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string Editors = "e090c3cc-0d44-4b50-8888-8dd25736052a";
    public const string Viewers = "f090c3cc-0d44-4b50-8888-8dd25736052a";
    public const string Token = "pat";

    private GoRulesSandbox(Serving serving)
        : base(serving, Name, $"/api/projects/{Project}/", handler: null) =>
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);

    public static SandboxSeed Seed { get; } =
        new()
        {
            Connections =
            [
                new(Name)
                {
                    Token = Token,
                    ServiceUsers = ["ci@example.com"],
                    KnownUsers = ["ken@example.com"],
                },
            ],
            Projects =
            [
                new(Project, Name)
                {
                    Groups =
                    [
                        new("Editors")
                        {
                            Id = Editors,
                            Permissions = ["document:edit"],
                            Description = "They edit",
                            RoleId = "a090c3cc-0d44-4b50-8888-8dd25736052a",
                        },
                        new("Viewers") { Id = Viewers },
                    ],
                    Members =
                    [
                        new("ana@example.com", SandboxAccess.Groups(owner: true)),
                        new("Bob@Example.com", SandboxAccess.Groups(owner: false, "Editors")),
                    ],
                    Invitations = [new("carol@example.com", SandboxAccess.Groups(owner: false, "Viewers"))],
                },
                new(SecondProject, Name),
                new(ForbiddenProject, Name) { Forbidden = true },
            ],
        };

    public static async Task<GoRulesSandbox> StartAsync(SandboxSeed? seed = null) =>
        new(await ServeAsync(seed ?? Seed));

    public static Task<GoRulesSandbox> WithAsync(string quirk, bool on) =>
        StartAsync(Seed with { Quirks = new Dictionary<string, bool> { [quirk] = on } });

    public Task<(int Status, JsonNode Body)> InviteAsync(params string[] emails) =>
        PostAsync("../../users", new JsonObject { ["emails"] = List(emails) });

    public Task<(int Status, JsonNode Body)> AddAsync(string userId, params string[] groupIds) =>
        PostAsync("members", new JsonObject { ["userIds"] = List([userId]), ["groupIds"] = List(groupIds) });

    public Task<(int Status, JsonNode Body)> ChangeAsync(string email, bool owner, params string[] groupIds) =>
        PutAsync(
            $"members/{Member(Project, email).Id}",
            new JsonObject { ["groupIds"] = List(groupIds), ["owner"] = owner }
        );

    public async Task<IReadOnlyList<string>> EmailsOfAsync(string path) =>
        [.. (await GetAsync(path)).Body["results"]!.AsArray().Select(item => (string)item!["email"]!)];

    public async Task<string> UserIdAsync(string email) =>
        (string)Assert.Single((await GetAsync($"../../users?search={email}")).Body["results"]!.AsArray())!["id"]!;

    public string AccessOf(string email) => $"{Member(Project, email).Access}";
}
