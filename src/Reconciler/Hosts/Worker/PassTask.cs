using Reconciler.Providers;
using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Hosts.Passes;

namespace Reconciler.Hosts.Worker;

/// <summary>What a worker runs beside its loop.</summary>
internal sealed class PassTask(WorkerParts parts, PassRunner runner, PassNews news)
{
    private readonly PassFrame _frame = new(news, parts.Clock);

    /// <summary>Runs a pass.</summary>
    /// <param name="account">The account.</param>
    /// <param name="entries">Its projects that are due.</param>
    /// <param name="enter">The connections to use now, and the right to use them.</param>
    /// <param name="ended">Told what came of it.</param>
    /// <param name="stopping">Stops between actions.</param>
    public Task RunAsync(
        Account account,
        IReadOnlyList<Schedule.Entry> entries,
        Func<(Connections Connections, IDisposable Lease)> enter,
        Action<PassEnd> ended,
        CancellationToken stopping
    )
    {
        var scope = new PassScope(enter, () => [.. entries.Where(e => !e.IsGone).Select(e => e.Project)], IsStillAsked);
        return _frame.RunAsync(account, entries, () => PassAsync(account, scope, stopping), ended, stopping);

        bool IsStillAsked(DesiredProject project) =>
            entries.Any(e => !e.IsGone && !e.IsHurried && e.Project.Key == project.Key);
    }

    private async Task<ImmutableArray<ProjectPass>> PassAsync(
        Account account,
        PassScope scope,
        CancellationToken stopping
    )
    {
        var passes = await runner.RunAsync(scope, news.Acted, stopping);
        if (passes.Any(p => p.Outcomes.Any()))
            await TellHeadAsync(account);
        return passes;
    }

    // In a log that is kept elsewhere the head shows later that nothing was changed before it.
    private async Task TellHeadAsync(Account account)
    {
        try
        {
            var head = await parts.Store.HeadAsync(account.VendorType, account.BaseUrl, CancellationToken.None);
            if (head.Length > 0)
                WorkerLog.AuditHead(parts.Logger, head, $"{account.VendorType} {account.BaseUrl}");
        }
        catch (LedgerException)
        {
            // The pass is over, and the next one tells.
        }
    }

    /// <summary>Forgets projects whose documents were deleted and whose people stay. It never throws.</summary>
    /// <param name="orphans">Asked for once it may be written: a newer revision may have brought some back.</param>
    /// <param name="stopping">Ends the waiting.</param>
    public Task ForgetAsync(Func<ImmutableArray<StoredLedger>> orphans, CancellationToken stopping) =>
        Task.Run(
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
            CancellationToken.None
        );
}
