using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// How objects are read and written: the package's serializer, told of the types that it does not know. Everything goes
/// through generated code, so that it works in native programs too.
/// </summary>
internal static class ClientJson
{
    /// <summary>
    /// Servers take objects of 10,000 levels. One that nobody here could read would hide all others of its list.
    /// </summary>
    private const int Depth = 16_384;

    private static readonly JsonTypeInfo<V1Status> StatusType;

    static ClientJson()
    {
        KubernetesJson.AddJsonOptions(options =>
        {
            options.TypeInfoResolverChain.Add(ClientTypes.Default);
            // Before the package's own converter, which leaves the fraction out of a whole second: servers refuse such
            // a time in a Lease and in an Event.
            options.Converters.Insert(0, new MicroTime());
            // What servers read as JSON needs no escapes for HTML, which make a status longer than it is.
            options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            options.MaxDepth = Depth;
        });
        StatusType = Of<V1Status>(Prepare(new(), null));
    }

    /// <summary>How deep a document may be.</summary>
    public static JsonDocumentOptions Document { get; } = new() { MaxDepth = Depth };

    /// <summary>The options of a client.</summary>
    /// <param name="configuration">What the package makes the client from.</param>
    /// <param name="types">The types of whoever uses the client; null where it has none of its own.</param>
    public static JsonSerializerOptions Prepare(
        KubernetesClientConfiguration configuration,
        IJsonTypeInfoResolver? types
    )
    {
        if (types is not null)
            configuration.AddJsonOptions(options => options.TypeInfoResolverChain.Add(types));
        return configuration.JsonSerializerOptions;
    }

    /// <summary>The server's own words for a failure.</summary>
    public static V1Status? ReadStatus(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, StatusType);

    /// <summary>The server's own words for a failure.</summary>
    public static V1Status? ReadStatus(JsonElement json) => json.Deserialize(StatusType);

    /// <summary>Reads and writes one type by a client's options.</summary>
    /// <exception cref="NotSupportedException">The options do not know the type.</exception>
    public static JsonTypeInfo<T> Of<T>(JsonSerializerOptions options) =>
        (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}

/// <summary>The types that requests carry and the package does not know.</summary>
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ClientTypes : JsonSerializerContext;
