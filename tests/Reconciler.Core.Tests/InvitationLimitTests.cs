using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>How many people one plan of a project may newly invite or add.</summary>
public sealed class InvitationLimitTests
{
    private static readonly Limits Two = Limits.None with { ProjectInvitations = [new("the Guardrail g", 2)] };

    [Fact]
    public void More_invitations_than_the_count_hold_the_invitations()
    {
        var hold = Assert.Single(Inviting(3, Two).Plan().Holds);
        Assert.Equal(
            (HoldScope.Invitations, "3 invitations; the Guardrail g allows 2 a project"),
            (hold.Scope, hold.Message)
        );
        Assert.Equal("the Guardrail g: maxInvitations.count", hold.Limit);
        Assert.Empty(Inviting(3, Two).Plan().Applicable);
    }

    [Fact]
    public void As_many_invitations_as_the_count_are_not_held()
    {
        var plan = Inviting(2, Two).Plan();
        Assert.Empty(plan.Holds);
        Assert.Equal(2, plan.Applicable.Count());
    }

    [Fact]
    public void A_count_of_none_holds_the_first_invitation() =>
        Assert.Equal(
            "1 invitation; the Guardrail g allows 0 a project",
            Assert
                .Single(Inviting(1, Limits.None with { ProjectInvitations = [new("the Guardrail g", 0)] }).Plan().Holds)
                .Message
        );

    [Fact]
    public void Too_many_invitations_hold_neither_removals_nor_changes_of_who_is_there_already()
    {
        var plan = Inviting(3, Two)
            .Prune(PrunePolicy.All)
            .Member("leaver@x.example", "read")
            .Pending("unwanted@x.example", "read")
            .Member("more@x.example", "read")
            .Declare("more@x.example", "read write")
            .Member("less@x.example", "read admin")
            .Declare("less@x.example", "read")
            .Pending("changed@x.example", "read")
            .Declare("changed@x.example", "write")
            .Plan();
        Assert.Equal(HoldScope.Invitations, Assert.Single(plan.Holds).Scope);
        Assert.Equal(
            [
                "Replace changed@x.example",
                "Update more@x.example",
                "Update less@x.example",
                "Revoke unwanted@x.example",
                "Remove leaver@x.example",
            ],
            plan.Applicable.Select(a => $"{a.Kind} {a.Email}")
        );
    }

