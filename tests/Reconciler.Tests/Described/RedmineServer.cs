using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Reconciler.Testing.Sources;

namespace Reconciler.Tests.Described;

/// <summary>A real Redmine with the people of a seed; the tests are skipped where none can be started.</summary>
public sealed class RedmineServer : IAsyncLifetime
{
    private const string Seed = """
        {"users": [
           {"login": "ann", "firstname": "Ann", "lastname": "Ä", "mail": "ann@example.net", "password": "secret-12"},
           {"login": "bob", "firstname": "Bob", "lastname": "B", "mail": "bob@example.net", "locked": true},
           {"login": "cleo", "firstname": "Cleo", "lastname": "C", "mail": "Cleo@example.net"},
           {"login": "dan", "firstname": "Dan", "lastname": "D", "mail": "dan@example.net"}],
         "groups": [{"name": "Team", "users": ["dan"]}],
         "projects": [{"identifier": "alpha", "name": "Alpha"}, {"identifier": "beta", "name": "Beta"},
           {"identifier": "gamma", "name": "Gamma"}],
         "memberships": [
           {"project": "alpha", "login": "ann", "roles": ["Developer"]},
           {"project": "alpha", "login": "bob", "roles": ["Developer"]},
           {"project": "alpha", "group": "Team", "roles": ["Reporter"]},
           {"project": "beta", "login": "ann", "roles": ["Manager", "Reporter"]},
           {"project": "gamma", "login": "ann", "roles": ["Manager"]}]}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private Process? _server;

    /// <summary>Where it is.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The key of its administrator.</summary>
    public string Key { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (Command() is not { } command)
            return;
        await File.WriteAllTextAsync(_folder["seed.json"], Seed);
        var start = new ProcessStartInfo(command, [_folder["redmine"], $"{FreePort()}", "--seed", _folder["seed.json"]])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        _server = Process.Start(start)!;
        var ready = await _server.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        if (ready?.Split(' ') is not ["ready", var url, var key])
            throw new InvalidOperationException($"Redmine did not start; it said {ready}");
        (Url, Key) = (url, key);
        _http.DefaultRequestHeaders.Add("X-Redmine-API-Key", Key);
    }

    /// <summary>Skips the test where there is no server.</summary>
    public static void Need() =>
        Assert.SkipWhen(
            Command() is null,
            "Set RECONCILER_REDMINE to a command that serves a Redmine to run this test: it gets a folder, a port and "
                + "--seed FILE, and prints 'ready URL KEY'."
        );

    /// <summary>Everybody in a project, by their names: the roles, with a star on those from a group.</summary>
    public async Task<IEnumerable<string>> MembersAsync(string project)
    {
        var answer = await GetAsync($"projects/{project}/memberships.json?limit=100");
        return answer["memberships"]!
            .AsArray()
            .Where(m => m!["user"] is not null)
            .Select(m => $"{m!["user"]!["name"]}: {string.Join(", ", m["roles"]!.AsArray().Select(Role).Order())}")
            .Order(StringComparer.Ordinal);
    }

    /// <summary>The key of somebody.</summary>
    public async Task<string> KeyOfAsync(string login)
    {
        var users = (await GetAsync("users.json"))["users"]!.AsArray();
        var id = users.Single(u => (string?)u!["login"] == login)!["id"];
        return (string)(await GetAsync($"users/{id}.json"))["user"]!["api_key"]!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            // SIGTERM lets the script end the server that it started.
            using var stop = Process.Start("kill", ["-TERM", $"{server.Id}"])!;
            await stop.WaitForExitAsync();
            await server.WaitForExitAsync().WaitAsync(Patience);
            server.Dispose();
        }

        _http.Dispose();
        _folder.Dispose();
    }

    private async Task<JsonNode> GetAsync(string path) =>
        (await _http.GetFromJsonAsync<JsonNode>(new Uri($"{Url}/{path}"), TestContext.Current.CancellationToken))!;

    private static string Role(JsonNode? role) => $"{role!["name"]}{((bool?)role["inherited"] == true ? "*" : "")}";

    private static string? Command() => Environment.GetEnvironmentVariable("RECONCILER_REDMINE");

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
