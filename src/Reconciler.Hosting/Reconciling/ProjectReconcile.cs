using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Hosting.Telemetry;

namespace Reconciler.Hosting.Reconciling;

/// <summary>One project's part of a reconcile: the plan, and what became of it.</summary>
/// <param name="Planned">The plan, or why there is none.</param>
/// <param name="Result">What became of the plan; null where there is none.</param>
/// <param name="Remembered">The ledger afterwards; null where it could not be read.</param>
public sealed record ProjectReconcile(PlannedProject Planned, ProjectResult? Result, StoredLedger? Remembered)
{
    /// <summary>What became of the approvals that may release this project.</summary>
    public ImmutableArray<ApprovalUse> Approvals { get; init; } = [];

    /// <summary>Why the reconcile could not be run at all, such as a full disk; null where it was run.</summary>
    public string? Trouble { get; init; }

    /// <summary>Why it failed, in a sentence; null where it did not.</summary>
    public string? Error =>
        Trouble
        ?? Planned.Failure?.Message
        ?? Result?.NotRemembered
        ?? Outcomes.FirstOrDefault(o => o.Kind is OutcomeKind.Failed or OutcomeKind.Skipped)?.Message
        ?? (
            Planned.Plan?.Findings.FirstOrDefault(f => f.Kind == FindingKind.Unclear) is { } unclear
                ? $"{unclear.Person}: {unclear.Message}"
                : null
        );

    /// <summary>Whether it was stopped before its end.</summary>
    public bool IsInterrupted => Outcomes.Any(o => o.Kind == OutcomeKind.Interrupted);

    /// <summary>
    /// Whether the vendor answered: a refusal, such as of a project that does not exist, is an answer.
    /// </summary>
    public bool IsAnswered =>
        Planned.Failure
            is null
                or { Fault: ProviderFault.NotFound or ProviderFault.Forbidden or ProviderFault.Refused }
                or { Fault: ProviderFault.Invalid, Access.IsEmpty: false };

    /// <summary>What became of each action.</summary>
    public IEnumerable<ActionOutcome> Outcomes => Result?.Outcomes ?? [];

    /// <summary>A reconcile that could not be run at all.</summary>
    public static ProjectReconcile NotRun(DesiredProject project, string trouble) =>
        new(new(project, null, null), null, null) { Trouble = trouble };

    /// <summary>The outcome as metrics and traces name it.</summary>
    public PassOutcome Outcome =>
        State switch
        {
            ProjectState.Suspended => PassOutcome.Suspended,
            ProjectState.Failing => PassOutcome.Failed,
            ProjectState.Held => PassOutcome.Held,
            ProjectState.Drifted => PassOutcome.Changed,
            _ => Outcomes.Any(o => o.Kind == OutcomeKind.Done) ? PassOutcome.Changed : PassOutcome.Converged,
        };

    /// <summary>The state of the project.</summary>
    public ProjectState State =>
        this switch
        {
            { Planned.Project.Suspended: true } => ProjectState.Suspended,
            { Error: not null } => ProjectState.Failing,
            { Planned.Plan.IsFree: false } => ProjectState.Held,
            { IsInterrupted: true } => ProjectState.Drifted,
            { Planned.Plan: { Project.DryRun: true, Actions.IsEmpty: false } } => ProjectState.Drifted,
            _ => ProjectState.Converged,
        };

    /// <summary>What the schedule needs to choose the next time.</summary>
    public ReconcileResult ScheduleResult =>
        new(Error is not null)
        {
            IsSettled = Error is null && !IsInterrupted && Planned.Plan is null or { IsFree: true },
            HasWritten = Outcomes.Any(o => o.Kind == OutcomeKind.Done),
            RetryAfter = Outcomes.Select(o => o.RetryAfter).Append(Planned.Failure?.RetryAfter).Max(),
            Remembered = Remembered,
        };

    /// <summary>
    /// Ids of the mails of pending invitations, where the vendor sends one for several projects; null where the project
    /// was not read.
    /// </summary>
    internal ImmutableArray<string>? Mails =>
        Planned.Plan is null
            ? null
            :
            [
                .. Planned
                    .Plan.Live.Invitations.Where(i => i is { MailId: not null, State: InvitationState.Pending })
                    .Select(i => i.MailId!),
            ];
}
