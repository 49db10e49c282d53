using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Reconciler.Core.Membership;
using Reconciler.Engine.Applying;
using Reconciler.Providers.Http;

namespace Reconciler.Hosting.Telemetry;

/// <summary>
/// What is counted and measured. No value or label holds an address, a person, a project or a secret.
/// </summary>
public sealed class ReconcilerMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    internal const string MeterName = "Reconciler";

    private readonly Meter _meter = new(MeterName);
    private readonly PrometheusText _text;
    private readonly Counter<long> _passes;
    private readonly Histogram<double> _passDuration;
    private readonly Counter<long> _actions;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _requestDuration;
    private readonly Counter<long> _fetches;
    private readonly Histogram<double> _fetchDuration;
    private readonly Counter<long> _notifications;
    private readonly Counter<long> _webhookCalls;
    private readonly Counter<long> _reconciles;
    private readonly Histogram<double> _reconcileTime;
    private readonly Counter<long> _serverRequests;
    private readonly Counter<long> _finalizersLost;

    /// <summary>Makes the instruments, each with no value yet.</summary>
    public ReconcilerMetrics()
    {
        // Before the instruments, so that it misses none of their values.
        _text = new(_meter);
        _passes = Counter(MetricCatalog.Passes);
        _passDuration = Histogram(MetricCatalog.PassDuration);
        _actions = Counter(MetricCatalog.Actions);
        _requests = Counter(MetricCatalog.Requests);
        _retries = Counter(MetricCatalog.Retries);
        _requestDuration = Histogram(MetricCatalog.RequestDuration);
        _fetches = Counter(MetricCatalog.Fetches);
        _fetchDuration = Histogram(MetricCatalog.FetchDuration);
        _notifications = Counter(MetricCatalog.Notifications);
        _webhookCalls = Counter(MetricCatalog.WebhookCalls);
        _reconciles = Counter(MetricCatalog.Reconciles);
        _reconcileTime = Histogram(MetricCatalog.ReconcileTime);
        _serverRequests = Counter(MetricCatalog.ServerRequests);
        _finalizersLost = Counter(MetricCatalog.FinalizersLost);
        // A rate can only be told of a series that was there before its first event.
        foreach (var result in Enum.GetValues<FetchOutcome>())
            _fetches.Add(0, Label("result", Word(result)));
        foreach (var result in Enum.GetValues<NotificationOutcome>())
            _notifications.Add(0, Label("result", Word(result)));
        foreach (var result in Enum.GetValues<WebhookOutcome>())
            _webhookCalls.Add(0, Label("result", Word(result)));
        ProcessMetrics.Observe(this);
    }

    /// <summary>A reconcile of a project of a provider ended.</summary>
    /// <param name="provider">The provider's namespace and name.</param>
    /// <param name="result">How.</param>
    /// <param name="took">How long it took.</param>
    public void PassEnded(string provider, PassOutcome result, TimeSpan took)
    {
        _passes.Add(1, Label("provider", provider), Label("result", Word(result)));
        _passDuration.Record(took.TotalSeconds, Label("provider", provider));
    }

    /// <summary>An action ended.</summary>
    /// <param name="provider">The provider's namespace and name.</param>
    /// <param name="kind">What it does.</param>
    /// <param name="outcome">What became of it.</param>
    public void ActionEnded(string provider, ActionKind kind, OutcomeKind outcome) =>
        _actions.Add(1, Label("provider", provider), Label("kind", Word(kind)), Label("outcome", Word(outcome)));

    /// <summary>A request to a vendor ended.</summary>
    /// <param name="provider">The provider's namespace and name.</param>
    /// <param name="vendor">The vendor's type.</param>
    /// <param name="request">The request; its path, which may name people, is left out.</param>
    public void RequestEnded(string provider, string vendor, RequestSeen request)
    {
        var (at, of, method) = (Label("provider", provider), Label("vendor", vendor), Label("method", request.Method));
        _requests.Add(
            1,
            at,
            of,
            method,
            Label("status", request.Status?.ToString(CultureInfo.InvariantCulture) ?? "none")
        );
        if (request.Attempt > 1)
            _retries.Add(1, at, of);
        _requestDuration.Record(request.Duration.TotalSeconds, at, of, method);
    }

    /// <summary>The source of the manifests was asked.</summary>
    /// <param name="result">What came of it.</param>
    /// <param name="took">How long it took.</param>
    public void SourceFetched(FetchOutcome result, TimeSpan took)
    {
        _fetches.Add(1, Label("result", Word(result)));
        _fetchDuration.Record(took.TotalSeconds);
    }

    /// <summary>A notification came to its end.</summary>
    /// <param name="result">What became of it.</param>
    public void NotificationEnded(NotificationOutcome result) => _notifications.Add(1, Label("result", Word(result)));

    /// <summary>The webhook was called.</summary>
    /// <param name="result">What became of the call.</param>
    public void WebhookCalled(WebhookOutcome result) => _webhookCalls.Add(1, Label("result", Word(result)));

    /// <summary>A controller of the operator ended a reconcile.</summary>
    /// <param name="controller">Which.</param>
    /// <param name="result">success, error or requeue.</param>
    /// <param name="took">How long it took.</param>
    public void Reconciled(string controller, string result, TimeSpan took)
    {
        _reconciles.Add(1, Label("controller", controller), Label("result", result));
        _reconcileTime.Record(took.TotalSeconds, Label("controller", controller));
    }

    /// <summary>The API server of the cluster answered, or did not.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="code">The code of the answer.</param>
    public void ServerAnswered(string method, string code) =>
        _serverRequests.Add(1, Label("method", method), Label("code", code));

    /// <summary>A membership of the operator lost its finalizer.</summary>
    public void FinalizerLost() => _finalizersLost.Add(1);

    /// <summary>Has a metric measured whenever somebody looks.</summary>
    /// <param name="metric">A gauge, or a counter that is counted elsewhere.</param>
    /// <param name="measure">Measures: quickly, from any thread.</param>
    public void Observe(MetricDefinition metric, Func<IEnumerable<Measurement<double>>> measure)
    {
        if (metric.Type == MetricType.Counter)
            _meter.CreateObservableCounter(metric.Name, measure, Unit(metric), metric.Help);
        else
            _meter.CreateObservableGauge(metric.Name, measure, Unit(metric), metric.Help);
    }

    /// <summary>Everything, in the text format of Prometheus.</summary>
    public string ToPrometheusText() => _text.Write();

    /// <inheritdoc/>
    public void Dispose()
    {
        _text.Dispose();
        _meter.Dispose();
    }

    /// <summary>A label with its value.</summary>
    public static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);

    /// <summary>A word as labels have it: <c>gave_up</c>.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static string? Unit(MetricDefinition metric) => metric.Unit.Length == 0 ? null : metric.Unit;

    private Counter<long> Counter(MetricDefinition metric) =>
        _meter.CreateCounter<long>(metric.Name, Unit(metric), metric.Help);

    private Histogram<double> Histogram(MetricDefinition metric) =>
        _meter.CreateHistogram(
            metric.Name,
            Unit(metric),
            metric.Help,
            null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = metric.Buckets }
        );
}
