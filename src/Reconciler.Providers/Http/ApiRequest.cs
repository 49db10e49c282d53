using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Reconciler.Providers.Http;

/// <summary>The effect of a request at the vendor. It decides which failures are tried again.</summary>
internal enum Effect
{
    /// <summary>Changes nothing.</summary>
    Read,

    /// <summary>Makes a change that has the same result when it is done twice.</summary>
    IdempotentWrite,

    /// <summary>Sends a mail each time.</summary>
    Mails,

    /// <summary>Moves something from one person to another, so that a second call meets another state.</summary>
    Transfers,
}

/// <summary>A request that can be sent any number of times.</summary>
/// <param name="Effect">Its effect at the vendor.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Url">The address, created by <see cref="BaseAddress"/>.</param>
internal sealed record ApiRequest(Effect Effect, HttpMethod Method, Uri Url)
{
    /// <summary>The JSON body; null for none.</summary>
    public byte[]? Body { get; private init; }

    /// <summary>
    /// Whether the answer is only shown to people, such as a list of names. A token that the vendor quotes there is
    /// removed; any other answer that contains a token is not used.
    /// </summary>
    public bool IsProse { get; init; }

    /// <summary>Creates the same request with a body.</summary>
    public ApiRequest With<T>(T body, JsonTypeInfo<T> type) =>
        this with
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(body, type),
        };

    /// <summary>Creates the content for one attempt.</summary>
    public HttpContent? Content()
    {
        if (Body is not null)
            return new ByteArrayContent(Body) { Headers = { ContentType = new("application/json") } };

        // SocketsHttpHandler silently repeats a request without content, up to three times, when the connection breaks
        // before an answer, even if the vendor has handled it. That is fine for reads. Empty content prevents it for
        // all other requests, so that only RetryRules decides what is sent twice.
        return Effect is Effect.Read ? null : new ByteArrayContent([]);
    }
}
