using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Hosting.Reconciling;
using Reconciler.Providers;

namespace Reconciler.Worker;

/// <summary>Reconciles projects with the revision in force, and with the state file as the ledger.</summary>
/// <param name="reconciler">Reads, plans and applies.</param>
/// <param name="gate">Says which accounts other workers reconcile.</param>
/// <param name="inForce">The revision in force.</param>
/// <param name="desired">Is asked to resolve again where a document is gone.</param>
/// <param name="approvals">What may be released.</param>
/// <param name="store">The state file.</param>
/// <param name="telemetry">Counts reconciles.</param>
/// <param name="notifier">Logs and notifies.</param>
/// <param name="logger">Where the head of the audit trail is logged.</param>
internal sealed class WorkerReconcileHost(
    AccountReconciler reconciler,
    IWriteGate gate,
    RevisionInForce inForce,
    WorkerDesiredState desired,
    WorkerApprovals approvals,
    ILedgerStore store,
    WorkerTelemetry telemetry,
    ReconcileNotifier notifier,
    ILogger logger
) : IReconcileHost
{
    /// <inheritdoc/>
    public IReadOnlyCollection<Account> Choose(IReadOnlyCollection<Account> accounts) => gate.Choose(accounts);

    /// <inheritdoc/>
    public IAccountReconcile Begin(IReadOnlyList<Schedule.Entry> entries) => new Reconcile(this, entries);

    /// <inheritdoc/>
    /// <remarks>A worker is restarted by whatever runs it, and loses nothing by that.</remarks>
    public bool Survives(Exception unforeseen) => false;

    private async Task<ImmutableArray<ProjectReconcile>> RunAsync(
        IReconcileContext context,
        Account account,
        CancellationToken stopping
    )
    {
        var reconciles = await reconciler.RunAsync(context, notifier.ActionCompleted, stopping);
        if (reconciles.Any(r => r.Outcomes.Any()))
            await LogAuditHeadAsync(account);
        return reconciles;
    }

    // With the head in a log that is kept elsewhere, anybody can prove that no earlier entry was changed.
    private async Task LogAuditHeadAsync(Account account)
    {
        try
        {
            var head = await store.HeadAsync(account.VendorType, account.BaseUrl, CancellationToken.None);
            if (head.Length > 0)
                WorkerLog.AuditHead(logger, head, account.ToString());
        }
        catch (LedgerException)
        {
            // The changes are made; the next reconcile logs the head.
        }
    }

    private ReconcileResult Complete(Schedule.Entry entry, ProjectReconcile? reconcile, TimeSpan took)
    {
        if (reconcile is not null)
            telemetry.ReconcileEnded(reconcile, took);
        // A document that was deleted meanwhile may have a ledger only now, and a revoked project has lost its ledger.
        if (entry.IsGone || (entry.Project.IsDeleted && reconcile?.Remembered is { Ledger: null }))
            desired.ResolveSoon();
        return reconcile?.ScheduleResult ?? ReconcileResult.Skipped;
    }

    private sealed class Reconcile(WorkerReconcileHost host, IReadOnlyList<Schedule.Entry> entries)
        : IAccountReconcile,
            IReconcileContext
    {
        public IReadOnlyList<DesiredProject> Projects => [.. entries.Where(e => !e.IsGone).Select(e => e.Project)];

        public Approvals Approvals => host.Approvals;

        public AuditContext Audit => host.Audit;

        public Task<ImmutableArray<ProjectReconcile>> RunAsync(CancellationToken stopping) =>
            host.RunAsync(this, Account.Of(entries[0].Project), stopping);

        public (Connections Connections, IDisposable Use) Connect() => host.Connect();

        public bool IsCurrent(DesiredProject project) =>
            entries.Any(e => !e.IsGone && !e.IsExpedited && e.Key == project.Key);

        public ReconcileResult Complete(Schedule.Entry entry, ProjectReconcile? reconcile, TimeSpan took) =>
            host.Complete(entry, reconcile, took);

        public void Publish() => host.Publish();
    }

    private Approvals Approvals => approvals.Now;

    private AuditContext Audit => inForce.Audit();

    private (Connections Connections, IDisposable Use) Connect() => inForce.Connect();

    private void Publish() => approvals.Publish();
}
