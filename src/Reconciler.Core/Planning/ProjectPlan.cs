using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>What a hold stops.</summary>
public enum HoldScope
{
    /// <summary>Every action of the project.</summary>
    Plan,

    /// <summary>The actions that take something away; the others go on.</summary>
    Removals,

    /// <summary>The actions that take something away or send a mail; who is listed may still be given more.</summary>
    RemovalsAndMails,

    /// <summary>The actions of one person.</summary>
    Person,
}

/// <summary>A limit that a plan would pass.</summary>
/// <param name="Scope">What it stops.</param>
/// <param name="Message">Which limit, by how much, and who states it.</param>
public sealed record Hold(HoldScope Scope, string Message)
{
    /// <summary>
    /// The limit, and who states it: what stays the same when only the numbers of the message differ.
    /// </summary>
    public required string Limit { get; init; }

    /// <summary>
    /// Who states the limit, and so who may let the plan pass it. What nobody states counts as built in.
    /// </summary>
    public LimitOrigin Origin { get; init; } = LimitOrigin.BuiltIn;

    /// <summary>How far the plan goes, in the limit's own measure; more is worse.</summary>
    public int Reach { get; init; }

    /// <summary>
    /// Whether the limit is stated by a Guardrail among the same manifests, so that who may change those may release
    /// it.
    /// </summary>
    public bool IsOfManifests => Origin == LimitOrigin.Manifests;

    /// <summary>
    /// What the reach was measured against, such as the limit's number, or of how many; it is part of what was shown.
    /// </summary>
    public string Measure { get; init; } = "";

    /// <summary>The key of the person whose actions are held; null where others are held too.</summary>
    public string? Person { get; init; }

    /// <summary>
    /// Whether an approval of another hold lets this one pass too: it is of the same limit and goes no further.
    /// </summary>
    /// <param name="approved">What was approved.</param>
    public bool IsCoveredBy(Hold approved) =>
        approved.Limit == Limit && approved.Person == Person && Reach <= approved.Reach;
}

/// <summary>What lets a held plan pass, once.</summary>
/// <param name="By">Who or what approves it, in words, such as <c>--approve</c>.</param>
/// <param name="Hold">The digest that was approved; it is used up once something was applied under it.</param>
public sealed record Release(string By, string Hold);

/// <summary>The plan of one project: what is shown is what is applied.</summary>
/// <param name="Project">The project as declared.</param>
/// <param name="Live">The project as read.</param>
/// <param name="Actions">What is to be done, in the order of application.</param>
/// <param name="Findings">What was noticed, by person.</param>
public sealed record ProjectPlan(
    DesiredProject Project,
    LiveProject Live,
    ImmutableArray<PlannedAction> Actions,
    ImmutableArray<Finding> Findings
)
{
    /// <summary>The limits that the plan would pass.</summary>
    public ImmutableArray<Hold> Holds { get; init; } = [];

    /// <summary>What this change loosens of the limits last applied; the plan is judged by the earlier ones.</summary>
    public LimitChange LimitChange { get; init; } = LimitChange.None;

    /// <summary>
    /// Whether the vendor's list names somebody whom nobody can tell: the others are planned, and the project counts as
    /// failed.
    /// </summary>
    public bool IsUnclear => Findings.Any(f => f.Kind == FindingKind.Unclear);

    /// <summary>What lets the plan pass in spite of its holds; null where nothing does.</summary>
    public Release? Release { get; init; }

    /// <summary>Whether nothing is held, or an approval lets it pass.</summary>
    public bool IsFree => Holds.IsEmpty || Release is not null;

    /// <summary>
    /// The keys of undeclared people who were not judged: no record says whom Reconciler granted access.
    /// </summary>
    public ImmutableArray<string> PeopleNotJudged { get; init; } = [];

    /// <summary>
    /// The keys of people who are left alone as the provider's manifest says, or as machine accounts.
    /// </summary>
    public ImmutableArray<string> PeopleLeftAlone { get; init; } = [];

    /// <summary>The keys of declared people who have exactly the declared access.</summary>
    public ImmutableArray<string> PeopleConverged { get; init; } = [];

    /// <summary>How many undeclared people were not judged.</summary>
    public int NotJudged => PeopleNotJudged.Length;

    /// <summary>How many people are left alone.</summary>
    public int LeftAlone => PeopleLeftAlone.Length;

    /// <summary>How many declared people have exactly the declared access.</summary>
    public int Converged => PeopleConverged.Length;

    /// <summary>SHA-256 over the project, its actions and the live state each starts from.</summary>
    public string Digest { get; init; } = "";

    /// <summary>
    /// What an approval of the held part names, <c>hold:sha256:…</c>; null where nothing is held. See
    /// <see cref="HoldDigest"/>.
    /// </summary>
    public string? HeldDigest
    {
        get => field ?? HoldDigest.Of(this);
        init;
    }

    /// <summary>Whether a limit keeps an action from being applied; an approval may let it pass.</summary>
    /// <param name="action">One of the plan's actions.</param>
    public bool IsHeld(PlannedAction action) => Release is null && IsStopped(action);

    /// <summary>Whether a limit would keep an action from being applied, if nothing approved it.</summary>
    /// <param name="action">One of the plan's actions.</param>
    public bool IsStopped(PlannedAction action) =>
        Holds.Any(h =>
            h.Scope switch
            {
                HoldScope.Plan => true,
                HoldScope.Person => h.Person == action.Person.Key,
                HoldScope.RemovalsAndMails => action.Mails || action.CountsAsRemoval || action.Phase != Phase.Grant,
                _ => action.CountsAsRemoval || action.Phase != Phase.Grant,
            }
        );

    /// <summary>This plan under other holds, with the digest of what they hold.</summary>
    /// <param name="holds">The holds.</param>
    public ProjectPlan HeldBy(ImmutableArray<Hold> holds)
    {
        var held = this with { Holds = holds };
        return held with { HeldDigest = HoldDigest.Of(held) };
    }

    /// <summary>The actions that would be applied now.</summary>
    public IEnumerable<PlannedAction> Applicable => Project.DryRun ? [] : Actions.Where(a => !IsHeld(a));
}
