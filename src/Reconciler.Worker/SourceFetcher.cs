using Reconciler.Hosting.Reconciling;
using Reconciler.Hosting.Telemetry;
using Reconciler.Worker.Settings;

namespace Reconciler.Worker;

/// <summary>Fetches the source beside the loop, and with it the approvals; traced and counted.</summary>
/// <param name="follower">Fetches and reads.</param>
/// <param name="approvals">The approvals.</param>
/// <param name="files">Where relative paths of the settings start.</param>
/// <param name="telemetry">Counts fetches.</param>
/// <param name="queue">The way to the loop.</param>
/// <param name="clock">The time.</param>
public sealed class SourceFetcher(
    SourceFollower follower,
    WorkerApprovals approvals,
    WorkerFiles files,
    WorkerTelemetry telemetry,
    LoopQueue queue,
    TimeProvider clock
)
{
    /// <summary>Where the source is; no credentials.</summary>
    internal string Origin => follower.Origin;

    /// <summary>Fetches once. It never throws.</summary>
    /// <param name="settings">The settings that the manifests are checked against.</param>
    /// <param name="generation">The number of these settings.</param>
    /// <param name="stopping">Ends it.</param>
    /// <returns>What was fetched; null where it was stopped.</returns>
    internal async Task<Fetched?> FetchAsync(WorkerSettings settings, int generation, CancellationToken stopping)
    {
        try
        {
            using var span = ReconcilerTracing.StartFetch();
            var started = clock.GetTimestamp();
            if (await approvals.ReadAsync(settings, stopping))
                queue.Enqueue(approvals.ExpediteHeld);
            var fetched = await follower.FetchAsync(settings, generation, files.Folder, stopping);
            telemetry.Metrics.SourceFetched(fetched.Outcome, clock.GetElapsedTime(started));
            var hasFailed = fetched.Outcome is FetchOutcome.Failed or FetchOutcome.Broken;
            ReconcilerTracing.End(span, fetched.Outcome, hasFailed);
            return fetched;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception unforeseen)
        {
            return new Fetched.Failed($"not foreseen: {unforeseen.GetType().Name}: {unforeseen.Message}");
        }
    }
}
