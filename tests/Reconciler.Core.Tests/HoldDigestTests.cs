using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>
/// The digest of a hold names the held actions, what each starts from, and each limit with its reach: no more, no less.
/// </summary>
public sealed class HoldDigestTests
{
    private const string Ana = "ana@x.example";
    private const string Bob = "bob@x.example";

    private static readonly Limits OneRemoval = Limits.None with
    {
        ProjectRemovals = [new("the Guardrail g", 1, null, 3)],
    };

    [Fact]
    public void A_digest_of_a_hold_is_told_from_one_of_a_plan()
    {
        var plan = Held().Plan();
        Assert.Matches("^hold:sha256:[0-9a-f]{64}$", plan.HeldDigest);
        Assert.True(HoldDigest.IsOne(plan.HeldDigest));
        string?[] others =
        [
            plan.Digest,
            null,
            "",
            "hold:",
            $"{plan.HeldDigest}0",
            plan.HeldDigest!.ToUpperInvariant(),
            $" {plan.HeldDigest}",
        ];
        Assert.All(others, text => Assert.False(HoldDigest.IsOne(text)));
    }

    [Fact]
    public void A_plan_that_nothing_holds_has_no_digest_of_a_hold() =>
        Assert.Null(Held().Limited(Limits.None).Plan().HeldDigest);

    [Fact]
    public void Another_action_another_start_another_limit_and_another_reach_have_another_digest()
    {
        ProjectPlan[] plans =
        [
            Held().Plan(),
            Held().Member("eve@x.example", "read").Plan(),
            Held(liveWords: "write").Plan(),
            Held(id: "other").Plan(),
            Held().Limited(OneRemoval with { ProjectRemovals = [new("the Guardrail h", 1, null, 3)] }).Plan(),
            Held().Limited(OneRemoval with { ProjectRemovals = [new("the Guardrail g", 0, null, 3)] }).Plan(),
            Held().Limited(OneRemoval with { ProjectRemovals = [new("the Guardrail g", 1, 10, 1)] }).Plan(),
        ];
        Assert.Distinct(plans.Select(p => p.HeldDigest));
    }

    [Fact]
    public void Another_project_has_another_digest()
    {
        var plan = Held().Plan();
        var other = plan with { Project = plan.Project with { ProjectId = "p-2" } };
        Assert.NotEqual(plan.HeldDigest, HoldDigest.Of(other));
    }

    [Fact]
    public void The_order_in_which_people_are_listed_does_not_matter() =>
        Assert.Equal(Held().Plan().HeldDigest, Held().Reversed().Plan().HeldDigest);

    [Fact]
    public void A_demotion_approved_while_another_was_admin_too_is_void_once_that_one_has_left()
    {
        var limits = Limits.None with { MinAdmins = [new("the Guardrail g", 2)] };
        var both = new World().Limited(limits).Declare(Ana, "read").Member(Ana, "admin").Member(Bob, "admin");
        var alone = new World().Limited(limits).Declare(Ana, "read").Member(Ana, "admin");
        Assert.Equal([ActionKind.Update], both.Plan().Actions.Select(a => a.Kind));
        Assert.NotNull(both.Plan().HeldDigest);
        Assert.NotEqual(both.Plan().HeldDigest, alone.Plan().HeldDigest);
    }

    [Fact]
    public void Removals_approved_of_many_members_are_void_once_they_are_most_of_few()
    {
        var limits = Limits.None with { ProjectRemovals = [new("the Guardrail g", null, 10, 1)] };
        var many = Held().Limited(limits).Member("c@x.example", "read").Declare("c@x.example", "read");
        Assert.NotEqual(many.Plan().HeldDigest, Held().Limited(limits).Plan().HeldDigest);
    }

    [Fact]
    public void What_is_not_held_may_be_applied_without_voiding_it()
    {
        var limits = Limits.None with { ProviderRemovals = [new("the Guardrail g", 1, TimeSpan.FromHours(1))] };
        var before = Judged(Held().Limited(limits).Declare("new@x.example", "read").Plan());
        Assert.Contains(before.Applicable, a => a.Kind == ActionKind.Invite);
        var after = Judged(
            Held().Limited(limits).Declare("new@x.example", "read").Pending("new@x.example", "read").Plan()
        );
        Assert.NotEqual(before.Digest, after.Digest);
        Assert.Equal(before.HeldDigest, after.HeldDigest);
    }

    [Fact]
    public void A_reminder_that_falls_due_does_not_void_it()
    {
        var waiting = Held().Declare("new@x.example", "read").Pending("new@x.example", "read", 2);
        var before = waiting.Plan();
        var due = waiting.Invitations(i => i with { ResendAfter = TimeSpan.FromDays(1) }).Plan();
        Assert.Contains(due.Actions, a => a.IsReminder);
        Assert.Equal(before.HeldDigest, due.HeldDigest);
    }

    private static World Held(string liveWords = "read", string? id = null) =>
        new World().Limited(OneRemoval).Prune(PrunePolicy.All).Member(Ana, liveWords, id).Member(Bob, "read");

    private static ProjectPlan Judged(ProjectPlan plan) => Assert.Single(AccountJudge.Of([plan], _ => 0, _ => []));
}
