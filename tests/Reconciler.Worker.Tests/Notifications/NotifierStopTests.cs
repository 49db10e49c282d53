using Reconciler.Testing;
using Reconciler.Testing.Hosts.Worker.Notifications;
using Reconciler.Testing.Providers.Http;
using Reconciler.Worker.Notifications;

namespace Reconciler.Worker.Tests.Notifications;

/// <summary>What waits when a worker ends is told, within five seconds.</summary>
public sealed class NotifierStopTests
{
    [Fact]
    public async Task What_waits_for_its_turn_is_sent_in_one_message()
    {
        await using var bench = new NotifierBench();
        await bench.StartAsync();
        bench.Happens(WorkerEventKind.Failing, "default/a");
        Assert.True(await bench.EndAsync());
        bench.Happens(WorkerEventKind.Failing, "default/b");
        bench.Happens(WorkerEventKind.Failing, "default/c");
        await bench.Clock.SomebodyWaits(MessageRate.Gap);

        await bench.StopAsync();

        Assert.Equal(2, bench.Receiver.Requests.Count);
        Assert.Equal(2, bench.Messages[1].GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task What_waits_to_be_tried_again_is_tried_once_more_together_with_the_rest()
    {
        await using var bench = new NotifierBench(StubVendor.Empty(503), NotifierBench.Ok);
        await bench.StartAsync();
        bench.Happens(WorkerEventKind.Failing, "default/a");
        await bench.Clock.SomebodyWaits(PostRetry.Backoff);
        bench.Happens(WorkerEventKind.Failing, "default/b");

        await bench.StopAsync();

        Assert.True(await bench.EndAsync());
        Assert.Equal(
            ["default/a", "default/b"],
            bench.Messages[1].GetProperty("events").EnumerateArray().Select(e => e.GetProperty("project").GetString())
        );
    }

    [Fact]
    public async Task What_alone_waits_to_be_tried_again_is_tried_once_more()
    {
        await using var bench = new NotifierBench(StubVendor.Empty(503));
        await bench.StartAsync();
        bench.Happens(WorkerEventKind.Failing, "default/a");
        await bench.Clock.SomebodyWaits(PostRetry.Backoff);

        await bench.StopAsync();

        Assert.False(await bench.EndAsync());
        Assert.Equal(2, bench.Receiver.Requests.Count);
        Assert.Contains(
            "was not told about 1 events: it answered 503",
            Assert.Single(bench.Log.Lines),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_target_that_does_not_answer_holds_up_the_end_for_five_seconds()
    {
        await using var bench = new NotifierBench(StubVendor.Silence);
        await bench.StartAsync();
        bench.Happens(WorkerEventKind.Held);
        await Eventually.Async(() => bench.Receiver.Requests.Count == 1);

        var stopped = bench.StopAsync();
        await bench.Clock.SomebodyWaits(Notifier.Farewell);
        Assert.False(stopped.IsCompleted);
        bench.Clock.Advance(Notifier.Farewell);
        await stopped;

        Assert.False(await bench.EndAsync());
        Assert.Contains("there was no time left", Assert.Single(bench.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_happens_after_the_end_is_taken_in_silence()
    {
        await using var bench = new NotifierBench();
        await bench.StartAsync();
        await bench.StopAsync();

        bench.Happens(WorkerEventKind.Held);
        await bench.StopAsync();

        Assert.Empty(bench.Receiver.Requests);
        Assert.Empty(bench.Log.Lines);
    }
}
