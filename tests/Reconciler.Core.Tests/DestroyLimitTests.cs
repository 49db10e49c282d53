using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>Calls that destroy more than access are held unless a Guardrail or the runner allows them.</summary>
public sealed class DestroyLimitTests
{
    private const string Eve = "eve@x.example";

    [Fact]
    public void A_removal_that_destroys_is_held_and_says_what()
    {
        var plan = World(Limits.BuiltIn).Plan();

        var hold = Assert.Single(plan.Holds);
        Assert.Equal((HoldScope.Person, LimitOrigin.BuiltIn, Eve), (hold.Scope, hold.Origin, hold.Person));
        Assert.Contains("this also destroys the person's forks", hold.Message, StringComparison.Ordinal);
        Assert.Empty(plan.Applicable);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void A_plan_that_leaves_too_few_administrators_is_held_for_that_as_well(int least, bool isHeld)
    {
        var plan = World(Limits.BuiltIn with { MinAdmins = [new("the Guardrail g", least)] })
            .Member("boss@x.example", "admin")
            .Plan();

        Assert.Equal(
            isHeld,
            plan.Holds.Any(h => h.Scope == HoldScope.Plan && h.Limit.Contains("minAdmins", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Other_actions_of_the_plan_are_not_held() =>
        Assert.Equal(
            ["Invite new@x.example"],
            World(Limits.BuiltIn).Declare("new@x.example", "read").Plan().Applicable.Select(a => $"{a.Kind} {a.Email}")
        );

    [Theory]
    [InlineData("true", 0)]
    [InlineData("false", 1)]
    public void A_guardrail_says_whether_it_is_allowed(string word, int holds)
    {
        var read = Resolved.Members(
            "{email: root@x.example, access: {permissions: [admin]}}",
            $"kind: Guardrail\nmetadata: {{name: g}}\nspec: {{selector: {{}}, mayDestroy: {word}}}"
        );

        Assert.Equal(holds, World(read.Project.Limits).Plan().Holds.Length);
    }

    [Fact]
    public void One_guardrail_that_forbids_it_is_enough() =>
        Assert.Single(World(Limits.None with { Destroying = [new("g", true), new("h", false)] }).Plan().Holds);

    [Fact]
    public void The_runner_lifts_it_with_the_other_built_in_limits() =>
        Assert.Empty(World(new RunnerLimits([], null, LiftsBuiltInLimits: true).With(null, Limits.None)).Plan().Holds);

    [Fact]
    public void A_change_that_allows_it_counts_from_the_next_apply_on()
    {
        var allowed = Limits.None with { Destroying = [new("the Guardrail g", true)] };
        var change = LimitChange.Between(RunnerLimits.None.With(null, Limits.None), allowed);

        Assert.False(Assert.Single(change.Earlier.Destroying).IsAllowed);
        Assert.Contains(
            "held calls that destroy",
            Assert.Single(change.Texts, t => t.Contains("destroy", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    private static World World(Limits limits) =>
        new World()
            .With(c =>
                c with
                {
                    Destroys = ImmutableDictionary<ActionKind, string>.Empty.Add(
                        ActionKind.Remove,
                        "the person's forks"
                    ),
                }
            )
            .Member("root@x.example", "admin")
            .Declare("root@x.example", "admin")
            .Member(Eve, "read")
            .Prune(PrunePolicy.All)
            .Limited(limits);
}
