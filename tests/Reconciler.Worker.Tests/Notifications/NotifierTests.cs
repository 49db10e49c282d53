using Reconciler.Testing.Hosts.Worker.Notifications;
using Reconciler.Testing.Providers.Http;
using Reconciler.Worker.Notifications;

namespace Reconciler.Worker.Tests.Notifications;

/// <summary>What is told, and how often, over real HTTP.</summary>
public sealed class NotifierTests
{
    [Fact]
    public async Task A_held_plan_is_told_at_once()
    {
        await using var bench = new NotifierBench();
        await bench.StartAsync();

        bench.Happens(WorkerEventKind.Held);

        Assert.True(await bench.EndAsync());
        var request = Assert.Single(bench.Receiver.Requests);
        Assert.StartsWith(
            "POST /services/T0001/zq-hidden?key=zq-hidden HTTP/1.1\r\n",
            request,
            StringComparison.Ordinal
        );
        Assert.Contains("Content-Type: application/json; charset=utf-8\r\n", request, StringComparison.Ordinal);
        Assert.Contains(
            NotifierBench.Digest,
            bench.Messages[0].GetProperty("text").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_every_pass_finds_again_is_told_once_and_its_end_too()
    {
        await using var bench = new NotifierBench();
        await bench.StartAsync();
        bench.Happens(WorkerEventKind.Failing);
        Assert.True(await bench.EndAsync());

        for (var i = 0; i < 20; i++)
            bench.Happens(WorkerEventKind.Failing);
        bench.Happens(WorkerEventKind.Recovered, message: "all is well");
        bench.Happens(WorkerEventKind.Recovered, message: "all is well");
        await bench.PassAsync(MessageRate.Gap);

        Assert.True(await bench.EndAsync());
        Assert.Equal(["failing", "recovered"], Kinds(bench));
    }

    [Fact]
    public async Task A_burst_is_one_message_and_a_digest_of_the_others()
    {
        await using var bench = new NotifierBench();
        for (var i = 0; i < 13; i++)
            bench.Happens(WorkerEventKind.Failing, $"default/p-{i:00}");
        await bench.StartAsync();

        Assert.True(await bench.EndAsync());
        Assert.Equal("default/p-00", bench.Messages[0].GetProperty("project").GetString());
        await bench.PassAsync(MessageRate.Gap);

        Assert.True(await bench.EndAsync());
        Assert.Equal(2, bench.Receiver.Requests.Count);
        Assert.StartsWith(
            "12 more: 12 failing\n",
            bench.Messages[1].GetProperty("text").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(
            Enumerable.Range(1, 12).Select(i => $"default/p-{i:00}"),
            bench.Messages[1].GetProperty("events").EnumerateArray().Select(e => e.GetProperty("project").GetString())
        );
    }

    [Fact]
    public async Task No_more_than_thirty_messages_an_hour_are_sent_and_the_rest_is_gathered()
    {
        await using var bench = new NotifierBench();
        await bench.StartAsync();
        for (var i = 0; i < MessageRate.MostAnHour; i++)
        {
            bench.Happens(WorkerEventKind.Failing, $"default/p-{i}");
            if (i > 0)
                await bench.PassAsync(MessageRate.Gap);
            Assert.True(await bench.EndAsync());
        }

        bench.Happens(WorkerEventKind.Failing, "default/late");
        // The first was sent at the beginning, the thirtieth 290 s later.
        await bench.Clock.SomebodyWaits(TimeSpan.FromHours(1) - 29 * MessageRate.Gap);
        bench.Happens(WorkerEventKind.Held, "default/later");
        bench.Clock.Advance(TimeSpan.FromHours(1) - 29 * MessageRate.Gap);

        Assert.True(await bench.EndAsync());
        Assert.Equal(MessageRate.MostAnHour + 1, bench.Receiver.Requests.Count);
        Assert.StartsWith(
            "2 more: 1 held, 1 failing\n",
            bench.Messages[^1].GetProperty("text").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Who_wants_only_some_events_hears_only_those()
    {
        await using var bench = NotifierBench.Of(url =>
            new("notifications[0]") { Url = url, Events = [WorkerEventKind.Held] }
        );
        await bench.StartAsync();

        bench.Happens(WorkerEventKind.Failing);
        bench.Happens(WorkerEventKind.SourceFailing);
        bench.Happens(WorkerEventKind.Held);

        Assert.True(await bench.EndAsync());
        await bench.StopAsync();
        Assert.Equal(["held"], Kinds(bench));
    }

    [Fact]
    public async Task Each_target_is_told_whatever_becomes_of_the_others()
    {
        await using var bench = new NotifierBench(Reconciler.Testing.Providers.Http.StubVendor.Empty(410));
        await using var other = new Reconciler.Testing.Providers.Http.StubVendor(NotifierBench.Ok);
        using var notifier = new Notifier(
            NotificationTarget.Of([new() { Url = bench.Url }, new() { Url = NotifierBench.UrlOf(other) }]),
            bench.Clock,
            bench.Log
        );
        await notifier.StartAsync(TestContext.Current.CancellationToken);

        notifier.Happened(bench.Event(WorkerEventKind.Held));
        await notifier.StopAsync(TestContext.Current.CancellationToken);

        Assert.Single(bench.Receiver.Requests);
        Assert.Single(other.Requests);
        Assert.Contains(
            bench.Log.Lines,
            l => l.StartsWith("Warning: notifications[0] was not told about 1 events", StringComparison.Ordinal)
        );
        Assert.Contains(
            bench.Log.Lines,
            l => l.StartsWith("Debug: Told notifications[1] about 1 events", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Too_many_events_are_counted_and_the_next_message_says_so()
    {
        await using var bench = new NotifierBench();
        for (var i = 0; i < TargetSender.MostWaiting + 7; i++)
            bench.Happens(WorkerEventKind.Failing, $"default/p-{i}");
        Assert.Single(bench.Log.Lines, l => l.Contains("too many wait", StringComparison.Ordinal));

        await bench.StartAsync();

        Assert.True(await bench.EndAsync());
        Assert.Equal(7, bench.Messages[0].GetProperty("lost").GetInt32());
        // The number of lost events is told once, and the next message does not repeat it.
        bench.Happens(WorkerEventKind.Failing, $"default/p-{TargetSender.MostWaiting}");
        await bench.PassAsync(MessageRate.Gap);
        Assert.True(await bench.EndAsync());
        Assert.Equal(TargetSender.MostWaiting, bench.Messages[1].GetProperty("count").GetInt32());
        Assert.False(bench.Messages[1].TryGetProperty("lost", out _));
    }

    private static IEnumerable<string?> Kinds(NotifierBench bench) =>
        bench.Messages.Select(m => m.GetProperty("kind").GetString());
}
