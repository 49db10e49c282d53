using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests.Sandbox.Clarifeye;

/// <summary>A sandbox with one Clarifeye connection, and a client that is signed in to it and follows no redirect.</summary>
internal sealed class ClarifeyeSandbox : IAsyncDisposable
{
    public const string Name = "clarifeye-eu";
    public const string Project = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    public const string ForbiddenProject = "11111111-0d44-4b50-8888-8dd25736052a";
    public const string Token = "secret";

    public static readonly DateTimeOffset Start = new(2026, 1, 31, 9, 0, 0, TimeSpan.Zero);

    private ClarifeyeSandbox(SandboxServer server, HttpMessageHandler handler)
    {
        Server = server;
        Http = new HttpClient(handler) { BaseAddress = new Uri($"{server.BaseUrl(Name)}/projects/{Project}/") };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public static SandboxSeed Seed { get; } = new()
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

    public SandboxServer Server { get; }

    public SandboxConnection Connection => Server.Connection(Name);

    public HttpClient Http { get; }

    public static async Task<ClarifeyeSandbox> StartAsync(SandboxSeed? seed = null, Func<SandboxServer, HttpMessageHandler>? handler = null)
    {
        var server = await SandboxServer.StartAsync(
            new SandboxOptions { Seed = seed ?? Seed, Clock = new FixedClock() }, TestContext.Current.CancellationToken);
        return new(server, handler?.Invoke(server) ?? Plain());
    }

    public static SocketsHttpHandler Plain() => new() { AllowAutoRedirect = false };

    public Task<(int Status, JsonNode Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<(int Status, JsonNode Body)> InviteAsync(string email, params string[] permissions) => SendAsync(
        HttpMethod.Post, "invites/invite/", new JsonObject { ["email"] = email, ["permissions"] = List(permissions) }.ToJsonString());

    public Task<(int Status, JsonNode Body)> RemoveAsync(string email) =>
        SendAsync(HttpMethod.Post, "users/remove-by-email/", new JsonObject { ["email"] = email }.ToJsonString());

    public Task<(int Status, JsonNode Body)> PatchAsync(string email, params string[] permissions) => SendAsync(
        HttpMethod.Patch, $"users/{IdOf(email)}/", new JsonObject { ["permissions"] = List(permissions) }.ToJsonString());

    public Task<(int Status, JsonNode Body)> CancelAsync(string email) =>
        SendAsync(HttpMethod.Delete, $"invites/{Connection.Invitations(Project).Last(invitation => invitation.Email == email).Id}/");

    public async Task<(int Status, JsonNode Body)> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var response = await RawAsync(method, path, json);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text)! : JsonValue.Create(text));
    }

    public async Task<HttpResponseMessage> RawAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public string IdOf(string email) => Connection.Members(Project).Single(member => member.Email == email).Id;

    public IReadOnlyList<string> Permissions(string email) =>
        Connection.Members(Project).Single(member => member.Email == email).Access["permissions"];

    public IReadOnlyList<string> Emails() => [.. Connection.Members(Project).Select(member => member.Email)];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }

    private static JsonArray List(string[] texts) => [.. texts.Select(text => JsonValue.Create(text))];

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Start;
    }
}
