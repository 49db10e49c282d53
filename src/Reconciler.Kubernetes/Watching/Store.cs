using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Watching;

/// <summary>A change of an object.</summary>
/// <param name="Before">The object before the change; null where it is new.</param>
/// <param name="After">The object after the change; null where it was deleted.</param>
/// <param name="Missed">Whether the event was missed, and a list showed the change.</param>
/// <typeparam name="T">The type of the object.</typeparam>
public sealed record StoreChange<T>(Item<T>? Before, Item<T>? After, bool Missed)
    where T : class
{
    /// <summary>The namespace and name of the object.</summary>
    public ObjectKey Key => (After ?? Before)!.Key;
}

/// <summary>
/// Holds the objects of a kind as a <see cref="Reflector{T}"/> last saw them. Any thread may read; only the reflector
/// writes, and reports every change once, in order: added (no before), changed, deleted (no after). An object that was
/// deleted and created again is reported as both.
/// </summary>
/// <typeparam name="T">The type of the objects.</typeparam>
public sealed class Store<T>
    where T : class
{
    private readonly ConcurrentDictionary<ObjectKey, Item<T>> _items = new();
    private ImmutableArray<Action<StoreChange<T>>> _told = [];

    /// <summary>The number of objects.</summary>
    public int Count => _items.Count;

    /// <summary>All objects, in no particular order.</summary>
    public ImmutableArray<Item<T>> Items => [.. _items.Values];

    /// <summary>Finds an object; null where there is none.</summary>
    /// <param name="key">The namespace and name.</param>
    public Item<T>? Find(ObjectKey key) => _items.GetValueOrDefault(key);

    /// <summary>Subscribes to changes from now on. A subscription before the reflector runs gets all objects.</summary>
    /// <param name="changed">Called on the reflector's thread. It must return quickly and must not throw.</param>
    public void Subscribe(Action<StoreChange<T>> changed) =>
        ImmutableInterlocked.Update(ref _told, told => told.Add(changed));

    /// <summary>
    /// Replaces the objects with a complete list. Objects that are not on it were deleted without an event.
    /// </summary>
    internal void Replace(ImmutableArray<Item<T>> items)
    {
        var kept = items.Select(item => item.Key).ToHashSet();
        foreach (var key in _items.Keys.Where(key => !kept.Contains(key)).ToList())
            Remove(key, null, missed: true);
        foreach (var item in items)
            Set(item, missed: true);
    }

    /// <summary>Applies one event.</summary>
    internal void Apply(WatchEvent<T> happened)
    {
        if (happened.Type == WatchEventType.Deleted)
            Remove(happened.Item.Key, happened.Item, missed: false);
        else if (happened.Type != WatchEventType.Bookmark)
            Set(happened.Item, missed: false);
    }

    private void Set(Item<T> item, bool missed)
    {
        var before = _items.GetValueOrDefault(item.Key);
        if (before is not null && before.Metadata.Uid != item.Metadata.Uid)
        {
            Remove(item.Key, null, missed: true);
            before = null;
        }

        if (before is not null && before.Metadata.ResourceVersion == item.Metadata.ResourceVersion)
            return;
        _items[item.Key] = item;
        Tell(new(before, item, missed));
    }

    private void Tell(StoreChange<T> change)
    {
        foreach (var told in _told)
            told(change);
    }

    // The last known state: that of the event, where there is one.
    private void Remove(ObjectKey key, Item<T>? last, bool missed)
    {
        if (_items.TryRemove(key, out var before))
            Tell(new(last ?? before, null, missed));
    }
}
