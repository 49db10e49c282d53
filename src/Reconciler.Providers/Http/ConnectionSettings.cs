namespace Reconciler.Providers.Http;

/// <summary>
/// Describes how one provider is reached. Requests, and the token with them, only go to <paramref name="BaseUrl"/>.
/// </summary>
/// <param name="BaseUrl">The vendor's API: https, or http on loopback. The allowed hosts are checked elsewhere.</param>
/// <param name="Token">
/// Reads the vendor's token. It is called for every request; the host decides how long a token is cached.
/// </param>
public sealed record ConnectionSettings(Uri BaseUrl, Func<CancellationToken, ValueTask<string>> Token)
{
    /// <summary>
    /// Reads the token again after a 401, for hosts that cache it; null where <see cref="Token"/> always returns the
    /// newest.
    /// </summary>
    public Func<CancellationToken, ValueTask<string>>? FreshToken { get; init; }

    /// <summary>
    /// Whether anything but a read may be sent now. It is checked immediately before each such request, after every
    /// wait; if false, the request counts as cancelled. With several replicas, it checks that this one still leads.
    /// Null where writes are always allowed.
    /// </summary>
    public Func<bool>? MayWrite { get; init; }

    /// <summary>What asks <see cref="MayWrite"/>; set where a connection is made.</summary>
    internal WritePermit? Permit { get; init; }

    /// <summary>The maximum of requests per second; null for 10, or for no limit on loopback.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>The maximum of requests at the same time.</summary>
    public int MaxConcurrency { get; init; } = 8;

    /// <summary>
    /// The certificate authorities for the vendor's certificate (PEM), instead of those of the system; null for those
    /// of the system.
    /// </summary>
    public string? CertificateAuthorities { get; init; }

    /// <summary>The timeout of one request, including its answer.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The average length of the first back-off. Each further one doubles.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The clock, for measuring and waiting.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Called for each request once it is over, from any thread, for logs and metrics. It must not throw.
    /// </summary>
    public Action<RequestSeen>? Observer { get; init; }

    /// <summary>Creates the id that each request sends in X-Request-Id; null for a new UUID each.</summary>
    public Func<string>? RequestIds { get; init; }

    /// <summary>
    /// Wraps the network handler, for tests that check every exchange against the vendor's specification.
    /// </summary>
    internal Func<HttpMessageHandler, HttpMessageHandler>? Around { get; init; }
}

/// <summary>A completed request. It contains no secret: neither headers, query nor body.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below the base URL.</param>
/// <param name="Status">The status of the answer; null where no complete answer came.</param>
/// <param name="Duration">The duration, without the waits before it.</param>
/// <param name="Attempt">The number of the attempt, from 1.</param>
/// <param name="RequestId">The id that it sent in X-Request-Id.</param>
public sealed record RequestSeen(
    string Method,
    string Path,
    int? Status,
    TimeSpan Duration,
    int Attempt,
    string RequestId
)
{
    /// <summary>The id in the vendor's answer; null where the vendor assigned none of its own.</summary>
    public string? VendorRequestId { get; init; }

    /// <summary>The rate limit in the answer; null where there is none.</summary>
    public RequestQuota? Quota { get; init; }

    /// <summary>
    /// What happened where no answer came, such as "was not sent: no connection to 127.0.0.1:80"; null where one came.
    /// </summary>
    public string? Fate { get; init; }
}

/// <summary>The number of further requests that a vendor will answer, as it reports it.</summary>
/// <param name="Limit">The total number until the reset; null where it is not reported.</param>
/// <param name="Remaining">The number of remaining requests.</param>
/// <param name="ResetAt">The time of the reset; null where it is not reported.</param>
public sealed record RequestQuota(int? Limit, int Remaining, DateTimeOffset? ResetAt);
