using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Tests.Servers;
using Reconciler.Kubernetes.Watching;
using Reconciler.Testing;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Kubernetes.Tests.Watching;

public sealed class ReflectorTests : IAsyncDisposable
{
    private const string Collection = "/apis/example.com/v1/namespaces/a/things";
    private static readonly ResourceType<JsonObject> Things = ResourceType.Untyped(
        "example.com",
        "v1",
        "things",
        "Thing"
    );
    private readonly MemoryApiServer _memory = new();
    private readonly FakeClock _clock = new();
    private readonly List<string> _requests = [];
    private readonly List<KubernetesException> _failures = [];
    private readonly CancellationTokenSource _stop = new();
    private Func<HttpContext, Task<bool>> _fault = _ => Task.FromResult(false);
    private TestServer? _server;
    private ClusterClient? _client;

    [Fact]
    public async Task Lists_come_500_at_a_time_and_the_watch_goes_on_from_their_version()
    {
        for (var i = 0; i < 1_100; i++)
            _memory.Put(Collection, $"t{i}", "x");
        var reflector = await StartAsync();
        await reflector.Synced.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1_100, reflector.Store.Count);
        await Eventually.Async(() => Requests.Count == 4);
        Assert.Equal(3, Requests.Count(one => one.Contains("limit=500", StringComparison.Ordinal)));
        Assert.Contains(
            "resourceVersion=1200&allowWatchBookmarks=true&timeoutSeconds=450",
            Requests[3],
            StringComparison.Ordinal
        );
        _memory.Delete(Collection, "t7");
        await Eventually.Async(() => reflector.Store.Count == 1_099);
        Assert.Null(reflector.Store.Find(new(null, "t7")));
        Assert.True(reflector.IsReady);
    }

    [Fact]
    public async Task A_list_whose_next_page_is_too_old_is_asked_for_as_a_whole()
    {
        for (var i = 0; i < 600; i++)
            _memory.Put(Collection, $"t{i}", "x");
        _fault = context =>
            context.Request.Query.ContainsKey("continue")
                ? AnswerAsync(context, 410, MemoryApiServer.Failure(410, "Expired").Body.ToJsonString())
                : Task.FromResult(false);
        var reflector = await StartAsync();
        await reflector.Synced.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(600, reflector.Store.Count);
        Assert.Equal("", Requests[2]);
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task Failures_in_a_row_wait_longer_each_time()
    {
        _fault = context => AnswerAsync(context, 500, "");
        await StartAsync();
        foreach (var wait in (double[])[0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30])
        {
            await _clock.SomebodyWaits(TimeSpan.FromSeconds(wait));
            _clock.Advance(TimeSpan.FromSeconds(wait));
        }

        await _clock.SomebodyWaits(TimeSpan.FromSeconds(30));
        Assert.Equal(9, Requests.Count);
    }

    [Theory]
    [InlineData(410, "head")]
    [InlineData(200, "stream")]
    [InlineData(500, "head")]
    public async Task What_the_server_says_is_wrong_lists_again_and_works_out_what_was_missed(int code, string _)
    {
        _memory.Put(Collection, "kept", "1");
        _memory.Put(Collection, "gone", "1");
        _memory.Put(Collection, "anew", "1");
        _fault = context =>
            !context.Request.Query.ContainsKey("watch") ? Task.FromResult(false)
            : code == 200
                ? AnswerAsync(
                    context,
                    200,
                    """{"type":"ERROR","object":{"kind":"Status","reason":"Expired","code":410,"message":"too old"}}"""
                        + "\n"
                )
            : AnswerAsync(context, code, MemoryApiServer.Failure(code, "Expired").Body.ToJsonString());
        var changes = new List<string>();
        await StartAsync(changes: changes);
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(0.8));
        _memory.Delete(Collection, "gone");
        _memory.Delete(Collection, "anew");
        _memory.Put(Collection, "anew", "2");
        _fault = _ => Task.FromResult(false);
        changes.Clear();
        _clock.Advance(TimeSpan.FromSeconds(0.8));
        await Eventually.Async(() => Requests.Count == 4);
        Assert.Equal(
            ["-anew missed", "-gone missed", "+anew missed"],
            changes.OrderBy(one => one[0] == '-' ? 0 : 1).ThenBy(one => one, StringComparer.Ordinal)
        );
        Assert.Single(_failures);
    }

    [Theory]
    [InlineData(429, "", "TooManyRequests")]
    [InlineData(200, "", "ShortWatch")]
    [InlineData(200, """{"type":"ADDED","obj""", "Cut")]
    public async Task No_answer_or_half_of_one_watches_again_from_the_same_version(int code, string body, string reason)
    {
        _memory.Put(Collection, "one", "1");
        _fault = context =>
            context.Request.Query.ContainsKey("watch") ? AnswerAsync(context, code, body) : Task.FromResult(false);
        await StartAsync();
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(0.8));
        _clock.Advance(TimeSpan.FromSeconds(0.8));
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(1.6));
        Assert.Equal(3, Requests.Count);
        Assert.Equal(
            2,
            Requests.Count(one => one.Contains("watch=true&resourceVersion=101&", StringComparison.Ordinal))
        );
        Assert.Equal([reason, reason], _failures.Select(failed => failed.Reason));
    }

    [Fact]
    public async Task A_line_that_is_no_JSON_lists_again_instead_of_coming_back_for_ever()
    {
        _fault = context =>
            context.Request.Query.ContainsKey("watch") ? AnswerAsync(context, 200, "poison\n") : Task.FromResult(false);
        await StartAsync();
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(0.8));
        _clock.Advance(TimeSpan.FromSeconds(0.8));
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(1.6));
        Assert.Equal(4, Requests.Count);
    }

    [Fact]
    public async Task A_bookmark_moves_the_version_on_and_is_no_event()
    {
        _fault = context =>
            context.Request.Query.ContainsKey("watch")
                ? AnswerAsync(
                    context,
                    200,
                    """{"type":"BOOKMARK","object":{"kind":"Thing","metadata":{"resourceVersion":"777"}}}""" + "\n"
                )
                : Task.FromResult(false);
        await StartAsync();
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(0.8));
        Assert.Equal("ShortWatch", Assert.Single(_failures).Reason);
        _clock.Advance(TimeSpan.FromSeconds(0.8));
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(1.6));
        Assert.Contains("resourceVersion=777", Requests[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("32", 1)]
    [InlineData("34+", 1)]
    [InlineData("31", 0)]
    [InlineData("", 0)]
    public async Task Only_a_server_that_can_is_asked_for_a_stream_instead_of_a_list(string minor, int streams)
    {
        _memory.Put(Collection, "one", "1");
        _fault = context => SpeaksAsync(context, minor);
        var changes = new List<string>();
        var reflector = await StartAsync(changes, streams: true);
        await reflector.Synced.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["+one missed"], changes);
        await Eventually.Async(() => Requests.Count == 3 - streams);
        Assert.Equal(
            (streams, 1 - streams),
            (
                Requests.Count(one =>
                    one.Contains("sendInitialEvents=true&resourceVersionMatch=NotOlderThan", StringComparison.Ordinal)
                ),
                Requests.Count(one => one.Contains("limit=500", StringComparison.Ordinal))
            )
        );
        _memory.Put(Collection, "two", "2");
        await Eventually.Async(() => reflector.Store.Count == 2);
        _memory.Delete(Collection, "one");
        await Eventually.Async(() => reflector.Store.Count == 1);
    }

    [Fact]
    public async Task Who_may_not_ask_for_the_servers_version_lists()
    {
        _memory.Put(Collection, "one", "1");
        _fault = context =>
            context.Request.Path == "/version/"
                ? AnswerAsync(context, 403, MemoryApiServer.Failure(403, "Forbidden").Body.ToJsonString())
                : Task.FromResult(false);
        var reflector = await StartAsync(streams: true);
        await reflector.Synced.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, reflector.Store.Count);
    }

    [Theory]
    [InlineData("12", 12)]
    [InlineData("0", 0.8)]
    [InlineData("86400", 30)]
    public async Task A_server_that_asks_to_wait_is_waited_for_within_reason(string asked, double seconds)
    {
        _fault = context =>
        {
            context.Response.Headers.RetryAfter = asked;
            return AnswerAsync(context, 429, "");
        };
        await StartAsync();
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(seconds));
        Assert.Single(Requests);
    }

    [Fact]
    public async Task A_server_that_refuses_to_stream_is_asked_for_a_list()
    {
        _memory.Put(Collection, "one", "1");
        _fault = context =>
            context.Request.Query.ContainsKey("sendInitialEvents")
                ? AnswerAsync(context, 422, MemoryApiServer.Failure(422, "Invalid").Body.ToJsonString())
                : SpeaksAsync(context, "34");
        var reflector = await StartAsync(streams: true);
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(0.8));
        Assert.False(reflector.IsReady);
        _clock.Advance(TimeSpan.FromSeconds(0.8));
        await reflector.Synced.WaitAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(reflector.Store.Find(new(null, "one")));
    }

    [Fact]
    public async Task Where_watching_is_denied_it_is_not_ready_until_it_is_allowed()
    {
        _fault = context =>
            context.Request.Query.ContainsKey("watch")
                ? AnswerAsync(context, 403, MemoryApiServer.Failure(403, "Forbidden").Body.ToJsonString())
                : Task.FromResult(false);
        var reflector = await StartAsync();
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(0.8));
        Assert.True(reflector.Synced.IsCompletedSuccessfully);
        Assert.False(reflector.IsReady);
        _fault = _ => Task.FromResult(false);
        _clock.Advance(TimeSpan.FromSeconds(0.8));
        await Eventually.Async(() => reflector.IsReady);
    }

    [Fact]
    public async Task A_watch_that_outlives_its_time_is_taken_for_dead()
    {
        await StartAsync();
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(450 + 30));
        _clock.Advance(TimeSpan.FromSeconds(480));
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(0.8));
        Assert.Equal("Timeout", Assert.Single(_failures).Reason);
    }

    [Fact]
    public async Task An_object_that_does_not_fit_its_type_stalls_itself_alone()
    {
        _memory.Put(Collection, "good", "1");
        _memory.Put(Collection, "poison", "not a number");
        _memory.Put(Collection, "other", "2");
        var type = new ResourceType<Numbered>("example.com", "v1", "things", "Thing");
        using var client = await ClientAsync();
        var reflector = new Reflector<Numbered>(
            client,
            type,
            new()
            {
                Selection = new() { Namespace = "a" },
                StreamInitialList = false,
            }
        );
        var running = reflector.RunAsync(_stop.Token);
        await reflector.Synced.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, reflector.Store.Find(new(null, "other"))!.Value!.Text);
        var poison = reflector.Store.Find(new(null, "poison"))!;
        Assert.Null(poison.Value);
        Assert.Contains("$.text", poison.Problem, StringComparison.Ordinal);
        _memory.Put(Collection, "poison", "3");
        await Eventually.Async(() => reflector.Store.Find(new(null, "poison"))!.Value?.Text == 3);
        Assert.False(running.IsCompleted);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _client?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        _stop.Dispose();
    }

    private List<string> Requests
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    private static async Task<bool> AnswerAsync(HttpContext context, int code, string body)
    {
        context.Response.StatusCode = code;
        await context.Response.WriteAsync(body);
        return true;
    }

    private static Task<bool> SpeaksAsync(HttpContext context, string minor) =>
        context.Request.Path == "/version/"
            ? AnswerAsync(context, 200, $$"""{"major":"1","minor":"{{minor}}","gitVersion":"v1"}""")
            : Task.FromResult(false);

    private async Task<ClusterClient> ClientAsync()
    {
        _server = await TestServer.StartAsync(async context =>
        {
            lock (_requests)
                _requests.Add(context.Request.QueryString.Value!);
            if (!await _fault(context))
                await _memory.AnswerAsync(context);
        });
        return _client = new(
            new() { Server = _server.Address },
            new()
            {
                Clock = _clock,
                RequestTimeout = TimeSpan.FromHours(1),
                Types = NumberedJson.Default,
            }
        );
    }

    private async Task<Reflector<JsonObject>> StartAsync(List<string>? changes = null, bool streams = false)
    {
        var client = await ClientAsync();
        var reflector = new Reflector<JsonObject>(
            client,
            Things,
            new()
            {
                Selection = new() { Namespace = "a" },
                Backoff = new() { Jitter = 0, Random = new Half() },
                Failed = _failures.Add,
                StreamInitialList = streams,
            }
        );
        reflector.Store.Subscribe(change =>
            changes?.Add(
                $"{(change.After is null ? "-" : change.Before is null ? "+" : "~")}{change.Key.Name}{(change.Missed ? " missed" : "")}"
            )
        );
        _ = reflector.RunAsync(_stop.Token);
        return reflector;
    }

    private sealed class Half : Random
    {
        public override double NextDouble() => 0.5;
    }
}

[JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
internal sealed record Numbered(int Text);

[JsonSerializable(typeof(Numbered))]
internal sealed partial class NumberedJson : JsonSerializerContext;
