using System.Collections.Immutable;
using FsCheck.Xunit;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Recording;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>
/// What holds for every project. A failure names its seed; give it to <see cref="PropertyAttribute.Replay"/> to see it
/// again.
/// </summary>
[Properties(MaxTest = 1_000)]
public sealed class PlannerPropertyTests
{
    [Property]
    public void A_plan_that_was_applied_leaves_nothing_to_do(Scene scene)
    {
        var world = scene.World;
        var plan = world.Plan();
        var live = Apply(world.Live, plan.Actions, scene.AddsDirectly);
        var ledger = LedgerUpdate.After(world.Ledger, plan, plan.Actions, World.Now);
        var again = Planner.Plan(world.Desired, live, ledger, World.Now);
        // The first pass remembers no mails; only then is known what has waited too long.
        var left =
            world.Ledger.Source == OwnershipSource.Ledger
                ? again.Actions
                : [.. again.Actions.Where(a => !a.GivesUp && !a.IsReminder)];
        Assert.Equal([], left.Select(PlanAssertions.Show));
    }

    [Property]
    public void A_pass_later_nothing_is_done_but_mails_and_givings_up(Scene scene)
    {
        var world = scene.World;
        var plan = world.Plan();
        var live = Apply(world.Live, plan.Actions, scene.AddsDirectly);
        var ledger = LedgerUpdate.After(world.Ledger, plan, plan.Actions, World.Now);
        var later = Planner.Plan(world.Desired, live, ledger, World.Now.AddDays(5));
        Assert.All(later.Actions, a => Assert.True(a.IsReminder || a.GivesUp, PlanAssertions.Show(a)));
    }

    [Property]
    public void The_order_of_manifests_members_and_pages_never_changes_a_plan_or_its_digest(Scene scene)
    {
        var (plan, shuffled) = (scene.World.Plan(), scene.Shuffled(scene.Policy + scene.People.Length).Plan());
        Assert.Equal(plan.Digest, shuffled.Digest);
        Assert.Equal(plan.Actions.Select(PlanAssertions.Show), shuffled.Actions.Select(PlanAssertions.Show));
        Assert.Equal(plan.Findings, shuffled.Findings);
        Assert.Equal(
            (plan.NotJudged, plan.LeftAlone, plan.Converged),
            (shuffled.NotJudged, shuffled.LeftAlone, shuffled.Converged)
        );
        Assert.Equal(plan.Holds, shuffled.Holds);
    }

    [Property]
    public void Nobody_whom_the_plan_does_not_name_is_touched(Scene scene)
    {
        var world = scene.World;
        var plan = world.Plan();
        var after = Apply(world.Live, plan.Actions, scene.AddsDirectly);
        Assert.All(world.Live.Members.Except(after.Members), m => Assert.Contains(plan.Actions, a => a.Member == m));
        Assert.All(
            world.Live.Invitations.Except(after.Invitations),
            i => Assert.Contains(plan.Actions, a => a.Invitation == i)
        );
        Assert.All(
            after.Members.Except(world.Live.Members),
            m => Assert.Contains(plan.Actions, a => a.Member?.MembershipId == m.MembershipId || a.Email == m.Email)
        );
    }

    [Property]
    public void Nothing_is_ever_taken_from_protected_and_ignored_people_and_machines(Scene scene)
    {
        var world = scene.World;
        var shielded = scene
            .People.Select((p, i) => (p, i))
            .Where(x => x.p.Shield is 0 or 1)
            .Select(x => Scene.AddressOf(x.i))
            .Concat(world.Desired.Provider.Spec.ActingAs is { } actor ? [actor.Key] : [])
            .ToHashSet(StringComparer.Ordinal);
        foreach (
            var action in world
                .Plan()
                .Actions.Where(a => a.CountsAsRemoval || a.Phase is Phase.Demotion or Phase.Removal)
        )
        {
            Assert.DoesNotContain(EmailAddress.KeyOf(action.Email), shielded);
            Assert.False(action.Member is { IsService: true } or { IsVendorOwner: true }, PlanAssertions.Show(action));
        }
    }

    [Property]
    public void Under_never_nobody_undeclared_is_removed_unless_a_manifest_asks_for_it(Scene scene)
    {
        var world = scene.World.Prune(PrunePolicy.Never);
        var asked = world
            .Desired.Removals.Select(r => r.Person)
            .Concat(world.Desired.Members.Select(m => m.Person))
            .ToHashSet();
        Assert.All(world.Plan().Actions, a => Assert.Contains(a.Person, asked));
    }

    [Property]
    public void Without_an_ownership_record_owned_removes_nobody_unless_a_manifest_asks_for_it(Scene scene)
    {
        var world = (scene with { Source = OwnershipSource.None }).World.Prune(PrunePolicy.Owned);
        var asked = world.Desired.Removals.Select(r => r.Person).ToHashSet();
        Assert.All(world.Plan().Actions.Where(a => a.Phase == Phase.Removal), a => Assert.Contains(a.Person, asked));
    }

    [Property]
    public void Nobody_who_is_there_already_is_invited(Scene scene)
    {
        var world = scene.World;
        var there = world.Live.Members.Select(m => EmailAddress.KeyOf(m.Email)).ToHashSet(StringComparer.Ordinal);
        var plan = world.Plan();
        Assert.All(
            plan.Actions.Where(a => a.Kind is ActionKind.Invite or ActionKind.Resend),
            a => Assert.DoesNotContain(EmailAddress.KeyOf(a.Email), there)
        );
        Assert.Equal(
            [],
            plan.Actions.Where(a => a.Phase == Phase.Grant)
                .GroupBy(a => a.Person.Key)
                .Where(g => g.Count() > 1)
                .Select(g => g.Key)
        );
    }

    private static LiveProject Apply(LiveProject live, ImmutableArray<PlannedAction> actions, bool addsDirectly) =>
        actions.Aggregate(live, (now, action) => VendorModel.After(now, action, World.Now, addsDirectly));
}
