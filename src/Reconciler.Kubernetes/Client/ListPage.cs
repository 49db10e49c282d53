using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Reconciler.Kubernetes.Client;

/// <summary>Asks for and reads pages of lists, object by object.</summary>
internal static class ListPage
{
    /// <summary>How many objects a page has.</summary>
    public const int Size = 500;

    public static string Query(Selection selection, int? limit, string? continuation) =>
        ResourcePath.Query(
            ("labelSelector", selection.Labels),
            ("fieldSelector", selection.Fields),
            ("limit", limit?.ToString(CultureInfo.InvariantCulture)),
            ("continue", continuation)
        );

    public static ResourceList<T> Read<T>(JsonTypeInfo<T> type, JsonElement page)
        where T : class
    {
        var metadata = page.GetProperty("metadata");
        var next = metadata.TryGetProperty("continue", out var value) ? value.GetString() : null;
        // Null is how some servers write an empty list; an answer without items is no list, and must not look as if all
        // were deleted.
        var list = page.GetProperty("items");
        var items =
            list.ValueKind == JsonValueKind.Null
                ? []
                : list.EnumerateArray().Select(one => ReadItem(type, one)).ToImmutableArray();
        var version = metadata.GetProperty("resourceVersion").GetString();
        return new(
            items,
            version ?? throw new JsonException("a list without a version"),
            string.IsNullOrEmpty(next) ? null : next
        );
    }

    /// <summary>One object; one that does not fit its type becomes a problem of its own.</summary>
    public static Item<T> ReadItem<T>(JsonTypeInfo<T> type, JsonElement one)
        where T : class
    {
        var metadata = ReadMetadata(one.GetProperty("metadata"), type.Options);
        try
        {
            return new(metadata, one.Deserialize(type) ?? throw new JsonException("no object"));
        }
        catch (Exception broken) when (IsUnfit(broken))
        {
            return new(metadata, null, broken.Message);
        }
    }

    // Of metadata that does not fit, what the object is known by is enough to tell of it.
    private static V1ObjectMeta ReadMetadata(JsonElement metadata, JsonSerializerOptions options)
    {
        try
        {
            return metadata.Deserialize(ClientJson.Of<V1ObjectMeta>(options))
                ?? throw new JsonException("an object without metadata");
        }
        catch (Exception broken) when (IsUnfit(broken) && metadata.ValueKind == JsonValueKind.Object)
        {
            return new()
            {
                Name = Text(metadata, "name"),
                NamespaceProperty = Text(metadata, "namespace"),
                Uid = Text(metadata, "uid"),
                ResourceVersion = Text(metadata, "resourceVersion"),
            };
        }
    }

    private static string? Text(JsonElement metadata, string name) =>
        metadata.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static bool IsUnfit(Exception broken) =>
        broken is JsonException or FormatException or InvalidOperationException or NotSupportedException;
}
