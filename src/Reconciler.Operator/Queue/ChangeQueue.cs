using System.Collections.Immutable;
using Reconciler.Hosting.Reconciling;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Operator.Queue;

/// <summary>Memberships to evaluate together.</summary>
/// <param name="Keys">Memberships that changed.</param>
/// <param name="Namespaces">Namespaces in which something changed that every membership there may use.</param>
internal sealed record ChangeBatch(IReadOnlySet<ObjectKey> Keys, IReadOnlySet<string> Namespaces);

/// <summary>
/// Collects the keys of changed resources until no more change for a moment, so that what <c>kubectl apply</c> changes
/// together is evaluated together. Reflectors mark from any thread, and only while this replica leads; everything else
/// is called by the loop.
/// </summary>
/// <param name="queue">The way to the loop.</param>
/// <param name="clock">The time.</param>
internal sealed class ChangeQueue(LoopQueue queue, TimeProvider clock)
{
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(2);

    private readonly HashSet<ObjectKey> _delayed = [];
    private HashSet<ObjectKey> _keys = [];
    private HashSet<string> _namespaces = new(StringComparer.Ordinal);
    private volatile ImmutableHashSet<string> _unsettled = [];
    private volatile bool _isOpen;
    private DateTimeOffset? _firstAt;
    private DateTimeOffset _lastAt;

    /// <summary>Whether changes are taken: this replica leads.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>When the batch is complete; null where nothing changed.</summary>
    public DateTimeOffset? SettledAt =>
        _firstAt is not { } first ? null
        : first == DateTimeOffset.MinValue || first + LongestSettling < _lastAt + Settling ? first
        : _lastAt + Settling;

    /// <summary>Takes changes from now on. The given namespaces are evaluated at once.</summary>
    public void Open(IEnumerable<string> namespaces)
    {
        _isOpen = true;
        foreach (var @namespace in namespaces)
            Enqueue(@namespace);
        _firstAt = DateTimeOffset.MinValue;
    }

    /// <summary>Takes no more changes.</summary>
    public void Close() => _isOpen = false;

    /// <summary>Runs something on the loop while this replica leads; from any thread.</summary>
    public void Post(Action continuation)
    {
        if (_isOpen)
            queue.Enqueue(continuation);
    }

    /// <summary>Runs something on the loop, also while this replica stops; from any thread.</summary>
    public void PostAlways(Action continuation) => queue.Enqueue(continuation);

    /// <summary>Marks a membership that changed; from any thread.</summary>
    public void MarkDirty(ObjectKey membership) => Post(() => Enqueue(membership));

    /// <summary>Marks a namespace in which something changed that its memberships may use; from any thread.</summary>
    public void MarkDirty(string @namespace) => Post(() => Enqueue(@namespace));

    /// <summary>Adds a membership to the batch.</summary>
    public void Enqueue(ObjectKey membership)
    {
        _keys.Add(membership);
        Touched(membership.ToString());
    }

    /// <summary>
    /// Adds a membership to the batch after a while, once however often it is asked for; from any thread.
    /// </summary>
    /// <param name="membership">The membership.</param>
    /// <param name="delay">How long it waits.</param>
    /// <param name="stopping">Ends the waiting.</param>
    public void EnqueueAfter(ObjectKey membership, TimeSpan delay, CancellationToken stopping) =>
        queue.Enqueue(() =>
        {
            if (!_delayed.Add(membership))
                return;
            _ = Task.Delay(delay, clock, stopping)
                .ContinueWith(
                    _ => queue.Enqueue(() => Due(membership)),
                    CancellationToken.None,
                    TaskContinuationOptions.None,
                    TaskScheduler.Default
                );
        });

    /// <summary>Takes the batch, and begins another.</summary>
    public ChangeBatch Take()
    {
        var batch = new ChangeBatch(_keys, _namespaces);
        (_keys, _namespaces) = ([], new(StringComparer.Ordinal));
        _firstAt = null;
        return batch;
    }

    /// <summary>Notes that everything taken is evaluated.</summary>
    public void Settle() => _unsettled = [];

    /// <summary>Whether a membership is evaluated as it was last seen; from any thread.</summary>
    public bool IsSettled(ObjectKey membership) =>
        _unsettled is var unsettled
        && !unsettled.Contains(membership.ToString())
        && !unsettled.Contains(MarkOf(membership.Namespace ?? "default"));

    private static string MarkOf(string @namespace) => $"{@namespace}/";

    private void Enqueue(string @namespace)
    {
        _namespaces.Add(@namespace);
        Touched(MarkOf(@namespace));
    }

    private void Due(ObjectKey membership)
    {
        _delayed.Remove(membership);
        Enqueue(membership);
    }

    private void Touched(string mark)
    {
        _lastAt = clock.GetUtcNow();
        _firstAt ??= _lastAt;
        _unsettled = _unsettled.Add(mark);
    }
}
