using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Manifests.Loading;
using Reconciler.Testing.Core;
using Reconciler.Testing.Engine;

namespace Reconciler.Engine.Tests;

/// <summary>Every record that names a write says under which VendorDefinition it was sent, by its digest.</summary>
public sealed class DefinitionTrailTests
{
    private const string Ana = "ana@x.example";
    private const string Bob = "bob@x.example";
    private const string One = "sha256:one";
    private const string Two = "sha256:two";

    private readonly FakeVendor _vendor = new();
    private readonly MemoryLedger _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<ActionKind> Kinds => [.. Enum.GetValues<ActionKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_intent_and_the_entry_of_every_kind_of_write_name_the_definition(ActionKind kind)
    {
        var world = WorldOf(kind, One);
        ImmutableArray<WriteIntent> intents = [];
        _vendor.On = (_, _) =>
        {
            intents = _store[world.Desired.Key]!.Intents;
            return null;
        };

        await RunAsync(world);

        Assert.StartsWith(kind.ToString(), Assert.Single(_vendor.Calls), StringComparison.Ordinal);
        Assert.Equal((kind, One), Assert.Single(intents.Select(i => (i.Kind, i.Definition))));
        Assert.Equal(One, Assert.Single(_store.Audit).Definition);
    }

    [Theory]
    [InlineData(ActionKind.Invite)]
    [InlineData(ActionKind.Update)]
    [InlineData(ActionKind.Revoke)]
    [InlineData(ActionKind.Remove)]
    public async Task What_a_lost_write_came_to_is_told_under_the_definition_that_it_was_sent_with(ActionKind kind)
    {
        _vendor.On = (_, _) => Answer.Lost(done: true);
        _vendor.OnRead = _ => _vendor.Calls.Count > 0 ? new ProviderException(ProviderFault.Unavailable, "no") : null;
        await RunAsync(WorldOf(kind, One));
        _vendor.OnRead = _ => null;

        // By the next run the definition is another one.
        await RunAsync(WorldOf(kind, Two), isSeeded: true);

        Assert.Equal(
            [(AuditOutcome.Unknown, One), (AuditOutcome.SettledDone, One)],
            _store.Audit.Select(a => (a.Outcome, a.Definition))
        );
        Assert.Single(_vendor.Calls);
    }

    [Fact]
    public async Task A_release_and_what_it_released_name_the_definition()
    {
        var world = WorldOf(ActionKind.Remove, One)
            .Member(Bob, "read")
            .Limited(Limits.None with { ProjectRemovals = [new("the Guardrail g", 1, null, 3)] });
        _vendor.Has(world.Desired, world.Live);
        var held = Assert.Single((await PlanAsync(world, Approvals.None)).Held);

        var plan = await PlanAsync(world, Approvals.Of([held.HeldDigest!]));
        await ApplyAsync(plan);

        Assert.Equal(["approve", "remove", "remove"], _store.Audit.Select(a => a.Action).Order(StringComparer.Ordinal));
        Assert.All(_store.Audit, a => Assert.Equal(One, a.Definition));
    }

    private static World WorldOf(ActionKind kind, string digest)
    {
        var world = new World(
            TestVendors.Acme with
            {
                Description = VendorCatalogue.Find("redmine")!.Description! with { Digest = digest },
            }
        );
        return kind switch
        {
            ActionKind.Invite => world.Declare(Ana, "read"),
            ActionKind.Update => world.Declare(Ana, "read write").Member(Ana, "read"),
            ActionKind.Replace => world.Declare(Ana, "write").Pending(Ana, "read").Invited(Ana, 1),
            ActionKind.Resend => world
                .Declare(Ana, "read")
                .Pending(Ana, "read", 9)
                .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(3) }),
            ActionKind.Revoke => world.Pending(Ana, "read").Invited(Ana, 1),
            _ => world.Prune(PrunePolicy.All).Member(Ana, "read"),
        };
    }

    private async Task RunAsync(World world, bool isSeeded = false)
    {
        if (!isSeeded)
        {
            _vendor.Has(world.Desired, world.Live);
            await _store.SaveAsync(await _store.LoadAsync(world.Desired.Key, Cancel), world.Ledger, [], Cancel);
        }

        await ApplyAsync(await PlanAsync(world, Approvals.None));
    }

    private Task<RunPlan> PlanAsync(World world, Approvals approvals) =>
        new PlanRun(_ => _vendor, new(_store, _ => ProjectLedger.None), new FakeTimeProvider(World.Now))
        {
            Approvals = approvals,
        }.RunAsync([world.Desired], null, Cancel);

    private Task<RunResult> ApplyAsync(RunPlan plan) =>
        new Applier(_ => _vendor.Connection, _store, new FakeTimeProvider(World.Now)).ApplyAsync(plan, null, Cancel);
}
