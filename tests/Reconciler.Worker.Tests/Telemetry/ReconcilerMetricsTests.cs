using System.Diagnostics.Metrics;
using Reconciler.Core.Membership;
using Reconciler.Engine.Applying;
using Reconciler.Hosting.Reconciling;
using Reconciler.Hosting.Telemetry;
using Reconciler.Testing.Telemetry;
using Reconciler.Worker.Tests.Web;
using Reconciler.Worker.Web;

namespace Reconciler.Worker.Tests.Telemetry;

public sealed class ReconcilerMetricsTests : IDisposable
{
    private readonly ReconcilerMetrics _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void What_ended_is_counted_by_provider_and_result()
    {
        _metrics.PassEnded("default/acme", PassOutcome.Converged, TimeSpan.FromSeconds(0.2));
        _metrics.PassEnded("default/acme", PassOutcome.Converged, TimeSpan.FromSeconds(700));
        _metrics.PassEnded("default/acme", PassOutcome.Held, TimeSpan.FromSeconds(10));
        _metrics.ActionEnded("default/acme", ActionKind.Invite, OutcomeKind.Done);
        _metrics.SourceFetched(FetchOutcome.Broken, TimeSpan.FromSeconds(1));
        _metrics.NotificationEnded(NotificationOutcome.Dropped);
        _metrics.WebhookCalled(WebhookOutcome.TooLarge);

        var read = Read();
        Assert.Equal(2, read.Value("reconciler_passes_total", ("provider", "default/acme"), ("result", "converged")));
        Assert.Equal(1, read.Value("reconciler_passes_total", ("result", "held")));
        Assert.Equal(1, read.Value("reconciler_actions_total", ("kind", "invite"), ("outcome", "done")));
        Assert.Equal(1, read.Value("reconciler_source_fetches_total", ("result", "broken")));
        Assert.Equal(0, read.Value("reconciler_source_fetches_total", ("result", "failed")));
        Assert.Equal(1, read.Value("reconciler_notifications_total", ("result", "dropped")));
        Assert.Equal(1, read.Value("reconciler_webhook_calls_total", ("result", "too_large")));
        var passes = read["reconciler_pass_duration_seconds"].Samples;
        Assert.Equal(710.2, Assert.Single(passes, s => s.Name.EndsWith("_sum", StringComparison.Ordinal)).Value, 6);
        Assert.Equal(2, Assert.Single(passes, s => s.Labels.GetValueOrDefault("le") == "10").Value);
        Assert.Equal(2, Assert.Single(passes, s => s.Labels.GetValueOrDefault("le") == "600").Value);
        Assert.Equal(3, Assert.Single(passes, s => s.Labels.GetValueOrDefault("le") == "+Inf").Value);
    }

