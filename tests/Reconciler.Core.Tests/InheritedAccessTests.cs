using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>Access that comes from a group or a parent project is shown, and never taken away in the project itself.</summary>
public sealed class InheritedAccessTests
{
    private const string Eve = "eve@x.example";

    [Theory]
    [InlineData(PrunePolicy.All)]
    [InlineData(PrunePolicy.Owned)]
    [InlineData(PrunePolicy.Never)]
    public void Somebody_who_has_all_from_above_is_not_managed(PrunePolicy prune)
    {
        var plan = Plan(new World().Member(Eve, "").Owned(Eve).Prune(prune));

        Assert.Empty(plan.Actions);
        Assert.Empty(plan.Findings);
        Assert.Equal(NotManagedReason.Inherited, Assert.Single(plan.NotManaged).Reason);
    }

    [Fact]
    public void What_was_given_directly_is_taken_away_and_the_plan_says_what_stays()
    {
        var plan = Plan(new World().Member(Eve, "write").Prune(PrunePolicy.All));

        plan.Does($"Remove {Eve} -write");
        Assert.Equal("what comes from above stays: read", plan.Actions[0].Note);
    }

    [Fact]
    public void A_removal_that_is_asked_for_is_told_to_be_made_where_the_access_comes_from()
    {
        var plan = Plan(new World().Member(Eve, "").TakeAway(Eve));

        Assert.Empty(plan.Actions);
        Assert.Contains(
            "comes from a group or a parent project",
            Assert.Single(plan.Findings).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_left_over_invitation_is_revoked_and_the_member_stays()
    {
        var plan = Plan(new World().Member(Eve, "").Pending(Eve, "read").Prune(PrunePolicy.All));

        Assert.Equal(ActionKind.Revoke, Assert.Single(plan.Actions).Kind);
    }

    [Fact]
    public void Access_that_is_declared_is_given_directly_as_well()
    {
        var plan = Plan(new World().Declare(Eve, "write").Member(Eve, ""));

        plan.Does($"Update {Eve} +write");
    }

    [Fact]
    public void Another_inheritance_has_another_digest()
    {
        var world = new World().Member(Eve, "write").Prune(PrunePolicy.All);

        Assert.NotEqual(world.Plan().Digest, Plan(world).Digest);
    }

    [Fact]
    public void The_tokens_own_account_is_never_removed()
    {
        var world = new World().Member(Eve, "write").Prune(PrunePolicy.All);
        var live = world.Live with { Members = [world.Live.Members[0] with { IsCaller = true }] };

        var plan = Planner.Plan(world.Desired, live, world.Ledger, World.Now);

        Assert.Empty(plan.Actions);
        Assert.Equal(FindingKind.Protected, Assert.Single(plan.Findings).Kind);
    }

    // Everybody may read by a group.
    private static ProjectPlan Plan(World world)
    {
        var inherited = Access.Of(TestVendors.Acme.Grants("read").Grants);
        var live = world.Live with { Members = [.. world.Live.Members.Select(m => m with { Inherited = inherited })] };
        return Planner.Plan(world.Desired, live, world.Ledger, World.Now);
    }
}
