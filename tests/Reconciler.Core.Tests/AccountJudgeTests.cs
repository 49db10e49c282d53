using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>Limits over an account's projects, and what an approval of one of them covers.</summary>
public sealed class AccountJudgeTests
{
    private static readonly Limits Three = Limits.None with { ProviderRemovals = [new("g", 3, TimeSpan.FromHours(1))] };
    private static readonly Limits ThreeAndOne = Three with { ProjectRemovals = [new("p", 1, null, 3)] };

    [Fact]
    public void Everything_that_was_printed_is_released_by_one_command()
    {
        ImmutableArray<ProjectPlan> plans =
        [
            Removing("a", 2, ThreeAndOne),
            Removing("b", 3, ThreeAndOne),
            Removing("c", 1, Three),
        ];
        var shown = AccountJudge.Of(plans, _ => 0, _ => []);
        string[] held = [.. shown.Where(p => !p.IsFree).Select(p => p.HeldDigest!)];
        Assert.Equal(2, held.Length);
        var released = AccountJudge.Of(plans, _ => 0, Approving(held));
        Assert.Equal([true, true, false], released.Select(p => p.IsFree));
        // Once the two approved plans are applied, their removals count; the third is held by that, and the digest
        // shown for it releases it.
        Assert.All(AccountJudge.Of([plans[2]], _ => 5, Approving(released[2].HeldDigest!)), p => Assert.True(p.IsFree));
    }

    [Fact]
    public void Applying_one_project_voids_no_approval_of_another()
    {
        ImmutableArray<ProjectPlan> plans = [Removing("a", 2, Three), Removing("b", 2, Three)];
        var shown = AccountJudge.Of(plans, _ => 0, _ => []);
        Assert.All(shown, p => Assert.False(p.IsFree));
        var alone = AccountJudge.Of([plans[1]], _ => 2, Approving(shown[1].HeldDigest!));
        Assert.NotNull(Assert.Single(alone).Release);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(5, 0)]
    [InlineData(0, 4)]
    public void A_digest_stays_whatever_else_the_account_asks_for_and_did(int recent, int others)
    {
        var plan = Removing("a", 2, Three);
        var digest = Assert.Single(AccountJudge.Of([plan], _ => 4, _ => [])).HeldDigest!;
        ImmutableArray<ProjectPlan> plans = others == 0 ? [plan] : [plan, Removing("b", others, Three)];
        Assert.Equal(digest, AccountJudge.Of(plans, _ => recent, _ => [])[0].HeldDigest);
        var released = AccountJudge.Of(plans, _ => recent, Approving(digest));
        Assert.True(released[0].IsFree);
        Assert.All(released.Skip(1), p => Assert.False(p.IsFree));
    }

    [Fact]
    public void An_approval_covers_the_removals_that_it_names_and_no_more()
    {
        var digest = Assert.Single(AccountJudge.Of([Removing("a", 4, Three)], _ => 0, _ => [])).HeldDigest!;
        Assert.False(Assert.Single(AccountJudge.Of([Removing("a", 5, Three)], _ => 0, Approving(digest))).IsFree);
    }

    [Fact]
    public void An_approval_stays_good_when_a_limit_of_the_account_holds_no_more()
    {
        var plan = Removing("a", 2, ThreeAndOne);
        var digest = Assert.Single(AccountJudge.Of([plan], _ => 2, _ => [])).HeldDigest!;
        var later = Assert.Single(AccountJudge.Of([plan], _ => 0, Approving(digest)));
        Assert.Single(later.Holds);
        Assert.Equal(digest, later.Release?.Hold);
    }

    [Fact]
    public void An_approval_that_is_not_needed_any_more_is_not_used_up()
    {
        var plan = Removing("a", 2, Three);
        var digest = Assert.Single(AccountJudge.Of([plan], _ => 4, _ => [])).HeldDigest!;
        var free = Assert.Single(AccountJudge.Of([plan], _ => 0, Approving(digest)));
        Assert.True(free.IsFree);
        Assert.Null(free.Release);
    }

    [Fact]
    public void A_limit_of_the_account_that_was_not_shown_is_not_released()
    {
        var plan = Removing("a", 2, ThreeAndOne);
        var digest = Assert.Single(AccountJudge.Of([plan], _ => 0, _ => [])).HeldDigest!;
        var later = Assert.Single(AccountJudge.Of([plan], _ => 2, Approving(digest)));
        Assert.Null(later.Release);
        Assert.Equal(2, later.Holds.Length);
    }

    [Fact]
    public void An_approval_that_may_not_release_one_of_the_limits_releases_none()
    {
        var plan = Removing("a", 2, ThreeAndOne);
        var digest = Assert.Single(AccountJudge.Of([plan], _ => 2, _ => [])).HeldDigest!;
        var judged = AccountJudge.Of(
            [plan],
            _ => 2,
            _ => [new(digest, "x") { Releases = h => h.Scope == HoldScope.Plan }]
        );
        Assert.Null(Assert.Single(judged).Release);
    }

    private static Func<ProjectPlan, IReadOnlyCollection<ApprovedHold>> Approving(params string[] digests) =>
        _ => [.. digests.Select(d => new ApprovedHold(d, "--approve"))];

    private static ProjectPlan Removing(string name, int removals, Limits limits)
    {
        var world = new World().Named(name).Prune(PrunePolicy.All).Limited(limits).Members(removals + 6, "read");
        for (var i = removals + 1; i <= removals + 6; i++)
            world.Declare($"m{i}@x.example", "read");
        return world.Plan();
    }
}
