using System.Diagnostics;
using Reconciler.Providers.Http;

namespace Reconciler.Hosting.Telemetry;

/// <summary>
/// The spans: a pass over a project with the requests that it sends, and a fetch of the source. They name projects by
/// their documents and passes as the logs do; they hold no path, no text of a vendor and no address, all of which could
/// name people.
/// </summary>
public static class ReconcilerTracing
{
    /// <summary>The name of the source of spans.</summary>
    internal const string SourceName = "Reconciler";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>A pass begins; null where nobody traces. Disposing ends it.</summary>
    /// <param name="provider">The provider's namespace and name.</param>
    /// <param name="vendor">The vendor's type.</param>
    /// <param name="project">The document's namespace and name.</param>
    /// <param name="pass">The correlation id of the pass.</param>
    internal static Activity? StartPass(string provider, string vendor, string project, string pass) =>
        Source
            .StartActivity("reconcile")
            ?.SetTag("reconciler.provider", provider)
            .SetTag("reconciler.vendor", vendor)
            .SetTag("reconciler.project", project)
            .SetTag("reconciler.pass", pass);

    /// <summary>A fetch of the source begins; null where nobody traces. Disposing ends it.</summary>
    public static Activity? StartFetch() => Source.StartActivity("fetch", ActivityKind.Client);

    /// <summary>How a pass or a fetch ended: in a word of ours.</summary>
    /// <param name="span">The span.</param>
    /// <param name="result">The word.</param>
    /// <param name="failed">Whether that is an error.</param>
    public static void End<T>(Activity? span, T result, bool failed)
        where T : struct, Enum =>
        span
            ?.SetTag("reconciler.result", ReconcilerMetrics.Word(result))
            .SetStatus(failed ? ActivityStatusCode.Error : ActivityStatusCode.Ok);

    /// <summary>A request to a vendor is over; it belongs to the pass that is under way where this is called.</summary>
    /// <param name="provider">The provider's namespace and name.</param>
    /// <param name="vendor">The vendor's type.</param>
    /// <param name="request">The request.</param>
    /// <param name="clock">Tells when it ended.</param>
    public static void RequestEnded(string provider, string vendor, RequestSeen request, TimeProvider clock)
    {
        var end = clock.GetUtcNow();
        using var span = Source.StartActivity(
            "request",
            ActivityKind.Client,
            default(ActivityContext),
            startTime: end - request.Duration
        );
        if (span is null)
            return;
        span.SetTag("reconciler.provider", provider)
            .SetTag("reconciler.vendor", vendor)
            .SetTag("http.request.method", request.Method);
        if (request.Status is { } status)
            span.SetTag("http.response.status_code", status);
        if (request.Attempt > 1)
            span.SetTag("http.request.resend_count", request.Attempt - 1);
        span.SetStatus(request.Status is null or >= 400 ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        span.SetEndTime(end.UtcDateTime);
    }
}
