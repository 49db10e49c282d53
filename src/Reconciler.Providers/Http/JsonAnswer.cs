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
    /// <summary>
    /// The tokens that the body may quote; empty where it quotes none. Text with one of them must not be used.
    /// </summary>
    public ImmutableArray<string> Quoted { get; init; } = [];

    /// <summary>Whether there is a body.</summary>
    public bool HasBody => Body.ValueKind != JsonValueKind.Undefined;
}

[JsonSerializable(typeof(System.Text.Json.Nodes.JsonNode))]
internal sealed partial class AnyJson : JsonSerializerContext;
