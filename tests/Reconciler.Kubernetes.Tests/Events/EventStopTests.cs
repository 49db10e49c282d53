using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Events;
using Reconciler.Kubernetes.Tests.Servers;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Kubernetes.Tests.Events;

/// <summary>A stop in the middle of a write, against a server that has done the write and is slow to say so.</summary>
public sealed class EventStopTests : IAsyncDisposable
{
    private readonly HashSet<string> _made = [];
    private readonly List<int> _counts = [];
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private string _slow = "";
    private TestServer? _server;
    private ClusterClient? _client;

    [Fact]
    public async Task An_event_whose_answer_the_stop_cut_off_is_there_once()
    {
        var (recorder, running) = await StartAsync(slow: "POST");
        recorder.Record(About("once"));
        await _asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        recorder.Record(About("after it"));
        await _stop.CancelAsync();
        await running;
        Assert.Equal(2, _made.Count);
    }

    [Fact]
    public async Task A_repetition_whose_answer_the_stop_cut_off_counts_once()
    {
        var (recorder, running) = await StartAsync(slow: "PATCH");
        recorder.Record(About("again"));
        recorder.Record(About("again"));
        await _asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        await _stop.CancelAsync();
        await running;
        Assert.Equal([2, 2], _counts);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        _stop.Dispose();
    }

    private static Happening About(string note) =>
        new(
            new()
            {
                ApiVersion = "example.com/v1",
                Kind = "Thing",
                NamespaceProperty = "a",
                Name = "it",
            },
            EventType.Normal,
            "Invited",
            "Invite",
            note
        );

    private async Task<(EventRecorder Recorder, Task Running)> StartAsync(string slow)
    {
        _slow = slow;
        _server = await TestServer.StartAsync(AnswerAsync);
        _client = new(new() { Server = _server.Address });
        var recorder = new EventRecorder(_client, new() { Controller = "example.com/tests" });
        return (recorder, recorder.RunAsync(_stop.Token));
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var body = (JsonObject)(await JsonNode.ParseAsync(context.Request.Body))!;
        if (context.Request.Method == "PATCH")
            _counts.Add((int)body["series"]!["count"]!);
        else if (!_made.Add((string)body["metadata"]!["name"]!))
            context.Response.StatusCode = 409;
        if (_slow == context.Request.Method && _asked.TrySetResult())
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        var answer =
            context.Response.StatusCode == 409
                ? MemoryApiServer.Failure(409, "AlreadyExists").Body
                : new JsonObject { ["metadata"] = new JsonObject(), ["eventTime"] = "2026-03-02T09:00:00.000000Z" };
        await context.Response.WriteAsync(answer.ToJsonString());
    }
}
