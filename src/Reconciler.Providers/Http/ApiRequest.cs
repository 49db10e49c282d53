using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Reconciler.Providers.Http;

/// <summary>What an endpoint does at the vendor: it decides which failures are tried again.</summary>
internal enum Effect
{
    /// <summary>Nothing.</summary>
    Read,

    /// <summary>A change that is the same whether it is done once or twice.</summary>
    IdempotentWrite,

    /// <summary>A mail goes out each time.</summary>
    Mails,

    /// <summary>Something goes from one person to another, so that a second time finds another state.</summary>
    Transfers,
}

/// <summary>One request, ready to be sent any number of times.</summary>
/// <param name="Effect">What it does.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Url">Where to; made by <see cref="BaseAddress"/>.</param>
internal sealed record ApiRequest(Effect Effect, HttpMethod Method, Uri Url)
{
    /// <summary>The JSON to send; null for none.</summary>
    public byte[]? Body { get; private init; }

    /// <summary>
    /// Whether the answer is for people alone, such as a list of names: a token that the vendor quotes there is struck
    /// out. Any other
    /// answer with a token in it is not used.
    /// </summary>
    public bool IsProse { get; init; }

    /// <summary>The same request with a body.</summary>
    public ApiRequest With<T>(T body, JsonTypeInfo<T> type) =>
        this with
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(body, type),
        };

    /// <summary>The content for one attempt.</summary>
    public HttpContent? Content()
    {
        if (Body is not null)
            return new ByteArrayContent(Body) { Headers = { ContentType = new("application/json") } };

        // SocketsHttpHandler silently sends a request without content up to three times more when the connection breaks
        // before an answer, also after the vendor has handled it. For a read that is welcome (an idle connection that
        // the vendor has just closed costs no attempt); empty content forbids it for everything else: only RetryRules
        // decide on what may be sent twice.
        return Effect is Effect.Read ? null : new ByteArrayContent([]);
    }
}
