using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine.Planning;

namespace Reconciler.Engine.Applying;

/// <summary>
/// Applies the plans of a run, project by project and phase by phase. A failing person, project or provider does not
/// stop the others. Cancellation stops between actions; an action that was sent is finished.
/// </summary>
/// <param name="connections">Opens the connection of a provider; may throw a <see cref="ProviderException"/>.</param>
/// <param name="store">Stores the ledgers; null where nothing is stored.</param>
/// <param name="clock">The clock.</param>
public sealed class Applier(
    Func<DesiredProvider, ProviderConnection> connections,
    ILedgerStore? store,
    TimeProvider clock
)
{
    /// <summary>
    /// Checks before the first write to a project whether it is still declared as it was planned; null where manifests
    /// cannot change during the run.
    /// </summary>
    public Func<DesiredProject, bool>? IsStillAsked { get; init; }

    /// <summary>The actor and the source of the run, for the audit trail.</summary>
    public AuditContext Context { get; init; } = AuditContext.None;

    /// <summary>Applies the actions that no limit holds.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="onOutcome">Called after each action, from any thread.</param>
    /// <param name="cancellation">Stops between actions.</param>
    public async Task<RunResult> ApplyAsync(
        RunPlan plan,
        Action<ProjectPlan, ActionOutcome>? onOutcome,
        CancellationToken cancellation
    )
    {
        var results = new ConcurrentDictionary<string, ProjectResult>(StringComparer.Ordinal);
        var accounts = new AccountRuns();
        await Task.WhenAll(
            plan.Projects.Where(p => p.Plan is not null)
                .GroupBy(p => p.Project.Provider)
                .Select(g => ApplyProviderAsync(g.Key, [.. g]))
        );
        if (!cancellation.IsCancellationRequested)
            await ForgetAsync(plan.Deleted.Orphaned);
        return new(plan, [.. plan.Plans.Select(p => results[p.Project.Id])]);

        Task ApplyProviderAsync(DesiredProvider provider, IReadOnlyList<PlannedProject> projects)
        {
            var degree = provider.MaxConcurrency;
            var shared = SharedCalls.Of(provider, [.. projects.Select(p => p.Plan!)]);
            return Parallel.ForEachAsync(
                projects,
                new ParallelOptions { MaxDegreeOfParallelism = degree },
                async (project, _) =>
                    results[project.Project.Id] = await ApplyProjectAsync(
                        project,
                        accounts,
                        shared,
                        onOutcome,
                        cancellation
                    )
            );
        }
    }

    // A deleted project whose members keep their access needs no ledger any more. A ledger that cannot be deleted now
    // is found again by the next run.
    private async Task ForgetAsync(ImmutableArray<StoredLedger> orphans)
    {
        foreach (var orphan in orphans)
        {
            try
            {
                var entry = await Context.CompleteAsync(Audit.OfOrphan(orphan, clock.GetUtcNow()));
                await store!.SaveAsync(orphan, null, [entry], CancellationToken.None);
            }
            catch (Exception kept) when (kept is LedgerException or LedgerConflictException)
            {
                continue;
            }
        }
    }

    private async Task<ProjectResult> ApplyProjectAsync(
        PlannedProject project,
        AccountRuns accounts,
        SharedCalls shared,
        Action<ProjectPlan, ActionOutcome>? onOutcome,
        CancellationToken cancellation
    )
    {
        var plan = project.Plan!;
        // A dry run has nothing to apply, and an interrupted run starts no further project.
        if (plan.Project.DryRun || cancellation.IsCancellationRequested)
            return new(plan, Untried(plan, OutcomeKind.Interrupted, "not tried: interrupted", onOutcome));
        // A project that combines its invitations is always applied: other projects rely on the calls that they share
        // with it.
        if (plan.Project.Provider.Spec.CombineInvitations != true && IsStillAsked?.Invoke(plan.Project) == false)
            return new(
                plan,
                Untried(plan, OutcomeKind.Interrupted, "not tried: something else is asked for by now", onOutcome)
            )
            {
                IsOutdated = true,
            };
        using var ledger = new LedgerSession(store, plan, project.Memory, clock, Context);
        var actions = plan.Applicable.ToImmutableArray();
        var outcomes = actions.IsEmpty
            ? []
            : await ApplyActionsAsync(plan, actions, accounts, ledger, shared, onOutcome, cancellation);
        return new(plan, outcomes) { NotRemembered = await EndAsync(ledger) };
    }

    private async Task<ImmutableArray<ActionOutcome>> ApplyActionsAsync(
        ProjectPlan plan,
        ImmutableArray<PlannedAction> actions,
        AccountRuns accounts,
        LedgerSession ledger,
        SharedCalls shared,
        Action<ProjectPlan, ActionOutcome>? onOutcome,
        CancellationToken cancellation
    )
    {
        if (Connect(plan.Project.Provider, out var reader, out var writer) is { } refusal)
            return Untried(plan, OutcomeKind.Failed, refusal.Message, onOutcome);
        var account = accounts.Of(plan.Project);
        var run = new ProjectRun(
            plan,
            reader!,
            shared.Wrap(writer!),
            account,
            ledger,
            clock,
            outcome => onOutcome?.Invoke(plan, outcome),
            cancellation
        );
        return await run.ApplyAsync(actions);
    }

    private static ImmutableArray<ActionOutcome> Untried(
        ProjectPlan plan,
        OutcomeKind kind,
        string message,
        Action<ProjectPlan, ActionOutcome>? onOutcome
    )
    {
        var outcomes = plan.Applicable.Select(a => new ActionOutcome(a, kind, message)).ToImmutableArray();
        foreach (var outcome in outcomes)
            onOutcome?.Invoke(plan, outcome);
        return outcomes;
    }

    private static async Task<string?> EndAsync(LedgerSession ledger)
    {
        try
        {
            await ledger.EndAsync();
            return null;
        }
        catch (Exception failure) when (failure is LedgerException or LedgerConflictException)
        {
            return failure.Message;
        }
    }

    private ProviderException? Connect(DesiredProvider provider, out IProjectReader? reader, out IProjectWriter? writer)
    {
        (reader, writer) = (null, null);
        try
        {
            var connection = connections(provider);
            (reader, writer) = (connection.Reader, connection.Writer());
            return null;
        }
        catch (ProviderException refusal)
        {
            return refusal;
        }
        catch (Exception unforeseen)
        {
            return new ProviderException(
                ProviderFault.Configuration,
                $"not foreseen: {unforeseen.GetType().Name}: {unforeseen.Message}",
                unforeseen
            );
        }
    }
}
