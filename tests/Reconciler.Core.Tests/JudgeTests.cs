using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>What holds a plan.</summary>
public sealed class JudgeTests
{
    private static readonly Limits Quarter = Limits.None with
    {
        ProjectRemovals = [new("the Guardrail q", null, 25, 3)],
    };

    [Fact]
    public void Removing_more_than_a_quarter_holds_the_plan()
    {
        var plan = Removing(3, of: 11, Quarter);
        var hold = Assert.Single(plan.Holds);
        Assert.Equal(
            (HoldScope.Plan, "3 removals of 11 members; the Guardrail q allows 25% from 3 removals on"),
            (hold.Scope, hold.Message)
        );
        Assert.Empty(plan.Applicable);
    }

    [Fact]
    public void Removing_exactly_a_quarter_does_not_hold_the_plan() => Assert.Empty(Removing(3, of: 12, Quarter).Holds);

    [Fact]
    public void The_percentage_does_not_count_below_three_removals() => Assert.Empty(Removing(2, of: 3, Quarter).Holds);

    [Fact]
    public void More_removals_than_the_count_hold_the_plan()
    {
        var limits = Limits.None with { ProjectRemovals = [new("the Guardrail c", 2, null, 3)] };
        Assert.Empty(Removing(2, of: 9, limits).Holds);
        Assert.Equal(
            "3 removals; the Guardrail c allows 2 a project",
            Assert.Single(Removing(3, of: 9, limits).Holds).Message
        );
    }

    [Fact]
    public void A_count_of_none_holds_the_first_removal() =>
        Assert.Single(
            Removing(1, of: 9, Limits.None with { ProjectRemovals = [new("the Guardrail c", 0, null, 3)] }).Holds
        );

