using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;

namespace Reconciler.Core.Planning;

/// <summary>
/// Checks a plan against the limits of its project. It judges the effect of the plan, not the number of calls.
/// </summary>
public static class Judge
{
    private const int SmallestTrusted = 5;
    private const int MostRepeats = 3;

    /// <summary>Returns a hold for each limit of one project that its actions would exceed.</summary>
    /// <param name="project">The project as declared.</param>
    /// <param name="live">The project as read.</param>
    /// <param name="actions">The actions, without those that failed if a plan is judged again.</param>
    /// <param name="ledger">The ledger of the project.</param>
    public static ImmutableArray<Hold> Holds(
        DesiredProject project,
        LiveProject live,
        IReadOnlyCollection<PlannedAction> actions,
        ProjectLedger ledger
    )
    {
        var flapping = Flapping(actions, ledger).ToList();
        var destroying = DestroyJudge.Holds(project, actions);
        var removals = actions.Where(a => a.CountsAsRemoval).ToList();
        var suspicious = removals.Count > 0 || actions.Any(a => a.Mails) ? Suspicious(live, ledger) : [];
        var invitations = TooManyInvitations(project, actions);
        if (removals.Count == 0)
            return [.. invitations.Concat(suspicious).Concat(flapping).Concat(destroying)];
        var unheld = actions.Where(a => !flapping.Any(f => f.Person == a.Person.Key)).ToList();
        return
        [
            .. TooMany(project, live, People(removals)),
            .. TooFewAdmins(project, live, unheld),
            .. NobodyLeft(project, live, actions),
            .. invitations,
            .. suspicious,
            .. flapping,
            .. destroying,
        ];
    }

    /// <summary>Counts the people from whom a plan takes something.</summary>
    /// <param name="plan">The plan.</param>
    public static int RemovalsOf(ProjectPlan plan) => People(plan.Actions.Where(a => a.CountsAsRemoval));

    /// <summary>Counts the people from whom a plan takes something now, without held actions.</summary>
    /// <param name="plan">The plan.</param>
    public static int RemovalsToCome(ProjectPlan plan) => People(plan.Applicable.Where(a => a.CountsAsRemoval));

    private static int People(IEnumerable<PlannedAction> actions) =>
        actions.Select(a => a.Person.Key).Distinct(StringComparer.Ordinal).Count();

