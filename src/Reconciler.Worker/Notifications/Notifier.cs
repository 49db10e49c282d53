using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Reconciler.Worker.Notifications;

/// <summary>
/// Tells people what happens, by a JSON webhook for each target, so that nobody needs to watch a log.
/// </summary>
public sealed class Notifier : IWorkerEvents, IHostedService, IDisposable
{
    /// <summary>How long a stop waits for what is left to be sent.</summary>
    public static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly ImmutableArray<TargetSender> _senders;
    private readonly TimeProvider _clock;
    private Task _running = Task.CompletedTask;

    /// <summary>Makes one that sends nothing until it is started; what happens before that waits.</summary>
    /// <param name="targets">Who is told.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Gets what could not be told, without any URL.</param>
    /// <param name="delivered">Hears of each message whether it got through, for metrics.</param>
    public Notifier(
        IEnumerable<NotificationTarget> targets,
        TimeProvider clock,
        ILogger<Notifier> log,
        Action<bool>? delivered = null
    )
    {
        _clock = clock;
        _senders = [.. targets.Select(t => new TargetSender(t, clock, log, delivered))];
    }

    /// <inheritdoc/>
    public void Happened(WorkerEvent happened)
    {
        foreach (var sender in _senders)
            sender.Offer(happened);
    }

    /// <summary>Begins to send.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.WhenAll(_senders.Select(s => Task.Run(s.RunAsync, CancellationToken.None)));
        return Task.CompletedTask;
    }

    /// <summary>Sends what is left, within five seconds, and ends. What happens after that is not told.</summary>
    /// <param name="cancellationToken">Ends it sooner.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var sender in _senders)
            sender.Stop();
        await Task.WhenAny(_running, Task.Delay(Farewell, _clock, cancellationToken));
        foreach (var sender in _senders)
            sender.Abandon();
        await _running;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var sender in _senders)
            sender.Dispose();
    }
}
