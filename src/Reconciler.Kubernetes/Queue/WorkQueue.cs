using System.Diagnostics.CodeAnalysis;

namespace Reconciler.Kubernetes.Queue;

/// <summary>
/// Queues keys to work on. A key waits only once however often it is added, and is never worked on twice at the same
/// time; a key that is added during its work comes again afterwards. Many events of an object thus become one run, and
/// the last event is never missed.
/// </summary>
/// <typeparam name="TKey">The type of a key.</typeparam>
[SuppressMessage(
    "Naming",
    "CA1711:Identifiers should not have incorrect suffix",
    Justification = "What the field calls it."
)]
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    /// <summary>A timer cannot wait longer; running earlier does no harm.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(30);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly RetryLimiter<TKey> _limiter;
    private readonly LinkedList<TKey> _order = [];
    private readonly HashSet<TKey> _dirty = [];
    private readonly HashSet<TKey> _processing = [];
    private readonly Dictionary<TKey, Delayed> _delayed = [];
    private readonly SemaphoreSlim _ready = new(0);
    private bool _closed;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="clock">The clock for delays; null for the system's.</param>
    /// <param name="random">The source of randomness; null for the shared one.</param>
    public WorkQueue(TimeProvider? clock = null, Random? random = null)
    {
        (_clock, _random) = (clock ?? TimeProvider.System, random ?? Random.Shared);
        _limiter = new(_clock);
    }

    /// <summary>The number of keys that are ready.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _order.Count;
        }
    }

    /// <summary>The number of failures of a key since it was last forgotten.</summary>
    /// <param name="key">The key.</param>
    public int Failures(TKey key)
    {
        lock (_gate)
            return _limiter.Failures(key);
    }

    /// <summary>Adds a key.</summary>
    /// <param name="key">The key.</param>
    public void Add(TKey key)
    {
        lock (_gate)
        {
            if (_closed || !_dirty.Add(key) || _processing.Contains(key))
                return;
            _order.AddLast(key);
            _ready.Release();
        }
    }

    /// <summary>Adds a key later. A key that waits already comes at the earlier of both times.</summary>
    /// <param name="key">The key.</param>
    /// <param name="delay">The delay.</param>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key);
            return;
        }

        lock (_gate)
        {
            if (_closed)
                return;
            if (delay > LongestDelay)
                delay = LongestDelay;
            if (_delayed.TryGetValue(key, out var waiting))
            {
                if (waiting.Left(_clock) <= delay)
                    return;
                waiting.Timer?.Dispose();
            }

            var delayed = new Delayed(_clock.GetTimestamp(), delay);
            _delayed[key] = delayed;
            delayed.Timer = _clock.CreateTimer(_ => Fall(key, delayed), null, delay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Adds a failed key again, after a wait that grows with every failure.</summary>
    /// <param name="key">The key.</param>
    public void AddRateLimited(TKey key)
    {
        lock (_gate)
            AddAfter(key, _limiter.Next(key));
    }

    /// <summary>
    /// Forgets the failures of a key that succeeded, and adds it again after its interval, with jitter.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="interval">The interval.</param>
    public void AddInterval(TKey key, TimeSpan interval)
    {
        Forget(key);
        AddAfter(key, Jitter.Spread(interval < LongestDelay ? interval : LongestDelay, _random));
    }

    /// <summary>Forgets the failures of a key.</summary>
    /// <param name="key">The key.</param>
    public void Forget(TKey key)
    {
        lock (_gate)
            _limiter.Forget(key);
    }

    /// <summary>Waits for a key to work on. The caller must call <see cref="Done"/> afterwards.</summary>
    /// <param name="cancellation">Cancels the wait.</param>
    public async ValueTask<TKey> TakeAsync(CancellationToken cancellation)
    {
        await _ready.WaitAsync(cancellation);
        lock (_gate)
        {
            var key = _order.First!.Value;
            _order.RemoveFirst();
            _dirty.Remove(key);
            _processing.Add(key);
            return key;
        }
    }

    /// <summary>Marks the work on a key as ended.</summary>
    /// <param name="key">The key.</param>
    public void Done(TKey key)
    {
        lock (_gate)
        {
            _processing.Remove(key);
            if (_closed || !_dirty.Contains(key))
                return;
            _order.AddLast(key);
            _ready.Release();
        }
    }

    /// <summary>
    /// Works on several keys in parallel until it is cancelled, then waits for the work in progress. The work returns
    /// the interval after which the key comes again, or null for no interval; a key whose work throws comes again as a
    /// failure.
    /// </summary>
    /// <param name="workers">The maximum number of keys in work at the same time.</param>
    /// <param name="work">The work on one key.</param>
    /// <param name="failed">Called for every failure. If it throws, all work ends, and so does this method.</param>
    /// <param name="cancellation">Ends the loop.</param>
    public async Task RunAsync(
        int workers,
        Func<TKey, CancellationToken, Task<TimeSpan?>> work,
        Action<TKey, Exception> failed,
        CancellationToken cancellation
    )
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAll(
            Enumerable
                .Range(0, workers)
                .Select(_ =>
                    Task.Run(
                        async () =>
                        {
                            try
                            {
                                await WorkAsync(work, failed, end.Token);
                            }
                            finally
                            {
                                // Stop all workers, since a queue that loses one worker after the other would look
                                // healthy until the last.
                                await end.CancelAsync();
                            }
                        },
                        CancellationToken.None
                    )
                )
        );
    }

    /// <summary>Ends the queue: no more keys are accepted, and delays end.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var delayed in _delayed.Values)
                delayed.Timer?.Dispose();
            _delayed.Clear();
        }
    }

    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "One key must not end the work on all others."
    )]
    private async Task WorkAsync(
        Func<TKey, CancellationToken, Task<TimeSpan?>> work,
        Action<TKey, Exception> failed,
        CancellationToken cancellation
    )
    {
        while (!cancellation.IsCancellationRequested)
        {
            TKey key;
            try
            {
                key = await TakeAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                if (await work(key, cancellation) is { } interval)
                    AddInterval(key, interval);
                else
                    Forget(key);
            }
            catch (Exception broken)
            {
                AddRateLimited(key);
                if (!cancellation.IsCancellationRequested)
                    failed(key, broken);
            }
            finally
            {
                Done(key);
            }
        }
    }

    private void Fall(TKey key, Delayed delayed)
    {
        lock (_gate)
        {
            if (!_delayed.TryGetValue(key, out var current) || current != delayed)
                return;
            _delayed.Remove(key);
            delayed.Timer?.Dispose();
        }

        Add(key);
    }

    private sealed class Delayed(long since, TimeSpan delay)
    {
        public ITimer? Timer { get; set; }

        public TimeSpan Left(TimeProvider clock) => delay - clock.GetElapsedTime(since);
    }
}