    [Fact]
    public void Requests_are_counted_by_status_and_no_path_is_shown()
    {
        _metrics.RequestEnded(
            "default/acme",
            "acme",
            new("GET", "/people/ana@example.com", 200, TimeSpan.FromMilliseconds(30), 1, "r-1")
        );
        _metrics.RequestEnded(
            "default/acme",
            "acme",
            new("GET", "/people/ana@example.com", null, TimeSpan.FromSeconds(15), 1, "r-1")
        );
        _metrics.RequestEnded(
            "default/acme",
            "acme",
            new("GET", "/people/ana@example.com", 503, TimeSpan.FromSeconds(1), 2, "r-1")
        );

        var read = Read();
        Assert.Equal(
            1,
            read.Value("reconciler_vendor_requests_total", ("method", "GET"), ("status", "200"), ("vendor", "acme"))
        );
        Assert.Equal(1, read.Value("reconciler_vendor_requests_total", ("status", "none")));
        Assert.Equal(1, read.Value("reconciler_vendor_requests_total", ("status", "503")));
        Assert.Equal(1, read.Value("reconciler_vendor_retries_total", ("provider", "default/acme")));
        Assert.DoesNotContain("example.com", _metrics.ToPrometheusText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_metric_is_shown_as_it_is_described_and_none_that_is_not()
    {
        var view = WorkerSample.Status().With([], []);
        ReconcileGauges.Observe(_metrics, () => view, TimeProvider.System);
        WorkerGauges.Observe(_metrics, () => view);
        _metrics.PassEnded("p", PassOutcome.Changed, TimeSpan.Zero);
        _metrics.ActionEnded("p", ActionKind.Remove, OutcomeKind.Manual);
        _metrics.RequestEnded("p", "v", new("GET", "/", 200, TimeSpan.Zero, 2, "r-1"));
        _metrics.SourceFetched(FetchOutcome.Unchanged, TimeSpan.Zero);
        _metrics.Reconciled("projectmembership", "success", TimeSpan.Zero);
        _metrics.ServerAnswered("GET", "200");
        _metrics.FinalizerLost();
        foreach (var gauge in (MetricDefinition[])[MetricCatalog.QueueDepth, MetricCatalog.Leads])
            _metrics.Observe(gauge, () => [new(1, ReconcilerMetrics.Label("name", "default"))]);
        _metrics.Observe(MetricCatalog.VendorDefinitions, () => [new(1, ReconcilerMetrics.Label("ready", "true"))]);

        var read = Read();
        Assert.Equal(
            MetricCatalog.All.Select(m => m.Name).Order(StringComparer.Ordinal),
            read.Keys.Order(StringComparer.Ordinal)
        );
        foreach (var metric in MetricCatalog.All)
        {
            var shown = read[metric.Name];
            Assert.Equal(metric.Type.ToString().ToLowerInvariant(), shown.Type);
            Assert.Equal(metric.Help, shown.Help);
            Assert.All(
                shown.Samples,
                s =>
                    Assert.Equal(
                        metric.Labels.Order(StringComparer.Ordinal),
                        s.Labels.Keys.Where(l => l != "le").Order(StringComparer.Ordinal)
                    )
            );
            Assert.Equal(metric.Type == MetricType.Counter, metric.Name.EndsWith("_total", StringComparison.Ordinal));
            if (metric.Unit == "s")
                Assert.Contains("_seconds", metric.Name, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\"} 1\nevil_total{x=\"y", "a\"} 1\nevil_total{x=\"y")]
    [InlineData("\\n\\", "\\n\\")]
    [InlineData("tab\tnul\0esc\u001b[31m\r\n", "tab\ufffdnul\ufffdesc\ufffd[31m\ufffd\n")]
    [InlineData("ü 😀 {}=,#", "ü 😀 {}=,#")]
    public void Whatever_a_label_holds_stays_in_it(string hostile, string read)
    {
        _metrics.PassEnded(hostile, PassOutcome.Changed, TimeSpan.FromSeconds(1));
        Assert.Equal(1, Read().Value("reconciler_passes_total", ("provider", read)));
    }

    [Fact]
    public void Half_a_pair_of_surrogates_is_replaced()
    {
        _metrics.PassEnded("half \ud83d a pair", PassOutcome.Changed, TimeSpan.FromSeconds(1));
        Assert.Equal(1, Read().Value("reconciler_passes_total", ("provider", "half \ufffd a pair")));
    }

    [Fact]
    public void What_is_no_longer_observed_is_no_longer_shown_and_counters_never_go_down()
    {
        var providers = new List<string> { "a", "b" };
        using var meter = new Meter("test");
        using var text = new PrometheusText(meter);
        meter.CreateObservableGauge(
            "things",
            () => providers.Select(p => new Measurement<double>(1, ReconcilerMetrics.Label("provider", p))),
            null,
            "Things."
        );
        var counter = meter.CreateCounter<double>("seen_total", null, "Seen,\nand back\\slash.");
        counter.Add(3);
        counter.Add(-2);
        Assert.Equal(2, PrometheusReader.Read(text.Write())["things"].Samples.Count);
        providers.Remove("a");
        var read = PrometheusReader.Read(text.Write());
        Assert.Equal("b", Assert.Single(read["things"].Samples).Labels["provider"]);
        Assert.Equal(3, read.Value("seen_total"));
        Assert.Equal("Seen,\\nand back\\\\slash.", read["seen_total"].Help);
    }

    [Fact]
    public async Task Counting_from_many_threads_while_somebody_looks_loses_nothing()
    {
        var counting = Enumerable
            .Range(0, 4)
            .Select(_ =>
                Task.Run(() =>
                {
                    for (var i = 0; i < 2_000; i++)
                        _metrics.PassEnded("default/acme", PassOutcome.Changed, TimeSpan.FromSeconds(1));
                })
            )
            .ToList();
        while (!counting.TrueForAll(t => t.IsCompleted))
            _ = Read();
        await Task.WhenAll(counting);
        Assert.Equal(8_000, Read().Value("reconciler_passes_total", ("provider", "default/acme")));
    }

    [Fact]
    public void Two_instances_know_nothing_of_each_other()
    {
        using var other = new ReconcilerMetrics();
        other.PassEnded("elsewhere", PassOutcome.Changed, TimeSpan.Zero);
        Assert.DoesNotContain("elsewhere", _metrics.ToPrometheusText(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_process_tells_of_itself()
    {
        var read = Read();
        Assert.InRange(read.Value("process_resident_memory_bytes"), 1_000_000, double.MaxValue);
        Assert.InRange(read.Value("process_cpu_seconds_total"), 0.001, double.MaxValue);
        Assert.InRange(read.Value("process_open_fds"), 3, double.MaxValue);
        Assert.InRange(
            read.Value("process_start_time_seconds"),
            1_577_836_800,
            DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1
        );
    }

    private IReadOnlyDictionary<string, PrometheusMetric> Read() => PrometheusReader.Read(_metrics.ToPrometheusText());
}
