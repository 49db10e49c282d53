using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Tests.Described;

/// <summary>The definitions of GitLab's projects and groups.</summary>
public sealed class GitLabDefinitionTests
{
    [Theory]
    [InlineData("project", "projects", "acme%2Fweb%2Fsite", "acme/web/site")]
    [InlineData("project", "projects", "278964", "278964")]
    [InlineData("group", "groups", "acme%2Fweb", "acme/web")]
    public async Task GitLab_has_levels_as_numbers_and_members_from_above(
        string what,
        string place,
        string segment,
        string project
    )
    {
        await using var bench = new CatalogueBench(
            $"gitlab-{what}",
            "apis/openapi/gitlab-members.json",
            "/api/v4",
            project
        );
        var path = $"/api/v4/{place}/{segment}";
        // Only a project is told when access ends.
        var end = what == "project" ? ",\"expires_at\":null" : "";
        bench.Answer("GET /api/v4/user", """{"username": "bot", "id": 1}""");
        bench.Answer("GET /api/v4/users?username=new-one", $"[{GitLabUser("new-one", 9)}]");
        bench.Answer($"GET {path}/members?per_page=100", $$"""[{{GitLabMember("ana", 7, 30)}}]""");
        bench.Answer(
            $"GET {path}/members/all?per_page=100",
            $$"""[{{GitLabMember("ana", 7, 30)}}, {{GitLabMember("boss", 2, 50)}}]"""
        );
        bench.Answer(
            $"GET {path}/invitations?per_page=100",
            """
            [{"invite_email": "mo+na@example.com", "access_level": 20, "created_at": "2026-11-01T09:00:00Z",
              "expires_at": null, "user_name": null, "created_by_name": "Boss"}]
            """
        );
        bench.Answer($"POST {path}/members", GitLabMember("new-one", 9, 40), 201);
        bench.Answer($"PUT {path}/members/7", GitLabMember("ana", 7, 40));
        bench.Answer($"DELETE {path}/members/7", "", 204);
        bench.Answer($"DELETE {path}/invitations/mo%2Bna%40example.com", "", 204);

        var live = await bench.ReadAsync();

        Assert.Equal(["ana: developer", "boss: nothing"], CatalogueBench.Shown(live));
        Assert.Equal("owner", $"{live.Members[1].Inherited}");
        Assert.Equal("mo+na@example.com", live.Invitations[0].Email);
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Invite, live, "level", "maintainer"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Update, live, "level", "maintainer"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Remove, live, "level", "maintainer"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Revoke, live, "level", "maintainer"));
        Assert.Equal(
            [
                $$"""POST {{path}}/members {"user_id":9,"access_level":40{{end}}}""",
                $$"""PUT {{path}}/members/7 {"access_level":40{{end}}}""",
                $"DELETE {path}/members/7 ",
                $"DELETE {path}/invitations/mo%2Bna%40example.com ",
            ],
            bench.Writes
        );
    }

    [Fact]
    public async Task Somebody_with_access_from_above_alone_is_added_and_not_changed()
    {
        await using var bench = new CatalogueBench(
            "gitlab-group",
            "apis/openapi/gitlab-members.json",
            "/api/v4",
            "acme"
        );
        bench.Answer("GET /api/v4/user", """{"username": "bot", "id": 1}""");
        bench.Answer("GET /api/v4/users?username=new-one", "[]");
        bench.Answer("GET /api/v4/groups/acme/members?per_page=100", "[]");
        bench.Answer("GET /api/v4/groups/acme/members/all?per_page=100", $"[{GitLabMember("boss", 2, 50)}]");
        bench.Answer("GET /api/v4/groups/acme/invitations?per_page=100", "[]");
        bench.Answer("POST /api/v4/groups/acme/members", GitLabMember("boss", 2, 30), 201);

        var live = await bench.ReadAsync();
        await bench.ApplyAsync(ActionKind.Update, live, "level", "developer");

        Assert.Equal(["""POST /api/v4/groups/acme/members {"user_id":2,"access_level":30}"""], bench.Writes);
    }

    private static string GitLabUser(string login, int id) =>
        $$"""
            {"id": {{id}}, "username": "{{login}}", "name": "N", "state": "active", "avatar_url": null,
             "web_url": "https://gitlab.com/n"}
            """;

    private static string GitLabMember(string login, int id, int level) =>
        $$"""
            {{GitLabUser(login, id).TrimEnd()[..^1]}}, "access_level": {{level}}, "created_at": "2026-11-01T09:00:00Z",
             "expires_at": null}
            """;
}
