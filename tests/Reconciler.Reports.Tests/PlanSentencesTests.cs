using Reconciler.Core.Membership;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Core;

namespace Reconciler.Reports.Tests;

/// <summary>What the end of a plan says of what a run cannot know.</summary>
public sealed class PlanSentencesTests
{
    private static readonly InvitationPolicy Asking = InvitationPolicy.Default with
    {
        ResendAfter = TimeSpan.FromDays(3),
        MaxResends = 5,
    };

    [Fact]
    public void Without_a_state_a_plan_says_once_which_rules_of_invitations_do_nothing()
    {
        var sentence = Assert.Single(
            Sentences(LoadedLedger.None, Project("a"), Project("b")),
            s => s.Contains("invitations.", StringComparison.Ordinal)
        );
        Assert.StartsWith(
            "2 projects ask for invitations.{maxResends, resendAfter}: without a state that lasts from run to run",
            sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void With_a_state_nothing_is_said_of_them() =>
        Assert.DoesNotContain(
            Sentences(new(Reconciler.Core.Ledgers.ProjectLedger.Empty, null, []), Project("a")),
            s => s.Contains("invitations.", StringComparison.Ordinal)
        );

    [Fact]
    public void Where_no_manifest_asks_for_them_nothing_is_said() =>
        Assert.DoesNotContain(
            Sentences(LoadedLedger.None, new World()),
            s => s.Contains("invitations.", StringComparison.Ordinal)
        );

    private static World Project(string name) => new World().Named(name).Invitations(_ => Asking);

    private static string[] Sentences(LoadedLedger memory, params World[] worlds)
    {
        var projects = worlds.Select(w => new PlannedProject(w.Desired, w.Plan(), null) { Memory = memory });
        return [.. PlanSentences.Of(new([.. projects], World.Now, HasOwnershipRecord: false), new Palette(false))];
    }
}
