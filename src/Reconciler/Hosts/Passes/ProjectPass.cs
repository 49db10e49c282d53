using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Telemetry;

namespace Reconciler.Hosts.Passes;

/// <summary>One project's part of a pass.</summary>
/// <param name="Planned">Its plan, or why there is none.</param>
/// <param name="Result">What became of the plan; null where there is none.</param>
/// <param name="Remembered">What is remembered afterwards; null where that could not be read.</param>
internal sealed record ProjectPass(PlannedProject Planned, ProjectResult? Result, StoredLedger? Remembered)
{
    /// <summary>What became of the approvals that may release this project.</summary>
    public ImmutableArray<ApprovalUse> Approvals { get; init; } = [];

    /// <summary>What kept the whole pass from being run, such as a full disk; null where nothing did.</summary>
    public string? Trouble { get; init; }

    /// <summary>Why the pass failed, in a sentence; null where it did not.</summary>
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

    /// <summary>Whether the vendor answered: a project that is not there, or not ours to see, says so, too.</summary>
    public bool IsAnswered =>
        Planned.Failure
            is null
                or { Fault: ProviderFault.NotFound or ProviderFault.Forbidden or ProviderFault.Refused };

    public IEnumerable<ActionOutcome> Outcomes => Result?.Outcomes ?? [];

    /// <summary>A pass that could not be run at all.</summary>
    public static ProjectPass NotRun(DesiredProject project, string trouble) =>
        new(new(project, null, null), null, null) { Trouble = trouble };

    /// <summary>How it went, for metrics and traces.</summary>
    public PassOutcome Outcome =>
        State switch
        {
            ProjectState.Suspended => PassOutcome.Suspended,
            ProjectState.Failing => PassOutcome.Failed,
            ProjectState.Held => PassOutcome.Held,
            ProjectState.Drifted => PassOutcome.Changed,
            _ => Outcomes.Any(o => o.Kind == OutcomeKind.Done) ? PassOutcome.Changed : PassOutcome.Converged,
        };

    /// <summary>How the project stands.</summary>
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

    /// <summary>What the next pass depends on.</summary>
    public Passed Passed =>
        new(Error is not null)
        {
            IsSettled = Error is null && !IsInterrupted && Planned.Plan is null or { IsFree: true },
            HasWritten = Outcomes.Any(o => o.Kind == OutcomeKind.Done),
            RetryAfter = Outcomes.Select(o => o.RetryAfter).Append(Planned.Failure?.RetryAfter).Max(),
            Remembered = Remembered,
        };

    /// <summary>The mails of invitations that wait, where the vendor sends one for several projects; null where the project was not read.</summary>
    public ImmutableArray<string>? Mails =>
        Planned.Plan is null
            ? null
            :
            [
                .. Planned
                    .Plan.Live.Invitations.Where(i => i is { MailId: not null, State: InvitationState.Pending })
                    .Select(i => i.MailId!),
            ];
}