    private static IEnumerable<Hold> TooMany(DesiredProject project, LiveProject live, int removals)
    {
        // Who has all access from above is nobody whom a plan could remove.
        var members = live.Members.Count(m => !m.IsInherited);
        foreach (var limit in project.Limits.ProjectRemovals)
        {
            if (limit.Count is { } count && removals > count)
            {
                yield return new(
                    HoldScope.Plan,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{TextNames.Count(removals, "removal", "removals")}; {limit.Source} allows {count} a project"
                    )
                )
                {
                    Limit = $"{limit.Source}: maxRemovals.count",
                    Origin = limit.Origin,
                    Amount = removals,
                    ComparedWith = string.Create(CultureInfo.InvariantCulture, $"{count}"),
                };
            }

            if (
                limit.Percent is { } percent
                && removals >= limit.PercentFrom
                && removals * 100L > (long)percent * members
            )
            {
                yield return new(
                    HoldScope.Plan,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{TextNames.Count(removals, "removal", "removals")} of {members} members; "
                            + $"{limit.Source} allows {percent}% from {limit.PercentFrom} removals on"
                    )
                )
                {
                    Limit = $"{limit.Source}: maxRemovals.percent",
                    Origin = limit.Origin,
                    Amount = removals,
                    ComparedWith = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{percent}% of {members} from {limit.PercentFrom}"
                    ),
                };
            }
        }
    }

    // Only the invitations are held: whoever must lose access loses it, however many others are to come.
    private static IEnumerable<Hold> TooManyInvitations(
        DesiredProject project,
        IReadOnlyCollection<PlannedAction> actions
    )
    {
        if (project.Limits.ProjectInvitations.IsEmpty)
            yield break;
        var invitations = People(actions.Where(a => a.IsNewcomer));
        var text = TextNames.Count(invitations, "invitation", "invitations");
        foreach (var limit in project.Limits.ProjectInvitations.Where(l => invitations > l.Count))
        {
            yield return new(
                HoldScope.Invitations,
                string.Create(CultureInfo.InvariantCulture, $"{text}; {limit.Source} allows {limit.Count} a project")
            )
            {
                Limit = $"{limit.Source}: maxInvitations.count",
                Origin = limit.Origin,
                Amount = invitations,
                ComparedWith = string.Create(CultureInfo.InvariantCulture, $"{limit.Count}"),
            };
        }
    }

    private static IEnumerable<Hold> TooFewAdmins(
        DesiredProject project,
        LiveProject live,
        IEnumerable<PlannedAction> actions
    )
    {
        if (project.Limits.MinAdmins.IsEmpty)
            yield break;
        var words = project.Provider.Vendor.Access;
        var before = live.Members.Count(m => IsAdmin(m, words));
        var after = before - actions.Count(a => a.LosesAdmin) + actions.Count(a => Gains(a, words));
        if (after >= before)
            yield break;
        var left = TextNames.Count(after, "administrator", "administrators");
        // One hold per origin, so that an approval that may release one limit does not release the other.
        foreach (var limit in Strictest(project.Limits.MinAdmins).Where(l => after < l.Count))
        {
            var asked = string.Create(CultureInfo.InvariantCulture, $"{limit.Source} asks for {limit.Count}");
            var text = string.Create(CultureInfo.InvariantCulture, $"{left} would be left of {before}; {asked}");
            yield return new(HoldScope.Plan, $"{text}. Invited people count once they have accepted")
            {
                Limit = $"{limit.Source}: minAdmins",
                Origin = limit.Origin,
                Amount = -after,
                ComparedWith = string.Create(CultureInfo.InvariantCulture, $"{limit.Count} of {before}"),
            };
        }
    }

    private static IEnumerable<MinimumAdmins> Strictest(IEnumerable<MinimumAdmins> limits) =>
        limits.OrderByDescending(l => l.Count).ThenBy(l => l.Source, StringComparer.Ordinal).DistinctBy(l => l.Origin);

    // Count an administrator only if both the list and recent writes say so: a promotion or a demotion may not be
    // listed yet.
    private static bool IsAdmin(LiveMember member, AccessVocabulary words) =>
        !member.IsService
        && words.Administers(member.Access)
        && (member.Shown is null || words.Administers(member.Shown));

    private static bool Gains(PlannedAction action, AccessVocabulary words) =>
        action is { Kind: ActionKind.Update, Member: not null, Access: not null }
        && !words.Administers(action.Member.Access)
        && words.Administers(action.Access.Grants);

    private static IEnumerable<Hold> NobodyLeft(
        DesiredProject project,
        LiveProject live,
        IEnumerable<PlannedAction> actions
    )
    {
        if (!project.Limits.KeepsLastMember)
            yield break;
        var people = live.Members.Count(m => !m.IsService);
        var removed = actions.Count(a => a.Kind == ActionKind.Remove);
        if (removed > 0 && removed >= people)
        {
            yield return new(
                HoldScope.Plan,
                "no accepted member would be left; the built-in limit keeps one. "
                    + "Invited people count once they have accepted"
            )
            {
                Limit = "the built-in limit: last member",
            };
        }
    }

    /// <summary>
    /// Whether a reading shows so few members that it may be wrong: fewer than half of the last trusted number, or none
    /// where there were some.
    /// </summary>
    /// <param name="live">The project as read.</param>
    /// <param name="ledger">The ledger of the project.</param>
    public static bool IsSuspicious(LiveProject live, ProjectLedger ledger) =>
        ledger.TrustedCount is { } trusted && IsSuspicious(live.ListedMembers, trusted);

    /// <summary>
    /// Whether a list is so short that it may be wrong: fewer than half of the expected number, or none where some are
    /// expected.
    /// </summary>
    /// <param name="listed">How many members it shows.</param>
    /// <param name="expected">How many there should be.</param>
    public static bool IsSuspicious(int listed, int expected) =>
        (expected >= SmallestTrusted && listed * 2 < expected) || (expected > 0 && listed == 0);

    private static IEnumerable<Hold> Suspicious(LiveProject live, ProjectLedger ledger)
    {
        if (IsSuspicious(live, ledger))
        {
            var trusted = ledger.TrustedCount!.Value;
            var listed = string.Create(
                CultureInfo.InvariantCulture,
                $"the vendor listed {live.ListedMembers} members where the last trusted reconcile saw {trusted}"
            );
            yield return new(
                HoldScope.RemovalsAndMails,
                $"{listed}: people may be members whom the list leaves out, so nobody is invited or removed by it"
            )
            {
                Limit = "suspicious read",
                Amount = trusted - live.ListedMembers,
                ComparedWith = string.Create(CultureInfo.InvariantCulture, $"of {trusted}"),
            };
        }
    }

    // Something else keeps changing this person's access back, so a human must decide which access is right.
    private static IEnumerable<Hold> Flapping(IReadOnlyCollection<PlannedAction> actions, ProjectLedger ledger)
    {
        if (ledger.People.IsEmpty)
            return [];
        return actions
            .Where(a => a.Kind is ActionKind.Update or ActionKind.Replace && !a.IsReminder && IsFlapping(a, ledger))
            .Select(a => new Hold(
                HoldScope.Person,
                a.Kind == ActionKind.Update
                    ? $"Flapping: this change of {a.Person.Label} was made {MostRepeats} times running, "
                        + "and somebody changed it back each time; find out who, or declare what they want"
                    : $"Flapping: the invitation of {a.Person.Label} was replaced {MostRepeats} times running, with a "
                        + "mail each time, and the vendor lists other access than was asked for; "
                        + "declare what it gives, or change it by hand"
            )
            {
                Limit = "flapping",
                Person = a.Person.Key,
            });
    }

    private static bool IsFlapping(PlannedAction action, ProjectLedger ledger) =>
        (
            ledger.Of(action.Person.Key, action.Member?.PersonId)
            ?? ledger.Of(Reconciler.Core.Manifests.Values.EmailAddress.KeyOf(action.Email), action.Member?.PersonId)
        )
            is { Repeats: >= MostRepeats } record
        && record.Change == ActionDigest.OfChange(action.Added, action.Removed);
}
