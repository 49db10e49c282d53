using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Engine;

namespace Reconciler.Providers.Tests.Contract;

/// <summary>Lists that show the state of two readings ago, at every vendor.</summary>
public sealed class LaggingListContract
{
    private const string Ana = "ana";
    private const string Bob = "bob";

    public static TheoryData<string> Vendors => VendorRows.All;

    public static TheoryData<string> Changers => VendorRows.Changers;

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Somebody_invited_while_lists_lag_is_neither_vanished_nor_invited_again(string vendor)
    {
        await using var bench = await LaggingAsync(vendor, ContractBench.Members(Bob));
        bench.Declare(Ana, Bob);
        await RepeatAsync(bench);
        Assert.Equal(1, bench.MailsTo(Ana));
    }

    // Where the token belongs to one project, nobody is a member of another one.
    public static TheoryData<string> Several => VendorRows.That(r => r.Vendor.Description?.Members.Project is null);

    [Theory]
    [MemberData(nameof(Several))]
    public async Task A_registered_person_added_while_lists_lag_is_added_once(string vendor)
    {
        // A member of another project is known to the vendor, which may add them at once.
        var row = VendorRows.Of(vendor);
        var other = row.Prepare(new(row.ProjectOf(new(7, 0, 0, new byte[8])), row.Connection)) with
        {
            Members = [new SeedMember(row.Key(Ana), row.SeedLesser)],
        };
        var project = row.Prepare(new SeedProject(row.ProjectId, row.Connection)) with
        {
            Members = [new SeedMember(row.Key(Bob), row.SeedLesser)],
        };
        await using var bench = Lag(await ContractBench.StartAsync(row, [project, other]));
        bench.Declare(Ana, Bob);
        await RepeatAsync(bench);
        Assert.InRange(bench.Vendor.MailsTo(row.ProjectId, row.Key(Ana)), 0, 1);
        Assert.Equal(1, Writes(bench));
    }

    [Theory]
    [MemberData(nameof(Changers))]
    public async Task Access_changed_while_lists_lag_is_changed_once(string vendor)
    {
        await using var bench = await LaggingAsync(vendor, ContractBench.Members(Ana, Bob));
        bench.Declare([(Ana, bench.Row.Greater), (Bob, bench.Row.Lesser)]);
        await RepeatAsync(bench);
        Assert.Equal(1, Writes(bench));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Somebody_removed_while_lists_lag_is_removed_once(string vendor)
    {
        await using var bench = await LaggingAsync(vendor, ContractBench.Members(Ana, Bob));
        bench.Declare(Bob);
        await RepeatAsync(bench);
        Assert.Equal(1, Writes(bench));
        Assert.Equal([Bob], bench.MemberNames());
    }

    // Runs one after the other, at once, until the lists have caught up: the first writes, and all others find nothing
    // to do.
    private static async Task RepeatAsync(ContractBench bench)
    {
        Assert.All(
            await bench.ApplyAsync(),
            o => Assert.True(o.Kind == OutcomeKind.Done, $"{o.Action.Kind}: {o.Message}")
        );
        for (var run = 0; run < 4; run++)
        {
            var pass = await bench.PassAsync();
            var plan = pass.Projects.Single().Plan!;
            Assert.Empty(plan.Actions);
            Assert.DoesNotContain(plan.Findings, f => f.Kind is FindingKind.Vanished or FindingKind.Left);
            Assert.Empty(await bench.ApplyAsync(pass));
        }
    }

    // GoRules searches a person's id before writing, and a search is not counted as a write.
    private static int Writes(ContractBench bench) => (int)bench.Server.NonGetCount;

    private static async Task<ContractBench> LaggingAsync(
        string vendor,
        Func<VendorRow, SeedProject, SeedProject> seed
    ) => Lag(await ContractBench.StartAsync(vendor, seed));

    private static ContractBench Lag(ContractBench bench)
    {
        bench.Inject(Fault.Lagging());
        bench.Store = new MemoryLedger();
        bench.SettleAfter = "2m";
        return bench;
    }
}
