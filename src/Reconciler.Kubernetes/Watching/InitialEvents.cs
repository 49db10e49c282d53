using System.Collections.Immutable;
using System.Globalization;
using k8s.Models;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Watching;

/// <summary>
/// Which servers can stream what there is. Older ones ignore the question, and the end would never come.
/// </summary>
internal static class InitialEvents
{
    /// <summary>The minor version of Kubernetes 1 since which it is switched on.</summary>
    private const int Since = 32;

    /// <summary>
    /// Whether a server of this version can; one whose version cannot be read can not. Clusters of some vendors add to
    /// the minor version (<c>32+</c>).
    /// </summary>
    public static bool AreKnownTo(VersionInfo version) =>
        version.Major == "1"
        && int.TryParse(version.Minor?.TrimEnd('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
        && minor >= Since;
}

/// <summary>
/// The beginning of a watch that stands for a list: one event for each object there is, and a bookmark that says that
/// these were all.
/// </summary>
internal sealed class InitialEvents<T>
    where T : class
{
    private const string End = "k8s.io/initial-events-end";
    private readonly Dictionary<ObjectKey, Item<T>> _items = [];

    public ImmutableArray<Item<T>> Items => [.. _items.Values];

    public bool IsEndedBy(WatchEvent<T> happened)
    {
        if (happened.Type == WatchEventType.Bookmark)
        {
            return happened.Item.Metadata.Annotations is { } notes
                && notes.TryGetValue(End, out var value)
                && value == "true";
        }

        if (happened.Type == WatchEventType.Deleted)
            _items.Remove(happened.Item.Key);
        else
            _items[happened.Item.Key] = happened.Item;
        return false;
    }
}
