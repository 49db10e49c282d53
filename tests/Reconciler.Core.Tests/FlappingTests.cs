using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Recording;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>A change that is made again and again, and never lasts, is held.</summary>
public sealed class FlappingTests
{
    private const string Ana = "ana@x.example";

    [Fact]
    public void A_change_that_is_changed_back_three_passes_running_is_held_and_one_that_lasts_a_pass_counts_anew()
    {
        var world = new World().Declare(Ana, "write").Member(Ana, "read");
        var ledger = world.Ledger;
        for (var pass = 1; pass <= 3; pass++)
        {
            var plan = Planner.Plan(world.Desired, world.Live, ledger, World.Now);
            Assert.Empty(plan.Holds);
            ledger = LedgerUpdate.After(ledger, plan, plan.Applicable, World.Now);
        }

        var held = Planner.Plan(world.Desired, world.Live, ledger, World.Now);
        Assert.Contains("Flapping", Assert.Single(held.Holds).Message, StringComparison.Ordinal);
        Assert.Empty(held.Applicable);
        var settled = new World().Declare(Ana, "write").Member(Ana, "write");
        ledger = LedgerUpdate.After(
            ledger,
            Planner.Plan(settled.Desired, settled.Live, ledger, World.Now),
            [],
            World.Now
        );
        Assert.Empty(Planner.Plan(world.Desired, world.Live, ledger, World.Now).Holds);
    }

    [Fact]
    public void A_promotion_that_is_held_for_flapping_replaces_no_administrator()
    {
        var change = ActionDigest.OfChange(TestVendors.Acme.Grants("admin"), Access.None);
        var world = new World()
            .Prune(PrunePolicy.All)
            .Limited(Limits.None with { MinAdmins = [new("the Guardrail g", 1)] })
            .Member("old@x.example", "admin")
            .Declare("next@x.example", "read admin")
            .Member("next@x.example", "read", id: "u1")
            .Remember(
                new("next@x.example")
                {
                    PersonId = "u1",
                    Owned = true,
                    State = PersonState.Member,
                    Change = change,
                    Repeats = 3,
                }
            );
        Assert.Contains(
            world.Plan().Holds,
            h => h.Message.StartsWith("0 administrators would be left of 1", StringComparison.Ordinal)
        );
        Assert.Empty(world.Plan().Applicable);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_invitation_that_was_replaced_three_times_in_vain_is_held_before_another_mail(bool isConfirmed)
    {
        var world = Invited();
        var ledger = world.Ledger;
        for (var pass = 1; pass <= 3; pass++)
            ledger = Replaced(world, ledger, isConfirmed);

        var held = Planner.Plan(world.Desired, world.Live, ledger, World.Now);

        Assert.StartsWith("Flapping: the invitation", Assert.Single(held.Holds).Message, StringComparison.Ordinal);
        Assert.Empty(held.Applicable);
    }

    [Fact]
    public void An_invitation_that_comes_out_as_declared_once_is_counted_anew()
    {
        var world = Invited();
        var ledger = Replaced(world, Replaced(world, world.Ledger, isConfirmed: true), isConfirmed: true);
        var settled = new World().Declare(Ana, "admin").Pending(Ana, "admin");
        ledger = LedgerUpdate.After(
            ledger,
            Planner.Plan(settled.Desired, settled.Live, ledger, World.Now),
            [],
            World.Now
        );

        ledger = Replaced(world, ledger, isConfirmed: true);

        Assert.Empty(Planner.Plan(world.Desired, world.Live, ledger, World.Now).Holds);
    }

    [Fact]
    public void An_invitation_that_no_list_shows_yet_does_not_end_the_count()
    {
        var world = Invited();
        var ledger = world.Ledger;
        for (var pass = 1; pass <= 3; pass++)
        {
            ledger = Replaced(world, ledger, isConfirmed: true);
            var believed = world.Live with
            {
                Invitations = [new World().Pending(Ana, "admin").Live.Invitations[0] with { IsBelieved = true }],
            };
            ledger = LedgerUpdate.After(
                ledger,
                Planner.Plan(world.Desired, believed, ledger, World.Now),
                [],
                World.Now
            );
        }

        Assert.Single(Planner.Plan(world.Desired, world.Live, ledger, World.Now).Holds);
    }

    [Fact]
    public void Whoever_accepts_after_three_replacements_gets_the_change_that_was_never_tried_on_a_member()
    {
        var world = Invited();
        var ledger = world.Ledger;
        for (var pass = 1; pass <= 3; pass++)
            ledger = Replaced(world, ledger, isConfirmed: true);
        var accepted = new World().Declare(Ana, "admin").Member(Ana, "read");
        ledger = LedgerUpdate.After(
            ledger,
            Planner.Plan(accepted.Desired, accepted.Live, ledger, World.Now),
            [],
            World.Now
        );

        var plan = Planner.Plan(accepted.Desired, accepted.Live, ledger, World.Now);

        plan.Does($"Update {Ana} +admin -read");
        Assert.Empty(plan.Holds);
    }

    // The vendor says yes, and lists the invitation with other access all the same.
    private static World Invited() => new World().Declare(Ana, "admin").Pending(Ana, "read").Invited(Ana, 1);

    private static ProjectLedger Replaced(World world, ProjectLedger ledger, bool isConfirmed)
    {
        var plan = Planner.Plan(world.Desired, world.Live, ledger, World.Now);
        Assert.Empty(plan.Holds);
        if (isConfirmed)
            return LedgerUpdate.After(ledger, plan, plan.Applicable, World.Now);
        var pass = new LedgerUpdate(ledger, plan, World.Now);
        pass.NotDone(plan.Actions[0], partly: true);
        return pass.Value;
    }
}
