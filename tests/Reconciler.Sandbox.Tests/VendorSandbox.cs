using System.Text;
using System.Text.Json.Nodes;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;

namespace Reconciler.Sandbox.Tests;

/// <summary>
/// A sandbox with one connection in view, and a client of it that follows no redirect. Its clock stands still.
/// </summary>
internal abstract class VendorSandbox : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 31, 9, 0, 0, TimeSpan.Zero);

    private readonly string connection;

    protected VendorSandbox(Serving serving, string connection, string root, HttpMessageHandler? handler)
    {
        this.connection = connection;
        (Server, Clock) = (serving.Server, serving.Clock);
        Http = new HttpClient(handler ?? Plain()) { BaseAddress = new Uri(Server.BaseUrl(connection) + root) };
    }

    public SandboxServer Server { get; }

    public StandingClock Clock { get; }

    public SandboxConnection Connection => Server.Connection(connection);

    public HttpClient Http { get; }

    public static SocketsHttpHandler Plain() => new() { AllowAutoRedirect = false };

    public Task<(int Status, JsonNode Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<(int Status, JsonNode Body)> PostAsync(string path, JsonNode? json = null) =>
        SendAsync(HttpMethod.Post, path, json?.ToJsonString());

    public Task<(int Status, JsonNode Body)> PutAsync(string path, JsonNode? json = null) =>
        SendAsync(HttpMethod.Put, path, json?.ToJsonString());

    public Task<(int Status, JsonNode Body)> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public async Task<(int Status, JsonNode Body)> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var response = await RawAsync(method, path, json);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (
            (int)response.StatusCode,
            text.StartsWith('{') || text.StartsWith('[') ? JsonNode.Parse(text)! : JsonValue.Create(text)
        );
    }

    public async Task<HttpResponseMessage> RawAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public SandboxMember Member(string project, string email) =>
        Connection.Members(project).Single(member => member.Email == email);

    public IReadOnlyList<string> EmailsIn(string project) =>
        [.. Connection.Members(project).Select(member => member.Email)];

    public IReadOnlyList<(string Email, string Status)> InvitationsIn(string project) =>
        [.. Connection.Invitations(project).Select(invitation => (invitation.Email, invitation.Status))];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }

    protected static async Task<Serving> ServeAsync(
        SandboxSeed seed,
        Func<SandboxMoment, CancellationToken, Task>? onRequest = null
    )
    {
        var clock = new StandingClock(Start);
        return new(
            await SandboxServer.StartAsync(
                new SandboxOptions
                {
                    Seed = seed,
                    Clock = clock,
                    OnRequest = onRequest,
                },
                TestContext.Current.CancellationToken
            ),
            clock
        );
    }

    protected static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];

    internal sealed record Serving(SandboxServer Server, StandingClock Clock);
}
