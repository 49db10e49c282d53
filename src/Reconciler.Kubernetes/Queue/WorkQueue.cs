using System.Diagnostics.CodeAnalysis;

namespace Reconciler.Kubernetes.Queue;

/// <summary>
/// Keys to be worked on. A key waits once however often it is added; it is never worked on twice at a time; one that is
/// added while it is worked on comes again afterwards. So many events of an object become one pass, and the last of
/// them is never missed.
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
    /// <summary>Longer than this a timer cannot wait; to come sooner does no harm.</summary>
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

    /// <summary>An empty queue.</summary>
    /// <param name="clock">The clock of delays; null for the system's.</param>
    /// <param name="random">Chance; null for the shared one.</param>
    public WorkQueue(TimeProvider? clock = null, Random? random = null)
    {
        (_clock, _random) = (clock ?? TimeProvider.System, random ?? Random.Shared);
        _limiter = new(_clock);
    }

    /// <summary>How many keys could be worked on now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _order.Count;
        }
    }

    /// <summary>How often a key failed since it was last forgotten.</summary>
    /// <param name="key">The key.</param>
    public int Failures(TKey key)
    {
        lock (_gate)
            return _limiter.Failures(key);
    }

    /// <summary>A key is to be worked on.</summary>
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

    /// <summary>A key is to be worked on later. One that waits already comes at the earlier time.</summary>
    /// <param name="key">The key.</param>
    /// <param name="delay">How much later.</param>
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

    /// <summary>A key failed: it comes again after a wait that grows with every failure.</summary>
    /// <param name="key">The key.</param>
    public void AddRateLimited(TKey key)
    {
        lock (_gate)
            AddAfter(key, _limiter.Next(key));
    }

    /// <summary>
    /// A key succeeded: its failures are forgotten, and it comes again after its interval, a little spread.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="interval">The interval.</param>
    public void AddInterval(TKey key, TimeSpan interval)
    {
        Forget(key);
        AddAfter(key, Jitter.Spread(interval < LongestDelay ? interval : LongestDelay, _random));
    }

    /// <summary>The failures of a key no longer count.</summary>
    /// <param name="key">The key.</param>
    public void Forget(TKey key)
    {
        lock (_gate)
            _limiter.Forget(key);
    }

    /// <summary>Waits for a key to work on. <see cref="Done"/> must follow.</summary>
    /// <param name="cancellation">Ends the wait.</param>
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

    /// <summary>The work on a key has ended.</summary>
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
    /// Works on keys, several at a time, until it is cancelled; then waits for the work that has begun. The work's
    /// answer is the interval after which the key comes again, or null where nothing but an event brings it back; an
    /// exception brings it back as a failure.
    /// </summary>
    /// <param name="workers">How many at a time.</param>
    /// <param name="work">The work on one key.</param>
    /// <param name="failed">Told of every failure. Where this throws, all work ends, and with it this.</param>
    /// <param name="cancellation">Ends it.</param>
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
                                // A queue that works on with fewer and fewer would look well to the last.
                                await end.CancelAsync();
                            }
                        },
                        CancellationToken.None
                    )
                )
        );
    }

    /// <summary>Takes no more keys; delays end.</summary>
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
