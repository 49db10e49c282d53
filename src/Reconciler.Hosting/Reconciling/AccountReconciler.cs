using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Providers;

namespace Reconciler.Hosting.Reconciling;

/// <summary>
/// Reconciles some projects of one account:
/// <list type="number">
/// <item>read them and plan, which needs no right to write;</item>
/// <item>where something is to be applied, enter the gate, and plan again if somebody else may have written
/// meanwhile;</item>
/// <item>apply what no limit holds and what is still desired.</item>
/// </list>
/// </summary>
/// <param name="store">Keeps what the vendors do not remember.</param>
/// <param name="gate">The right to write there; null where nobody else writes.</param>
/// <param name="clock">The time.</param>
public sealed class AccountReconciler(ILedgerStore store, IWriteGate? gate, TimeProvider clock)
{
    /// <summary>Reconciles. One project that fails never stops the others.</summary>
    /// <param name="context">What is desired, and with what it is done.</param>
    /// <param name="onOutcome">Called after each action, from any thread.</param>
    /// <param name="stopping">Stops between actions; an action in flight is finished.</param>
    /// <exception cref="OperationCanceledException">It was stopped before anything was written.</exception>
    /// <exception cref="LedgerException">The state file cannot be used.</exception>
    public async Task<ImmutableArray<ProjectReconcile>> RunAsync(
        IReconcileContext context,
        Action<ProjectPlan, ActionOutcome> onOutcome,
        CancellationToken stopping
    )
    {
        var (connections, use) = context.Connect();
        using var _ = use;
        var turns = gate?.Turns ?? 0;
        var plan = await PlanAsync(context, connections, stopping);
        if (gate is null || !plan.Plans.Any(p => p.Applicable.Any()))
            return await ApplyAsync(plan, context, connections, onOutcome, stopping);
        using var place = await gate.EnterAsync([.. context.Projects.Select(Account.Of).Distinct()], turns, stopping);
        // Its projects stay due, and are planned again once this process has the account again.
        if (place is null)
            return [];
        if (place.HasWaited)
            plan = await PlanAsync(context, connections, stopping);
        return await ApplyAsync(plan, context, connections, onOutcome, stopping);
    }

    /// <summary>Deletes the ledgers of projects whose documents were deleted and whose people stay.</summary>
    /// <param name="orphans">Which, and what the audit trail says; asked under the gate, since a newer revision may
    /// have brought some back.</param>
    /// <param name="stopping">Ends the waiting.</param>
    public async Task ForgetAsync(
        Func<(ImmutableArray<StoredLedger> Orphans, AuditContext Audit)> orphans,
        CancellationToken stopping
    )
    {
        using var place = gate is null ? null : await gate.EnterAsync([], gate.Turns, stopping);
        var (forgotten, audit) = orphans();
        await new Applier(_ => throw new InvalidOperationException("no project is written"), store, clock)
        {
            Context = audit,
        }.ApplyAsync(
            new([], clock.GetUtcNow(), HasOwnershipRecord: true) { Deleted = new([], forgotten, []) },
            null,
            stopping
        );
    }

    private Task<RunPlan> PlanAsync(IReconcileContext context, Connections connections, CancellationToken stopping) =>
        new PlanRun(provider => connections.Of(provider).Reader, new(store, _ => ProjectLedger.None), clock)
        {
            Approvals = context.Approvals,
        }.RunAsync(context.Projects, null, stopping);

    private async Task<ImmutableArray<ProjectReconcile>> ApplyAsync(
        RunPlan plan,
        IReconcileContext context,
        Connections connections,
        Action<ProjectPlan, ActionOutcome> onOutcome,
        CancellationToken stopping
    )
    {
        var current = plan with { Projects = [.. plan.Projects.Where(p => context.IsCurrent(p.Project))] };
        var result = await new Applier(connections.Of, store, clock)
        {
            IsStillAsked = context.IsCurrent,
            Context = context.Audit,
        }.ApplyAsync(current, onOutcome, stopping);
        var results = result.Projects.ToDictionary(r => r.Plan.Project.Key);
        var reconciles = ImmutableArray.CreateBuilder<ProjectReconcile>();
        foreach (var planned in current.Projects)
        {
            var applied = results.GetValueOrDefault(planned.Project.Key);
            if (applied?.IsOutdated == true)
                continue;
            reconciles.Add(
                new(planned, applied, await LoadAsync(planned.Project.Key))
                {
                    Approvals = [.. plan.Approvals.Where(u => u.Approval.MayRelease(planned.Project))],
                }
            );
        }

        return reconciles.ToImmutable();
    }

    private async Task<StoredLedger?> LoadAsync(ProjectKey key)
    {
        try
        {
            return await store.LoadAsync(key, CancellationToken.None);
        }
        catch (LedgerException)
        {
            return null;
        }
    }
}
