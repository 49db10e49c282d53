using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>Which actions a hold stops.</summary>
public enum HoldScope
{
    /// <summary>Every action of the project.</summary>
    Plan,

    /// <summary>The actions that take something away; the others go on.</summary>
    Removals,

    /// <summary>The actions that take something away or send a mail; who is listed may still be given more.</summary>
    RemovalsAndMails,

    /// <summary>The invitations and additions of people who have no access yet; the others go on.</summary>
    Invitations,

    /// <summary>The actions of one person.</summary>
    Person,
}

/// <summary>A limit that a plan would exceed, and what it stops.</summary>
/// <param name="Scope">What it stops.</param>
/// <param name="Message">Which limit, by how much, and who states it.</param>
public sealed record Hold(HoldScope Scope, string Message)
{
    /// <summary>
    /// The limit and who states it: the part of the message that stays the same when only its numbers change.
    /// </summary>
    public required string Limit { get; init; }

    /// <summary>
    /// Who states the limit, and so who may release a plan that exceeds it. Built in if nobody states it.
    /// </summary>
    public LimitOrigin Origin { get; init; } = LimitOrigin.BuiltIn;

    /// <summary>How far the plan goes, in the unit of the limit, such as people removed; more is worse.</summary>
    public int Amount { get; init; }

    /// <summary>
    /// Whether a Guardrail of the same manifests states the limit: people who may change the manifests may release it.
    /// </summary>
    public bool IsOfManifests => Origin == LimitOrigin.Manifests;

    /// <summary>
    /// What the amount is compared with, such as the limit's number or the number of members. It is part of what an
    /// approval covers.
    /// </summary>
    public string ComparedWith { get; init; } = "";

    /// <summary>The key of the person whose actions are held; null if actions of others are held as well.</summary>
    public string? Person { get; init; }

    /// <summary>
    /// Whether an approval of another hold also releases this one: it is of the same limit and goes no further.
    /// </summary>
    /// <param name="approved">What was approved.</param>
    public bool IsCoveredBy(Hold approved) =>
        approved.Limit == Limit && approved.Person == Person && Amount <= approved.Amount;
}

/// <summary>An approval that releases a held plan once.</summary>
/// <param name="By">Who or what approves it, in words, such as <c>--approve</c>.</param>
/// <param name="Hold">The digest that was approved; it is used up once something was applied under it.</param>
public sealed record Release(string By, string Hold);

/// <summary>The plan of one project. The same value is shown and applied.</summary>
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
    /// <summary>The limits that the plan would exceed.</summary>
    public ImmutableArray<Hold> Holds { get; init; } = [];

    /// <summary>The limits last applied that this change loosens; the plan is judged by the earlier ones.</summary>
    public LimitChange LimitChange { get; init; } = LimitChange.None;

    /// <summary>
    /// Whether an entry of the vendor's list cannot be matched to one person. The other people are planned, and the
    /// project counts as failed.
    /// </summary>
    public bool IsUnclear => Findings.Any(f => f.Kind == FindingKind.Unclear);

    /// <summary>The approval that releases the plan in spite of its holds; null if there is none.</summary>
    public Release? Release { get; init; }

    /// <summary>Whether it changes or holds something, or loosens a limit.</summary>
    public bool HasChange => !Actions.IsEmpty || !Holds.IsEmpty || !LimitChange.Texts.IsEmpty;

    /// <summary>Whether nothing is held, or an approval releases the plan.</summary>
    public bool IsFree => Holds.IsEmpty || Release is not null;

    /// <summary>
    /// The keys of undeclared people about whom nothing was decided, because no record says whom Reconciler granted
    /// access.
    /// </summary>
    public ImmutableArray<string> PeopleNotJudged { get; init; } = [];

    /// <summary>
    /// The people who are not managed: those whom the provider's manifest ignores, machine accounts, and protected
    /// people whom nothing asks to remove; in the order of their keys.
    /// </summary>
    public ImmutableArray<NotManaged> NotManaged { get; init; } = [];

    /// <summary>The keys of declared people who have exactly the declared access.</summary>
    public ImmutableArray<string> PeopleConverged { get; init; } = [];

    /// <summary>How many undeclared people were not judged.</summary>
    public int NotJudged => PeopleNotJudged.Length;

    /// <summary>How many people are not managed.</summary>
    public int LeftAlone => NotManaged.Length;

    /// <summary>How many declared people have exactly the declared access.</summary>
    public int Converged => PeopleConverged.Length;

    /// <summary>SHA-256 over the project, its actions and the live state each starts from.</summary>
    public string Digest { get; init; } = "";

    /// <summary>
    /// The digest that an approval of the held part names, <c>hold:sha256:…</c>; null if nothing is held. See
    /// <see cref="HoldDigest"/>.
    /// </summary>
    public string? HeldDigest
    {
        get => field ?? HoldDigest.Of(this);
        init;
    }

    /// <summary>Whether a limit keeps an action from being applied; false if an approval releases the plan.</summary>
    /// <param name="action">One of the plan's actions.</param>
    public bool IsHeld(PlannedAction action) => Release is null && IsStopped(action);

    /// <summary>Whether a limit would keep an action from being applied, if nothing approved it.</summary>
    /// <param name="action">One of the plan's actions.</param>
    public bool IsStopped(PlannedAction action) => StoppedBy(action).Any();

    /// <summary>The limits that would keep an action from being applied, if nothing approved it.</summary>
    /// <param name="action">One of the plan's actions.</param>
    public IEnumerable<Hold> StoppedBy(PlannedAction action) =>
        Holds.Where(h =>
            h.Scope switch
            {
                HoldScope.Plan => true,
                HoldScope.Person => h.Person == action.Person.Key,
                HoldScope.Invitations => action.IsNewcomer,
                HoldScope.RemovalsAndMails => action.Mails || action.CountsAsRemoval || action.Phase != Phase.Grant,
                _ => action.CountsAsRemoval || action.Phase != Phase.Grant,
            }
        );

    /// <summary>Returns this plan with other holds, and with the digest of what they hold.</summary>
    /// <param name="holds">The holds.</param>
    public ProjectPlan HeldBy(ImmutableArray<Hold> holds)
    {
        var held = this with { Holds = holds };
        return held with { HeldDigest = HoldDigest.Of(held) };
    }

    /// <summary>The actions that would be applied now.</summary>
    public IEnumerable<PlannedAction> Applicable => Project.DryRun ? [] : Actions.Where(a => !IsHeld(a));
}
