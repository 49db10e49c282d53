using System.Collections.Concurrent;
using System.Diagnostics;
using Reconciler.Testing.Hosts.Worker.Notifications;
using Reconciler.Testing.Providers.Http;
using Reconciler.Worker.Notifications;

namespace Reconciler.Worker.Tests.Notifications;

/// <summary>Whoever has a webhook's URL can write into its channel.</summary>
public sealed class NotifierSecretTests
{
    [Fact]
    public async Task Neither_the_URL_nor_an_answer_is_ever_logged()
    {
        string[] answers =
        [
            StubVendor.Answer(500, "text/plain", "zq-answer"),
            StubVendor.HangUp,
            StubVendor.Empty(302, "Location: https://zq-answer.example/"),
            StubVendor.Answer(410, "text/html", "<h1>zq-answer</h1>", "X-Reason: zq-answer"),
            StubVendor.Answer(200, "text/plain", "zq-answer"),
        ];
        await using var bench = new NotifierBench(answers);
        await bench.StartAsync();
        bench.Happens(WorkerEventKind.Failing, "default/a");
        await bench.PassAsync(TimeSpan.FromSeconds(2));
        await bench.PassAsync(TimeSpan.FromSeconds(4));
        Assert.False(await bench.EndAsync());
        foreach (var (project, taken) in new[] { ("default/b", false), ("default/c", true) })
        {
            bench.Happens(WorkerEventKind.Failing, project);
            await bench.PassAsync(MessageRate.Gap);
            Assert.Equal(taken, await bench.EndAsync());
        }

        await bench.StopAsync();
        Assert.Equal(5, bench.Receiver.Requests.Count);
        Assert.Equal(3, bench.Log.Lines.Count);
        Assert.DoesNotContain("zq-", string.Join('\n', bench.Log.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", string.Join('\n', bench.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_refuses_is_named_and_neither_its_password_nor_the_host_is()
    {
        using var proxy = new RefusingProxy("hooks-behind-proxy.invalid", 403);
        await using var bench = NotifierBench.Of(_ =>
            new("notifications[0]") { Url = "https://hooks-behind-proxy.invalid/zq-hidden" }
        );
        await bench.StartAsync();
        bench.Happens(WorkerEventKind.Failing, "default/a");
        foreach (var seconds in new[] { 2, 4, 8, 16 })
            await bench.PassAsync(TimeSpan.FromSeconds(seconds));
        Assert.False(await bench.EndAsync());

        var told = string.Join('\n', bench.Log.Lines);
        Assert.Contains(
            $"the proxy {proxy.Shown} answered 403 when asked to connect to it",
            told,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("zq-", told, StringComparison.Ordinal);
        Assert.DoesNotContain("hooks-behind", told, StringComparison.Ordinal);
        Assert.DoesNotContain("w0rd", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_trace_is_made_of_the_request()
    {
        var seen = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => seen.Enqueue(string.Join(' ', activity.TagObjects)),
        };
        ActivitySource.AddActivityListener(listener);
        await using var bench = new NotifierBench();
        await bench.StartAsync();

        bench.Happens(WorkerEventKind.Held);

        Assert.True(await bench.EndAsync());
        Assert.DoesNotContain(seen, tags => tags.Contains("zq-hidden", StringComparison.Ordinal));
        Assert.DoesNotContain(
            "traceparent",
            Assert.Single(bench.Receiver.Requests),
            StringComparison.OrdinalIgnoreCase
        );
    }

    [Fact]
    public void A_target_prints_as_its_name() =>
        Assert.Equal(
            "notifications[0]",
            new NotificationTarget("notifications[0]") { Url = "https://hooks.example.com/zq-hidden" }.ToString()
        );
}
