using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Hosting.Telemetry;

namespace Reconciler.Hosting.Reconciling;

/// <summary>The end of a reconcile.</summary>
/// <param name="Projects">What became of each project; empty where nothing was begun.</param>
/// <param name="Id">The id of the reconcile, as in the logs.</param>
/// <param name="Took">How long it took.</param>
internal sealed record ReconcileCompletion(ImmutableArray<ProjectReconcile> Projects, string Id, TimeSpan Took);

/// <summary>
/// Runs reconciles beside the loop, each with its own id in logs and traces. A completion is reported however one ends.
/// </summary>
/// <param name="notifier">Logs what happens.</param>
/// <param name="clock">The time.</param>
internal sealed class ReconcileScope(ReconcileNotifier notifier, TimeProvider clock)
{
    /// <summary>Runs one.</summary>
    /// <param name="account">The account.</param>
    /// <param name="entries">Its projects that are due.</param>
    /// <param name="reconcile">Does the work.</param>
    /// <param name="completed">Called with what became of it, from any thread.</param>
    /// <param name="stopping">Stops between actions.</param>
    public Task RunAsync(
        Account account,
        IReadOnlyList<Schedule.Entry> entries,
        IAccountReconcile reconcile,
        Action<ReconcileCompletion> completed,
        CancellationToken stopping
    )
    {
        var id = Guid.CreateVersion7().ToString("N", CultureInfo.InvariantCulture)[^12..];
        var started = clock.GetTimestamp();
        return Task.Run(
            async () =>
            {
                ImmutableArray<ProjectReconcile> projects = [];
                try
                {
                    projects = await TracedAsync(account, entries, reconcile, id, stopping);
                }
                catch (OperationCanceledException) when (stopping.IsCancellationRequested)
                {
                    // Nothing was written: the next start, or the next leader, begins anew.
                }
                catch (Exception failure)
                {
                    // A full disk or a bug must not end the process: the projects are tried again after a backoff.
                    notifier.Failed(failure);
                    projects = [.. entries.Select(e => ProjectReconcile.NotRun(e.Project, failure.Message))];
                }
                finally
                {
                    completed(new(projects, id, clock.GetElapsedTime(started)));
                }
            },
            CancellationToken.None
        );
    }

    private async Task<ImmutableArray<ProjectReconcile>> TracedAsync(
        Account account,
        IReadOnlyList<Schedule.Entry> entries,
        IAccountReconcile reconcile,
        string id,
        CancellationToken stopping
    )
    {
        using var scope = notifier.Started(id, entries.Count, account);
        var name =
            entries.Count == 1
                ? entries[0].Project.Id
                : string.Create(CultureInfo.InvariantCulture, $"{entries.Count} projects");
        using var span = ReconcilerTracing.StartPass(entries[0].Project.Provider.Id, account.VendorType, name, id);
        var projects = await reconcile.RunAsync(stopping);
        var worst = projects.Select(p => p.Outcome).Where(o => o != PassOutcome.Suspended).DefaultIfEmpty().Max();
        ReconcilerTracing.End(span, worst, worst == PassOutcome.Failed);
        return projects;
    }
}
