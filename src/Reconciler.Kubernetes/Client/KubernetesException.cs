using System.Net;
using System.Text;
using System.Text.Json;
using k8s.Models;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// A request failed: the server's <c>Status</c>, or why there was no answer. Its text holds no header and no body that
/// was sent, and the package's own exception, which holds both, is never part of it.
/// </summary>
public sealed class KubernetesException : Exception
{
    private const int ShownText = 300;

    /// <summary>A failure.</summary>
    /// <param name="code">The HTTP status; 0 where no answer came.</param>
    /// <param name="reason">The server's word for it, such as <c>NotFound</c>.</param>
    /// <param name="message">What it says.</param>
    /// <param name="inner">What made it known.</param>
    public KubernetesException(int code, string reason, string message, Exception? inner = null)
        : base(message, inner) => (Code, Reason) = (code, reason);

    /// <summary>The HTTP status; 0 where no answer came, so that nobody knows whether a write was done.</summary>
    public int Code { get; }

    /// <summary>
    /// The server's word: <c>NotFound</c>, <c>AlreadyExists</c>, <c>Conflict</c>, <c>Expired</c>, <c>Forbidden</c>,
    /// <c>Invalid</c>, ...
    /// </summary>
    public string Reason { get; }

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>There is no such object, or no such kind.</summary>
    public bool IsNotFound => Code == (int)HttpStatusCode.NotFound;

    /// <summary>Somebody else has written since (409, and not "there is one already").</summary>
    public bool IsConflict => Code == (int)HttpStatusCode.Conflict && Reason != "AlreadyExists";

    /// <summary>There is one of that name already.</summary>
    public bool IsAlreadyExists => Reason == "AlreadyExists";

    /// <summary>The version is too old to go on from; list again.</summary>
    public bool IsGone => Code == (int)HttpStatusCode.Gone || Reason is "Expired" or "Gone";

    /// <summary>One may not.</summary>
    public bool IsForbidden => Code == (int)HttpStatusCode.Forbidden;

    /// <summary>Too many requests; wait.</summary>
    public bool IsTooManyRequests => Code == (int)HttpStatusCode.TooManyRequests;

    /// <summary>No answer came: refused, cut, too late.</summary>
    public bool IsUnanswered => Code == 0;

    internal static KubernetesException Unanswered(string reason, string what, Exception? inner) =>
        new(0, reason, $"{what}: {inner?.Message ?? reason}", inner);

    /// <summary>
    /// What an answer's body says, where it is a <c>Status</c>; else the code and the beginning of the text.
    /// </summary>
    /// <param name="response">The answer.</param>
    /// <param name="body">Its body.</param>
    /// <param name="what">What was asked.</param>
    /// <param name="secret">What must not be repeated; some proxies show the request that they refuse.</param>
    /// <param name="retryAfter">How long the server asks to wait.</param>
    internal static KubernetesException Of(
        HttpResponseMessage response,
        ReadOnlySpan<byte> body,
        string what,
        string? secret,
        TimeSpan? retryAfter
    )
    {
        var (code, phrase) = ((int)response.StatusCode, response.ReasonPhrase);
        if (TryStatus(body) is not { } status)
        {
            var text = Without(secret, Encoding.UTF8.GetString(body)).ReplaceLineEndings(" ").Trim();
            var shown = text.Length <= ShownText ? text : text[..ShownText];
            return new(code, response.StatusCode.ToString(), $"{what}: {code} {phrase} {shown}".TrimEnd())
            {
                RetryAfter = retryAfter,
            };
        }

        var reason = string.IsNullOrEmpty(status.Reason) ? response.StatusCode.ToString() : status.Reason;
        var message = Without(secret, status.Message ?? phrase ?? "");
        var own = status.Code is > 0 and var given ? given : code;
        return new(own, reason, $"{what}: {message}") { RetryAfter = retryAfter };
    }

    private static string Without(string? secret, string text) =>
        string.IsNullOrEmpty(secret) ? text : text.Replace(secret, "…", StringComparison.Ordinal);

    /// <summary>What the <c>ERROR</c> event of a watch says.</summary>
    internal static KubernetesException Of(JsonElement status, string what)
    {
        const int Unknown = (int)HttpStatusCode.InternalServerError;
        if (status.ValueKind != JsonValueKind.Object || ClientJson.ReadStatus(status) is not { } read)
            return new(Unknown, "Unknown", $"{what}: the watch ended with an error of no known form");
        var own = read.Code is > 0 and var given ? given : Unknown;
        return new(own, read.Reason ?? "Unknown", $"{what}: {read.Message}");
    }

    private static V1Status? TryStatus(ReadOnlySpan<byte> body)
    {
        try
        {
            return ClientJson.ReadStatus(body) is { Kind: "Status" } status ? status : null;
        }
        catch (JsonException)
        {
            // Proxies answer with pages of their own.
            return null;
        }
    }
}
