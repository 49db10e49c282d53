using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Sandbox.Faults;
using Reconciler.Testing.Contract;

namespace Reconciler.Providers.Tests.Contract;

/// <summary>What goes wrong on the way, at every vendor.</summary>
public sealed class FailureContract
{
    private const string Ana = "ana";
    private const string Bob = "bob";

    public static TheoryData<string> Vendors => VendorRows.All;

    public static TheoryData<string> Changers => VendorRows.Changers;

    [Theory]
    [MemberData(nameof(Changers))]
    public async Task A_vendor_that_asks_for_patience_gets_it(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana));
        foreach (var method in new[] { "GET", bench.Row.InviteMethod, bench.Row.Update.Method }.Distinct())
            bench.Inject(
                new(FaultKind.Answer)
                {
                    Method = method,
                    Status = 429,
                    RetryAfter = "1",
                    Content = "{}",
                }
            );
        await bench.Declare([(Ana, bench.Row.Greater), (Bob, bench.Row.Lesser)]).ConvergeAsync();
        Assert.Equal(1, bench.MailsTo(Bob));
    }

    [Theory]
    [MemberData(nameof(Changers))]
    public async Task A_read_and_an_update_survive_a_failing_server(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana));
        foreach (var method in new[] { "GET", bench.Row.Update.Method })
            bench.Inject(
                new(FaultKind.Answer)
                {
                    Method = method,
                    Status = 500,
                    Content = "{\"error\":\"internal\"}",
                    Times = 2,
                }
            );
        await bench.Declare([(Ana, bench.Row.Greater)]).ConvergeAsync();
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_refused_token_is_said_clearly_and_not_tried_again(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana));
        bench.Inject(
            new(FaultKind.Answer)
            {
                Status = 401,
                Content = "{\"error\":\"Invalid token\"}",
                Times = null,
            }
        );
        await FailsAsync(bench, ProviderFault.Unauthorized);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_token_without_the_right_is_said_clearly_and_not_tried_again(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana));
        bench.Inject(
            new(FaultKind.Answer)
            {
                Status = 403,
                Content = "{\"error\":\"Forbidden\"}",
                Times = null,
            }
        );
        await FailsAsync(bench, ProviderFault.Forbidden);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_page_of_html_plans_nothing(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana));
        bench.Inject(
            new(FaultKind.Answer)
            {
                Method = "GET",
                Path = bench.Row.MembersPath,
                Status = 200,
                ContentType = "text/html",
                Content = "<html>Too many requests</html>",
                Times = null,
            }
        );
        Assert.Equal(
            ProviderFault.BadAnswer,
            (await Assert.ThrowsAsync<ProviderException>(bench.Declare().PlanAsync)).Fault
        );
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_page_that_is_cut_short_plans_nothing(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana, Bob));
        foreach (var kind in new[] { FaultKind.TruncatedBody, FaultKind.CutJson })
        {
            bench.Server.ClearFaults();
            bench.Inject(
                new(kind)
                {
                    Method = "GET",
                    Path = bench.Row.MembersPath,
                    Times = null,
                }
            );
            await Assert.ThrowsAsync<ProviderException>(bench.Declare().PlanAsync);
        }

        bench.Server.ClearFaults();
        Assert.Equal(2, (await bench.PlanAsync()).Actions.Length);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_lost_answer_to_a_removal_is_settled_by_reading(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana, Bob));
        bench.Inject(
            new(FaultKind.LostResponse)
            {
                Method = bench.Row.Remove.Method,
                Path = bench.Row.Remove.Path,
                Times = null,
            }
        );
        Assert.All(await bench.Declare(Ana).ApplyAsync(), o => Assert.True(o.Kind == OutcomeKind.Done, o.Message));
        Assert.Equal([Ana], bench.MemberNames());
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task An_id_that_leads_elsewhere_is_refused_before_anything_is_sent(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor);
        // Some ids have slashes, and are several names.
        var twoNames = bench.Row.Vendor.ProjectIds.MaxParts > 1 ? "a//b" : "a/b";
        foreach (var id in new[] { "../../admin", "..", "a/../b", twoNames, "a%2fb", "a?b", "" })
        {
            var project = bench.Declare(Ana).Resolve() with { ProjectId = id };
            await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync(project));
        }

        // Whose token it is may be asked before any project is.
        Assert.True(
            bench.Server.Requests.DistinctBy(r => r.Target).Count()
                <= (bench.Row.Vendor.Description?.WhoAmI is null ? 0 : 1)
        );
    }

    private static async Task FailsAsync(ContractBench bench, ProviderFault fault)
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(bench.Declare(Ana).PlanAsync);
        Assert.Equal(fault, failure.Fault);
        Assert.DoesNotContain(ContractBench.Token, failure.ToString(), StringComparison.Ordinal);
        Assert.All(bench.Seen, s => Assert.Equal(1, s.Attempt));
        Assert.Equal(
            bench.Server.Requests.Select(r => r.Target).Distinct(StringComparer.Ordinal).Count(),
            bench.Server.Requests.Length
        );
    }
}
