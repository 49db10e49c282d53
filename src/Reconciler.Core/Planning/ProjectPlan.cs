using System.Collections.Immutable;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>What a hold stops.</summary>
public enum HoldScope
{
    /// <summary>Every action of the project.</summary>
    Plan,

    /// <summary>The actions that take something away; the others go on.</summary>
    Removals,

    /// <summary>The actions of one person.</summary>
    Person,
}

/// <summary>A limit that a plan would pass.</summary>
/// <param name="Scope">What it stops.</param>
/// <param name="Message">Which limit, by how much, and who states it.</param>
public sealed record Hold(HoldScope Scope, string Message)
{
    /// <summary>The limit, and who states it: what stays the same when only the numbers of the message differ.</summary>
    public required string Limit { get; init; }

    /// <summary>Who states the limit, and so who may let the plan pass it. What nobody states counts as built in.</summary>
    public LimitOrigin Origin { get; init; } = LimitOrigin.BuiltIn;

    /// <summary>How far the plan goes, in the limit's own measure; more is worse.</summary>
    public int Reach { get; init; }

    /// <summary>The key of the person whose actions are held; null where others are held too.</summary>
    public string? Person { get; init; }

    /// <summary>Whether an approval of another hold lets this one pass too: it is of the same limit and goes no further.</summary>
    /// <param name="approved">What was approved.</param>
    public bool IsCoveredBy(Hold approved) => approved.Limit == Limit && approved.Person == Person && Reach <= approved.Reach;
}

/// <summary>What lets a held plan pass, once.</summary>
/// <param name="By">Who or what approves it, in words, such as <c>--approve</c>.</param>
public sealed record Release(string By);

/// <summary>The plan of one project: what is shown is what is applied.</summary>
/// <param name="Project">The project as declared.</param>
/// <param name="Live">The project as read.</param>
/// <param name="Actions">What is to be done, in the order of application.</param>
/// <param name="Findings">What was noticed, by person.</param>
public sealed record ProjectPlan(DesiredProject Project, LiveProject Live, ImmutableArray<PlannedAction> Actions, ImmutableArray<Finding> Findings)
{
    /// <summary>The limits that the plan would pass.</summary>
    public ImmutableArray<Hold> Holds { get; init; } = [];

    /// <summary>Whether the vendor's list names somebody whom nobody can tell: the others are planned, and the project counts as failed.</summary>
    public bool IsUnclear => Findings.Any(f => f.Kind == FindingKind.Unclear);

    /// <summary>What lets the plan pass in spite of its holds; null where nothing does.</summary>
    public Release? Release { get; init; }

    /// <summary>Whether nothing is held, or an approval lets it pass.</summary>
    public bool IsFree => Holds.IsEmpty || Release is not null;

    /// <summary>How many undeclared people were not judged because no record says whom Reconciler granted access.</summary>
    public int NotJudged { get; init; }

    /// <summary>How many people are left alone as the provider's manifest says, or as machine accounts.</summary>
    public int LeftAlone { get; init; }

    /// <summary>How many declared people have exactly the declared access.</summary>
    public int Converged { get; init; }

    /// <summary>SHA-256 over the project, its actions and the live state each starts from.</summary>
    public string Digest { get; init; } = "";

    /// <summary>Whether a limit or the manifest keeps an action from being applied.</summary>
    /// <param name="action">One of the plan's actions.</param>
    public bool IsHeld(PlannedAction action) => Release is null && Holds.Any(h => h.Scope switch
    {
        HoldScope.Plan => true,
        HoldScope.Person => h.Person == action.Person.Key,
        _ => action.CountsAsRemoval || action.Phase != Phase.Grant,
    });

    /// <summary>The actions that would be applied now.</summary>
    public IEnumerable<PlannedAction> Applicable => Project.DryRun ? [] : Actions.Where(a => !IsHeld(a));
}
