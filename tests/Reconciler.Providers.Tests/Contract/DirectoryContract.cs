using Reconciler.Core.Ports;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Contract;

namespace Reconciler.Providers.Tests.Contract;

/// <summary>Which projects there are, at every vendor that lists them.</summary>
public sealed class DirectoryContract
{
    private const int Many = 1_050;

    public static TheoryData<string> Vendors => VendorRows.That(r => r.ProjectsPath is not null);

    public static TheoryData<string> All => VendorRows.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_vendor_either_lists_its_projects_or_says_what_to_do_instead(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor);
        var why = VendorRows.Of(vendor).Vendor.Capabilities.NoDirectory;
        Assert.Equal(bench.Row.ProjectsPath is null, bench.Directory is null);
        Assert.Equal(bench.Directory is null, why is not null);
        if (why is not null)
            Assert.Contains("named by its id", why, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task Every_project_is_listed_once_with_its_name_over_all_pages(string vendor)
    {
        var row = VendorRows.Of(vendor);
        SeedProject[] projects =
        [
            .. Enumerable
                .Range(0, Many)
                .Select(i =>
                    row.Prepare(
                        new(row.ProjectOf(new(i + 1, 0, 0, new byte[8])), row.Connection)
                        {
                            Name = $"Project: #{i} \"ü\"",
                        }
                    )
                ),
        ];
        await using var bench = await ContractBench.StartAsync(row, projects);
        var listed = await bench.Directory!.ListAsync(Cancellation);
        Assert.Equal(
            projects
                .Select(p => new NamedPlace(p.Id, row.NamesProjects ? p.Name : null))
                .OrderBy(p => p.Id, StringComparer.Ordinal),
            listed.OrderBy(p => p.Id, StringComparer.Ordinal)
        );
        Assert.Equal(0, bench.Server.NonGetCount);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_list_of_projects_survives_a_failing_server(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor);
        bench.Inject(
            new(FaultKind.Answer)
            {
                Path = bench.Row.ProjectsPath,
                Status = 503,
                Content = "{\"error\":\"internal\"}",
                Times = 2,
            }
        );
        Assert.Equal(bench.Row.ProjectId, Assert.Single(await bench.Directory!.ListAsync(Cancellation)).Id);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_list_of_projects_that_is_not_whole_is_none(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor);
        foreach (var kind in new[] { FaultKind.TruncatedBody, FaultKind.CutJson })
        {
            bench.Server.ClearFaults();
            bench.Inject(new(kind) { Path = bench.Row.ProjectsPath, Times = null });
            await Assert.ThrowsAsync<ProviderException>(() => bench.Directory!.ListAsync(Cancellation));
        }
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_page_of_html_is_no_list_of_projects(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor);
        bench.Inject(Fault.Html() with { Path = bench.Row.ProjectsPath, Times = null });
        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.Directory!.ListAsync(Cancellation));
        Assert.Equal(ProviderFault.BadAnswer, failure.Fault);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_refused_token_lists_nothing_and_is_not_shown(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor);
        bench.Inject(
            new(FaultKind.Answer)
            {
                Status = 401,
                Content = "{\"error\":\"Invalid token\"}",
                Times = null,
            }
        );
        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.Directory!.ListAsync(Cancellation));
        Assert.Equal(ProviderFault.Unauthorized, failure.Fault);
        Assert.DoesNotContain(ContractBench.Token, failure.ToString(), StringComparison.Ordinal);
    }
}
