using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Watching;

/// <summary>
/// Keeps a <see cref="Store{T}"/> equal to the server: lists, then watches from the version of the list; every event
/// advances the version. Where the server supports it, a stream of the existing objects replaces the first list. Every
/// failure waits, longer each time.
/// <list type="bullet">
/// <item>The watch ends: it continues from the last version.</item>
/// <item>No answer, a broken stream, or a 429: it continues from the same version.</item>
/// <item>The version is too old (410, in the status or in the stream), or the server reports another error: the objects
/// are listed again and compared with the store.</item>
/// </list>
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

    /// <summary>Creates a reflector of one kind.</summary>
    /// <param name="client">The client of the cluster.</param>
    /// <param name="type">The kind.</param>
    /// <param name="options">The options; null for the defaults.</param>
    public Reflector(ClusterClient client, ResourceType<T> type, ReflectorOptions? options = null)
    {
        (_client, _type, _options, _clock) = (client, type, options ?? new(), client.Options.Clock);
        _backoff = new(_options.Backoff, _clock);
    }

    /// <summary>The objects on the server.</summary>
    public Store<T> Store { get; } = new();

    /// <summary>
    /// Completes when the store is filled for the first time. Until then, an object that is not in it may still exist.
    /// </summary>
    public Task Synced => _synced.Task;

    /// <summary>
    /// Whether the store is filled and up to date. Where listing is allowed and watching is not, the store would
    /// silently become old.
    /// </summary>
    public bool IsReady => Synced.IsCompletedSuccessfully && !_denied;

    /// <summary>Follows the server until it is cancelled.</summary>
    /// <param name="cancellation">Ends the loop.</param>
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
            // The server, or a proxy before it, does not support initial events. A list always works.
            _streams = false;
            throw;
        }

        if (initial is not null)
            _streams = false;

        if (events == 0 && _clock.GetElapsedTime(began) < _options.TooShort)
            throw new KubernetesException(0, "ShortWatch", $"watch {_type}: ended at once and without an event");
    }

    // The number of new events: 0 for a bookmark, and while the initial events are incomplete.
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
            // A cluster may forbid reading its version.
            return false;
        }
    }

    // The server may ask for a longer wait than the back-off, up to its maximum.
    private TimeSpan Wait(KubernetesException failed)
    {
        var asked = Math.Min((failed.RetryAfter ?? TimeSpan.Zero).Ticks, _options.Backoff.Most.Ticks);
        return TimeSpan.FromTicks(Math.Max(_backoff.Next().Ticks, asked));
    }

    // An unreadable event would come again and again from the same version.
    private static bool CanGoOn(KubernetesException failed) =>
        failed.IsTooManyRequests || (failed.IsUnanswered && failed.Reason is not ("Unreadable" or "TooLong"));
}
