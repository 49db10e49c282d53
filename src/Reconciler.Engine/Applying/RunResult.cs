using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Planning;
using Reconciler.Engine.Planning;

namespace Reconciler.Engine.Applying;

/// <summary>What became of an action.</summary>
public enum OutcomeKind
{
    /// <summary>Done, and confirmed by the vendor's answer or by reading.</summary>
    Done,

    /// <summary>Tried, and not done.</summary>
    Failed,

    /// <summary>Not done, because the vendor leaves it to a human; the message names the step.</summary>
    Manual,

    /// <summary>Not tried, because something before it failed.</summary>
    Skipped,

    /// <summary>Not tried, because the run was interrupted.</summary>
    Interrupted,

    /// <summary>
    /// Came too late: the person had accepted before it arrived. What was done about the membership is an outcome of
    /// its own.
    /// </summary>
    Overtaken,
}

/// <summary>What became of an action, and why.</summary>
public sealed record ActionOutcome(PlannedAction Action, OutcomeKind Kind, string? Message = null)
{
    /// <summary>Whether it was sent and nobody knows what became of it: the next run reads again.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether a reading showed it done; else the vendor's answer did.</summary>
    internal bool IsSeen { get; init; }

    /// <summary>
    /// How often an invitation was sent of which nothing shows whether it arrived; 0 where that is known.
    /// </summary>
    internal int UnknownSends { get; init; }

    /// <summary>How long the vendor asked to wait; null where it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Whether a part of it is done: an invitation is revoked and the new one not sent, or access came that is not all
    /// that was asked for.
    /// </summary>
    public bool IsPartlyDone { get; init; }

    /// <summary>Whether a limit held what had to follow: the plan was not carried out as a whole.</summary>
    internal bool IsHeld { get; init; }

    /// <summary>Whether the account has no seat for it: it is tried once more after somebody was taken out.</summary>
    internal bool LacksSeat { get; init; }
}

/// <summary>What became of a project's plan; held plans have no outcomes.</summary>
public sealed record ProjectResult(ProjectPlan Plan, ImmutableArray<ActionOutcome> Outcomes)
{
    /// <summary>Whether nothing was tried, since something else is asked for by now.</summary>
    public bool IsOutdated { get; init; }

    /// <summary>Why the ledger could not be written; null where it was.</summary>
    public string? NotRemembered { get; init; }
}

/// <summary>What became of a run.</summary>
public sealed record RunResult(RunPlan Plan, ImmutableArray<ProjectResult> Projects)
{
    /// <summary>Outcomes of all projects, project by project.</summary>
    public IEnumerable<ActionOutcome> Outcomes => Projects.SelectMany(p => p.Outcomes);

    /// <summary>The projects whose ledger could not be written.</summary>
    public IEnumerable<ProjectResult> NotRemembered => Projects.Where(p => p.NotRemembered is not null);

    /// <summary>Counts the actions, over all projects, that came out in one way.</summary>
    public int Count(OutcomeKind kind) => Outcomes.Count(o => o.Kind == kind);
}
