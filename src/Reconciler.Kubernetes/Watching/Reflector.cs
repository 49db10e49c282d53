using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Watching;

/// <summary>
/// Keeps a <see cref="Store{T}"/> equal to the server: list, then watch from the list's version, and with every event
/// the version goes on. A watch that ends is taken up where it ended. A version that is too old (410, in the answer's
/// head or in the stream) and anything else that the server says is wrong means: list again and work out what was
/// missed. No answer, a broken stream or 429 means: the same version again. Every failure waits, longer each time. A
/// server that can begins with a stream of what there is instead of a list.
/// </summary>
/// <typeparam name="T">The type of the objects.</typeparam>
public sealed class Reflector<T>
    where T : class
{
    private readonly ClusterClient _client;
    private readonly ResourceType<T> _type;
    private readonly ReflectorOptions _options;
    private readonly TimeProvider _clock;
    private readonly Backoff _backoff;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _denied;
    private bool? _streams;
    private string? _version;

    /// <summary>A reflector of one kind.</summary>
    /// <param name="client">Reaches the cluster.</param>
    /// <param name="type">The kind.</param>
    /// <param name="options">How to follow it.</param>
    public Reflector(ClusterClient client, ResourceType<T> type, ReflectorOptions? options = null)
    {
        (_client, _type, _options, _clock) = (client, type, options ?? new(), client.Options.Clock);
        _backoff = new(_options.Backoff, _clock);
    }

    /// <summary>What the server has.</summary>
    public Store<T> Store { get; } = new();

    /// <summary>
    /// Ends when the store is filled for the first time; before, nothing may be concluded from what it lacks.
    /// </summary>
    public Task Synced => _synced.Task;

    /// <summary>
    /// Whether the store is filled and can follow. Where listing is allowed and watching is not, it would freeze
    /// unseen.
    /// </summary>
    public bool IsReady => Synced.IsCompletedSuccessfully && !_denied;

    /// <summary>Follows the server until it is cancelled.</summary>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await ListAsync(cancellation);
                await WatchAsync(cancellation);
            }
            catch (KubernetesException failed)
            {
                if (!CanGoOn(failed))
                    _version = null;
                _options.Failed?.Invoke(failed);
                await Task.Delay(Wait(failed), _clock, cancellation);
            }
        }
    }

    private async Task ListAsync(CancellationToken cancellation)
    {
        if (_version is not null || await StreamsAsync(cancellation))
            return;
        var list = await _client.ListAsync(_type, _options.Selection, cancellation);
        Store.Replace(list.Items);
        _version = list.ResourceVersion;
        _synced.TrySetResult();
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        var began = _clock.GetTimestamp();
        var events = 0;
        var initial = _version is null ? new InitialEvents<T>() : null;
        var more = (_options.LongestWatch - _options.ShortestWatch) * _options.Backoff.Random.NextDouble();
        var duration = _options.ShortestWatch + more;
        try
        {
            var watch = _client.WatchAsync(
                _type,
                _options.Selection,
                _version,
                duration,
                () => _denied = false,
                cancellation
            );
            await foreach (var happened in watch)
                events += Apply(happened, ref initial);
        }
        catch (KubernetesException failed) when (failed.IsForbidden)
        {
            _denied = true;
            throw;
        }
        catch (KubernetesException) when (initial is not null)
        {
            // Servers have this switched off, or between them and us something that does not know it: a list always
            // works.
            _streams = false;
            throw;
        }

        if (initial is not null)
            _streams = false;

        if (events == 0 && _clock.GetElapsedTime(began) < _options.TooShort)
            throw new KubernetesException(0, "ShortWatch", $"watch {_type}: ended at once and without an event");
    }

    // Returns how many events were news: 0 while the initial events are incomplete, and for a bookmark.
    private int Apply(WatchEvent<T> happened, ref InitialEvents<T>? initial)
    {
        var events = happened.Type == WatchEventType.Bookmark ? 0 : 1;
        if (initial is not null)
        {
            if (!initial.IsEndedBy(happened))
                return 0;
            Store.Replace(initial.Items);
            initial = null;
            _synced.TrySetResult();
            events++;
        }

        Store.Apply(happened);
        _version = happened.Item.Metadata.ResourceVersion ?? _version;
        return events;
    }

    private async Task<bool> StreamsAsync(CancellationToken cancellation)
    {
        try
        {
            return _streams ??=
                _options.StreamInitialList && InitialEvents.AreKnownTo(await _client.GetVersionAsync(cancellation));
        }
        catch (KubernetesException)
        {
            // Clusters may keep their version to themselves.
            return false;
        }
    }

    // The server may ask for more than would be waited anyway, but not for any time at all.
    private TimeSpan Wait(KubernetesException failed)
    {
        var asked = Math.Min((failed.RetryAfter ?? TimeSpan.Zero).Ticks, _options.Backoff.Most.Ticks);
        return TimeSpan.FromTicks(Math.Max(_backoff.Next().Ticks, asked));
    }

    // An event that cannot be read would come again and again from the same version.
    private static bool CanGoOn(KubernetesException failed) =>
        failed.IsTooManyRequests || (failed.IsUnanswered && failed.Reason is not ("Unreadable" or "TooLong"));
}
