using System.Net;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>What one attempt came to.</summary>
internal enum Outcome
{
    /// <summary>The vendor did it (2xx).</summary>
    Done,

    /// <summary>The vendor answered that it will not (3xx, 4xx), and did nothing.</summary>
    Denied,

    /// <summary>The vendor had no time for the request (429), and did nothing.</summary>
    Throttled,

    /// <summary>The vendor failed (5xx), nobody knows how far.</summary>
    Failed,

    /// <summary>The request was sent and no whole answer came.</summary>
    Lost,

    /// <summary>The vendor said yes in a way that is not read.</summary>
    Unreadable,

    /// <summary>No connection was made, so that nothing was sent.</summary>
    Unsent,
}

/// <summary>One attempt, as a value: nothing is thrown before all attempts are made.</summary>
/// <param name="Outcome">What it came to.</param>
/// <param name="Text">That, for people, such as "answered 503".</param>
internal sealed record Attempt(Outcome Outcome, string Text)
{
    public int? Status { get; init; }

    /// <summary>Why the request was denied.</summary>
    public ProviderFault Fault { get; init; } = ProviderFault.Refused;

    /// <summary>The body of the answer.</summary>
    public byte[] Body { get; init; } = [];

    public string? MediaType { get; init; }

    /// <summary>How long the vendor asked to wait; null where it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How many more requests the vendor will answer, as it says; null where it does not.</summary>
    public RateLimit? Limit { get; init; }

    public Exception? Cause { get; init; }

    /// <summary>The id that the request carried; null where none was sent.</summary>
    public string? RequestId { get; init; }

    /// <summary>The id that the vendor gave the request itself.</summary>
    public string? VendorRequestId { get; init; }

    /// <summary>
    /// What a person quotes to the vendor, with a space before it; empty where the vendor has never seen the request.
    /// </summary>
    public string Mark =>
        RequestId is null || (Status is null && Outcome is not Outcome.Lost and not Outcome.Unreadable) ? ""
        : VendorRequestId is null ? $" (request {RequestId})"
        : $" (request {RequestId}, the vendor's {VendorRequestId})";

    public bool IsJson =>
        MediaType is "application/json" || (MediaType?.EndsWith("+json", StringComparison.Ordinal) ?? false);

    /// <summary>Judges a response that came whole.</summary>
    /// <param name="response">The response.</param>
    /// <param name="body">Its body.</param>
    /// <param name="token">What must not be shown.</param>
    /// <param name="now">What a date in Retry-After is compared with.</param>
    public static Attempt Of(HttpResponseMessage response, byte[] body, string token, DateTimeOffset now) =>
        Judge(response, body, token, now, RateLimit.Of(response, now));

    /// <summary>What stands for an attempt that was not made, since the vendor would refuse it for so long.</summary>
    public static Attempt Spent(TimeSpan wait) =>
        new(
            Outcome.Throttled,
            "was not sent: the vendor's limit of requests is used up (its answers say when it begins anew)"
        )
        {
            RetryAfter = wait,
        };

    private static Attempt Judge(
        HttpResponseMessage response,
        byte[] body,
        string token,
        DateTimeOffset now,
        RateLimit? limit
    )
    {
        var status = (int)response.StatusCode;
        var type = response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant();
        if (response.IsSuccessStatusCode)
            return new(Outcome.Done, $"answered {status}")
            {
                Status = status,
                Body = body,
                MediaType = type,
                Limit = limit,
            };
        if (status is >= 300 and < 400)
            return Redirect(response, status, token) with { Limit = limit };

        var said = VendorText.OfError(body, type, token);
        var asked = Patience(response, now);
        var isThrottled = IsThrottled(status, asked, limit);
        // Without Retry-After the reset says how long a limit that is spent stays so.
        if (isThrottled && asked is null && limit is { IsSpent: true } && limit.Reset > now)
            asked = limit.Reset - now;
        var outcome =
            isThrottled ? Outcome.Throttled
            : status is >= 500 and not 501 ? Outcome.Failed
            : Outcome.Denied;
        return new(outcome, said.Length == 0 ? $"answered {status}" : $"answered {status}: {said}")
        {
            Status = status,
            Fault = FaultOf(response.StatusCode),
            Body = body,
            RetryAfter = asked,
            Limit = limit,
        };
    }

    // Some vendors answer 403 where others answer 429 (GitHub documents both): what it says about waiting tells the
    // two kinds of 403 apart.
    private static bool IsThrottled(int status, TimeSpan? asked, RateLimit? limit) =>
        status == 429 || (status == 403 && (asked is not null || limit is { IsSpent: true }));

    private static ProviderFault FaultOf(HttpStatusCode status) =>
        status switch
        {
            HttpStatusCode.Unauthorized => ProviderFault.Unauthorized,
            HttpStatusCode.Forbidden => ProviderFault.Forbidden,
            HttpStatusCode.NotFound => ProviderFault.NotFound,
            HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented => ProviderFault.NoSuchCall,
            >= HttpStatusCode.BadRequest => ProviderFault.Refused,
            _ => ProviderFault.BadAnswer,
        };

    // Only the origin is named: the rest of the target may hold whatever somebody put there.
    private static Attempt Redirect(HttpResponseMessage response, int status, string token)
    {
        var origin = response.Headers.Location switch
        {
            null => "nowhere",
            { IsAbsoluteUri: true } target => VendorText.Clean(target.GetLeftPart(UriPartial.Authority), token),
            _ => "another path",
        };
        return new(
            Outcome.Denied,
            $"answered {status}, a redirect to {origin}, which is not followed: check the provider's baseUrl"
        )
        {
            Status = status,
            Fault = ProviderFault.BadAnswer,
        };
    }

    // A wait of nothing says nothing: the back-off decides then.
    private static TimeSpan? Patience(HttpResponseMessage response, DateTimeOffset now)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - now);
        return wait > TimeSpan.Zero ? wait : null;
    }
}
