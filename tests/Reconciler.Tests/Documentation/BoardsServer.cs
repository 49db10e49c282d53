using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Reconciler.Tests.Documentation;

/// <summary>The API of Boards, the vendor that the page about describing one has invented, over real HTTP.</summary>
internal sealed class BoardsServer : IAsyncDisposable
{
    /// <summary>Where the page has it.</summary>
    public const string PublicUrl = "https://api.boards.example/v1";

    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private int _last = 10;

    private BoardsServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>The base URL.</summary>
    public string Url => $"{_app.Urls.Single()}/v1";

    /// <summary>Each request, with its header for the token.</summary>
    public ConcurrentQueue<(string Request, string Authorization)> Requests { get; } = [];

    /// <summary>The token that is accepted; null for any.</summary>
    public string? Token { get; init; }

    /// <summary>Whether the token's user is an administrator.</summary>
    public bool IsAdmin { get; init; } = true;

    /// <summary>The members of the one board.</summary>
    public List<JsonObject> Members { get; } =
    [
        Person("m-1", "ana@example.com", "Ana", "owner"),
        Person("m-2", "bot@example.com", "Reconciler", "owner"),
        Person("m-3", "mallory@example.com", "Mallory", "viewer"),
    ];

    /// <summary>The invitations of the one board.</summary>
    public List<JsonObject> Invitations { get; } =
    [
        new()
        {
            ["id"] = "i-1",
            ["email"] = "carol@example.com",
            ["role"] = "editor",
            ["state"] = "open",
            ["created_at"] = "2026-11-20T09:00:00Z",
        },
        new()
        {
            ["id"] = "i-2",
            ["email"] = "dan@example.com",
            ["role"] = "editor",
            ["state"] = "expired",
            ["created_at"] = "2026-01-20T09:00:00Z",
        },
    ];

    public static async Task<BoardsServer> StartAsync(string? token = null, bool isAdmin = true)
    {
        var server = new BoardsServer { Token = token, IsAdmin = isAdmin };
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static JsonObject Person(string id, string email, string name, string role) =>
        new()
        {
            ["id"] = id,
            ["email"] = email,
            ["name"] = name,
            ["role"] = role,
        };

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var authorization = request.Headers.Authorization.ToString();
        Requests.Enqueue(($"{request.Method} {request.Path}", authorization));
        if (Token is not null && authorization != $"Bearer {Token}")
        {
            await WriteAsync(context, 401, new() { ["error"] = "no such token" });
            return;
        }

        var body = request.HasJsonContentType() ? await JsonNode.ParseAsync(request.Body) : null;
        var page = int.Parse(request.Query["page"].FirstOrDefault("1")!, CultureInfo.InvariantCulture);
        var (status, answer) = Answer(request.Method, request.Path.Value!.Split('/')[2..], body, page);
        await WriteAsync(context, status, answer);
    }

    private (int Status, JsonObject? Answer) Answer(string method, string[] path, JsonNode? body, int page)
    {
        lock (_lock)
        {
            return (method, path) switch
            {
                ("GET", ["me"]) => (200, new() { ["email"] = "bot@example.com", ["admin"] = IsAdmin }),
                ("GET", ["boards", "b-1", "members"]) => (200, Page("members", Members, page)),
                ("GET", ["boards", "b-1", "invitations"]) => (200, Page("invitations", Invitations, page)),
                ("POST", ["boards", "b-1", "invitations"]) => (201, Invite(body!)),
                ("PATCH", ["boards", "b-1", "members", var id]) => (200, Change(id, body!)),
                ("DELETE", ["boards", "b-1", "members", var id]) => (Take(Members, id), null),
                ("DELETE", ["boards", "b-1", "invitations", var id]) => (Take(Invitations, id), null),
                _ => (404, new() { ["error"] = "no such place" }),
            };
        }
    }

    private static JsonObject Page(string name, List<JsonObject> all, int page) =>
        new()
        {
            [name] = new JsonArray([.. all.Skip(50 * (page - 1)).Take(50).Select(i => i.DeepClone())]),
            ["total"] = all.Count,
        };

    private JsonObject Invite(JsonNode body)
    {
        JsonObject invitation = new()
        {
            ["id"] = string.Create(CultureInfo.InvariantCulture, $"i-{++_last}"),
            ["email"] = body["email"]!.GetValue<string>(),
            ["role"] = body["role"]!.GetValue<string>(),
            ["state"] = "open",
            ["created_at"] = "2026-11-22T12:00:00Z",
        };
        Invitations.Add(invitation);
        return (JsonObject)invitation.DeepClone();
    }

    private JsonObject Change(string id, JsonNode body)
    {
        var member = Members.Single(m => m["id"]!.GetValue<string>() == id);
        member["role"] = body["role"]!.GetValue<string>();
        return (JsonObject)member.DeepClone();
    }

    private static int Take(List<JsonObject> from, string id) =>
        from.RemoveAll(m => m["id"]!.GetValue<string>() == id) == 0 ? 404 : 204;

    private static async Task WriteAsync(HttpContext context, int status, JsonObject? answer)
    {
        context.Response.StatusCode = status;
        if (answer is null)
            return;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }
}
