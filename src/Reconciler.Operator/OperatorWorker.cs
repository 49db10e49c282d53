using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reconciler.Hosting.Reconciling;
using Reconciler.Operator.Watching;

namespace Reconciler.Operator;

/// <summary>Runs the loop while this replica leads, and stops the host once it does no more.</summary>
/// <param name="loop">The loop.</param>
/// <param name="background">What runs beside it, to be waited for.</param>
/// <param name="leadership">Says which replica works.</param>
/// <param name="follower">Watches the cluster; the loop starts once everything is listed.</param>
/// <param name="lifetime">Stops the host.</param>
/// <param name="logger">Where the end is logged.</param>
internal sealed class OperatorWorker(
    ReconcileLoop loop,
    BackgroundWork background,
    Leadership leadership,
    ClusterFollower follower,
    IHostApplicationLifetime lifetime,
    ILogger logger
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
            await leadership.RunAsync(LeadAsync, stoppingToken);
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

    private async Task LeadAsync(CancellationToken stopping)
    {
        await loop.RunAsync(stopping);
        await background.EndAsync();
        OperatorLog.Stopped(logger);
    }
}
