using Microsoft.Extensions.Hosting;

namespace Reconciler.Hosts.Operator;

/// <summary>Works while this replica leads. Once it can work no more, the host stops.</summary>
/// <param name="loop">The work.</param>
/// <param name="leadership">Who works.</param>
/// <param name="follower">What the work goes by.</param>
/// <param name="lifetime">Stops the host.</param>
internal sealed class OperatorWork(
    OperatorLoop loop,
    Leadership leadership,
    ClusterFollower follower,
    IHostApplicationLifetime lifetime
) : BackgroundService
{
    /// <summary>Why it ended; null where it was asked to.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await follower.Synced.WaitAsync(stoppingToken);
            await leadership.RunAsync(loop.RunAsync, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // It was asked to stop.
        }
        catch (Exception failure)
        {
            Failure = failure;
        }

        lifetime.StopApplication();
    }
}
