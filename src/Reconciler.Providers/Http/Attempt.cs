using System.Collections.Immutable;
using System.Net;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>The result of one attempt.</summary>
internal enum Outcome
{
    /// <summary>The vendor succeeded (2xx).</summary>
    Done,

    /// <summary>The vendor refused (3xx, 4xx) and did nothing.</summary>
    Denied,

    /// <summary>The vendor refused because of a rate limit (429) and did nothing.</summary>
    Throttled,

    /// <summary>The vendor failed (5xx), and may have done something.</summary>
    Failed,

    /// <summary>The request was sent, and no complete answer came.</summary>
    Lost,

    /// <summary>The vendor answered with success, but the answer cannot be read.</summary>
    Unreadable,

    /// <summary>No connection was made, so nothing was sent.</summary>
    Unsent,
}

/// <summary>One attempt, as a value. Nothing is thrown before all attempts are made.</summary>
/// <param name="Outcome">The result.</param>
/// <param name="Text">The result in words, such as "answered 503".</param>
internal sealed record Attempt(Outcome Outcome, string Text)
{
    public int? Status { get; init; }

    /// <summary>The reason why the request was denied.</summary>
    public ProviderFault Fault { get; init; } = ProviderFault.Refused;

    /// <summary>The body of the answer.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    public string? MediaType { get; init; }

    /// <summary>The values of the header <c>Link</c>; empty where there is none.</summary>
    public ImmutableArray<string> Links { get; init; } = [];

    /// <summary>The time that the vendor asked to wait; null where it asked for none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The rate limit in the answer; null where there is none.</summary>
    public RateLimit? Limit { get; init; }

    public Exception? Cause { get; init; }

    /// <summary>The id that the request contained; null where none was sent.</summary>
    public string? RequestId { get; init; }

    /// <summary>The id that the vendor assigned to the request.</summary>
    public string? VendorRequestId { get; init; }

    /// <summary>
    /// The id to quote to the vendor, with a space before it; empty where the vendor never received the request.
    /// </summary>
    public string RequestIdSuffix =>
        RequestId is null || (Status is null && Outcome is not Outcome.Lost and not Outcome.Unreadable) ? ""
        : VendorRequestId is null ? $" (request {RequestId})"
        : $" (request {RequestId}, the vendor's {VendorRequestId})";

    public bool IsJson =>
        MediaType is "application/json" || (MediaType?.EndsWith("+json", StringComparison.Ordinal) ?? false);

    /// <summary>Judges a complete response.</summary>
    /// <param name="response">The response.</param>
    /// <param name="body">Its body.</param>
    /// <param name="token">The token, which must not be shown.</param>
    /// <param name="now">The current time, for a date in Retry-After.</param>
    public static Attempt Of(
        HttpResponseMessage response,
        ReadOnlyMemory<byte> body,
        string token,
        DateTimeOffset now
    ) => Judge(response, body, token, now, RateLimit.Of(response, now));

    /// <summary>
    /// Creates a result for a request that was not sent, since the vendor would refuse it for this long.
    /// </summary>
    public static Attempt NotSent(TimeSpan wait) =>
        new(
            Outcome.Throttled,
            "was not sent: the vendor's limit of requests is used up (its answers say when the next window begins)"
        )
        {
            RetryAfter = wait,
        };

    private static Attempt Judge(
        HttpResponseMessage response,
        ReadOnlyMemory<byte> body,
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
                Links = response.Headers.TryGetValues("Link", out var links) ? [.. links] : [],
            };
        if (status is >= 300 and < 400)
            return Redirect(response, status, token) with { Limit = limit };

        var said = VendorText.OfError(body, type, token);
        var asked = AskedDelay(response, now);
        var isThrottled = IsThrottled(status, asked, limit);
        // Without Retry-After, the reset shows how long a used-up limit lasts.
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

    // Some vendors answer 403 instead of 429 (GitHub documents both). The headers about waiting distinguish the two
    // kinds of 403.
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

    // Only the origin is shown, since the rest of the target may contain any text.
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

    // A wait of zero is ignored, and the back-off decides.
    private static TimeSpan? AskedDelay(HttpResponseMessage response, DateTimeOffset now)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - now);
        return wait > TimeSpan.Zero ? wait : null;
    }
}
