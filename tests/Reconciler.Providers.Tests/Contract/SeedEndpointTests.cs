using System.Net;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Tests.Clarifeye;
using Reconciler.Providers.Tests.ConfidentAi;
using Reconciler.Providers.Tests.EquinixMetal;
using Reconciler.Providers.Tests.GoRules;
using Reconciler.Sandbox;

namespace Reconciler.Providers.Tests.Contract;

/// <summary>
/// Every endpoint on the five vendor pages that this project began with has a test that names it: the provider sends
/// the request as the vendor's page shows it, over real HTTP.
/// </summary>
public sealed class SeedEndpointTests
{
    private const string Ana = "ana@example.com";
    private const string Me = "bot@example.com";
    private const string Everything = "invited_by,organization,projects";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_project_invite_at_Clarifeye()
    {
        await using var bench = await ClarifeyeBench.StartAsync();
        await bench.ApplyAsync(
            await bench.ActionAsync(ActionKind.Invite, Ana, ClarifeyeBench.Access("CAN_VIEW_DATA", "CAN_RUN_TASKS"))
        );
        AssertSent(
            bench.Server,
            $"POST /projects/{ClarifeyeBench.ProjectId}/invites/invite/",
            """{"email":"ana@example.com","permissions":["CAN_RUN_TASKS","CAN_VIEW_DATA"]}"""
        );
    }

    [Fact]
    public async Task Patch_project_user_at_Clarifeye()
    {
        await using var bench = await ClarifeyeBench.StartAsync();
        var action = await bench.ActionAsync(
            ActionKind.Update,
            "member1@example.com",
            ClarifeyeBench.Access("CAN_VIEW_DATA", "CAN_PERFORM_ADMIN_ACTIONS")
        );
        await bench.ApplyAsync(action);
        AssertSent(
            bench.Server,
            $"PATCH /projects/{ClarifeyeBench.ProjectId}/users/{action.Member!.MembershipId}/",
            """{"permissions":["CAN_PERFORM_ADMIN_ACTIONS","CAN_VIEW_DATA"]}"""
        );
    }

    [Fact]
    public async Task List_project_invitations_at_Confident_AI()
    {
        await using var bench = await ConfidentAiBench.StartAsync(1, Ana);
        Assert.Equal(Ana, Assert.Single((await bench.ReadAsync()).Invitations).Email);
        AssertSent(bench.Server, $"GET /v1/projects/{ConfidentAiBench.ProjectId}/invitations");
    }

    [Fact]
    public async Task Create_project_invitations_at_Confident_AI_for_many_addresses_of_one_role()
    {
        await using var bench = await ConfidentAiBench.StartAsync();
        bench.Declare((Ana, "Member"), (ConfidentAiBench.Carol, "Member"));
        await bench.ConvergeAsync();
        var body = Assert.Single(bench.Server.Requests, r => r.Method == "POST").Body;
        Assert.Matches("""^\{"emails":\["ana@example.com","carol@example.com"\],"projectRoleId":"[^"]+"\}$""", body);
        AssertSent(bench.Server, $"POST /v1/projects/{ConfidentAiBench.ProjectId}/invitations", body);
    }

    [Theory]
    [InlineData(ActionKind.Resend, "PUT")]
    [InlineData(ActionKind.Revoke, "DELETE")]
    public async Task Resend_and_revoke_a_project_invitation_at_Confident_AI(ActionKind kind, string method)
    {
        await using var bench = await ConfidentAiBench.StartAsync(1, Ana);
        var action = await bench.ActionAsync(kind, Ana, "Member");
        await bench.ApplyAsync(action);
        AssertSent(
            bench.Server,
            $"{method} /v1/projects/{ConfidentAiBench.ProjectId}/invitations/{action.Invitation!.Id}"
        );
    }

    [Fact]
    public async Task View_an_invitation_at_Equinix_Metal_with_include()
    {
        await using var bench = await InvitedToMetalAsync();
        var found = await FindMineAsync(bench);
        AssertSent(bench.Server, $"GET /invitations/{found.Id}?include={Everything}");
        Assert.Equal("Fraud", Assert.Single(found.Projects).Name);
    }

    [Fact]
    public async Task Accept_an_invitation_at_Equinix_Metal()
    {
        await using var bench = await InvitedToMetalAsync();
        var found = await FindMineAsync(bench);
        await bench.Own.AcceptAsync(found, Cancellation);
        AssertSent(bench.Server, $"PUT /invitations/{found.Id}");
    }

    [Fact]
    public async Task Decline_an_invitation_at_Equinix_Metal()
    {
        await using var bench = await InvitedToMetalAsync();
        var found = await FindMineAsync(bench);
        await bench.Own.DeclineAsync(found, Cancellation);
        AssertSent(bench.Server, $"DELETE /invitations/{found.Id}");
    }

    [Fact]
    public async Task Retrieve_project_invitations_at_Equinix_Metal_with_exclude_page_and_per_page()
    {
        await using var bench = await InvitedToMetalAsync();
        Assert.Contains((await bench.ReadAsync()).Invitations, i => i.Email == Me);
        AssertSent(
            bench.Server,
            $"GET /projects/{EquinixMetalBench.First}/invitations?include=invited_by&exclude=organization,projects"
                + "&page=1&per_page=1000"
        );
    }

