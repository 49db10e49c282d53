using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Reconciler.Tests.Examples.Ci;

/// <summary>
/// The calls of GitHub's and GitLab's APIs that the workflows make, over HTTP, with their pages and their refusals.
/// </summary>
internal sealed class ForgeServer : IAsyncDisposable
{
    /// <summary>The token of GitLab's workflows.</summary>
    public const string Token = "glpat-comments";

    private const int BotId = 7;
    private const int LargestPage = 100;
    private readonly WebApplication _app;
    private readonly Forge _forge;

    private ForgeServer(Forge forge)
    {
        _forge = forge;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Url => _app.Urls.Single();

    public static async Task<ForgeServer> StartAsync(Forge forge)
    {
        var server = new ForgeServer(forge);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var authorization = request.Headers.Authorization.ToString() + request.Headers["PRIVATE-TOKEN"];
        _forge.Requests.Enqueue(($"{request.Method} {request.Path}", authorization));
        var words = request.Path.Value!.Trim('/').Split('/');
        var body = request.Method == "GET" ? null : await JsonNode.ParseAsync(request.Body);
        await (
            words switch
            {
                ["releases", .. var path] => FileAsync(context, path),
                ["github", "repos", _, _, .. var path] => GitHubAsync(context, path, body, authorization),
                ["api", "v4", .. var path] => GitLabAsync(context, path, body, authorization),
                _ => RefuseAsync(context, 404, "Not Found"),
            }
        );
    }

    private Task GitHubAsync(HttpContext context, string[] path, JsonNode? body, string authorization)
    {
        // The token of a job says what the job may do.
        var isOfCommits = path is ["git" or "compare", ..];
        var needed = (context.Request.Method == "GET", isOfCommits) switch
        {
            (true, true) => "contents=",
            (true, _) => "pull-requests=",
            (_, true) => "contents=write",
            _ => "pull-requests=write",
        };
        if (!authorization.Contains(needed, StringComparison.Ordinal))
            return RefuseAsync(context, 403, "Resource not accessible by integration");
        switch (context.Request.Method, path)
        {
            case ("GET", ["issues", var number, "comments"]):
                return PageAsync(
                    context,
                    _forge
                        .CommentsOf(Number(number))
                        .Select(c => new JsonObject
                        {
                            ["id"] = c.Id,
                            ["user"] = new JsonObject { ["login"] = c.Author },
                            ["body"] = c.Body,
                        })
                );
            case ("GET", ["commits", var commit, "pulls"]):
                return PageAsync(context, Merged(commit, n => new() { ["number"] = n, ["merged_at"] = "2026-01-01" }));
            case ("GET", ["compare", var range]):
                return AnswerAsync(context, new JsonObject { ["status"] = Direction(range.Split("...")) });
            case (_, ["issues", ..]) when _forge.RefusesComments:
                return RefuseAsync(context, 503, "No server is currently available");
            case ("POST", ["issues", var number, "comments"]):
                _forge.Write(Number(number), Forge.Bot, (string)body!["body"]!);
                return AnswerAsync(context, new JsonObject());
            case ("PATCH", ["issues", "comments", var id]):
                _forge.Rewrite(Number(id), (string)body!["body"]!);
                return AnswerAsync(context, new JsonObject());
            case ("PATCH", ["git", "refs", "tags", var tag]):
                _forge.Repository.Point($"refs/tags/{tag}", (string)body!["sha"]!);
                return AnswerAsync(context, new JsonObject());
            default:
                return RefuseAsync(context, 404, "Not Found");
        }
    }

    private Task GitLabAsync(HttpContext context, string[] path, JsonNode? body, string authorization)
    {
        if (authorization != Token)
            return RefuseAsync(context, 401, "401 Unauthorized");
        switch (context.Request.Method, path)
        {
            case ("GET", ["user"]):
                return AnswerAsync(context, new JsonObject { ["id"] = BotId });
            case ("GET", ["projects", _, "merge_requests", var number, "notes"]):
                return PageAsync(
                    context,
                    _forge
                        .CommentsOf(Number(number))
                        .Select(c => new JsonObject
                        {
                            ["id"] = c.Id,
                            ["author"] = new JsonObject { ["id"] = c.Author == Forge.Bot ? BotId : BotId + 1 },
                            ["body"] = c.Body,
                        })
                );
            case ("GET", ["projects", _, "repository", "commits", var commit, "merge_requests"]):
                return PageAsync(context, Merged(commit, n => new() { ["iid"] = n, ["state"] = "merged" }));
            case (_, ["projects", ..]) when _forge.RefusesComments:
                return RefuseAsync(context, 500, "500 Internal Server Error");
            case ("POST", ["projects", _, "merge_requests", var number, "notes"]):
                _forge.Write(Number(number), Forge.Bot, (string)body!["body"]!);
                return AnswerAsync(context, new JsonObject());
            case ("PUT", ["projects", _, "merge_requests", _, "notes", var id]):
                _forge.Rewrite(Number(id), (string)body!["body"]!);
                return AnswerAsync(context, new JsonObject());
            default:
                return RefuseAsync(context, 404, "404 Not Found");
        }
    }

    // Where the second commit lies, seen from the tag, in the words of GitHub's comparison.
    private string Direction(string[] ends)
    {
        var counts = _forge
            .Repository.Git("rev-list", "--left-right", "--count", $"refs/tags/{ends[0]}...{ends[1]}")
            .Trim()
            .Split('\t');
        return (counts[0], counts[1]) switch
        {
            ("0", "0") => "identical",
            ("0", _) => "ahead",
            (_, "0") => "behind",
            _ => "diverged",
        };
    }

    private IEnumerable<JsonObject> Merged(string commit, Func<int, JsonObject> describe) =>
        _forge.MergedBy.TryGetValue(commit, out var number) ? [describe(number)] : [];

    // GitHub names the next page in a header of links, GitLab its number; an empty one is the end.
    private static Task PageAsync(HttpContext context, IEnumerable<JsonObject> rows)
    {
        var query = context.Request.Query;
        var size = int.TryParse(query["per_page"], CultureInfo.InvariantCulture, out var s) ? s : 30;
        var page = int.TryParse(query["page"], CultureInfo.InvariantCulture, out var p) ? p : 1;
        size = Math.Min(size, LargestPage);
        var all = rows.ToList();
        var next = all.Count > page * size ? (page + 1).ToString(CultureInfo.InvariantCulture) : "";
        context.Response.Headers["X-Next-Page"] = next;
        if (next.Length > 0)
        {
            var url = $"{context.Request.Scheme}://{context.Request.Host}{context.Request.Path}";
            context.Response.Headers.Link = $"<{url}?per_page={size}&page={next}>; rel=\"next\"";
        }

        return AnswerAsync(context, new JsonArray([.. all.Skip((page - 1) * size).Take(size)]));
    }

    private Task FileAsync(HttpContext context, string[] path)
    {
        var file = Path.Combine([_forge.Releases ?? "/nowhere", .. path]);
        return File.Exists(file) ? context.Response.SendFileAsync(file) : RefuseAsync(context, 404, "Not Found");
    }

    private static Task AnswerAsync(HttpContext context, JsonNode answer) =>
        context.Response.WriteAsJsonAsync(answer, JsonSerializerOptions.Default);

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return AnswerAsync(context, new JsonObject { ["message"] = message });
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
