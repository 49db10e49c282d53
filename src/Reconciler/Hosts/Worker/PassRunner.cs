using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine;

namespace Reconciler.Hosts.Worker;

/// <summary>One project's part of a pass.</summary>
/// <param name="Planned">Its plan, or why there is none.</param>
/// <param name="Result">What became of the plan; null where there is none.</param>
/// <param name="Remembered">What is remembered afterwards; null where that could not be read.</param>
internal sealed record ProjectPass(PlannedProject Planned, ProjectResult? Result, StoredLedger? Remembered)
{
    /// <summary>Why the pass failed, in a sentence; null where it did not.</summary>
    public string? Error => Planned.Failure?.Message ?? Result?.NotRemembered ?? Outcomes.FirstOrDefault(o => o.Kind is OutcomeKind.Failed or OutcomeKind.Skipped)?.Message;

    /// <summary>Whether it was stopped before its end.</summary>
    public bool IsInterrupted => Outcomes.Any(o => o.Kind == OutcomeKind.Interrupted);

    public IEnumerable<ActionOutcome> Outcomes => Result?.Outcomes ?? [];

    /// <summary>How the project stands.</summary>
    public ProjectState State => this switch
    {
        { Planned.Project.Suspended: true } => ProjectState.Suspended,
        { Error: not null } => ProjectState.Failing,
        { Planned.Plan.IsFree: false } => ProjectState.Held,
        { IsInterrupted: true } => ProjectState.Drifted,
        { Planned.Plan: { Project.DryRun: true, Actions.IsEmpty: false } } => ProjectState.Drifted,
        _ => ProjectState.Converged,
    };

    /// <summary>What the next pass depends on.</summary>
    public Passed Passed => new(Error is not null)
    {
        HasWritten = Outcomes.Any(o => o.Kind == OutcomeKind.Done),
        RetryAfter = Planned.Failure?.RetryAfter,
        Remembered = Remembered,
    };

    /// <summary>The mails of invitations that wait, where the vendor sends one for several projects.</summary>
    public ImmutableArray<string> Mails => Planned.Plan is null ? [] :
        [.. Planned.Plan.Live.Invitations.Where(i => i is { MailId: not null, State: InvitationState.Pending }).Select(i => i.MailId!)];
}

/// <summary>Plans some projects of one account and applies what no limit holds.</summary>
/// <param name="store">Keeps what the vendors do not remember.</param>
/// <param name="gate">The right to write there.</param>
/// <param name="clock">The time.</param>
internal sealed class PassRunner(ILedgerStore store, PassGate gate, TimeProvider clock)
{
    /// <summary>Runs a pass. One project that fails never stops the others.</summary>
    /// <param name="revision">The revision that asks for it.</param>
    /// <param name="projects">The projects.</param>
    /// <param name="onOutcome">Called after each action, from any thread.</param>
    /// <param name="stopping">Stops between actions; an action in flight is finished.</param>
    /// <exception cref="OperationCanceledException">It was stopped before anything was written.</exception>
    /// <exception cref="LedgerException">The state file cannot be used.</exception>
    public async Task<ImmutableArray<ProjectPass>> RunAsync(
        ActiveRevision revision, IReadOnlyList<DesiredProject> projects, Action<ProjectPlan, ActionOutcome> onOutcome, CancellationToken stopping)
    {
        using var use = revision.Use();
        using var place = await gate.EnterAsync(stopping);
        var pass = new PlanPass(provider => revision.Connections.Of(provider).Reader, new(store, _ => ProjectLedger.None), clock);
        var plan = await pass.RunAsync(projects, null, stopping);
        var result = await new Applier(revision.Connections.Of, store, clock).ApplyAsync(plan, onOutcome, stopping);
        var results = result.Projects.ToDictionary(r => r.Plan.Project.Id, StringComparer.Ordinal);
        var passes = ImmutableArray.CreateBuilder<ProjectPass>();
        foreach (var planned in plan.Projects) passes.Add(new(planned, results.GetValueOrDefault(planned.Project.Id), await RememberedAsync(planned.Project.Key)));
        return passes.ToImmutable();
    }

    /// <summary>Forgets projects whose documents were deleted and whose people stay.</summary>
    public async Task ForgetAsync(ImmutableArray<StoredLedger> orphans, CancellationToken stopping)
    {
        if (orphans.IsEmpty) return;
        using var place = await gate.EnterAsync(stopping);
        await new Applier(_ => throw new InvalidOperationException("no project is written"), store, clock)
            .ApplyAsync(new([], clock.GetUtcNow(), HasOwnershipRecord: true) { Deleted = new([], orphans, []) }, null, stopping);
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
