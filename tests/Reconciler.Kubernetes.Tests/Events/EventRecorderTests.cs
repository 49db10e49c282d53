using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Events;
using Reconciler.Testing;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Kubernetes.Tests.Events;

/// <summary>Against a real server, which holds events to its rules; the clock is the test's.</summary>
public sealed class EventRecorderTests(KubeApiServer server)
{
    private static readonly ResourceType<JsonObject> Untyped = ResourceType.Untyped(
        "events.k8s.io",
        "v1",
        "events",
        "Event"
    );
    private readonly FakeClock _clock = new();
    private readonly List<KubernetesException> _failures = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_says_who_did_what_to_what_and_why()
    {
        using var client = await server.ClientAsync(new() { Clock = _clock, RequestTimeout = TimeSpan.FromDays(1) });
        var space = await KubeApiServer.NamespaceAsync(client);
        await RunAsync(
            client,
            async recorder =>
            {
                recorder.Record(About(space, "Invited Zoë 😀\u001b[31m"));
                Assert.Single(await EventsAsync(client, space, 1));
            }
        );
        var told = Assert.Single(await EventsAsync(client, space, 1));
        Assert.Equal(
            (
                "example.com/tests",
                "instance-1",
                "Invite",
                "Invited",
                "Invited Zoë 😀 [31m",
                "Normal",
                "2026-03-02T09:00:00.000000Z"
            ),
            (
                (string)told["reportingController"]!,
                (string)told["reportingInstance"]!,
                (string)told["action"]!,
                (string)told["reason"]!,
                (string)told["note"]!,
                (string)told["type"]!,
                (string)told["eventTime"]!
            )
        );
        Assert.Equal(
            ("Thing", "it", "uid-1"),
            (
                (string)told["regarding"]!["kind"]!,
                (string)told["regarding"]!["name"]!,
                (string)told["regarding"]!["uid"]!
            )
        );
        Assert.Null(told["series"]);
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task A_note_of_any_length_is_taken_cut_to_a_kilobyte()
    {
        using var client = await server.ClientAsync(new() { Clock = _clock, RequestTimeout = TimeSpan.FromDays(1) });
        var space = await KubeApiServer.NamespaceAsync(client);
        await RunAsync(
            client,
            async recorder =>
            {
                for (var i = 0; i < 4; i++)
                    recorder.Record(About(space, new string('x', i) + string.Concat(Enumerable.Repeat("😀", 1000))));
                Assert.All(
                    await EventsAsync(client, space, 4),
                    one => Assert.InRange(Encoding.UTF8.GetByteCount((string)one["note"]!), 1020, 1024)
                );
            }
        );
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task What_repeats_becomes_a_series_and_what_differs_does_not()
    {
        using var client = await server.ClientAsync(new() { Clock = _clock, RequestTimeout = TimeSpan.FromDays(1) });
        var space = await KubeApiServer.NamespaceAsync(client);
        await RunAsync(
            client,
            async recorder =>
            {
                recorder.Record(About(space, "again"));
                recorder.Record(About(space, "something else"));
                await EventsAsync(client, space, 2);
                _clock.Advance(TimeSpan.FromSeconds(10));
                for (var i = 0; i < 3; i++)
                    recorder.Record(
                        About(space, "again") with
                        {
                            Regarding = Thing(space) with { ResourceVersion = $"{i}" },
                        }
                    );
                Assert.Equal((2, "2026-03-02T09:00:10.000000Z"), await SeriesAsync(client, space, 2));
                // The next one is written with the minute, all at once.
                await _clock.SomebodyWaits(TimeSpan.FromMinutes(1));
                _clock.Advance(TimeSpan.FromMinutes(1));
                Assert.Equal((4, "2026-03-02T09:00:10.000000Z"), await SeriesAsync(client, space, 4));
                recorder.Record(About(space, "again"));
            }
        );
        // What was left is written when the recorder stops.
        Assert.Equal((5, "2026-03-02T09:01:10.000000Z"), await SeriesAsync(client, space, 5));
        Assert.Equal(2, (await EventsAsync(client, space, 2)).Count);
    }

    [Fact]
    public async Task After_six_quiet_minutes_a_repetition_is_an_event_of_its_own()
    {
        using var client = await server.ClientAsync(new() { Clock = _clock, RequestTimeout = TimeSpan.FromDays(1) });
        var space = await KubeApiServer.NamespaceAsync(client);
        await RunAsync(
            client,
            async recorder =>
            {
                recorder.Record(About(space, "again"));
                await EventsAsync(client, space, 1);
                _clock.Advance(TimeSpan.FromMinutes(6));
                recorder.Record(About(space, "again"));
                Assert.All(await EventsAsync(client, space, 2), one => Assert.Null(one["series"]));
            }
        );
    }

    [Fact]
    public async Task A_series_whose_event_the_server_forgot_goes_on_in_a_new_one()
    {
        using var client = await server.ClientAsync(new() { Clock = _clock, RequestTimeout = TimeSpan.FromDays(1) });
        var space = await KubeApiServer.NamespaceAsync(client);
        await RunAsync(
            client,
            async recorder =>
            {
                recorder.Record(About(space, "again"));
                var first = Assert.Single(await EventsAsync(client, space, 1));
                await client.DeleteAsync(Untyped, new(space, (string)first["metadata"]!["name"]!), null, Cancellation);
                recorder.Record(About(space, "again"));
                Assert.Equal(2, (await SeriesAsync(client, space, 2)).Count);
            }
        );
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task What_cannot_be_written_is_told_and_holds_nothing_up()
    {
        using var client = await server.ClientAsync(new() { Clock = _clock, RequestTimeout = TimeSpan.FromDays(1) });
        var space = await KubeApiServer.NamespaceAsync(client);
        await RunAsync(
            client,
            async recorder =>
            {
                recorder.Record(About("no-such-namespace", "lost"));
                recorder.Record(About(space, "kept"));
                await EventsAsync(client, space, 1);
            }
        );
        Assert.True(Assert.Single(_failures).IsNotFound);
    }

    [Fact]
    public async Task Too_many_at_once_are_dropped_counted_and_told()
    {
        using var client = await server.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(client);
        var told = new TaskCompletionSource<KubernetesException>(TaskCreationOptions.RunContinuationsAsynchronously);
        var recorder = new EventRecorder(
            client,
            new()
            {
                Controller = "example.com/tests",
                Capacity = 3,
                Failed = failed =>
                {
                    if (failed.Reason == "Dropped")
                        told.TrySetResult(failed);
                },
            }
        );
        for (var i = 0; i < 5; i++)
            recorder.Record(About(space, $"{i}"));
        Assert.Equal(2, recorder.Dropped);

        using var stop = new CancellationTokenSource();
        var running = recorder.RunAsync(stop.Token);
        Assert.Equal(
            "2 events were not written: more than 3 waited",
            (await told.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken)).Message
        );
        await stop.CancelAsync();
        await running;
        Assert.Equal(3, (await EventsAsync(client, space, 3)).Count);
    }

    private static V1ObjectReference Thing(string space) =>
        new()
        {
            ApiVersion = "example.com/v1",
            Kind = "Thing",
            NamespaceProperty = space,
            Name = "it",
            Uid = "uid-1",
        };

    private static Happening About(string space, string note) =>
        new(Thing(space), EventType.Normal, "Invited", "Invite", note);

    private async Task RunAsync(ClusterClient client, Func<EventRecorder, Task> act)
    {
        var recorder = new EventRecorder(
            client,
            new()
            {
                Controller = "example.com/tests",
                Instance = "instance-1",
                Failed = _failures.Add,
            }
        );
        using var stop = new CancellationTokenSource();
        var running = recorder.RunAsync(stop.Token);
        await act(recorder);
        await stop.CancelAsync();
        await running;
        Assert.Equal(0, recorder.Dropped);
    }

    private static async Task<List<JsonObject>> EventsAsync(ClusterClient client, string space, int count)
    {
        List<JsonObject> found = [];
        await UntilAsync(async () =>
            (
                found = [
                    .. (await client.ListAsync(Untyped, new() { Namespace = space }, Cancellation)).Items.Select(item =>
                        item.Value!
                    ),
                ]
            ).Count >= count
        );
        Assert.Equal(count, found.Count);
        return found;
    }

    private static async Task<(int Count, string Last)> SeriesAsync(ClusterClient client, string space, int count)
    {
        JsonObject? series = null;
        await UntilAsync(async () =>
            (
                series = (await client.ListAsync(Untyped, new() { Namespace = space }, Cancellation))
                    .Items.Select(item => (JsonObject?)item.Value!["series"])
                    .FirstOrDefault(one => one is not null && (int)one["count"]! >= count)
            )
                is not null
        );
        return ((int)series!["count"]!, (string)series["lastObservedTime"]!);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 300; i++)
        {
            if (await holds())
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }

        Assert.Fail("what the test waits for did not come");
    }
}
