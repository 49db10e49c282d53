using System.Collections.Immutable;
using System.Globalization;
using k8s.Models;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Watching;

/// <summary>
/// Decides which servers can stream the existing objects. Older servers ignore the parameter and never send the end
/// mark.
/// </summary>
internal static class InitialEvents
{
    /// <summary>The minor version of Kubernetes 1 from which it is enabled by default.</summary>
    private const int Since = 32;

    /// <summary>
    /// Whether a server of this version can stream them; false where the version is unreadable. Some vendors append to
    /// the minor version (<c>32+</c>).
    /// </summary>
    public static bool AreKnownTo(VersionInfo version) =>
        version.Major == "1"
        && int.TryParse(version.Minor?.TrimEnd('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
        && minor >= Since;
}

/// <summary>
/// Collects the start of a watch that replaces a list: one event for each existing object, and a bookmark that marks
/// their end.
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
