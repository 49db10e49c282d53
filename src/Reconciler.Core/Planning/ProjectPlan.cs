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
}

/// <summary>A limit that a plan would pass.</summary>
/// <param name="Scope">What it stops.</param>
/// <param name="Message">Which limit, by how much, and who states it.</param>
public sealed record Hold(HoldScope Scope, string Message);

/// <summary>The plan of one project: what is shown is what is applied.</summary>
/// <param name="Project">The project as declared.</param>
/// <param name="Live">The project as read.</param>
/// <param name="Actions">What is to be done, in the order of application.</param>
/// <param name="Findings">What was noticed, by person.</param>
public sealed record ProjectPlan(DesiredProject Project, LiveProject Live, ImmutableArray<PlannedAction> Actions, ImmutableArray<Finding> Findings)
{
    /// <summary>The limits that the plan would pass.</summary>
    public ImmutableArray<Hold> Holds { get; init; } = [];

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
    public bool IsHeld(PlannedAction action) =>
        Holds.Any(h => h.Scope == HoldScope.Plan || action.CountsAsRemoval || action.Phase != Phase.Grant);

    /// <summary>The actions that would be applied now.</summary>
    public IEnumerable<PlannedAction> Applicable => Project.DryRun ? [] : Actions.Where(a => !IsHeld(a));
}
