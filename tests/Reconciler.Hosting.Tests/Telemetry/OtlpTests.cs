using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Reconciler.Core.Ports;
using Reconciler.Hosting.Telemetry;
using Reconciler.Hosting.Web;
using Reconciler.Providers.EquinixMetal;

namespace Reconciler.Hosting.Tests.Telemetry;

/// <summary>What a collector gets, over real HTTP.</summary>
public sealed class OtlpTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Path, string Type, string Key, byte[] Body)> _received = new();
    private readonly KestrelListener _collector;

    public OtlpTests() => _collector = new(new(IPAddress.Loopback, 0), 1 << 24, ReceiveAsync, null);

    public async ValueTask InitializeAsync() => await _collector.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _collector.DisposeAsync();

    [Fact]
    public void Metrics_and_traces_arrive_at_their_paths_and_can_be_read()
    {
        using (var otlp = Otlp.Start(new(new($"{_collector.Url}/otlp/")) { Headers = "x-key=opensesame" }))
        using (var metrics = new ReconcilerMetrics())
        {
            Assert.NotNull(otlp);
            metrics.PassEnded("default/otlp-test", PassOutcome.Changed, TimeSpan.FromSeconds(1));
            using var pass = ReconcilerTracing.StartPass("default/otlp-test", "acme", "default/demo", "pass-17");
            ReconcilerTracing.RequestEnded(
                "default/otlp-test",
                "acme",
                new("PATCH", "/people/ana@example.com", 503, TimeSpan.FromSeconds(2), 3, "r-1"),
                TimeProvider.System
            );
            ReconcilerTracing.End(pass, PassOutcome.Failed, failed: true);
        }

        Assert.All(_received, r => Assert.Equal(("application/x-protobuf", "opensesame"), (r.Type, r.Key)));
        var measured = TextsAt("/otlp/v1/metrics");
        Assert.Superset(
            new HashSet<string>
            {
                "reconciler",
                "Reconciler",
                "reconciler_passes_total",
                "default/otlp-test",
                "reconciler_pass_duration_seconds",
            },
            measured
        );
        var traced = TextsAt("/otlp/v1/traces");
        Assert.Superset(
            new HashSet<string> { "reconcile", "request", "pass-17", "PATCH", "http.request.resend_count", "failed" },
            traced
        );
        Assert.DoesNotContain(traced, t => t.Contains("ana@", StringComparison.Ordinal));
    }

    [Fact]
    public void A_signal_that_is_switched_off_is_not_sent()
    {
        using (Otlp.Start(new(new(_collector.Url)) { Metrics = false }))
        using (var metrics = new ReconcilerMetrics())
        using (ReconcilerTracing.StartFetch())
        {
            metrics.WebhookCalled(WebhookOutcome.Ping);
        }

        Assert.NotEmpty(TextsAt("/v1/traces"));
        Assert.DoesNotContain(_received, r => r.Path != "/v1/traces");
        Assert.Null(Otlp.Start(null));
    }

    [Fact]
    public void A_collector_that_is_not_there_delays_the_end_by_seconds_at_most()
    {
        var start = TimeProvider.System.GetTimestamp();
        using (Otlp.Start(new(new("http://127.0.0.1:9")) { Protocol = OtlpProtocol.Grpc }))
        using (ReconcilerTracing.StartFetch())
        using (var metrics = new ReconcilerMetrics())
        {
            metrics.WebhookCalled(WebhookOutcome.Ping);
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void A_request_span_lies_in_its_pass_and_lasts_as_long_as_the_request()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == ReconcilerTracing.SourceName,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var pass = ReconcilerTracing.StartPass("default/span-test", "acme", "default/demo", "pass-1");
        Assert.NotNull(pass);
        ReconcilerTracing.RequestEnded(
            "default/span-test",
            "acme",
            new("GET", "/x", 200, TimeSpan.FromSeconds(3), 1, "r-1"),
            TimeProvider.System
        );
        var request = Assert.Single(ended, a => a.OperationName == "request" && a.ParentSpanId == pass.SpanId);
        Assert.Equal(3, request.Duration.TotalSeconds, 3);
        Assert.Same(pass, Activity.Current);
    }

    [Fact]
    public async Task A_vendor_is_told_no_id_of_a_span()
    {
        var heads = new ConcurrentQueue<string>();
        await using var vendor = new KestrelListener(
            new(IPAddress.Loopback, 0),
            0,
            context =>
            {
                heads.Enqueue(string.Join(' ', context.Request.Headers.Keys).ToLowerInvariant());
                context.Response.StatusCode = 404;
                return Task.CompletedTask;
            },
            null
        );
        await vendor.StartAsync(TestContext.Current.CancellationToken);
        using var span = new Activity("a pass").Start();
        using var provider = EquinixMetalProvider.Connect(new(new(vendor.Url), _ => new("token")));
        await Assert.ThrowsAsync<ProviderException>(() =>
            provider.Directory!.ListAsync(TestContext.Current.CancellationToken)
        );
        Assert.NotEmpty(heads);
        Assert.DoesNotContain(heads, h => h.Contains("traceparent", StringComparison.Ordinal));
    }

    private HashSet<string> TextsAt(string path) =>
        [.. _received.Where(r => r.Path == path).SelectMany(r => Assert.IsType<List<string>>(ProtobufText.In(r.Body)))];

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.Enqueue(
            (
                context.Request.Path,
                context.Request.ContentType ?? "",
                context.Request.Headers["x-key"].ToString(),
                body.ToArray()
            )
        );
        context.Response.StatusCode = 200;
    }
}
