using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

/// <summary>
/// Reads and writes the parts of a ledger that are stored as JSON. They have types of their own, so that renaming
/// another type does not make stored files unreadable.
/// </summary>
public static class LedgerJson
{
    /// <summary>Serializes access as a list of its grants.</summary>
    public static string Of(Access access) =>
        JsonSerializer.Serialize(StoredGrant.Of(access), LedgerJsonContext.Default.StoredGrantArray);

    /// <summary>Parses access that <see cref="Of(Access)"/> serialized.</summary>
    /// <exception cref="JsonException">The text is not such JSON, or is <c>null</c>.</exception>
    public static Access Access(string json) =>
        StoredGrant.Access(Parse(json, LedgerJsonContext.Default.StoredGrantArray));

    /// <summary>Serializes a list of texts, such as the digests of released holds.</summary>
    public static string Of(ImmutableArray<string> words) =>
        JsonSerializer.Serialize([.. words], LedgerJsonContext.Default.StringArray);

    /// <summary>Parses a list that <see cref="Of(ImmutableArray{string})"/> serialized.</summary>
    /// <exception cref="JsonException">The text is not such JSON, or is <c>null</c>.</exception>
    public static ImmutableArray<string> Words(string json) =>
        [.. StoredPart.All(Parse(json, LedgerJsonContext.Default.StringArray))];

    /// <summary>Serializes a write that is about to be sent; what is not set is left out.</summary>
    public static string Of(WriteIntent intent) =>
        JsonSerializer.Serialize(StoredIntent.Of(intent), LedgerJsonContext.Default.StoredIntent);

    /// <summary>Parses a write that <see cref="Of(WriteIntent)"/> serialized.</summary>
    /// <exception cref="JsonException">The text is not such JSON, or is <c>null</c>.</exception>
    public static WriteIntent Intent(string json) => Parse(json, LedgerJsonContext.Default.StoredIntent).Value;

    /// <summary>Serializes where a project was last declared, with its deletion policy and limits.</summary>
    public static string Of(LastApplied applied) =>
        JsonSerializer.Serialize(StoredApplied.Of(applied), LedgerJsonContext.Default.StoredApplied);

    /// <summary>Parses what <see cref="Of(LastApplied)"/> serialized.</summary>
    /// <exception cref="JsonException">The text is not such JSON, or is <c>null</c>.</exception>
    public static LastApplied Applied(string json) => Parse(json, LedgerJsonContext.Default.StoredApplied).Value;

    /// <summary>Serializes the lessons from a vendor's answers.</summary>
    public static string Of(ImmutableArray<Lesson> lessons) =>
        JsonSerializer.Serialize([.. lessons.Select(StoredLesson.Of)], LedgerJsonContext.Default.StoredLessonArray);

    /// <summary>Parses lessons that <see cref="Of(ImmutableArray{Lesson})"/> serialized.</summary>
    /// <exception cref="JsonException">The text is not such JSON, or is <c>null</c>.</exception>
    public static ImmutableArray<Lesson> Lessons(string json) =>
        [.. StoredPart.All(Parse(json, LedgerJsonContext.Default.StoredLessonArray)).Select(l => l.Value)];

    private static T Parse<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class =>
        JsonSerializer.Deserialize(json, type) ?? throw new JsonException("null where a value is expected");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(StoredGrant[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(StoredIntent))]
[JsonSerializable(typeof(StoredApplied))]
[JsonSerializable(typeof(StoredLesson[]))]
internal sealed partial class LedgerJsonContext : JsonSerializerContext;