    [Fact]
    public void Every_limit_is_judged_so_the_strictest_wins()
    {
        var limits = Limits.None with
        {
            ProjectRemovals = [new("the Guardrail wide", 10, null, 3), new("the Guardrail narrow", 1, null, 3)],
        };
        Assert.Contains("narrow", Assert.Single(Removing(2, of: 9, limits).Holds).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Revoked_invitations_count_as_removals()
    {
        var world = new World()
            .Prune(PrunePolicy.All)
            .Limited(Limits.None with { ProjectRemovals = [new("g", 1, null, 3)] });
        Assert.Single(world.Pending("a@x.example", "read").Pending("b@x.example", "read").Plan().Holds);
    }

    [Fact]
    public void A_member_and_invitation_of_one_person_count_once()
    {
        var world = new World()
            .Prune(PrunePolicy.All)
            .Limited(Limits.None with { ProjectRemovals = [new("g", 1, null, 3)] });
        Assert.Empty(
            world
                .Member("a@x.example", "read")
                .Pending("a@x.example", "read")
                .Member("b@x.example", "read")
                .Declare("b@x.example", "read")
                .Plan()
                .Holds
        );
    }

    [Fact]
    public void Replaced_and_left_over_invitations_count_as_no_removals()
    {
        var none = Limits.None with { ProjectRemovals = [new("g", 0, null, 3)] };
        var plan = new World()
            .Limited(none)
            .Declare("a@x.example", "write")
            .Pending("a@x.example", "read")
            .Pending("a@x.example", "read", 9, "old")
            .Declare("b@x.example", "read")
            .Member("b@x.example", "read")
            .Pending("b@x.example", "read")
            .Plan();
        Assert.Equal(3, plan.Actions.Length);
        Assert.Empty(plan.Holds);
    }

    [Fact]
    public void Lost_administration_counts_as_a_removal_and_other_demotions_do_not()
    {
        var none = Limits.None with { ProjectRemovals = [new("g", 0, null, 3)] };
        Assert.Empty(
            new World().Limited(none).Declare("a@x.example", "read").Member("a@x.example", "read write").Plan().Holds
        );
        Assert.Single(
            new World().Limited(none).Declare("a@x.example", "read").Member("a@x.example", "read admin").Plan().Holds
        );
    }

    [Fact]
    public void Too_few_administrators_hold_the_plan_and_invited_ones_do_not_count()
    {
        var world = Admins(1)
            .Member("b@x.example", "admin")
            .Declare("b@x.example", "read")
            .Declare("new@x.example", "admin");
        Assert.Equal(
            "0 administrators would be left of 1; g asks for 1. Invited people count once they have accepted",
            Assert.Single(world.Plan().Holds).Message
        );
    }

    [Fact]
    public void A_member_who_becomes_administrator_makes_up_for_one_who_goes() =>
        Assert.Empty(
            Admins(1)
                .Member("b@x.example", "admin")
                .Declare("b@x.example", "read")
                .Member("c@x.example", "read")
                .Declare("c@x.example", "admin")
                .Plan()
                .Holds
        );

    [Fact]
    public void Too_few_administrators_are_no_hold_where_a_plan_does_not_lower_their_number() =>
        Assert.Empty(
            Admins(2)
                .Member("b@x.example", "admin")
                .Declare("b@x.example", "admin")
                .Prune(PrunePolicy.All)
                .Member("c@x.example", "read")
                .Plan()
                .Holds
        );

    [Fact]
    public void A_machine_account_is_no_administrator_who_could_let_people_in() =>
        Assert.Single(
            Admins(1)
                .Member("robot@x.example", "admin", service: true)
                .Member("b@x.example", "admin")
                .Declare("b@x.example", "read")
                .Plan()
                .Holds
        );

    [Fact]
    public void The_built_in_limit_keeps_the_last_accepted_member()
    {
        var world = new World()
            .Prune(PrunePolicy.All)
            .Limited(Limits.BuiltIn)
            .Member("a@x.example", "read")
            .Declare("new@x.example", "admin");
        Assert.StartsWith(
            "no accepted member would be left",
            Assert.Single(world.Plan().Holds).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(world.Member("b@x.example", "read").Declare("b@x.example", "read").Plan().Holds);
    }

    [Fact]
    public void Machine_accounts_do_not_keep_a_project_from_losing_its_last_member() =>
        Assert.Single(
            new World()
                .Prune(PrunePolicy.All)
                .Limited(Limits.BuiltIn)
                .Member("a@x.example", "read")
                .Member("r@x.example", "read", service: true)
                .Plan()
                .Holds
        );

    [Theory]
    [InlineData(5, 2, true)]
    [InlineData(6, 3, false)]
    [InlineData(4, 1, false)]
    public void Fewer_than_half_of_the_trusted_members_hold_removals_and_mails(int trusted, int listed, bool held) =>
        Assert.Equal(
            held,
            Removing(1, of: listed, Limits.None, trusted).Holds.Any(h => h.Scope == HoldScope.RemovalsAndMails)
        );

    [Fact]
    public void An_empty_list_after_members_holds_revocations_and_invitations()
    {
        var plan = new World()
            .Trusted(1)
            .Prune(PrunePolicy.All)
            .Pending("a@x.example", "read")
            .Declare("b@x.example", "read")
            .Plan();
        Assert.Equal(HoldScope.RemovalsAndMails, Assert.Single(plan.Holds).Scope);
        Assert.Equal(2, plan.Actions.Length);
        Assert.Empty(plan.Applicable);
    }

    [Fact]
    public void An_empty_list_does_not_invite_everybody_again_where_reinviteLeft_is_set()
    {
        var world = new World().Trusted(13).Invitations(i => i with { ReinviteLeft = true });
        foreach (var email in Enumerable.Range(1, 13).Select(i => $"m{i}@x.example"))
            world.Declare(email, "read").Owned(email);
        var plan = world.Plan();
        Assert.Equal(13, plan.Actions.Count(a => a.Kind == ActionKind.Invite));
        Assert.Empty(plan.Applicable);
        Assert.Contains(
            "nobody is invited or removed by it",
            Assert.Single(plan.Holds).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_suspicious_read_holds_a_new_invitation_and_a_reminder_and_lets_a_listed_member_have_more()
    {
        var plan = new World()
            .Trusted(9)
            .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(1) })
            .Member("a@x.example", "read")
            .Declare("a@x.example", "read write")
            .Pending("b@x.example", "read", 5)
            .Declare("b@x.example", "write")
            .Pending("c@x.example", "read", 5)
            .Declare("c@x.example", "read")
            .Plan();
        Assert.Equal([ActionKind.Update, ActionKind.Replace, ActionKind.Resend], plan.Actions.Select(a => a.Kind));
        Assert.Equal([ActionKind.Update], plan.Applicable.Select(a => a.Kind));
    }

    [Fact]
    public void A_provider_limit_counts_over_all_projects_and_what_was_removed_before()
    {
        var limits = Limits.None with { ProviderRemovals = [new("g", 3, TimeSpan.FromHours(1))] };
        var plans = new[] { "one", "two" }.Select(name => Removing(2, of: 9, limits, name: name)).ToArray();
        Assert.All(
            AccountJudge.Of([.. plans], _ => 0, _ => []),
            p =>
                Assert.Equal(
                    "4 removals over the provider's projects; g allows 3 in an hour",
                    Assert.Single(p.Holds).Message
                )
        );
        Assert.Empty(AccountJudge.Of([plans[0]], _ => 1, _ => [])[0].Holds);
        Assert.Single(AccountJudge.Of([plans[0]], _ => 2, _ => [])[0].Holds);
    }

    [Fact]
    public void The_strictest_provider_limit_is_named_and_only_removals_are_held()
    {
        var limits = Limits.None with
        {
            ProviderRemovals = [new("wide", 1, TimeSpan.FromDays(1)), new("narrow", 0, TimeSpan.FromHours(1))],
        };
        var world = new World()
            .Prune(PrunePolicy.All)
            .Limited(limits)
            .Member("a@x.example", "read")
            .Member("b@x.example", "read")
            .Declare("c@x.example", "read");
        var plan = AccountJudge.Of([world.Plan()], _ => 0, _ => [])[0];
        Assert.Contains("narrow", Assert.Single(plan.Holds).Message, StringComparison.Ordinal);
        Assert.Equal([ActionKind.Invite], plan.Applicable.Select(a => a.Kind));
    }

    [Fact]
    public void Held_and_dry_plans_use_up_nothing_of_a_provider_limit()
    {
        var limits = Limits.None with { ProviderRemovals = [new("g", 2, TimeSpan.FromHours(1))] };
        var held = Removing(2, of: 9, limits with { ProjectRemovals = [new("p", 0, null, 3)] }, name: "held");
        var dry = new World().Named("dry").DryRun().Prune(PrunePolicy.All).Limited(limits).Members(5, "read").Plan();
        var plans = AccountJudge.Of([held, dry, Removing(2, of: 9, limits)], _ => 0, _ => []);
        Assert.Empty(plans[2].Holds);
    }

    [Fact]
    public void A_hold_says_whose_limit_it_is_and_each_origin_has_one_of_its_own()
    {
        var hour = TimeSpan.FromHours(1);
        var limits = Limits.BuiltIn with
        {
            ProjectRemovals = [new("m", 1, null, 3), new("r", 2, null, 3) { Origin = LimitOrigin.Runner }],
            ProviderRemovals =
            [
                new("b", 2, hour) { Origin = LimitOrigin.BuiltIn },
                new("m", 0, hour),
                new("n", 1, hour),
            ],
        };
        var plan = Assert.Single(AccountJudge.Of([Removing(3, of: 3, limits)], _ => 0, _ => []));
        Assert.Equal(
            [
                "Manifests m: maxRemovals.count",
                "Runner r: maxRemovals.count",
                "BuiltIn the built-in limit: last member",
                "Manifests m: maxRemovalsPerProvider",
                "BuiltIn b: maxRemovalsPerProvider",
            ],
            plan.Holds.Select(h => $"{h.Origin} {h.Limit}")
        );
        var free = Assert.Single(
            AccountJudge.Of([Removing(3, of: 4, limits with { ProjectRemovals = [] })], _ => 0, _ => [])
        );
        Assert.Equal(
            ["Manifests m: maxRemovalsPerProvider", "BuiltIn b: maxRemovalsPerProvider"],
            free.Holds.Select(h => $"{h.Origin} {h.Limit}")
        );
    }

    [Fact]
    public void Fewer_administrators_than_two_origins_ask_for_are_two_holds()
    {
        var limits = Limits.None with
        {
            MinAdmins = [new("m", 3), new("n", 2), new("r", 1) { Origin = LimitOrigin.Runner }],
        };
        var plan = new World().Prune(PrunePolicy.All).Limited(limits).Member("old@x.example", "admin").Plan();
        Assert.Equal([LimitOrigin.Manifests, LimitOrigin.Runner], plan.Holds.Select(h => h.Origin));
        Assert.Equal(["m: minAdmins", "r: minAdmins"], plan.Holds.Select(h => h.Limit));
    }

    private static ProjectPlan Removing(int removals, int of, Limits limits, int? trusted = null, string name = "demo")
    {
        var world = new World().Named(name).Prune(PrunePolicy.All).Limited(limits).Members(of, "read");
        for (var i = removals + 1; i <= of; i++)
            world.Declare($"m{i}@x.example", "read");
        return (trusted is null ? world : world.Trusted(trusted.Value)).Plan();
    }

    private static World Admins(int least) => new World().Limited(Limits.None with { MinAdmins = [new("g", least)] });
}
