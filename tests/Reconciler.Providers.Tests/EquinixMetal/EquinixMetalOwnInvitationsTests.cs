using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Sandbox.EquinixMetal;
using Reconciler.Sandbox.Faults;

namespace Reconciler.Providers.Tests.EquinixMetal;

public class EquinixMetalOwnInvitationsTests
{
    private const string Everything = "invited_by,organization,projects";
    private const string Me = "bot@example.com";

    [Fact]
    public async Task Listing_own_invitations_includes_the_names_of_what_they_are_for()
    {
        await using var bench = await StartAsync();
        var found = Assert.Single(await bench.Own.ListAsync(TestContext.Current.CancellationToken));
        Assert.Equal([$"GET /invitations?include={Everything}&page=1&per_page=1000"], bench.Sent());
        Assert.Equal((Me, "collaborator", Me), (found.Email, found.Access.ToString(), found.InvitedBy));
        Assert.Equal(
            [new(EquinixMetalBench.First, "Fraud"), new NamedPlace(EquinixMetalBench.Second, "Churn")],
            found.Projects
        );
        Assert.Equal(new NamedPlace(EquinixMetalBench.Organization, "Organization 1"), found.Organization);
    }

    [Fact]
    public async Task Listing_organization_invitations_shows_those_of_everybody_over_all_pages()
    {
        await using var bench = await EquinixMetalBench.StartAsync(
            1,
            Enumerable.Range(1, 150).Select(i => EquinixMetalBench.Pending($"p{i}@example.com")),
            EquinixQuirks.PagesOf100
        );
        Assert.Equal(
            150,
            (
                await bench.Own.ListOrganizationAsync(
                    EquinixMetalBench.Organization,
                    TestContext.Current.CancellationToken
                )
            ).Length
        );
        Assert.Equal(
            [
                $"GET /organizations/{EquinixMetalBench.Organization}/invitations?include={Everything}&page=1&per_page=1000",
                $"GET /organizations/{EquinixMetalBench.Organization}/invitations?include={Everything}&page=2&per_page=1000",
            ],
            bench.Sent()
        );
    }

    [Fact]
    public async Task Viewing_an_invitation_excludes_from_the_list_what_the_view_includes()
    {
        await using var bench = await StartAsync();
        var id = await OwnIdAsync(bench);
        Assert.Equal(
            "Fraud",
            (await bench.Own.FindAsync(id.ToUpperInvariant(), TestContext.Current.CancellationToken))!.Projects[0].Name
        );
        Assert.Equal(
            [
                $"GET /invitations?exclude={Everything}&page=1&per_page=1000",
                $"GET /invitations/{id}?include={Everything}",
            ],
            bench.Sent()
        );
    }

    [Fact]
    public async Task Somebody_elses_invitation_is_not_found_although_the_token_can_see_it()
    {
        await using var bench = await StartAsync();
        var other = (await bench.ReadAsync()).Invitations.Single(i => i.Email == "carol@example.com");
        Assert.Null(await bench.Own.FindAsync(other.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Accepting_an_invitation_makes_a_member_of_each_of_its_projects()
    {
        await using var bench = await StartAsync();
        var found = await bench.Own.FindAsync(await OwnIdAsync(bench), TestContext.Current.CancellationToken);
        await bench.Own.AcceptAsync(found!, TestContext.Current.CancellationToken);
        Assert.Equal($"PUT /invitations/{found!.Id}", bench.Sent()[^1]);
        Assert.Contains((await bench.ReadAsync()).Members, m => m.Email == Me);
        Assert.Contains((await bench.ReadAsync(EquinixMetalBench.Second)).Members, m => m.Email == Me);
    }

    [Fact]
    public async Task Declining_an_invitation_ends_it()
    {
        await using var bench = await StartAsync();
        var found = await bench.Own.FindAsync(await OwnIdAsync(bench), TestContext.Current.CancellationToken);
        await bench.Own.DeclineAsync(found!, TestContext.Current.CancellationToken);
        Assert.Equal($"DELETE /invitations/{found!.Id}", bench.Sent()[^1]);
        Assert.Empty(await bench.Own.ListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_acceptance_whose_answer_is_lost_is_not_sent_again()
    {
        await using var bench = await StartAsync();
        var found = await bench.Own.FindAsync(await OwnIdAsync(bench), TestContext.Current.CancellationToken);
        bench.Inject(new(FaultKind.LostResponse) { Method = "PUT", Times = null });
        Assert.Equal(
            ProviderFault.Ambiguous,
            (
                await EquinixMetalBench.RefusedAsync(() =>
                    bench.Own.AcceptAsync(found!, TestContext.Current.CancellationToken)
                )
            ).Fault
        );
        Assert.Single(bench.Sent(), s => s.StartsWith("PUT", StringComparison.Ordinal));
    }

    private static Task<EquinixMetalBench> StartAsync() =>
        EquinixMetalBench.StartAsync(
            1,
            [EquinixMetalBench.Pending("carol@example.com"), EquinixMetalBench.Pending(Me, EquinixMetalBench.Second)]
        );

    private static async Task<string> OwnIdAsync(EquinixMetalBench bench)
    {
        var id = (await bench.Own.ListAsync(TestContext.Current.CancellationToken))[0].Id;
        bench.Server.ForgetRequests();
        return id;
    }
}
