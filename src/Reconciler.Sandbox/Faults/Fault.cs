using System.Globalization;

namespace Reconciler.Sandbox.Faults;

/// <summary>What goes wrong.</summary>
public enum FaultKind
{
    /// <summary>Nothing but the delay.</summary>
    Delay,

    /// <summary>The given status, body and headers instead of the vendor's answer; nothing is changed.</summary>
    Answer,

    /// <summary>The connection is reset before the request is handled; nothing is changed.</summary>
    Reset,

    /// <summary>The request is handled, its change is kept, and the connection is reset instead of an answer.</summary>
    LostResponse,

    /// <summary>Half of the body that Content-Length promises, then a reset.</summary>
    TruncatedBody,

    /// <summary>The body ends in the middle of the JSON, but the response ends cleanly.</summary>
    CutJson,

    /// <summary>A redirect (307) of the same path to another origin; nothing is changed.</summary>
    Redirect,

    /// <summary>The link to the next page leads to another origin, on every page.</summary>
    NextLink,

    /// <summary>The list on the page is empty, whatever the counts say.</summary>
    EmptyPage,

    /// <summary>
    /// A GET shows what it showed some readings ago (<see cref="Fault.Readings"/>), as a replica does that lags behind
    /// the writes. Each address counts its own readings from when the fault came into force.
    /// </summary>
    Lag,
}

/// <summary>
/// A fault and the requests it hits. Every condition that is set must hold. An HTTP client may repeat a request without
/// a body by itself when a reused connection breaks (HttpClient does): to be seen, a reset of such a request must last
/// (<see cref="Times"/> null) or meet a fresh connection.
/// </summary>
/// <param name="Kind">What goes wrong.</param>
public sealed record Fault(FaultKind Kind)
{
    /// <summary>Only this connection.</summary>
    public string? Connection { get; init; }

    /// <summary>Only this HTTP method.</summary>
    public string? Method { get; init; }

    /// <summary>Only where path and query, as sent, contain this.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// Only where the request's body contains this; an e-mail singles out one person's invitation. Case does not count.
    /// </summary>
    public string? Body { get; init; }

    /// <summary>How many of the first matching requests are spared.</summary>
    public int Skip { get; init; }

    /// <summary>How many matching requests are hit; null for all.</summary>
    public int? Times { get; init; } = 1;

    /// <summary>
    /// How long the request waits first, in real time; may be combined with every kind. A request that its client gives
    /// up meanwhile is handled all the same.
    /// </summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The status of an <see cref="FaultKind.Answer"/>.</summary>
    public int Status { get; init; } = 500;

    /// <summary>The body of an <see cref="FaultKind.Answer"/>.</summary>
    public string Content { get; init; } = "";

    /// <summary>The type of that body.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The Retry-After header of an <see cref="FaultKind.Answer"/>.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>Where a redirect or a next link leads: scheme, host and port.</summary>
    public string Origin { get; init; } = "http://elsewhere.invalid";

    /// <summary>How many readings a <see cref="FaultKind.Lag"/> is behind.</summary>
    public int Readings { get; init; } = 2;

    /// <summary>Lists show what was there some readings ago.</summary>
    public static Fault Lagging(int readings = 2) =>
        new(FaultKind.Lag)
        {
            Method = "GET",
            Readings = readings,
            Times = null,
        };

    /// <summary>Every request waits this long; the request is then handled.</summary>
    public static Fault Latency(TimeSpan delay) => new(FaultKind.Delay) { Delay = delay, Times = null };

    /// <summary>A status with a body.</summary>
    public static Fault Answer(int status, string content = """{"error":"Injected."}""") =>
        new(FaultKind.Answer) { Status = status, Content = content };

    /// <summary>429 with Retry-After in seconds.</summary>
    public static Fault TooManyRequests(int seconds) =>
        Answer(429, """{"error":"Request was throttled."}""") with
        {
            RetryAfter = seconds.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>429 with Retry-After as an HTTP date.</summary>
    public static Fault TooManyRequests(DateTimeOffset until) =>
        Answer(429, """{"error":"Request was throttled."}""") with
        {
            RetryAfter = until.ToString("R", CultureInfo.InvariantCulture),
        };

    /// <summary>An HTML page with status 200, as a proxy or a login page in between gives.</summary>
    public static Fault Html() =>
        Answer(200, "<!doctype html><html><body><h1>Please sign in</h1></body></html>") with
        {
            ContentType = "text/html; charset=utf-8",
        };

    /// <summary>A redirect to another origin.</summary>
    public static Fault RedirectTo(string origin) => new(FaultKind.Redirect) { Origin = origin };

    /// <summary>A next link to another origin.</summary>
    public static Fault NextLinkTo(string origin) => new(FaultKind.NextLink) { Origin = origin };
}
