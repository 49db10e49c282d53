using Reconciler.Testing;
using Reconciler.Testing.Hosts.Worker.Notifications;
using Reconciler.Testing.Providers.Http;
using Reconciler.Testing.Sources;
using Reconciler.Worker.Notifications;

namespace Reconciler.Worker.Tests.Notifications;

/// <summary>What happens where a target does not take a message.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task A_target_that_asks_for_patience_gets_it()
    {
        await using var bench = new NotifierBench(StubVendor.Empty(429, "Retry-After: 7"), NotifierBench.Ok);
        await bench.StartAsync();
        bench.Happens(WorkerEventKind.Held);

        await bench.PassAsync(TimeSpan.FromSeconds(7));

        Assert.True(await bench.EndAsync());
        Assert.Equal(2, bench.Receiver.Requests.Count);
        Assert.Equal(bench.Messages[0].GetRawText(), bench.Messages[1].GetRawText());
    }

    [Fact]
    public async Task A_target_that_asks_for_more_than_an_hour_is_not_told()
    {
        await using var bench = new NotifierBench(StubVendor.Empty(429, "Retry-After: 3601"));
        await bench.StartAsync();

        bench.Happens(WorkerEventKind.Held);

        Assert.False(await bench.EndAsync());
        Assert.Single(bench.Receiver.Requests);
    }

    [Fact]
    public async Task A_message_that_never_gets_through_is_given_up_counted_and_told_when_it_happens_again()
    {
        await using var bench = new NotifierBench(
            StubVendor.Empty(500),
            StubVendor.HangUp,
            StubVendor.Empty(503),
            StubVendor.BrokenOff,
            StubVendor.Empty(500),
            NotifierBench.Ok
        );
        await bench.StartAsync();
        bench.Happens(WorkerEventKind.Failing);
        foreach (var seconds in new[] { 2, 4, 8, 16 })
            await bench.PassAsync(TimeSpan.FromSeconds(seconds));

        Assert.False(await bench.EndAsync());
        Assert.Equal(PostRetry.MaxAttempts, bench.Receiver.Requests.Count);
        Assert.Contains(
            bench.Log.Lines,
            l =>
                l.StartsWith(
                    "Warning: notifications[0] was not told about 1 events: it answered 500 ",
                    StringComparison.Ordinal
                )
        );

        bench.Happens(WorkerEventKind.Failing);
        await bench.PassAsync(MessageRate.Gap);
        Assert.True(await bench.EndAsync());
        Assert.Equal(1, bench.Messages[^1].GetProperty("lost").GetInt32());
    }

    [Fact]
    public async Task A_target_that_never_answers_is_asked_again_after_fifteen_seconds()
    {
        await using var bench = new NotifierBench(StubVendor.Silence, NotifierBench.Ok);
        await bench.StartAsync();
        bench.Happens(WorkerEventKind.Held);
        await Eventually.Async(() => bench.Receiver.Requests.Count == 1);

        await bench.PassAsync(TimeSpan.FromSeconds(15));
        await bench.PassAsync(PostRetry.Backoff);

        Assert.True(await bench.EndAsync());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_message_that_is_refused_is_not_sent_again(int status)
    {
        await using var bench = new NotifierBench(StubVendor.Empty(status));
        await bench.StartAsync();

        bench.Happens(WorkerEventKind.Held);

        Assert.False(await bench.EndAsync());
        Assert.Single(bench.Receiver.Requests);
        var line = Assert.Single(bench.Log.Lines);
        Assert.Contains($"it answered {status}", line, StringComparison.Ordinal);
        Assert.Equal(status is 404 or 410, line.Contains("make a new one", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var elsewhere = new StubVendor(NotifierBench.Ok);
        await using var bench = new NotifierBench(StubVendor.Empty(status, $"Location: {elsewhere.Url}"));
        await bench.StartAsync();

        bench.Happens(WorkerEventKind.Held);

        Assert.False(await bench.EndAsync());
        Assert.Empty(elsewhere.Requests);
        Assert.Contains("a redirect, which is not followed", Assert.Single(bench.Log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://zq-hidden.example/x")]
    [InlineData("https://user:zq-hidden@127.0.0.1:1/x")]
    [InlineData("ftp://zq-hidden.example/x")]
    [InlineData("zq-hidden")]
    public async Task Nothing_is_sent_to_an_address_that_would_show_it_to_others(string url)
    {
        await using var bench = NotifierBench.Of(_ => new("notifications[0]") { Url = url });
        await bench.StartAsync();

        bench.Happens(WorkerEventKind.Held);

        Assert.False(await bench.EndAsync());
        Assert.Contains("its URL is", Assert.Single(bench.Log.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("zq-hidden", string.Join('\n', bench.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_the_URL_is_read_for_each_request()
    {
        using var folder = new Reconciler.Testing.Sources.TemporaryFolder();
        var file = folder["url"];
        await using var second = new StubVendor(NotifierBench.Ok);
        await using var bench = NotifierBench.Of(_ => new("notifications[0]") { UrlFile = file });
        await bench.StartAsync();
        bench.Happens(WorkerEventKind.Failing, "default/a");
        await bench.Clock.SomebodyWaits(PostRetry.Backoff);
        folder.Write("url", bench.Url + "\n");
        bench.Clock.Advance(PostRetry.Backoff);
        Assert.True(await bench.EndAsync());

        folder.Write("url", NotifierBench.UrlOf(second));
        bench.Happens(WorkerEventKind.Failing, "default/b");
        await bench.PassAsync(MessageRate.Gap);

        Assert.True(await bench.EndAsync());
        Assert.Single(bench.Receiver.Requests);
        Assert.Single(second.Requests);
    }
}
