using System.Threading.Channels;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Events;

/// <summary>
/// Records <c>events.k8s.io/v1</c> Events. Recording never waits and never fails; <see cref="RunAsync"/> writes the
/// events one after the other. An event that repeats within six minutes becomes a series of the first Event: its second
/// occurrence is written at once, further ones once a minute, the last ones when the recorder stops.
/// </summary>
public sealed class EventRecorder
{
    private static readonly TimeSpan FlushEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);
    private readonly Channel<(Happening Happening, DateTimeOffset At)> _waiting;
    private readonly EventWriter _writer;
    private readonly TimeProvider _clock;
    private readonly EventOptions _options;
    private long _dropped;
    private long _told;

    /// <summary>Creates a recorder.</summary>
    /// <param name="client">The client of the cluster.</param>
    /// <param name="options">The writer of the events.</param>
    public EventRecorder(ClusterClient client, EventOptions options)
    {
        (_clock, _options) = (client.Options.Clock, options);
        _writer = new(client, options, _clock);
        var bounds = new BoundedChannelOptions(options.Capacity) { SingleReader = true };
        _waiting = Channel.CreateBounded<(Happening, DateTimeOffset)>(bounds);
    }

    /// <summary>The number of events that were dropped because too many were waiting.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Queues an event to be written.</summary>
    /// <param name="happening">The event.</param>
    public void Record(Happening happening)
    {
        if (!_waiting.Writer.TryWrite((happening, _clock.GetUtcNow())))
            Interlocked.Increment(ref _dropped);
    }

    /// <summary>Writes events until it is cancelled, and then the remaining ones, for at most five seconds.</summary>
    /// <param name="cancellation">Ends the loop.</param>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await DrainAsync(cancellation);
                TellDropped();
                await _writer.FlushAsync(FlushEvery, cancellation);
                await WaitAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await SayFarewellAsync();
        }
    }

    private async Task DrainAsync(CancellationToken cancellation)
    {
        // An event is removed from the queue only after it was written, so that one whose write was cancelled is
        // written at the end.
        while (_waiting.Reader.TryPeek(out var next))
        {
            await _writer.WriteAsync(next.Happening, next.At, cancellation);
            _waiting.Reader.TryRead(out _);
        }
    }

    private void TellDropped()
    {
        if (Dropped is var dropped && dropped == _told)
            return;
        var text = $"{dropped - _told} events were not written: more than {_options.Capacity} waited";
        _options.Failed?.Invoke(new(0, "Dropped", text));
        _told = dropped;
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        using var due = new CancellationTokenSource(FlushEvery, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, cancellation);
        try
        {
            await _waiting.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The interval is over, and the counts of the series are due.
        }
    }

    private async Task SayFarewellAsync()
    {
        using var late = new CancellationTokenSource(Farewell, _clock);
        try
        {
            await DrainAsync(late.Token);
            TellDropped();
            await _writer.FlushAsync(TimeSpan.Zero, late.Token);
        }
        catch (OperationCanceledException)
        {
            // Events are not important enough to delay the stop further.
        }
    }
}