    [Fact]
    public async Task Retrieve_organization_invitations_at_Equinix_Metal_with_include_page_and_per_page()
    {
        await using var bench = await InvitedToMetalAsync();
        Assert.Contains(
            await bench.Own.ListOrganizationAsync(EquinixMetalBench.Organization, Cancellation),
            i => i.Email == Me
        );
        AssertSent(
            bench.Server,
            $"GET /organizations/{EquinixMetalBench.Organization}/invitations?include={Everything}&page=1&per_page=1000"
        );
    }

    [Fact]
    public async Task Retrieve_own_invitations_at_Equinix_Metal_with_include_exclude_page_and_per_page()
    {
        await using var bench = await InvitedToMetalAsync();
        Assert.Single(await bench.Own.ListAsync(Cancellation));
        AssertSent(bench.Server, $"GET /invitations?include={Everything}&page=1&per_page=1000");
        await FindMineAsync(bench);
        AssertSent(bench.Server, $"GET /invitations?exclude={Everything}&page=1&per_page=1000");
    }

    [Theory]
    [InlineData($"projects/{EquinixMetalBench.First}/invitations")]
    [InlineData($"organizations/{EquinixMetalBench.Organization}/invitations")]
    [InlineData("invitations")]
    public async Task Retrieve_invitations_at_Equinix_Metal_takes_include_exclude_page_and_per_page_together(
        string list
    )
    {
        await using var bench = await InvitedToMetalAsync();
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("X-Auth-Token", EquinixMetalBench.Token);
        var answer = await client.GetAsync(
            new Uri(
                $"{bench.Server.BaseUrl(EquinixMetalBench.Name)}/{list}?include=projects&exclude=invited_by&page=1&per_page=1"
            ),
            Cancellation
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(
            "\"name\":\"Fraud\"",
            await answer.Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Create_an_invitation_for_a_project_at_Equinix_Metal()
    {
        await using var bench = await InvitedToMetalAsync();
        await bench.ApplyAsync(await bench.ActionAsync(ActionKind.Invite, Ana, "collaborator"));
        AssertSent(
            bench.Server,
            $"POST /projects/{EquinixMetalBench.First}/invitations",
            """{"invitee":"ana@example.com","roles":["collaborator"]}"""
        );
    }

    [Fact]
    public async Task Create_an_invitation_for_an_organization_at_Equinix_Metal_with_projects_ids()
    {
        await using var bench = await EquinixMetalBench.StartAsync();
        await bench.RunAsync(
            ProjectLedger.None,
            bench.Desired(EquinixMetalBench.First, combine: true, Ana),
            bench.Desired(EquinixMetalBench.Second, combine: true, Ana)
        );
        AssertSent(
            bench.Server,
            $"POST /organizations/{EquinixMetalBench.Organization}/invitations",
            """{"invitee":"ana@example.com","roles":["collaborator"],"projects_ids":"""
                + $$"""["{{EquinixMetalBench.First}}","{{EquinixMetalBench.Second}}"]}"""
        );
    }

    [Fact]
    public async Task Create_members_at_GoRules_with_userIds_groupIds_and_owner()
    {
        await using var bench = await GoRulesBench.StartAsync();
        bench.Declare(GoRulesBench.Declared("ken@example.com", GoRulesBench.Access(owner: true, "Editors")));
        await bench.ApplyAsync(
            await bench.ActionAsync(ActionKind.Invite, "ken@example.com", GoRulesBench.Access(owner: true, "Editors"))
        );
        var body = Assert.Single(bench.Server.Requests, r => r.Method == "POST").Body;
        Assert.Matches("""^\{"userIds":\["[0-9a-f-]{36}"\],"groupIds":\["[0-9a-f-]{36}"\],"owner":true\}$""", body);
        AssertSent(bench.Server, $"POST /api/projects/{GoRulesBench.ProjectId}/members", body);
    }

    private static Task<EquinixMetalBench> InvitedToMetalAsync() =>
        EquinixMetalBench.StartAsync(1, [EquinixMetalBench.Pending(Me)]);

    private static async Task<PersonalInvitation> FindMineAsync(EquinixMetalBench bench)
    {
        var id = Assert.Single(await bench.Own.ListAsync(Cancellation)).Id;
        bench.Server.ForgetRequests();
        return Assert.IsType<PersonalInvitation>(await bench.Own.FindAsync(id, Cancellation));
    }

    // Exactly one such request, with the path and query as they were sent, behind the connection's base URL.
    private static void AssertSent(SandboxServer server, string request, string body = "")
    {
        var basePath = new Uri(server.BaseUrl(Assert.Single(server.Connections).Name)).AbsolutePath;
        var sent = server.Requests.Select(r =>
            ($"{r.Method} {Uri.UnescapeDataString(r.Target[basePath.Length..])}", r.Body)
        );
        Assert.Single(sent, (request, body));
    }
}
