using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Core;
using Reconciler.Testing.Engine;

namespace Reconciler.Engine.Tests;

/// <summary>
/// One invitation that names two projects, and what the one remembers of its mails while the other does not.
/// </summary>
public sealed class SharedMailTests
{
    private const string Ana = "ana@x.example";

    private readonly FakeVendor _vendor = new();
    private readonly MemoryLedger _store = new();
    private readonly DesiredProvider _provider = new World().Desired.Provider;

    [Fact]
    public async Task A_reminder_that_a_run_sent_for_one_project_before_it_died_is_not_sent_again_for_the_other()
    {
        var (first, second) = (Invited("first"), Invited("second"));
        var open = WriteIntent.Of(first.Plan().Actions.Single(), World.Now.AddMinutes(-1));
        await SeedAsync(first, first.Ledger with { Intents = [open] });
        await SeedAsync(second, second.Ledger);

        await RunAsync(first, second);

        Assert.Empty(_vendor.Calls);
        Assert.All([first, second], w => Assert.Equal((World.Now.AddMinutes(-1), 1), (Of(w).SentAt, Of(w).Resends)));
    }

    [Fact]
    public async Task A_reminder_that_is_due_by_every_projects_memory_is_sent_once_for_all()
    {
        var (first, second) = (Invited("first"), Invited("second"));
        await SeedAsync(first, first.Ledger);
        await SeedAsync(second, second.Ledger);

        await RunAsync(first, second);

        Assert.Equal([$"Resend {Ana}"], _vendor.Calls);
        Assert.All([first, second], w => Assert.Equal((World.Now, 1), (Of(w).SentAt, Of(w).Resends)));
    }

    [Fact]
    public async Task A_reminder_of_another_invitation_of_the_same_person_is_nothing_to_this_one()
    {
        var (first, second) = (Invited("first"), Invited("second", mail: "another"));
        await SeedAsync(
            first,
            first.Ledger with
            {
                Intents = [WriteIntent.Of(first.Plan().Actions.Single(), World.Now.AddMinutes(-1))],
            }
        );
        await SeedAsync(second, second.Ledger);

        await RunAsync(first, second);

        Assert.Equal([$"Resend {Ana}"], _vendor.Calls);
    }

    private static World Invited(string name, string mail = "shared") =>
        new World()
            .Named(name)
            .Declare(Ana, "read")
            .Pending(Ana, "read", 9, id: mail, others: true, mail: mail)
            .Invited(Ana, 9)
            .Invitations(i => i with { ResendAfter = TimeSpan.FromDays(3) });

    private PersonRecord Of(World world) => Assert.Single(_store[Desired(world).Key]!.People);

    // Two projects of one account.
    private DesiredProject Desired(World world) => world.Desired with { ProjectId = world.Id, Provider = _provider };

    private async Task SeedAsync(World world, ProjectLedger ledger)
    {
        _vendor.Has(Desired(world), world.Live);
        await _store.SaveAsync(
            await _store.LoadAsync(Desired(world).Key, TestContext.Current.CancellationToken),
            ledger,
            [],
            TestContext.Current.CancellationToken
        );
    }

    private async Task RunAsync(World first, World second)
    {
        var clock = new FakeTimeProvider(World.Now);
        var plan = await new PlanRun(_ => _vendor, new(_store, _ => ProjectLedger.None), clock).RunAsync(
            [Desired(first), Desired(second)],
            null,
            TestContext.Current.CancellationToken
        );
        await new Applier(_ => _vendor.Connection, _store, clock).ApplyAsync(plan, null, CancellationToken.None);
    }
}
