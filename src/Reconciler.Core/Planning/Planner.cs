using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// Compares one project as declared with the project as read, and lists what to do. A pure function: equal inputs give
/// equal plans, whatever the order of manifests, members or pages.
/// <code>
/// declared  live                         ledger               what happens                            row
/// any       no usable address, or one twice                   finding; nobody is touched              Unclear
/// any       login of another account                          finding; nobody is touched              Unclear
/// any       ignored, machine account                          not managed                             LeaveAlone
/// any       protected, actingAs, Owner                        only upwards; never removed             Protect
/// yes       member, same access                               nothing; revoke a left-over invitation  Keep
/// yes       member, other access                              update                                  Update
/// yes       absent                       address moved        finding                                 AddressChanged
/// yes       absent                       declared by id too   finding                                 DeclaredTwice
/// yes       pending, same access                              wait, resend when due, give up          Wait
/// yes       pending, other access                             replace, else wait                      Replace
/// yes       declined                                          finding; reinviteDeclined invites       Declined
/// yes       absent                       gave up              finding until the entry changes         GaveUp
/// yes       absent, not addable          invited, never seen  finding; at most twice in a day invite  NotSeen
/// yes       expired                                           finding; reinviteExpired invites        Expired
/// yes       absent, not addable          invited, never came  finding                                 Vanished
/// yes       absent                       was a member         finding; reinviteLeft invites           Left
/// yes       absent                       never seen           invite                                  Invite
/// no        member or pending            removal asked for    remove, revoke                          Obey
/// no        member or pending            by prune             remove, revoke, or unmanaged            Prune
/// </code>
/// Of several pending invitations the newest counts and the others are revoked. What the vendor's API cannot do becomes
/// a manual item.
/// </summary>
public static class Planner
{
    private delegate bool Row(PersonCase person, PersonDecision decision);

    private static readonly Row[] Rows =
    [
        IdentityRules.Unclear,
        Exceptions.LeaveAlone,
        Exceptions.Protect,
        DeclaredRules.Keep,
        DeclaredRules.Update,
        IdentityRules.AddressChanged,
        IdentityRules.DeclaredTwice,
        PendingRules.Wait,
        PendingRules.Replace,
        DeclaredRules.Declined,
        DeclaredRules.GaveUp,
        DeclaredRules.NotSeen,
        DeclaredRules.Expired,
        DeclaredRules.Vanished,
        DeclaredRules.Left,
        DeclaredRules.Invite,
        UndeclaredRules.Obey,
        UndeclaredRules.Prune,
    ];

    /// <summary>The names of the rows, in the order in which they are tried.</summary>
    public static ImmutableArray<string> RowNames { get; } = [.. Rows.Select(r => r.Method.Name)];

    /// <summary>
    /// Plans one project and checks the plan against the project's limits, and against those last applied where they
    /// were stricter.
    /// </summary>
    /// <param name="desired">The project as declared.</param>
    /// <param name="live">The project as read, whole.</param>
    /// <param name="ledger">The ledger of the project.</param>
    /// <param name="now">The time of the reconcile.</param>
    public static ProjectPlan Plan(DesiredProject desired, LiveProject live, ProjectLedger ledger, DateTimeOffset now)
    {
        var change = LimitChange.Of(desired, ledger);
        desired = change.WithEarlierLimits(desired);
        var decision = new PersonDecision(desired, ledger, now);
        foreach (var person in CaseBuilder.Build(desired, live, ledger))
            Decide(person, decision);
        var plan = new ProjectPlan(desired, live, Sorted(decision.Actions), Sorted(decision.Findings))
        {
            PeopleNotJudged = [.. decision.NotJudged],
            NotManaged =
                decision.NotManaged.Count == 0
                    ? []
                    : [.. decision.NotManaged.OrderBy(p => p.Key, StringComparer.Ordinal)],
            PeopleConverged = [.. decision.Converged],
            LimitChange = change,
        };
        ImmutableArray<Hold> holds =
        [
            .. AdministratorChange.Holds(plan, ledger),
            .. Judge.Holds(desired, live, plan.Actions, ledger),
            .. RuleJudge.Holds(desired, plan.Actions, now),
        ];
        return (plan with { Digest = PlanDigest.Of(plan) }).HeldBy(holds);
    }

    /// <summary>
    /// Returns the row that decides about each person of a project, by its index in <see cref="RowNames"/>; for tests.
    /// </summary>
    /// <param name="desired">The project as declared.</param>
    /// <param name="live">The project as read, whole.</param>
    /// <param name="ledger">The ledger of the project.</param>
    /// <param name="now">The time of the reconcile.</param>
    public static IEnumerable<int> RowsOf(
        DesiredProject desired,
        LiveProject live,
        ProjectLedger ledger,
        DateTimeOffset now
    )
    {
        var decision = new PersonDecision(desired, ledger, now);
        return CaseBuilder.Build(desired, live, ledger).Select(person => Decide(person, decision));
    }

    private static int Decide(PersonCase person, PersonDecision decision)
    {
        ExpiryRules.Warn(person, decision);
        for (var row = 0; row < Rows.Length; row++)
        {
            if (Rows[row](person, decision))
                return row;
        }

        return -1;
    }

    private static ImmutableArray<PlannedAction> Sorted(IReadOnlyList<PlannedAction> actions) =>
        actions.Count == 0
            ? []
            :
            [
                .. actions
                    .OrderBy(a => a.Phase)
                    .ThenBy(a => a.Person.Key, StringComparer.Ordinal)
                    .ThenBy(a => a.Kind)
                    .ThenBy(a => a.Member?.MembershipId ?? a.Invitation?.Id, StringComparer.Ordinal),
            ];

    private static ImmutableArray<Finding> Sorted(IReadOnlyList<Finding> findings) =>
        findings.Count == 0
            ? []
            :
            [
                .. findings
                    .OrderBy(f => f.Person, StringComparer.Ordinal)
                    .ThenBy(f => f.Kind)
                    .ThenBy(f => f.Message, StringComparer.Ordinal),
            ];
}
