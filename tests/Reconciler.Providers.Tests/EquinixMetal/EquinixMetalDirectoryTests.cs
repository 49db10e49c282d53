using Reconciler.Core.Ports;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;

namespace Reconciler.Providers.Tests.EquinixMetal;

public sealed class EquinixMetalDirectoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("noMeta")]
    [InlineData("pagesOf100")]
    [InlineData("embedsByDefault")]
    [InlineData("newestFirst")]
    public async Task Projects_are_listed_whatever_the_form_of_lists(string quirk)
    {
        await using var bench = await EquinixMetalBench.StartAsync(quirk: quirk.Length == 0 ? null : quirk);
        var listed = await bench.Connection.Directory!.ListAsync(Cancellation);
        Assert.Equal(
            [
                new(EquinixMetalBench.First, "Fraud"),
                new(EquinixMetalBench.Second, "Churn"),
                new(EquinixMetalBench.Third, EquinixMetalBench.Third),
                new NamedPlace(EquinixMetalBench.Foreign, EquinixMetalBench.Foreign),
            ],
            listed.OrderBy(p => p.Id, StringComparer.Ordinal)
        );
        Assert.Equal(
            [
                "GET /projects?exclude=devices,invitations,members,memberships,organization,ssh_keys,volumes&page=1&per_page=1000",
            ],
            bench.Sent()
        );
    }

    [Fact]
    public async Task A_server_that_lists_the_users_own_projects_alone_is_believed()
    {
        await using var bench = await EquinixMetalBench.StartAsync(quirk: "onlyOwnProjects");
        Assert.Empty(await bench.Connection.Directory!.ListAsync(Cancellation));
        bench.Vendor.AddMember(EquinixMetalBench.Second, "bot@example.com", SandboxAccess.Roles("admin"));
        Assert.Equal("Churn", Assert.Single(await bench.Connection.Directory!.ListAsync(Cancellation)).Name);
    }

    [Fact]
    public async Task A_page_that_is_empty_against_its_count_is_read_again_and_then_refused()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        bench.Inject(new(FaultKind.EmptyPage) { Path = "/projects?" });
        Assert.Equal(4, (await bench.Connection.Directory!.ListAsync(Cancellation)).Length);
        bench.Inject(new(FaultKind.EmptyPage) { Path = "/projects?", Times = null });
        var failure = await EquinixMetalBench.RefusedAsync(() => bench.Connection.Directory!.ListAsync(Cancellation));
        Assert.Equal(ProviderFault.BadAnswer, failure.Fault);
        Assert.Contains("GET /projects: a page is missing", failure.Message, StringComparison.Ordinal);
    }
}
