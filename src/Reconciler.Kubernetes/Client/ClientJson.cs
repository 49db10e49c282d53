using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// Configures how objects are read and written: the package's serializer, with the types that are used. It uses
/// generated code only, so it works with native compilation.
/// </summary>
public static class ClientJson
{
    /// <summary>
    /// Servers accept objects nested 10,000 levels deep. One unreadable object would make its whole list unreadable.
    /// </summary>
    private const int Depth = 16_384;

    private static readonly JsonTypeInfo<V1Status> StatusType;

    static ClientJson()
    {
        KubernetesJson.AddJsonOptions(options =>
        {
            // Comes before the package's table of every model, which the native program leaves out.
            options.TypeInfoResolverChain.Insert(0, ClientTypes.Default);
            // Takes precedence over the package's converter, which writes whole seconds without a fraction. Servers
            // refuse such a time in a Lease and in an Event.
            options.Converters.Insert(0, new MicroTime());
            // Servers read JSON without HTML escapes, which would only make a status longer.
            options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            options.MaxDepth = Depth;
        });
        StatusType = Of<V1Status>(Prepare(new(), null));
    }

    /// <summary>The maximum depth of documents.</summary>
    internal static JsonDocumentOptions Document { get; } = new() { MaxDepth = Depth };

    /// <summary>Creates the serializer options of a client.</summary>
    /// <param name="configuration">The configuration of the package's client.</param>
    /// <param name="types">The caller's own types; null where it has none.</param>
    public static JsonSerializerOptions Prepare(
        KubernetesClientConfiguration configuration,
        IJsonTypeInfoResolver? types
    )
    {
        if (types is not null)
            configuration.AddJsonOptions(options => options.TypeInfoResolverChain.Insert(0, types));
        return configuration.JsonSerializerOptions;
    }

    /// <summary>Reads the <c>Status</c> of a failed request.</summary>
    internal static V1Status? ReadStatus(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, StatusType);

    /// <summary>Reads the <c>Status</c> of a failed request.</summary>
    internal static V1Status? ReadStatus(JsonElement json) => json.Deserialize(StatusType);

    /// <summary>Finds how a type is read and written with a client's options.</summary>
    /// <exception cref="NotSupportedException">The options do not know the type.</exception>
    public static JsonTypeInfo<T> Of<T>(JsonSerializerOptions options) =>
        (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}

/// <summary>
/// The types of the package that are sent or read, and those that it does not know. Its own table names every model of
/// Kubernetes, which would be 15 MB of the native program; that leaves it out (NativeSubstitutions.xml).
/// </summary>
[JsonSerializable(typeof(V1Lease))]
[JsonSerializable(typeof(Eventsv1Event))]
[JsonSerializable(typeof(V1Status))]
[JsonSerializable(typeof(V1ObjectMeta))]
[JsonSerializable(typeof(V1Patch))]
[JsonSerializable(typeof(VersionInfo))]
// The package declares the body of a request as an object.
[JsonSerializable(typeof(object))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ClientTypes : JsonSerializerContext;
