namespace Reconciler.Providers.Http;

/// <summary>
/// How one provider is reached. Requests, and the token with them, only ever go to <paramref name="BaseUrl"/>.
/// </summary>
/// <param name="BaseUrl">
/// The vendor's API: https, or http on loopback. Whether the host is allowed at all was decided before.
/// </param>
/// <param name="Token">
/// Gives the vendor's token. It is asked for every request; the host decides how long a token is kept.
/// </param>
public sealed record ConnectionSettings(Uri BaseUrl, Func<CancellationToken, ValueTask<string>> Token)
{
    /// <summary>
    /// Gives the token anew after a 401, for hosts that keep one for a while; null where <see cref="Token"/> always
    /// gives the newest.
    /// </summary>
    public Func<CancellationToken, ValueTask<string>>? FreshToken { get; init; }

    /// <summary>
    /// Whether anything but a read may be sent now; asked right before each such request, after every wait. Where it
    /// may not, the request counts as cancelled. Null where always: one of several replicas asks whether it still
    /// leads.
    /// </summary>
    public Func<bool>? MayWrite { get; init; }

    /// <summary>The most requests a second; null for 10, or for no limit on loopback.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>The most requests at one time.</summary>
    public int MaxConcurrency { get; init; } = 8;

    /// <summary>
    /// The authorities that the vendor's certificate may come from (PEM), instead of the system's; null for the
    /// system's.
    /// </summary>
    public string? CertificateAuthorities { get; init; }

    /// <summary>How long one request may take, its answer included.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the first back-off is on average; each further one doubles.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Measures and waits.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Sees each request once it is over, for logs and metrics; called from any thread. It must not throw.
    /// </summary>
    public Action<RequestSeen>? Observer { get; init; }

    /// <summary>Makes the id that each request carries in X-Request-Id; null for a new UUID each.</summary>
    public Func<string>? RequestIds { get; init; }

    /// <summary>
    /// Stands between this layer and the network, for tests that judge every exchange by the vendor's specification.
    /// </summary>
    internal Func<HttpMessageHandler, HttpMessageHandler>? Around { get; init; }
}

/// <summary>One request that is over. It holds no secret: neither header nor query nor body.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below the base URL.</param>
/// <param name="Status">The status of the answer; null where none came, or none that could be read to its end.</param>
/// <param name="Duration">How long it took, without waits before it.</param>
/// <param name="Attempt">Which attempt it was, from 1 on.</param>
/// <param name="RequestId">The id that it carried in X-Request-Id.</param>
public sealed record RequestSeen(
    string Method,
    string Path,
    int? Status,
    TimeSpan Duration,
    int Attempt,
    string RequestId
)
{
    /// <summary>The id that the vendor's answer gave it; null where it gave none of its own.</summary>
    public string? VendorRequestId { get; init; }

    /// <summary>What the answer says about further requests; null where it says nothing.</summary>
    public RequestQuota? Quota { get; init; }

    /// <summary>
    /// What became of it where no answer came, such as "was not sent: no connection to 127.0.0.1:80"; null where one
    /// came.
    /// </summary>
    public string? Fate { get; init; }
}

/// <summary>How many more requests a vendor answers, as it says itself.</summary>
/// <param name="Limit">How many in all until the reset; null where it does not say.</param>
/// <param name="Remaining">How many more.</param>
/// <param name="ResetAt">When they are all free again; null where it does not say.</param>
public sealed record RequestQuota(int? Limit, int Remaining, DateTimeOffset? ResetAt);
