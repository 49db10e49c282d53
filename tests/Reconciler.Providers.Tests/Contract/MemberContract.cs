using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;

namespace Reconciler.Providers.Tests.Contract;

/// <summary>Members and their access, at every vendor.</summary>
public sealed class MemberContract
{
    private const string Ana = "ana";
    private const string Bob = "bob";

    public static TheoryData<string> Vendors => VendorRows.All;

    public static TheoryData<string> Changers => VendorRows.Changers;

    [Theory]
    [MemberData(nameof(Changers))]
    public async Task Changed_access_is_written_up_and_down(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana, Bob));
        await bench.Declare([(Ana, bench.Row.Greater), (Bob, bench.Row.Lesser)]).ConvergeAsync();
        await bench.Declare([(Ana, bench.Row.Lesser), (Bob, bench.Row.Greater)]).ConvergeAsync();
        Assert.Equal(2, (await bench.PlanAsync()).Converged);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Somebody_undeclared_is_removed_under_prune_all(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana, Bob));
        await bench.Declare(Ana).ConvergeAsync();
        Assert.Equal([Ana], bench.MemberNames());
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Somebody_unmanaged_is_named_and_left_alone(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana, Bob));
        var plan = await bench.Declare(Ana).With("prune: never").PlanAsync();
        Assert.Empty(plan.Actions);
        Assert.Equal([$"Unmanaged {Bob}"], bench.Findings(plan));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Keys_that_differ_in_case_are_one_person(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members("Ana"));
        var plan = await bench.Declare("aNA").PlanAsync();
        Assert.Empty(plan.Actions);
        Assert.Equal(1, plan.Converged);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Somebody_who_is_removed_by_hand_meanwhile_is_no_failure(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana, Bob));
        var plan = await bench.Declare(Ana).PassAsync();
        bench.RemoveMember(Bob);
        Assert.All(await bench.ApplyAsync(plan), o => Assert.Equal(OutcomeKind.Done, o.Kind));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_thousand_members_are_read_once_each_while_the_list_changes_between_pages(string vendor)
    {
        string[] members = [.. Enumerable.Range(0, 1_000).Select(i => $"p{i:0000}")];
        await using var bench = await ContractBench.StartAsync(
            vendor,
            (row, project) =>
                project with
                {
                    Members =
                    [
                        .. members.Select(m => new SeedMember(row.Key(m), row.SeedLesser)),
                        new SeedMember(row.Key("leaver"), row.SeedLesser),
                    ],
                }
        );
        bench.Declare(members).With("prune: never");
        bench.Inject(
            new(FaultKind.Delay)
            {
                Method = "GET",
                Path = bench.Row.MembersPath,
                Delay = TimeSpan.FromMilliseconds(20),
                Times = 6,
            }
        );
        var reading = bench.PlanAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        bench.RemoveMember("leaver");
        bench.AddMember("joiner");
        var plan = await reading;
        Assert.Empty(plan.Actions);
        Assert.Equal(1_000, plan.Converged);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_pass_that_finds_nothing_sends_only_the_reads_that_the_vendor_forces(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana, Bob));
        await bench.Declare(Ana, Bob).PlanAsync();
        Assert.Equal((bench.Row.ReadsOfOnePage, 0), (bench.Server.Requests.Length, (int)bench.Server.NonGetCount));
    }
}
