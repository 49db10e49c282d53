using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Reconciler.Kubernetes.Client;

/// <summary>Requests and reads watches, which have one JSON event on each line.</summary>
internal static class WatchStream
{
    /// <summary>In bytes. Larger than the largest object that a server stores; a longer line is not an event.</summary>
    private const long LongestLine = 16 * 1024 * 1024;

    public static string Query(Selection selection, string? version, TimeSpan duration) =>
        ResourcePath.Query(
            ("watch", "true"),
            ("resourceVersion", version),
            ("sendInitialEvents", version is null ? "true" : null),
            ("resourceVersionMatch", version is null ? "NotOlderThan" : null),
            ("allowWatchBookmarks", "true"),
            ("timeoutSeconds", ((int)duration.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
            ("labelSelector", selection.Labels),
            ("fieldSelector", selection.Fields)
        );

    public static async IAsyncEnumerable<WatchEvent<T>> ReadAsync<T>(
        JsonTypeInfo<T> type,
        Stream stream,
        string what,
        [EnumeratorCancellation] CancellationToken cancellation
    )
        where T : class
    {
        var pipe = PipeReader.Create(stream);
        try
        {
            while (true)
            {
                var read = await pipe.ReadAsync(cancellation);
                var buffer = read.Buffer;
                while (TakeLine(ref buffer) is { } line)
                {
                    if (Read(type, line, what) is { } one)
                        yield return one;
                }

                if (buffer.Length > LongestLine)
                    throw new KubernetesException(0, "TooLong", $"{what}: an event is longer than {LongestLine} bytes");
                pipe.AdvanceTo(buffer.Start, buffer.End);
                if (!read.IsCompleted)
                    continue;
                if (!buffer.IsEmpty)
                    throw new KubernetesException(0, "Cut", $"{what}: the watch broke off inside an event");
                yield break;
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private static ReadOnlySequence<byte>? TakeLine(ref ReadOnlySequence<byte> buffer)
    {
        if (buffer.PositionOf((byte)'\n') is not { } end)
            return null;
        var line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return line;
    }

    private static WatchEvent<T>? Read<T>(JsonTypeInfo<T> type, ReadOnlySequence<byte> line, string what)
        where T : class
    {
        if (line.IsEmpty)
            return null;
        try
        {
            using var json = JsonDocument.Parse(line, ClientJson.Document);
            var value = json.RootElement.GetProperty("object");
            return json.RootElement.GetProperty("type").GetString() switch
            {
                "ADDED" => new(WatchEventType.Added, ListPage.ReadItem(type, value)),
                "MODIFIED" => new(WatchEventType.Modified, ListPage.ReadItem(type, value)),
                "DELETED" => new(WatchEventType.Deleted, ListPage.ReadItem(type, value)),
                "BOOKMARK" => new(WatchEventType.Bookmark, ListPage.ReadItem(type, value)),
                "ERROR" => throw KubernetesException.Of(value, what),
                // Unknown types of events are ignored.
                _ => null,
            };
        }
        catch (Exception broken)
            when (broken is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new KubernetesException(0, "Unreadable", $"{what}: an event of the watch cannot be read", broken);
        }
    }
}
