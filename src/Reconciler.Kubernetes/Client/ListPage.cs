using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Reconciler.Kubernetes.Client;

/// <summary>Requests and reads pages of lists, one object at a time.</summary>
internal static class ListPage
{
    /// <summary>The number of objects on a page.</summary>
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
        // Some servers write an empty list as null. An answer without items is not a list, and must not be taken for an
        // empty one.
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

    /// <summary>Reads one object. An object that does not match its type becomes an item with a problem.</summary>
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

    // Where the metadata does not match its type, only the fields that identify the object are read.
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
