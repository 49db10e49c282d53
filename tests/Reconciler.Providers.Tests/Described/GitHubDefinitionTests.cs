using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Tests.Described;

/// <summary>The definitions of GitHub's repositories and organizations.</summary>
public sealed class GitHubDefinitionTests
{
    [Fact]
    public async Task GitHub_repositories_have_collaborators_access_from_above_and_invitations()
    {
        await using var bench = new CatalogueBench(
            "github-repository",
            "apis/openapi/github-collaborators.json",
            "",
            "acme/site"
        );
        const string Path = "/repos/acme/site/collaborators";
        bench.Answer("GET /user", """{"login": "bot", "id": 1}""");
        bench.Answer("GET /users/new-one", """{"login": "New-One", "id": 9}""");
        bench.Answer("GET /repos/acme/site", """{"full_name": "acme/site", "permissions": {"admin": true}}""");
        bench.Answer(
            $"GET {Path}?affiliation=direct&per_page=100",
            $$"""[{{GitHubUser("ana", 7)}}, "role_name": "read"}, {{GitHubUser("bot", 1)}}, "role_name": "admin"}]""",
            200,
            "<https://api.github.com/repositories/5/collaborators?affiliation=direct&per_page=100&page=2>; rel=\"next\""
        );
        bench.Answer($"GET {Path}?affiliation=direct&per_page=100&page=2", "[]");
        bench.Answer(
            $"GET {Path}?affiliation=all&per_page=100",
            $$"""[{{GitHubUser("ana", 7)}}, "role_name": "read"}, {{GitHubUser("boss", 2)}}, "role_name": "admin"}]"""
        );
        bench.Answer("GET /repos/acme/site/invitations?per_page=100", $"[{GitHubInvitation}]");
        bench.Answer($"PUT {Path}/new-one", GitHubInvitation, 201);
        bench.Answer($"PUT {Path}/ana", "", 204);
        bench.Answer("PATCH /repos/acme/site/invitations/42", GitHubInvitation);
        bench.Answer("DELETE /repos/acme/site/invitations/42", "", 204);
        bench.Answer($"DELETE {Path}/ana", "", 204);

        var live = await bench.ReadAsync();

        Assert.Equal(["ana: read", "bot: admin", "boss: nothing"], CatalogueBench.Shown(live));
        Assert.Equal([false, true, false], live.Members.Select(m => m.IsCaller));
        Assert.Equal("admin", $"{live.Members[2].Inherited}");
        Assert.Equal(("mona", "11"), (live.Invitations[0].Email, live.Invitations[0].PersonId));
        Assert.Equal(("9", "New-One"), (live.Accounts["new-one"]!.Id, live.Accounts["new-one"]!.Login));
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(ActionKind.Invite, live, "role", "write"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Update, live, "role", "write"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Replace, live, "role", "write"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Revoke, live, "role", "write"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Remove, live, "role", "write"));
        Assert.Equal(
            [
                $$"""PUT {{Path}}/new-one {"permission":"push"}""",
                $$"""PUT {{Path}}/ana {"permission":"push"}""",
                """PATCH /repos/acme/site/invitations/42 {"permissions":"write"}""",
                "DELETE /repos/acme/site/invitations/42 ",
                $"DELETE {Path}/ana ",
            ],
            bench.Writes
        );
    }

    [Fact]
    public async Task GitHub_organizations_list_the_members_of_each_role()
    {
        await using var bench = new CatalogueBench("github-organization", "apis/openapi/github-org.json", "", "acme");
        bench.Answer("GET /user", """{"login": "bot", "id": 1}""");
        bench.Answer("GET /users/new-one", "", 404);
        bench.Answer("GET /user/memberships/orgs/acme", """{"role": "admin", "state": "active"}""");
        bench.Answer("GET /orgs/acme/members?role=admin&per_page=100", $$"""[{{GitHubUser("bot", 1)}}}]""");
        bench.Answer("GET /orgs/acme/members?role=member&per_page=100", $$"""[{{GitHubUser("ana", 7)}}}]""");
        bench.Answer(
            "GET /orgs/acme/invitations?per_page=100",
            $$"""
            [{"id": 42, "login": "mona", "node_id": "n", "email": null, "role": "direct_member",
              "created_at": "2026-11-01T09:00:00Z", "inviter": {{GitHubUser("bot", 1)}}}, "team_count": 0,
              "invitation_teams_url": "https://x.example"}]
            """
        );
        bench.Answer(
            "GET /orgs/acme/failed_invitations?per_page=100",
            $"[{Failed("late", 43, "expired")}, {Failed("ana", 44, "already_accepted")}, "
                + $"{Failed("seatless", 45, "no_more_seats")}]"
        );
        const string Membership = """
            {"url": "https://x.example", "state": "pending", "role": "admin",
             "organization_url": "https://x.example", "organization": {"login": "acme", "id": 5, "node_id": "n",
             "url": "https://x.example", "repos_url": "https://x.example", "events_url": "https://x.example",
             "hooks_url": "https://x.example", "issues_url": "https://x.example", "members_url": "https://x.example",
             "public_members_url": "https://x.example", "avatar_url": "https://x.example", "description": null},
             "user": null}
            """;
        bench.Answer("PUT /orgs/acme/memberships/new-one", Membership);
        bench.Answer("PUT /orgs/acme/memberships/bot", Membership);
        bench.Answer("PUT /orgs/acme/memberships/mona", Membership);
        bench.Answer("DELETE /orgs/acme/invitations/42", "", 204);
        bench.Answer("DELETE /orgs/acme/memberships/bot", "", 204);

        var live = await bench.ReadAsync();

        Assert.Equal(["bot: admin", "ana: member"], CatalogueBench.Shown(live));
        Assert.Equal(("mona", "member"), (live.Invitations[0].Email, $"{live.Invitations[0].Access}"));
        Assert.Equal(
            ["mona Pending ", "late Expired expired", "seatless Expired no_more_seats"],
            live.Invitations.Select(i => $"{i.Email} {i.State} {i.Failure}")
        );
        Assert.Null(live.Accounts["new-one"]);
        foreach (var kind in (ActionKind[])[ActionKind.Invite, ActionKind.Update, ActionKind.Replace])
            Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(kind, live, "role", "admin"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Revoke, live, "role", "admin"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Remove, live, "role", "admin"));
        Assert.Equal(
            [
                """PUT /orgs/acme/memberships/new-one {"role":"admin"}""",
                """PUT /orgs/acme/memberships/bot {"role":"admin"}""",
                """PUT /orgs/acme/memberships/mona {"role":"admin"}""",
                "DELETE /orgs/acme/invitations/42 ",
                "DELETE /orgs/acme/memberships/bot ",
            ],
            bench.Writes
        );
    }

    private static string Failed(string login, int id, string reason) =>
        $$"""
            {"id": {{id}}, "login": "{{login}}", "node_id": "n", "email": null, "role": "direct_member",
             "created_at": "2026-10-01T09:00:00Z", "failed_at": "2026-10-08T09:00:00Z", "failed_reason": "{{reason}}",
             "inviter": {{GitHubUser("bot", 1)}}}, "team_count": 0, "invitation_teams_url": "https://x.example"}
            """;

    private static string GitHubInvitation =>
        $$"""
            {"id": 42, "node_id": "n", "repository": null, "invitee": {{GitHubUser("mona", 11)}}}, "inviter": null,
             "permissions": "write", "created_at": "2026-11-01T09:00:00Z", "expired": false,
             "url": "https://x.example", "html_url": "https://x.example"}
            """;

    private static string GitHubUser(string login, int id) =>
        $$"""
            {"login": "{{login}}", "id": {{id}}, "node_id": "n", "avatar_url": "https://x.example/a", "gravatar_id": "",
             "url": "https://x.example", "html_url": "https://x.example", "followers_url": "https://x.example",
             "following_url": "https://x.example", "gists_url": "https://x.example", "starred_url": "https://x.example",
             "subscriptions_url": "https://x.example", "organizations_url": "https://x.example",
             "repos_url": "https://x.example", "events_url": "https://x.example",
             "received_events_url": "https://x.example", "type": "User", "site_admin": false
            """;
}
