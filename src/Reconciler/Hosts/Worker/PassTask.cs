using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Telemetry;

namespace Reconciler.Hosts.Worker;

/// <summary>Runs a pass beside the worker's loop, with its id in logs and traces. However it ends, the loop is told.</summary>
internal sealed class PassTask(WorkerParts parts, PassRunner runner, WorkerNews news)
{
    /// <summary>Runs one.</summary>
    /// <param name="account">The account.</param>
    /// <param name="entries">Its projects that are due.</param>
    /// <param name="enter">The connections to use now, and the right to use them.</param>
    /// <param name="ended">Told what came of it, its id, and how long it took.</param>
    /// <param name="stopping">Stops between actions.</param>
    public Task RunAsync(
        Account account,
        IReadOnlyList<Schedule.Entry> entries,
        Func<(Connections Connections, IDisposable Lease)> enter,
        Action<ImmutableArray<ProjectPass>, string, TimeSpan> ended,
        CancellationToken stopping)
    {
        var passId = Guid.CreateVersion7().ToString("N", CultureInfo.InvariantCulture)[^12..];
        var started = parts.Clock.GetTimestamp();
        return Task.Run(
            async () =>
            {
                ImmutableArray<ProjectPass> passes = [];
                try
                {
                    passes = await TracedAsync(account, entries, enter, passId, stopping);
                }
                catch (OperationCanceledException) when (stopping.IsCancellationRequested)
                {
                    // Nothing was written; the next start begins anew.
                }
                catch (Exception failure)
                {
                    // A full disk, or a fault of ours, must not end the worker: the projects are tried again after a while.
                    news.PassBroke(failure);
                    passes = [.. entries.Select(e => ProjectPass.NotRun(e.Project, failure.Message))];
                }
                finally
                {
                    ended(passes, passId, parts.Clock.GetElapsedTime(started));
                }
            },
            CancellationToken.None);
    }

    /// <summary>Forgets projects whose documents were deleted and whose people stay. It never throws.</summary>
    /// <param name="orphans">Asked for once it may be written: a newer revision may have brought some back.</param>
    /// <param name="stopping">Ends the waiting.</param>
    public Task ForgetAsync(Func<ImmutableArray<StoredLedger>> orphans, CancellationToken stopping) => Task.Run(
        async () =>
        {
            try
            {
                await runner.ForgetAsync(orphans, stopping);
            }
            catch (OperationCanceledException)
            {
                // The next start finds them again.
            }
            catch (Exception failure)
            {
                // So does the next revision.
                news.PassBroke(failure);
            }
        },
        CancellationToken.None);

    private async Task<ImmutableArray<ProjectPass>> TracedAsync(
        Account account, IReadOnlyList<Schedule.Entry> entries, Func<(Connections Connections, IDisposable Lease)> enter, string passId, CancellationToken stopping)
    {
        using var scope = news.PassBegins(passId, entries.Count, account);
        var name = entries.Count == 1 ? entries[0].Project.Id : string.Create(CultureInfo.InvariantCulture, $"{entries.Count} projects");
        using var span = ReconcilerTracing.StartPass(entries[0].Project.Provider.Id, account.VendorType, name, passId);
        var passes = await runner.RunAsync(new(enter, () => [.. entries.Where(e => !e.IsGone).Select(e => e.Project)], IsStillAsked), news.Acted, stopping);
        var worst = passes.Select(p => p.Outcome).Where(o => o != PassOutcome.Suspended).DefaultIfEmpty().Max();
        ReconcilerTracing.End(span, worst, worst == PassOutcome.Failed);
        return passes;

        bool IsStillAsked(DesiredProject project) => entries.Any(e => !e.IsGone && !e.IsHurried && e.Project.Key == project.Key);
    }
}
