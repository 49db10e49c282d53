using System.Globalization;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Sandbox.Faults;
using Reconciler.Testing.Contract;

namespace Reconciler.Providers.Tests.Contract;

/// <summary>A vendor that takes no more invitations for a time, at every vendor.</summary>
public sealed class QuotaContract
{
    private const string Ana = "ana";
    private const string Bob = "bob";
    private const string Carol = "carol";
    private const string Dan = "dan";

    public static TheoryData<string> Vendors => VendorRows.All;

    public static TheoryData<string> Changers => VendorRows.Changers;

    // Where the path of an invitation tells it from a removal.
    public static TheoryData<string> Probes =>
        VendorRows.That(r =>
            r.Remove.Method != r.InviteMethod || !r.Remove.Path.Contains(r.InvitePath, StringComparison.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_quota_spent_on_invitations_does_not_stop_removals(string vendor)
    {
        await using var bench = await StartAsync(vendor, Spent(429));
        var outcomes = await bench.ApplyAsync();
        Assert.Equal([Ana], bench.MemberNames());
        Assert.Equal(OutcomeKind.Failed, outcomes.Single(o => o.Action.Email == bench.Key(Carol)).Kind);
        Assert.Null(outcomes.Single(o => o.Action.Email == bench.Key(Carol)).RetryAfter);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Whatever_the_status_a_long_Retry_After_on_an_invitation_means_that_invitations_are_spent(
        string vendor
    )
    {
        foreach (var status in new[] { 402, 403, 422 })
        {
            await using var bench = await StartAsync(vendor, Spent(status));
            await bench.ApplyAsync();
            Assert.Equal([Ana], bench.MemberNames());
            Assert.Equal([$"Postponed {Carol}"], bench.Findings(await bench.PlanAsync()));
        }
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_refused_invitation_without_a_time_stops_no_removal_either(string vendor)
    {
        foreach (var status in new[] { 402, 403, 422 })
        {
            await using var bench = await StartAsync(vendor, Fault.Answer(status, """{"error":"No seats left."}"""));
            await bench.ApplyAsync();
            Assert.Equal([Ana], bench.MemberNames());
        }
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task The_next_pass_does_not_ask_before_the_told_time_and_asks_after_it(string vendor)
    {
        await using var bench = await StartAsync(vendor, Spent(429));
        await bench.ApplyAsync();
        var asked = Invitations(bench);
        bench.Now += TimeSpan.FromSeconds(79_000);
        var plan = await bench.PassAsync();
        Assert.Equal([$"Postponed {Carol}"], bench.Findings(plan.Plans.Single()));
        Assert.Empty(await bench.ApplyAsync(plan));
        Assert.Equal(asked, Invitations(bench));

        bench.Server.ClearFaults();
        bench.Now += TimeSpan.FromSeconds(2_000);
        await bench.ConvergeAsync();
        Assert.Equal(1, bench.MailsTo(Carol));
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task The_told_time_may_be_a_date(string vendor)
    {
        var until = TimeProvider.System.GetUtcNow().AddSeconds(80_000).ToString("R", CultureInfo.InvariantCulture);
        await using var bench = await StartAsync(vendor, Spent(429) with { RetryAfter = until });
        await bench.ApplyAsync();
        Assert.Equal([Ana], bench.MemberNames());
        Assert.Equal([$"Postponed {Carol}"], bench.Findings(await bench.PlanAsync()));
    }

    [Theory]
    [MemberData(nameof(Probes))]
    public async Task The_first_removal_is_a_probe_and_where_it_must_wait_too_everything_waits(string vendor)
    {
        await using var bench = await StartAsync(vendor, Spent(429), Bob, Dan);
        bench.Inject(Spent(429) with { Method = bench.Row.Remove.Method, Path = bench.Row.Remove.Path });
        var outcomes = await bench.ApplyAsync();
        Assert.DoesNotContain(outcomes, o => o.Kind == OutcomeKind.Done);
        Assert.Single(
            bench.Server.Requests,
            r =>
                r.Method == bench.Row.Remove.Method
                && r.Target.Contains(bench.Row.Remove.Path, StringComparison.Ordinal)
                && !bench.IsInvitation(r)
        );
        Assert.Equal([Ana, Bob, Dan], bench.MemberNames());
        Assert.Contains(outcomes, o => o.RetryAfter == TimeSpan.FromSeconds(80_000));
    }

    [Theory]
    [MemberData(nameof(Changers))]
    public async Task A_403_that_says_how_long_to_wait_is_waited_for(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana));
        foreach (var method in new[] { "GET", bench.Row.InviteMethod, bench.Row.Update.Method }.Distinct())
            bench.Inject(
                Fault.Answer(403, """{"error":"You have exceeded a rate limit."}""") with
                {
                    Method = method,
                    RetryAfter = "1",
                }
            );
        await bench.Declare([(Ana, bench.Row.Greater), (Carol, bench.Row.Lesser)]).ConvergeAsync();
        Assert.Equal(1, bench.MailsTo(Carol));
    }

    private static Fault Spent(int status) =>
        Fault.Answer(status, """{"error":"No more invitations today."}""") with
        {
            RetryAfter = "80000",
            Times = null,
        };

    private static int Invitations(ContractBench bench) => bench.Server.Requests.Count(bench.IsInvitation);

    private static async Task<ContractBench> StartAsync(string vendor, Fault fault, params string[] leavers)
    {
        string[] leaving = leavers.Length == 0 ? [Bob] : leavers;
        var bench = await ContractBench.StartAsync(vendor, ContractBench.Members([Ana, .. leaving]));
        bench.Remembering().Declare(Ana, Carol);
        bench.Inject(fault with { Method = bench.Row.InviteMethod, Path = bench.Row.InvitePath, Times = null });
        return bench;
    }
}