    [Fact]
    public void Updates_replaced_invitations_and_reminders_do_not_count()
    {
        var plan = new World()
            .Limited(Limits.None with { ProjectInvitations = [new("g", 0)] })
            .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(1) })
            .Member("a@x.example", "read")
            .Declare("a@x.example", "read write")
            .Pending("b@x.example", "read", 5)
            .Declare("b@x.example", "write")
            .Pending("c@x.example", "read", 5)
            .Declare("c@x.example", "read")
            .Plan();
        Assert.Equal([ActionKind.Update, ActionKind.Replace, ActionKind.Resend], plan.Actions.Select(a => a.Kind));
        Assert.Empty(plan.Holds);
    }

    [Fact]
    public void Somebody_who_is_invited_anew_counts()
    {
        var plan = new World()
            .Limited(Limits.None with { ProjectInvitations = [new("g", 0)] })
            .Invitations(i => i with { ReinviteDeclined = true })
            .Declined("a@x.example", "read")
            .Declare("a@x.example", "read")
            .Plan();
        Assert.Equal(HoldScope.Invitations, Assert.Single(plan.Holds).Scope);
    }

    [Fact]
    public void Every_limit_is_judged_and_says_whose_it_is()
    {
        var limits = Limits.None with
        {
            ProjectInvitations = [new("wide", 10), new("narrow", 1), new("runner", 2) { Origin = LimitOrigin.Runner }],
        };
        Assert.Equal(
            ["Manifests narrow: maxInvitations.count", "Runner runner: maxInvitations.count"],
            Inviting(3, limits).Plan().Holds.Select(h => $"{h.Origin} {h.Limit}")
        );
    }

    [Fact]
    public void Too_many_removals_still_hold_the_whole_plan_beside_too_many_invitations()
    {
        var plan = Inviting(3, Two with { ProjectRemovals = [new("the Guardrail g", 0, null, 3)] })
            .Prune(PrunePolicy.All)
            .Member("leaver@x.example", "read")
            .Member("stays@x.example", "read")
            .Declare("stays@x.example", "read")
            .Plan();
        Assert.Equal([HoldScope.Plan, HoldScope.Invitations], plan.Holds.Select(h => h.Scope));
        Assert.Empty(plan.Applicable);
    }

    [Fact]
    public void A_limit_of_the_account_counts_the_removals_of_a_plan_whose_invitations_are_held()
    {
        var limits = Two with { ProviderRemovals = [new("g", 1, TimeSpan.FromHours(1))] };
        var plan = Inviting(3, limits).Prune(PrunePolicy.All).Members(2, "read").Plan();
        var held = Judged(plan);
        Assert.Equal([HoldScope.Invitations, HoldScope.Removals], held.Holds.Select(h => h.Scope));
        Assert.Empty(held.Applicable);
        Assert.Null(Judged(plan, plan.HeldDigest!).Release);
        Assert.Equal(5, Judged(plan, held.HeldDigest!).Applicable.Count());
    }

    [Fact]
    public void An_approval_releases_the_invitations_that_it_names_and_no_more()
    {
        var shown = Inviting(3, Two).Plan().HeldDigest!;
        Assert.Equal(3, Judged(Inviting(3, Two).Plan(), shown).Applicable.Count());
        Assert.Empty(Judged(Inviting(4, Two).Plan(), shown).Applicable);
        Assert.Empty(Judged(Inviting(3, Two).Declare("n3@x.example", "admin").Plan(), shown).Applicable);
        var stricter = Limits.None with { ProjectInvitations = [new("the Guardrail g", 1)] };
        Assert.Empty(Judged(Inviting(3, stricter).Plan(), shown).Applicable);
    }

    [Fact]
    public void Removals_that_are_applied_meanwhile_do_not_void_an_approval_of_invitations()
    {
        var before = Inviting(3, Two).Prune(PrunePolicy.All).Members(2, "read").Plan();
        Assert.Equal(2, before.Applicable.Count());
        var after = Judged(Inviting(3, Two).Prune(PrunePolicy.All).Plan(), before.HeldDigest!);
        Assert.NotNull(after.Release);
        Assert.Equal(3, after.Applicable.Count());
    }

    [Fact]
    public void An_invited_administrator_who_is_held_leaves_as_few_administrators_as_one_who_is_not()
    {
        var limits = Limits.None with { MinAdmins = [new("the Guardrail g", 1)] };
        Assert.Equal(
            Swapping(limits).Holds.Select(h => h.Message),
            Swapping(limits with { ProjectInvitations = [new("the Guardrail g", 0)] })
                .Holds.Where(h => h.Scope != HoldScope.Invitations)
                .Select(h => h.Message)
        );
    }

    private static ProjectPlan Swapping(Limits limits) =>
        new World()
            .Prune(PrunePolicy.All)
            .Limited(limits)
            .Member("old@x.example", "admin")
            .Declare("next@x.example", "admin")
            .Plan();

    private static World Inviting(int people, Limits limits)
    {
        var world = new World().Limited(limits);
        for (var i = 1; i <= people; i++)
            world.Declare($"n{i}@x.example", "read");
        return world;
    }

    private static ProjectPlan Judged(ProjectPlan plan, params string[] approved) =>
        Assert.Single(
            AccountJudge.Of(
                ImmutableArray.Create(plan),
                _ => 0,
                _ => [.. approved.Select(d => new ApprovedHold(d, "--approve"))]
            )
        );
}
