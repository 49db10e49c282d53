using System.Threading.Channels;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Events;

/// <summary>
/// Tells what happened as <c>events.k8s.io/v1</c> Events. Telling never waits and never fails; writing happens in <see
/// cref="RunAsync"/>, one after the other. What happens again within six minutes becomes a series of the first Event:
/// its second time is written at once, further ones once a minute, the last ones when the recorder stops.
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

    /// <summary>A recorder.</summary>
    /// <param name="client">Reaches the cluster.</param>
    /// <param name="options">Who tells.</param>
    public EventRecorder(ClusterClient client, EventOptions options)
    {
        (_clock, _options) = (client.Options.Clock, options);
        _writer = new(client, options, _clock);
        var bounds = new BoundedChannelOptions(options.Capacity) { SingleReader = true };
        _waiting = Channel.CreateBounded<(Happening, DateTimeOffset)>(bounds);
    }

    /// <summary>How many events were dropped because too many waited.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Notes what happened, to be written soon.</summary>
    /// <param name="happening">What happened.</param>
    public void Record(Happening happening)
    {
        if (!_waiting.Writer.TryWrite((happening, _clock.GetUtcNow())))
            Interlocked.Increment(ref _dropped);
    }

    /// <summary>Writes until it is cancelled, and then what is left, for five seconds at most.</summary>
    /// <param name="cancellation">Ends it.</param>
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
        // Looked at first and taken when written, so that what is broken off is written in the end.
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
            // Time to write what gathered in series.
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
            // Events are not worth a stop that lasts.
        }
    }
}
