using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Sandbox.Clarifeye;
using Reconciler.Sandbox.Faults;

namespace Reconciler.Providers.Tests.Clarifeye;

public class ClarifeyeReaderTests
{
    [Fact]
    public async Task Members_and_pending_invitations_are_read_in_one_page_each_and_invitations_first()
    {
        await using var bench = await ClarifeyeBench.StartAsync(2, "carol@example.com");
        var live = await bench.ReadAsync();
        Assert.Equal(["member1@example.com", "member2@example.com"], live.Members.Select(m => m.Email));
        Assert.All(
            live.Members,
            member =>
            {
                Assert.NotNull(member.PersonId);
                Assert.NotEqual(member.PersonId, member.MembershipId);
                Assert.Equal(ClarifeyeBench.Access("CAN_VIEW_DATA").Grants, member.Access);
            }
        );
        Assert.Equal("carol@example.com", Assert.Single(live.Invitations).Email);
        Assert.Equal(
            ["GET /projects/P/invites/?status=pending&limit=1000", "GET /projects/P/users/?limit=1000"],
            bench.Sent()
        );
    }

    [Fact]
    public async Task A_list_of_several_pages_is_read_whole()
    {
        await using var bench = await ClarifeyeBench.StartAsync(2500);
        var live = await bench.ReadAsync();
        Assert.Equal(2500, live.Members.Select(m => m.MembershipId).Distinct().Count());
        Assert.Equal(4, bench.Sent().Length);
    }

    [Fact]
    public async Task Cancelled_and_accepted_invitations_count_as_absent()
    {
        await using var bench = await ClarifeyeBench.StartAsync(
            0,
            "carol@example.com",
            "dave@example.com",
            "erin@example.com"
        );
        bench.Vendor.Decline(ClarifeyeBench.ProjectId, "carol@example.com");
        bench.Vendor.Accept(ClarifeyeBench.ProjectId, "dave@example.com");
        var live = await bench.ReadAsync();
        Assert.Equal("erin@example.com", Assert.Single(live.Invitations).Email);
        Assert.Equal("dave@example.com", Assert.Single(live.Members).Email);
    }

    [Fact]
    public async Task A_profile_is_a_grant_where_the_newer_api_shows_one()
    {
        await using var bench = await ClarifeyeBench.StartAsync(1);
        bench.Vendor.Set(ClarifeyeQuirks.Profiles, true);
        var live = await bench.ReadAsync();
        Assert.Equal(["contributor"], Assert.Single(live.Members).Access.Words("profile"));
        Assert.True(ClarifeyeBench.Access("CAN_VIEW_DATA").Matches(live.Members[0].Access));
    }

    [Fact]
    public async Task A_page_that_is_cut_on_its_way_is_read_again()
    {
        await using var bench = await ClarifeyeBench.StartAsync(2);
        bench.Inject(new(FaultKind.TruncatedBody) { Path = "/users/" });
        Assert.Equal(2, (await bench.ReadAsync()).Members.Length);
    }

    [Theory]
    [InlineData(FaultKind.CutJson, ProviderFault.BadAnswer)]
    [InlineData(FaultKind.EmptyPage, ProviderFault.BadAnswer)]
    [InlineData(FaultKind.NextLink, ProviderFault.BadAnswer)]
    [InlineData(FaultKind.Redirect, ProviderFault.BadAnswer)]
    [InlineData(FaultKind.Reset, ProviderFault.Unavailable)]
    public async Task A_project_that_cannot_be_read_whole_is_not_read(FaultKind kind, ProviderFault told)
    {
        await using var bench = await ClarifeyeBench.StartAsync(1500);
        bench.Inject(new(kind) { Path = "/users/", Times = null });
        Assert.Equal(told, (await ClarifeyeBench.RefusedAsync(bench.ReadAsync)).Fault);
    }

    [Fact]
    public async Task A_last_page_that_stays_away_fails_the_whole_reading()
    {
        await using var bench = await ClarifeyeBench.StartAsync(1500);
        bench.Inject(Fault.Answer(500) with { Path = "offset=1000", Times = null });
        Assert.Equal(ProviderFault.Unavailable, (await ClarifeyeBench.RefusedAsync(bench.ReadAsync)).Fault);
    }

    [Fact]
    public async Task A_sign_in_page_is_not_an_empty_project()
    {
        await using var bench = await ClarifeyeBench.StartAsync(2);
        bench.Inject(Fault.Html());
        Assert.Equal(ProviderFault.BadAnswer, (await ClarifeyeBench.RefusedAsync(bench.ReadAsync)).Fault);
    }

    [Fact]
    public async Task An_unknown_project_is_not_found()
    {
        await using var bench = await ClarifeyeBench.StartAsync(2);
        bench.Project = bench.Project with { ProjectId = "99999999-0d44-4b50-8888-8dd25736052a" };
        var failure = await ClarifeyeBench.RefusedAsync(bench.ReadAsync);
        Assert.Equal(ProviderFault.NotFound, failure.Fault);
        Assert.Single(bench.Sent());
    }

    [Fact]
    public async Task A_project_id_that_climbs_the_path_sends_nothing()
    {
        await using var bench = await ClarifeyeBench.StartAsync(2);
        bench.Project = bench.Project with { ProjectId = "../../admin" };
        Assert.Equal(ProviderFault.Configuration, (await ClarifeyeBench.RefusedAsync(bench.ReadAsync)).Fault);
        Assert.Empty(bench.Server.Requests);
    }

    [Fact]
    public async Task Somebody_who_accepts_between_the_two_lists_is_on_both_and_never_on_neither()
    {
        await using var bench = await ClarifeyeBench.StartAsync(1, "carol@example.com");
        bench.Inject(new(FaultKind.Delay) { Path = "/users/", Delay = TimeSpan.FromMilliseconds(300) });
        var reading = bench.ReadAsync();
        while (bench.Seen.IsEmpty)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        bench.Vendor.Accept(ClarifeyeBench.ProjectId, "carol@example.com");
        var live = await reading;
        Assert.Contains(live.Members, m => m.Email == "carol@example.com");
        Assert.Contains(live.Invitations, i => i.Email == "carol@example.com");
    }
}
