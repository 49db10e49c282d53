using Reconciler.Providers;
using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;

namespace Reconciler.Hosts.Passes;

/// <summary>What a pass is about. The revision in force may change while it waits and reads.</summary>
/// <param name="Enter">The connections to use now, and the right to use them.</param>
/// <param name="Projects">The projects as they are asked for now.</param>
/// <param name="IsStillAsked">Whether a project is still asked for as it was.</param>
internal sealed record PassScope(
    Func<(Connections Connections, IDisposable Lease)> Enter,
    Func<IReadOnlyList<DesiredProject>> Projects,
    Func<DesiredProject, bool> IsStillAsked
);

/// <summary>Plans some projects of one account and applies what no limit holds.</summary>
/// <param name="store">Keeps what the vendors do not remember.</param>
/// <param name="gate">The right to write there; null where nobody else writes.</param>
/// <param name="clock">The time.</param>
internal sealed class PassRunner(ILedgerStore store, PassGate? gate, TimeProvider clock)
{
    /// <summary>What the audit trail says of who runs, and from which source; asked for each apply.</summary>
    public Func<AuditContext> Context { get; init; } = () => AuditContext.None;

    /// <summary>Which holds may pass now; asked at each plan.</summary>
    public Func<Approvals> Approvals { get; init; } = () => Reconciler.Engine.Planning.Approvals.None;

    /// <summary>How long one pass over one project may take. Requests time out and waits are bounded, so a pass beyond it hangs.</summary>
    public static readonly TimeSpan LongestPass = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Runs a pass. One project that fails never stops the others. Reading needs no right to write; what is written is planned by what was
    /// read under it, or just before: whoever had to wait for the right reads again, and what a newer revision changed meanwhile is left to it.
    /// </summary>
    /// <param name="scope">What to do, asked anew where it may have changed.</param>
    /// <param name="onOutcome">Called after each action, from any thread.</param>
    /// <param name="stopping">Stops between actions; an action in flight is finished.</param>
    /// <exception cref="OperationCanceledException">It was stopped before anything was written.</exception>
    /// <exception cref="LedgerException">The state file cannot be used.</exception>
    public async Task<ImmutableArray<ProjectPass>> RunAsync(
        PassScope scope,
        Action<ProjectPlan, ActionOutcome> onOutcome,
        CancellationToken stopping
    )
    {
        var (connections, lease) = scope.Enter();
        using var use = lease;
        var plan = await PlanAsync(connections, scope.Projects(), stopping);
        if (gate is null || !plan.Plans.Any(p => p.Applicable.Any()))
            return await EndAsync(plan, scope, connections, onOutcome, stopping);
        using var place = await gate.EnterAsync(stopping);
        if (place.HasWaited)
            plan = await PlanAsync(connections, scope.Projects(), stopping);
        return await EndAsync(plan, scope, connections, onOutcome, stopping);
    }

    /// <summary>Forgets projects whose documents were deleted and whose people stay.</summary>
    /// <param name="orphans">Asked for once it may be written: a newer revision may have brought some back.</param>
    /// <param name="stopping">Ends the waiting.</param>
    public async Task ForgetAsync(Func<ImmutableArray<StoredLedger>> orphans, CancellationToken stopping)
    {
        using var place = gate is null ? null : await gate.EnterAsync(stopping);
        await new Applier(_ => throw new InvalidOperationException("no project is written"), store, clock)
        {
            Context = Context(),
        }.ApplyAsync(
            new([], clock.GetUtcNow(), HasOwnershipRecord: true) { Deleted = new([], orphans(), []) },
            null,
            stopping
        );
    }

    private Task<RunPlan> PlanAsync(
        Connections connections,
        IReadOnlyList<DesiredProject> projects,
        CancellationToken stopping
    ) =>
        new PlanPass(provider => connections.Of(provider).Reader, new(store, _ => ProjectLedger.None), clock)
        {
            Approvals = Approvals(),
        }.RunAsync(projects, null, stopping);

    private async Task<ImmutableArray<ProjectPass>> EndAsync(
        RunPlan plan,
        PassScope scope,
        Connections connections,
        Action<ProjectPlan, ActionOutcome> onOutcome,
        CancellationToken stopping
    )
    {
        var current = plan with { Projects = [.. plan.Projects.Where(p => scope.IsStillAsked(p.Project))] };
        var result = await new Applier(connections.Of, store, clock)
        {
            IsStillAsked = scope.IsStillAsked,
            Context = Context(),
        }.ApplyAsync(current, onOutcome, stopping);
        var results = result.Projects.ToDictionary(r => r.Plan.Project.Key);
        var passes = ImmutableArray.CreateBuilder<ProjectPass>();
        foreach (
            var planned in current.Projects.Where(p => results.GetValueOrDefault(p.Project.Key)?.IsOutdated != true)
        )
        {
            passes.Add(
                new(planned, results.GetValueOrDefault(planned.Project.Key), await RememberedAsync(planned.Project.Key))
                {
                    Approvals = [.. plan.Approvals.Where(u => u.Approval.MayRelease(planned.Project))],
                }
            );
        }

        return passes.ToImmutable();
    }

    private async Task<StoredLedger?> RememberedAsync(ProjectKey key)
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
