using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Sandbox;
using Reconciler.Sandbox.EquinixMetal;
using Reconciler.Sandbox.Faults;

namespace Reconciler.Providers.Tests.EquinixMetal;

public class EquinixMetalReaderTests
{
    private const string InvitationsPage =
        "GET /projects/P/invitations?include=invited_by&exclude=organization,projects&page=1&per_page=1000";
    private const string MembersPage = "GET /projects/P/memberships?include=user&exclude=project&page=1&per_page=1000";

    [Fact]
    public async Task Listing_project_invitations_and_memberships_takes_a_request_each_up_to_a_thousand_members()
    {
        await using var bench = await EquinixMetalBench.StartAsync(
            1000,
            [
                EquinixMetalBench.Pending("Carol@Example.com"),
                new("ed@example.com", SandboxAccess.Roles("admin")) { Status = "declined" },
            ]
        );
        var live = await bench.ReadAsync();
        Assert.Equal([InvitationsPage, MembersPage], bench.Sent());
        Assert.Equal(1000, live.Members.Length);
        Assert.Equal(
            ("Carol@Example.com", "collaborator"),
            (Assert.Single(live.Invitations).Email, live.Invitations[0].Access.ToString())
        );
        Assert.All(live.Members, m => Assert.NotNull(m.PersonId));
    }

    [Theory]
    [InlineData("", 2500, 3)]
    [InlineData(EquinixQuirks.PagesOf100, 250, 3)]
    [InlineData(EquinixQuirks.PagesOf100, 200, 2)]
    [InlineData(EquinixQuirks.NoMeta, 99, 1)]
    [InlineData(EquinixQuirks.NoMeta, 100, 2)]
    [InlineData(EquinixQuirks.NoMeta, 1100, 2)]
    [InlineData($"{EquinixQuirks.NoMeta} {EquinixQuirks.PagesOf100}", 250, 3)]
    [InlineData($"{EquinixQuirks.NoMeta} {EquinixQuirks.PagesOf100}", 200, 3)]
    [InlineData(EquinixQuirks.EmbedsByDefault, 50, 1)]
    public async Task Members_are_read_over_all_pages_whatever_the_vendor_says_of_them(
        string quirks,
        int members,
        int pages
    )
    {
        await using var bench = await EquinixMetalBench.StartAsync(members, quirk: quirks.Length == 0 ? null : quirks);
        var live = await bench.ReadAsync();
        Assert.Equal(members, live.Members.DistinctBy(m => m.Email).Count());
        Assert.Equal(pages, bench.Sent().Count(s => s.Contains("/memberships", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(EquinixQuirks.EmbedsByDefault)]
    public async Task An_invitation_that_names_other_projects_says_so_in_each(string? quirk)
    {
        await using var bench = await EquinixMetalBench.StartAsync(
            1,
            [
                EquinixMetalBench.Pending("dan@example.com", EquinixMetalBench.Second),
                EquinixMetalBench.Pending("eva@example.com"),
            ],
            quirk
        );
        var live = await bench.ReadAsync();
        Assert.True(Assert.Single(live.Invitations, i => i.Email == "dan@example.com").NamesOtherProjects);
        Assert.False(Assert.Single(live.Invitations, i => i.Email == "eva@example.com").NamesOtherProjects);
        Assert.True(Assert.Single((await bench.ReadAsync(EquinixMetalBench.Second)).Invitations).NamesOtherProjects);
    }

    [Fact]
    public async Task A_list_that_begins_with_the_newest_and_grows_between_two_pages_is_read_again()
    {
        await using var bench = await EquinixMetalBench.StartAsync(1500, quirk: EquinixQuirks.NewestFirst);
        bench.Inject(new(FaultKind.Delay) { Path = "page=2", Delay = TimeSpan.FromMilliseconds(300) });
        var reading = bench.ReadAsync();
        while (!bench.Sent().Any(s => s.Contains("/memberships", StringComparison.Ordinal)))
            await Task.Delay(5, TestContext.Current.CancellationToken);
        bench.Vendor.AddMember(EquinixMetalBench.First, "late@example.com", SandboxAccess.Roles("billing"));
        Assert.Equal(1501, (await reading).Members.Length);
    }

    [Fact]
    public async Task A_page_that_stays_away_fails_the_whole_reading()
    {
        await using var bench = await EquinixMetalBench.StartAsync(1500);
        bench.Inject(Fault.Answer(500) with { Path = "page=2", Times = null });
        Assert.Equal(ProviderFault.Unavailable, (await EquinixMetalBench.RefusedAsync(() => bench.ReadAsync())).Fault);
    }

    [Fact]
    public async Task A_token_that_is_unknown_and_a_project_that_is_unknown_are_told_apart()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        Assert.Equal(
            ProviderFault.NotFound,
            (await EquinixMetalBench.RefusedAsync(() => bench.ReadAsync("99999999-0d44-4b50-8888-8dd25736052a"))).Fault
        );
        bench.Inject(Fault.Answer(401, """{"error":"Invalid authentication token"}"""));
        var failure = await EquinixMetalBench.RefusedAsync(() => bench.ReadAsync());
        Assert.Equal(ProviderFault.Unauthorized, failure.Fault);
        Assert.Contains("Invalid authentication token", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_id_that_climbs_the_path_sends_nothing()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        Assert.Equal(
            ProviderFault.Configuration,
            (await EquinixMetalBench.RefusedAsync(() => bench.ReadAsync("../../admin"))).Fault
        );
        Assert.Empty(bench.Server.Requests);
    }

    [Fact]
    public async Task Somebody_who_accepts_between_the_two_lists_is_on_both()
    {
        await using var bench = await EquinixMetalBench.StartAsync(1, [EquinixMetalBench.Pending("carol@example.com")]);
        bench.Inject(new(FaultKind.Delay) { Path = "/memberships", Delay = TimeSpan.FromMilliseconds(300) });
        var reading = bench.ReadAsync();
        while (bench.Sent().IsEmpty)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        bench.Vendor.Accept(EquinixMetalBench.First, "carol@example.com");
        LiveProject live = await reading;
        Assert.Contains(live.Members, m => m.Email == "carol@example.com");
        Assert.Contains(live.Invitations, i => i.Email == "carol@example.com");
    }
}
