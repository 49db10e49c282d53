using System.Net;
using System.Text;
using System.Text.Json;
using k8s.Models;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// The failure of a request: the server's <c>Status</c>, or the reason why there was no answer. It never contains a
/// header, a request body, or the package's own exception, which contains both.
/// </summary>
public sealed class KubernetesException : Exception
{
    private const int ShownText = 300;

    /// <summary>Creates the exception.</summary>
    /// <param name="code">The HTTP status; 0 where no answer came.</param>
    /// <param name="reason">The server's reason, such as <c>NotFound</c>.</param>
    /// <param name="message">The message.</param>
    /// <param name="inner">The cause; null for none.</param>
    public KubernetesException(int code, string reason, string message, Exception? inner = null)
        : base(message, inner) => (Code, Reason) = (code, reason);

    /// <summary>The HTTP status; 0 where no answer came, so that a write may or may not be done.</summary>
    public int Code { get; }

    /// <summary>
    /// The server's reason: <c>NotFound</c>, <c>AlreadyExists</c>, <c>Conflict</c>, <c>Expired</c>, <c>Forbidden</c>,
    /// <c>Invalid</c>, ...
    /// </summary>
    public string Reason { get; }

    /// <summary>The time that the server asks to wait; null where it asks for none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the object or the kind does not exist.</summary>
    public bool IsNotFound => Code == (int)HttpStatusCode.NotFound;

    /// <summary>Whether the object was changed since it was read (409 without the reason AlreadyExists).</summary>
    public bool IsConflict => Code == (int)HttpStatusCode.Conflict && Reason != "AlreadyExists";

    /// <summary>Whether an object with the name exists already.</summary>
    public bool IsAlreadyExists => Reason == "AlreadyExists";

    /// <summary>Whether the version is too old to continue from, so that the objects must be listed again.</summary>
    public bool IsGone => Code == (int)HttpStatusCode.Gone || Reason is "Expired" or "Gone";

    /// <summary>Whether permission is missing.</summary>
    public bool IsForbidden => Code == (int)HttpStatusCode.Forbidden;

    /// <summary>Whether there were too many requests, so that the caller must wait.</summary>
    public bool IsTooManyRequests => Code == (int)HttpStatusCode.TooManyRequests;

    /// <summary>Whether no answer came: the connection was refused or broken, or the timeout is over.</summary>
    public bool IsUnanswered => Code == 0;

    internal static KubernetesException Unanswered(string reason, string what, Exception? inner) =>
        new(0, reason, $"{what}: {inner?.Message ?? reason}", inner);

    /// <summary>
    /// Creates the exception from the body of an answer: from its <c>Status</c>, or else from the code and the
    /// beginning of the text.
    /// </summary>
    /// <param name="response">The answer.</param>
    /// <param name="body">Its body.</param>
    /// <param name="what">The request, for the message.</param>
    /// <param name="secret">
    /// The credential, which must not be shown. Some proxies quote the request that they refuse.
    /// </param>
    /// <param name="retryAfter">The time that the server asks to wait.</param>
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

    /// <summary>Creates the exception from the <c>ERROR</c> event of a watch.</summary>
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
            // Proxies answer with a page in another format.
            return null;
        }
    }
}
