using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reconciler.Providers.Http;

/// <summary>An answer of any shape.</summary>
/// <param name="Call">The call that it answers, for errors about it.</param>
/// <param name="Body">The body; undefined where there is none.</param>
/// <param name="Links">The values of the header <c>Link</c>.</param>
internal sealed record JsonAnswer(Call Call, JsonElement Body, ImmutableArray<string> Links)
{
    /// <summary>Whether there is a body.</summary>
    public bool HasBody => Body.ValueKind != JsonValueKind.Undefined;
}

/// <summary>The bytes of a JSON value, in which no escape hides a word.</summary>
internal static class JsonBytes
{
    public static byte[] Of(JsonElement value) =>
        JsonSerializer.SerializeToUtf8Bytes(value, AnyJson.Default.JsonElement);
}

[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonNode))]
internal sealed partial class AnyJson : JsonSerializerContext;
