using System.Globalization;

namespace Reconciler.Sandbox.Faults;

/// <summary>The kind of a fault.</summary>
public enum FaultKind
{
    /// <summary>Only the delay.</summary>
    Delay,

    /// <summary>The given status, body and headers replace the vendor's answer; the request has no effect.</summary>
    Answer,

    /// <summary>The connection is reset before the request is handled, so it has no effect.</summary>
    Reset,

    /// <summary>The request takes effect, and the connection is reset instead of an answer.</summary>
    LostResponse,

    /// <summary>The connection is reset after half of the body that Content-Length announces.</summary>
    TruncatedBody,

    /// <summary>The body ends in the middle of the JSON, with a clean end of the response.</summary>
    CutJson,

    /// <summary>A redirect (307) to the same path on another origin; the request has no effect.</summary>
    Redirect,

    /// <summary>The link to the next page leads to another origin, on every page.</summary>
    NextLink,

    /// <summary>The list on the page is empty, whatever the counts in it are.</summary>
    EmptyPage,

    /// <summary>
    /// A GET shows an earlier state (<see cref="Fault.Readings"/>), like a replica that lags behind. Each address
    /// counts its own readings from the start of the fault.
    /// </summary>
    Lag,
}

/// <summary>
/// A fault, and the requests that it applies to. All conditions that are set must hold. An HTTP client may silently
/// repeat a request without a body when a reused connection breaks (HttpClient does). To be noticed, a reset of such a
/// request must be permanent (<see cref="Times"/> null) or on a new connection.
/// </summary>
/// <param name="Kind">The kind of the fault.</param>
public sealed record Fault(FaultKind Kind)
{
    /// <summary>Limits it to one connection; null for all.</summary>
    public string? Connection { get; init; }

    /// <summary>Limits it to one HTTP method; null for all.</summary>
    public string? Method { get; init; }

    /// <summary>Limits it to requests whose path and query, as sent, contain this; null for all.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// Limits it to requests whose body contains this, ignoring case, such as one person's e-mail address; null for
    /// all.
    /// </summary>
    public string? Body { get; init; }

    /// <summary>The number of matching requests to skip first.</summary>
    public int Skip { get; init; }

    /// <summary>The number of matching requests that it applies to; null for all.</summary>
    public int? Times { get; init; } = 1;

    /// <summary>
    /// The wait before the request is handled, in real time. It can be combined with every kind. The request is handled
    /// even if its client gives up.
    /// </summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The status of a <see cref="FaultKind.Answer"/>.</summary>
    public int Status { get; init; } = 500;

    /// <summary>The body of a <see cref="FaultKind.Answer"/>.</summary>
    public string Content { get; init; } = "";

    /// <summary>The content type of that body.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The Retry-After header of a <see cref="FaultKind.Answer"/>.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>The target of a redirect or a next link: scheme, host and port.</summary>
    public string Origin { get; init; } = "http://elsewhere.invalid";

    /// <summary>By how many readings a <see cref="FaultKind.Lag"/> is behind.</summary>
    public int Readings { get; init; } = 2;

    /// <summary>Creates a fault in which lists show an earlier state.</summary>
    public static Fault Lagging(int readings = 2) =>
        new(FaultKind.Lag)
        {
            Method = "GET",
            Readings = readings,
            Times = null,
        };

    /// <summary>Creates a fault that delays requests, which are then handled.</summary>
    public static Fault Latency(TimeSpan delay) => new(FaultKind.Delay) { Delay = delay, Times = null };

    /// <summary>Creates a fault that answers with a status and a body.</summary>
    public static Fault Answer(int status, string content = """{"error":"Injected."}""") =>
        new(FaultKind.Answer) { Status = status, Content = content };

    /// <summary>Creates a 429 with Retry-After in seconds.</summary>
    public static Fault TooManyRequests(int seconds) =>
        Answer(429, """{"error":"Request was throttled."}""") with
        {
            RetryAfter = seconds.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>Creates a 429 with Retry-After as an HTTP date.</summary>
    public static Fault TooManyRequests(DateTimeOffset until) =>
        Answer(429, """{"error":"Request was throttled."}""") with
        {
            RetryAfter = until.ToString("R", CultureInfo.InvariantCulture),
        };

    /// <summary>Creates an HTML page with status 200, as from a proxy or a sign-in page.</summary>
    public static Fault Html() =>
        Answer(200, "<!doctype html><html><body><h1>Please sign in</h1></body></html>") with
        {
            ContentType = "text/html; charset=utf-8",
        };

    /// <summary>Creates a redirect to another origin.</summary>
    public static Fault RedirectTo(string origin) => new(FaultKind.Redirect) { Origin = origin };

    /// <summary>Creates a next link to another origin.</summary>
    public static Fault NextLinkTo(string origin) => new(FaultKind.NextLink) { Origin = origin };
}
