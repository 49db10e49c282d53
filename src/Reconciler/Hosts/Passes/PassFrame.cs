using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Telemetry;

namespace Reconciler.Hosts.Passes;

/// <summary>What came of a pass.</summary>
/// <param name="Passes">Each project's part; none where nothing was begun.</param>
/// <param name="PassId">The pass, as in the logs.</param>
/// <param name="Took">How long it took.</param>
internal sealed record PassEnd(ImmutableArray<ProjectPass> Passes, string PassId, TimeSpan Took);

/// <summary>Runs passes beside a loop, each with an id of its own in logs and traces. However one ends, the loop is told.</summary>
/// <param name="news">Told what happens.</param>
/// <param name="clock">The time.</param>
internal sealed class PassFrame(PassNews news, TimeProvider clock)
{
    /// <summary>Runs one.</summary>
    /// <param name="account">The account.</param>
    /// <param name="entries">Its projects that are due.</param>
    /// <param name="pass">Does the work.</param>
    /// <param name="ended">Told what came of it.</param>
    /// <param name="stopping">Stops between actions.</param>
    public Task RunAsync(
        Account account,
        IReadOnlyList<Schedule.Entry> entries,
        Func<Task<ImmutableArray<ProjectPass>>> pass,
        Action<PassEnd> ended,
        CancellationToken stopping
    )
    {
        var passId = Guid.CreateVersion7().ToString("N", CultureInfo.InvariantCulture)[^12..];
        var started = clock.GetTimestamp();
        return Task.Run(
            async () =>
            {
                ImmutableArray<ProjectPass> passes = [];
                try
                {
                    passes = await TracedAsync(account, entries, pass, passId);
                }
                catch (OperationCanceledException) when (stopping.IsCancellationRequested)
                {
                    // Nothing was written; the next start, or whoever leads next, begins anew.
                }
                catch (Exception failure)
                {
                    // A full disk, or a fault of ours, must not end the process: the projects are tried again after a while.
                    news.PassBroke(failure);
                    passes = [.. entries.Select(e => ProjectPass.NotRun(e.Project, failure.Message))];
                }
                finally
                {
                    ended(new(passes, passId, clock.GetElapsedTime(started)));
                }
            },
            CancellationToken.None
        );
    }

    private async Task<ImmutableArray<ProjectPass>> TracedAsync(
        Account account,
        IReadOnlyList<Schedule.Entry> entries,
        Func<Task<ImmutableArray<ProjectPass>>> pass,
        string passId
    )
    {
        using var scope = news.PassBegins(passId, entries.Count, account);
        var name =
            entries.Count == 1
                ? entries[0].Project.Id
                : string.Create(CultureInfo.InvariantCulture, $"{entries.Count} projects");
        using var span = ReconcilerTracing.StartPass(entries[0].Project.Provider.Id, account.VendorType, name, passId);
        var passes = await pass();
        var worst = passes.Select(p => p.Outcome).Where(o => o != PassOutcome.Suspended).DefaultIfEmpty().Max();
        ReconcilerTracing.End(span, worst, worst == PassOutcome.Failed);
        return passes;
    }
}
