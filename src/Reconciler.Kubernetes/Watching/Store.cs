using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Watching;

/// <summary>What became of an object.</summary>
/// <param name="Before">As it was; null where it is new.</param>
/// <param name="After">As it is; null where it is gone.</param>
/// <param name="Missed">The event for it was missed; a list told of it.</param>
/// <typeparam name="T">The type of the object.</typeparam>
public sealed record StoreChange<T>(Item<T>? Before, Item<T>? After, bool Missed)
    where T : class
{
    /// <summary>What the object is called.</summary>
    public ObjectKey Key => (After ?? Before)!.Key;
}

/// <summary>
/// The objects of a kind as a <see cref="Reflector{T}"/> last saw them. Anybody may read at any time; the reflector
/// alone writes, and tells of every change once, in order: added (no before), changed, deleted (no after). An object
/// that was deleted and made anew is both.
/// </summary>
/// <typeparam name="T">The type of the objects.</typeparam>
public sealed class Store<T>
    where T : class
{
    private readonly ConcurrentDictionary<ObjectKey, Item<T>> _items = new();
    private ImmutableArray<Action<StoreChange<T>>> _told = [];

    /// <summary>How many there are.</summary>
    public int Count => _items.Count;

    /// <summary>All of them, in no order.</summary>
    public ImmutableArray<Item<T>> Items => [.. _items.Values];

    /// <summary>The one of this name; null where there is none.</summary>
    /// <param name="key">The name.</param>
    public Item<T>? Find(ObjectKey key) => _items.GetValueOrDefault(key);

    /// <summary>Tells somebody of every change from now on; before the reflector runs, that is of all.</summary>
    /// <param name="changed">
    /// Told on the reflector's turn: it should only note what is to be done, and must not throw.
    /// </param>
    public void Subscribe(Action<StoreChange<T>> changed) =>
        ImmutableInterlocked.Update(ref _told, told => told.Add(changed));

    /// <summary>Takes over a whole list. What it no longer has was deleted while nobody looked.</summary>
    internal void Replace(ImmutableArray<Item<T>> items)
    {
        var kept = items.Select(item => item.Key).ToHashSet();
        foreach (var key in _items.Keys.Where(key => !kept.Contains(key)).ToList())
            Remove(key, null, missed: true);
        foreach (var item in items)
            Set(item, missed: true);
    }

    /// <summary>Takes over one event.</summary>
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

    // The last state that is known: the event's own where there was one.
    private void Remove(ObjectKey key, Item<T>? last, bool missed)
    {
        if (_items.TryRemove(key, out var before))
            Tell(new(last ?? before, null, missed));
    }
}
