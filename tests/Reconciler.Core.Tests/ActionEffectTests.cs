using Reconciler.Core.Membership;
using Reconciler.Core.Recording;
using Reconciler.Testing.Core;

namespace Reconciler.Core.Tests;

/// <summary>What a reading shows of a write.</summary>
public sealed class ActionEffectTests
{
    private const string Ana = "ana@x.example";

    [Theory]
    [InlineData("read write", EffectKind.Done)]
    [InlineData("read", EffectKind.None)]
    public void An_invitation_that_is_changed_in_place_keeps_its_id(string shown, EffectKind expected)
    {
        var world = new World().Declare(Ana, "read write").Pending(Ana, "read", id: "i-1");
        var action = Assert.Single(world.Plan().Actions);
        var live = new World().Pending(Ana, shown, id: "i-1").Live;

        Assert.Equal(expected, ActionEffect.Of(action, live, world.Live).Kind);
    }

    [Fact]
    public void A_removal_is_done_where_only_what_a_group_gives_is_left()
    {
        var world = new World().Member(Ana, "write").Prune(Manifests.Kinds.PrunePolicy.All);
        var action = Assert.Single(world.Plan().Actions);
        var left = world.Live.Members[0] with { Access = Access.None, Inherited = TestVendors.Acme.Grants("read") };

        Assert.Equal(EffectKind.None, ActionEffect.Of(action, world.Live, world.Live).Kind);
        Assert.Equal(EffectKind.Done, ActionEffect.Of(action, world.Live with { Members = [left] }, world.Live).Kind);
    }
}
