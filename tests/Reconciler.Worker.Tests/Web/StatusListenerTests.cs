using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Reconciler.Hosting.Reconciling;
using Reconciler.Testing;
using Reconciler.Worker.Web;

namespace Reconciler.Worker.Tests.Web;

/// <summary>The status page over real HTTP: here the document, and what every answer has.</summary>
public sealed partial class StatusListenerTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("status-");
    private readonly FakeWorkerView _worker = new(WorkerSample.Status());
    private readonly StandingClock _clock = new(WorkerSample.Now);
    private readonly StatusListener _listener;
    private readonly HttpClient _http = new();

    public StatusListenerTests() => _listener = new(new(new(IPAddress.Loopback, 0)), _worker, _clock);

    public async ValueTask InitializeAsync()
    {
        await _listener.StartAsync(TestContext.Current.CancellationToken);
        _http.BaseAddress = new(_listener.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _listener.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_document_says_the_same_to_programs()
    {
        using var answer = await _http.GetAsync(
            new Uri("/status.json", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        using var json = JsonDocument.Parse(
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        var root = json.RootElement;
        Assert.Equal("reconciler.dev/status/v1", root.GetProperty("version").GetString());
        Assert.Equal(
            "c0ffee4b7a8d0c3e5f6a7b8c9d0e1f2a3b4c5d6e",
            root.GetProperty("source").GetProperty("brokenRevision").GetString()
        );
        Assert.Equal(
            [true, false],
            root.GetProperty("providers").EnumerateArray().Select(p => p.GetProperty("reachable").GetBoolean())
        );
        var held = root.GetProperty("projects")
            .EnumerateArray()
            .Single(p => p.GetProperty("state").GetString() == "held");
        Assert.Equal(
            _worker.Status.Projects.Single(p => p.State == ProjectState.Held).Planned!.Plan!.Digest,
            held.GetProperty("digest").GetString()
        );
        Assert.Equal("plan", held.GetProperty("holds")[0].GetProperty("scope").GetString());
        Assert.Equal(4, held.GetProperty("planned").GetProperty("remove").GetInt32());
        Assert.Equal(5, held.GetProperty("members").GetInt32());
        Assert.Equal(6, root.GetProperty("projects").GetArrayLength());
    }

    [Fact]
    public async Task Every_answer_forbids_frames_scripts_caches_and_referrers()
    {
        foreach (var path in new[] { "/", "/people", "/status.json", "/nothing", "/projects/default/nothing" })
        {
            using var answer = await _http.GetAsync(
                new Uri(path, UriKind.Relative),
                TestContext.Current.CancellationToken
            );
            Assert.Equal(
                path.EndsWith("nothing", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.OK,
                answer.StatusCode
            );
            string Header(string name) => string.Join(' ', answer.Headers.GetValues(name));
            Assert.Matches(
                "^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; "
                    + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'$",
                Header("Content-Security-Policy")
            );
            Assert.Equal(
                ("nosniff", "no-referrer", "no-store", "DENY", "same-origin"),
                (
                    Header("X-Content-Type-Options"),
                    Header("Referrer-Policy"),
                    Header("Cache-Control"),
                    Header("X-Frame-Options"),
                    Header("Cross-Origin-Resource-Policy")
                )
            );
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task It_only_reads()
    {
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Options })
        {
            using var answer = await _http.SendAsync(new(method, "/"), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        }

        using var head = await _http.SendAsync(new(HttpMethod.Head, "/"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    // Where a word may break it is one word all the same.
    private static string Whole(string html) => html.Replace("<wbr>", "", StringComparison.Ordinal);

    private async Task<string> GetAsync(string path) =>
        await _http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    // What a reader sees, with single spaces.
    private async Task<string> TextAsync(string path) =>
        Space()
            .Replace(WebUtility.HtmlDecode(Tag().Replace(Style().Replace(Whole(await GetAsync(path)), ""), " ")), " ")
            .Replace(" .", ".", StringComparison.Ordinal)
            .Replace(" :", ":", StringComparison.Ordinal)
            .Replace(" ,", ",", StringComparison.Ordinal);

    [GeneratedRegex("<style>[^<]*</style>|<script>.*?</script>", RegexOptions.Singleline, 60_000)]
    private static partial Regex Style();

    [GeneratedRegex("</?(?<name>[^ >\n]+)[^>]*>", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex("\\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Space();
}
