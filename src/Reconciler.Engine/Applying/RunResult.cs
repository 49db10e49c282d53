using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Planning;
using Reconciler.Engine.Planning;

namespace Reconciler.Engine.Applying;

/// <summary>The result of an action.</summary>
public enum OutcomeKind
{
    /// <summary>Done, and confirmed by the vendor's answer or by reading.</summary>
    Done,

    /// <summary>Tried, and not done.</summary>
    Failed,

    /// <summary>
    /// Not done, because the vendor has no call for it; the message names the step that a human must do.
    /// </summary>
    Manual,

    /// <summary>Not tried, because something before it failed.</summary>
    Skipped,

    /// <summary>Not tried, because the run was interrupted.</summary>
    Interrupted,

    /// <summary>
    /// Too late: the person had already accepted. The change of their membership is reported as an outcome of its own.
    /// </summary>
    Overtaken,
}

/// <summary>The result of an action, with the reason.</summary>
public sealed record ActionOutcome(PlannedAction Action, OutcomeKind Kind, string? Message = null)
{
    /// <summary>Whether it was sent and its effect is unknown; the next run reads again.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether a reading confirmed it, and not only the vendor's answer.</summary>
    internal bool IsSeen { get; init; }

    /// <summary>How many invitations were sent that may or may not have arrived; 0 where the result is known.</summary>
    internal int UnknownSends { get; init; }

    /// <summary>The time that the vendor asked to wait; null where it asked for none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Whether only a part is done: the old invitation is revoked and no new one sent, or the person has only some of
    /// the declared access.
    /// </summary>
    public bool IsPartlyDone { get; init; }

    /// <summary>Whether a limit held a follow-up action, so that the plan was not applied completely.</summary>
    internal bool IsHeld { get; init; }

    /// <summary>Whether the vendor refused what was asked for: the same request would be refused again.</summary>
    public bool IsRefused { get; init; }

    /// <summary>
    /// Whether the account has no free seat. The action is tried once more after somebody was removed.
    /// </summary>
    internal bool LacksSeat { get; init; }
}

/// <summary>The result of applying one project's plan. A held plan has no outcomes.</summary>
public sealed record ProjectResult(ProjectPlan Plan, ImmutableArray<ActionOutcome> Outcomes)
{
    /// <summary>Whether nothing was tried because the manifests have changed since.</summary>
    public bool IsOutdated { get; init; }

    /// <summary>The reason why the ledger could not be saved; null where it was saved.</summary>
    public string? NotRemembered { get; init; }
}

/// <summary>The result of a run.</summary>
public sealed record RunResult(RunPlan Plan, ImmutableArray<ProjectResult> Projects)
{
    /// <summary>The outcomes of all projects, in the order of the projects.</summary>
    public IEnumerable<ActionOutcome> Outcomes => Projects.SelectMany(p => p.Outcomes);

    /// <summary>The projects whose ledger could not be saved.</summary>
    public IEnumerable<ProjectResult> NotRemembered => Projects.Where(p => p.NotRemembered is not null);

    /// <summary>Counts the actions of all projects with one kind of outcome.</summary>
    public int Count(OutcomeKind kind) => Outcomes.Count(o => o.Kind == kind);
}
