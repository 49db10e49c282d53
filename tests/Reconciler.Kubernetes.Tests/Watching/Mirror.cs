using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Reconciler.Kubernetes.Watching;

namespace Reconciler.Kubernetes.Tests.Watching;

/// <summary>Holds a store to its word: what it tells must add up, object for object, to what it has.</summary>
internal sealed class Mirror
{
    private readonly ConcurrentDictionary<string, string> _alive = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _wrong = new();
    private int _added;
    private int _deleted;

    public Mirror(Store<JsonObject> store) => store.Subscribe(Tell);

    /// <summary>
    /// What was told wrongly: a change of what is not there, a second deletion, a new object in place of one that was
    /// never deleted.
    /// </summary>
    public IEnumerable<string> Wrong => _wrong;

    public (int Added, int Deleted) Count => (Volatile.Read(ref _added), Volatile.Read(ref _deleted));

    public IReadOnlyDictionary<string, string> Alive => _alive;

    private void Tell(StoreChange<JsonObject> change)
    {
        var (name, metadata) = (change.Key.Name, (change.After ?? change.Before)!.Metadata);
        var now = $"{metadata.Uid}@{metadata.ResourceVersion}";
        var before = _alive.GetValueOrDefault(name);
        var same = before?.StartsWith(metadata.Uid!, StringComparison.Ordinal) == true;
        if (change.After is null)
        {
            if (!same)
                _wrong.Enqueue($"{name} deleted, which was {before}");
            _alive.TryRemove(name, out _);
            Interlocked.Increment(ref _deleted);
            return;
        }

        if (change.Before is null ? before is not null : !same)
            _wrong.Enqueue($"{name} {(change.Before is null ? "added" : "changed")}, which was {before}");
        _alive[name] = now;
        if (change.Before is null)
            Interlocked.Increment(ref _added);
    }
}
