using System.Net;
using System.Text.Json.Nodes;

namespace Reconciler.Sandbox.Tests.Described;

/// <summary>
/// What a described vendor answers on the wire: the places, pages and headers that its definition names.
/// </summary>
public sealed class DescribedImitationTests
{
    private const string Forum = """
        token: t0ken
        connections:
        - name: forum
          people: [{email: ana@example.com, id: u-1}, {email: bob@example.com, id: u-2}]
          names: {roles: {Moderator: 1, Writer: 2, Guest: 3}}
        projects:
        - id: r-1
          provider: forum
          members:
          - email: ana@example.com
            id: m-1
            access: {roles: [Writer], trusted: true, badge: gold}
            inherited: {roles: [Guest]}
        - {id: r-2, provider: forum, forbidden: true}
        """;

    private static Task<DescribedSandbox> ForumAsync() => StartAsync(Forum);

    private static async Task<DescribedSandbox> StartAsync(string seed, params string[] definitions) =>
        (await DescribedSandbox.StartAsync(seed, definitions))
            .With("X-Forum-Key", DescribedSandbox.Token)
            .With("Accept", "application/vnd.forum+json");

    [Fact]
    public async Task An_item_has_each_value_at_the_place_that_the_definition_names()
    {
        await using var forum = await ForumAsync();

        var (status, body) = await forum.GetAsync("rooms/r-1/members/");

        Assert.Equal(200, status);
        Assert.Equal(
            """{"members":[{"badge":"1","roles":["""
                + """{"name":"Writer","id":2},{"name":"Guest","id":3,"group":true}],"trusted":true,"""
                + "\"user\":\"u-1\",\"id\":\"m-1\"}],\"next\":null,\"ok\":true}",
            body.ToJsonString()
        );
    }

    [Fact]
    public async Task Accounts_and_names_have_the_ids_of_the_seed()
    {
        await using var forum = await ForumAsync();

        var (_, people) = await forum.GetAsync("users/?all=1");
        var (_, roles) = await forum.GetAsync("rooms/r-1/roles/");

        Assert.Equal(
            "u-2",
            people["users"]!.AsArray().Single(p => $"{p!["mail"]}" == "bob@example.com")!["id"]!.ToString()
        );
        Assert.Contains("bot@example.com", people["users"]!.AsArray().Select(p => $"{p!["mail"]}"));
        Assert.Equal(["1", "2", "3"], roles["roles"]!.AsArray().Select(r => $"{r!["id"]}"));
    }

    [Theory]
    [InlineData("GET", "rooms/r-9/members/", 404)]
    [InlineData("GET", "rooms/r-1/members", 404)]
    [InlineData("GET", "users/", 404)]
    [InlineData("GET", "rooms/r-2/members/", 403)]
    [InlineData("POST", "rooms/r-1/members/u-2/", 404)]
    [InlineData("PUT", "rooms/r-1/members/u-2/", 400)]
    [InlineData("DELETE", "rooms/r-1/members/u-2/roles/", 404)]
    public async Task What_the_definition_does_not_have_is_refused(string method, string path, int status)
    {
        await using var forum = await ForumAsync();

        var answer = await forum.SendAsync(new HttpMethod(method), path, method == "PUT" ? "{}" : null);

        Assert.Equal((status, false), (answer.Status, answer.Body["ok"]!.GetValue<bool>()));
        Assert.NotEqual("", answer.Body["error"]!.ToString());
    }

    [Theory]
    [InlineData("X-Forum-Key", "another", 401)]
    [InlineData("X-Forum-Key", "Bearer t0ken", 401)]
    [InlineData("Accept", "application/json", 400)]
    public async Task A_wrong_token_or_a_missing_header_is_refused(string header, string value, int status)
    {
        await using var forum = await ForumAsync();

        Assert.Equal(status, (await forum.With(header, value).GetAsync("rooms/r-1/members/")).Status);
    }

    [Fact]
    public async Task A_call_takes_its_values_out_of_path_and_body()
    {
        await using var forum = await ForumAsync();

        var added = await forum.PutAsync(
            "rooms/r-1/members/u-2/",
            JsonNode.Parse("""{"roles": [1, 2], "trusted": true, "badge": "2"}""")
        );
        var changed = await forum.PutAsync(
            "rooms/r-1/members/u-2/",
            JsonNode.Parse("""{"roles": [3], "badge": null}""")
        );

        Assert.Equal((201, 200), (added.Status, changed.Status));
        Assert.Equal("badge: ; roles: Guest; trusted: true", $"{forum.Member("r-1", "bob@example.com").Access}");
        Assert.Equal(1, forum.Connection.MailsTo("r-1", "bob@example.com"));
        Assert.Equal(
            (forum.Member("r-1", "bob@example.com").Id, "Guest", true, "active"),
            (
                changed.Body["id"]!.ToString(),
                changed.Body["roles"]![0]!["name"]!.ToString(),
                changed.Body["ok"]!.GetValue<bool>(),
                changed.Body["state"]!.ToString()
            )
        );
    }

    [Theory]
    [InlineData("""{"roles": [9], "badge": null}""", "roles: unknown '9'")]
    [InlineData("""{"roles": [], "badge": null}""", "roles is required")]
    [InlineData("""{"roles": [1], "badge": ["1"]}""", "badge must be one value")]
    [InlineData("""{"roles": [1], "badge": null, "colour": "red"}""", "The body is none that the definition sends")]
    [InlineData("""{"roles": [1]}""", "The body is none that the definition sends")]
    public async Task A_body_that_the_vendor_would_not_take_changes_nothing(string body, string reason)
    {
        await using var forum = await ForumAsync();

        var answer = await forum.PutAsync("rooms/r-1/members/u-2/", JsonNode.Parse(body));

        Assert.InRange(answer.Status, 400, 499);
        Assert.Contains(reason, answer.Body["error"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(["ana@example.com"], forum.EmailsIn("r-1"));
    }

    [Fact]
    public async Task What_is_inherited_stays_when_the_rest_is_taken_away()
    {
        await using var forum = await ForumAsync();

        Assert.Equal(200, (await forum.DeleteAsync("rooms/r-1/members/u-1/roles/")).Status);

        var (_, body) = await forum.GetAsync("rooms/r-1/members/");
        Assert.Equal(["Guest"], body["members"]![0]!["roles"]!.AsArray().Select(r => $"{r!["name"]}"));
    }

    [Theory]
    [InlineData("{by: page, query: [page], sizeQuery: per_page, size: 2}", "?page=2", "3,4")]
    [InlineData("{by: page, query: [page], first: 0, size: 2}", "?page=2", "5")]
    [InlineData("{by: offset, query: [skip], sizeQuery: take, size: 4}", "?skip=1&take=2", "2,3")]
    [InlineData("{by: offset, query: [skip], sizeQuery: take, size: 2}", "?take=9", "1,2")]
    [InlineData("{by: cursor, query: [after], next: /next, size: 2}", "?after=4", "5")]
    public async Task A_page_holds_what_is_asked_for(string paging, string query, string expected)
    {
        await using var board = await PagedAsync(paging);

        var (_, body) = await board.GetAsync($"boards/b-1/members{query}");

        Assert.Equal(expected, string.Join(',', body["members"]!.AsArray().Select(m => $"{m!["id"]}")));
    }

    [Fact]
    public async Task The_next_page_is_told_as_the_definition_says()
    {
        await using var total = await PagedAsync("{by: page, query: [page], size: 2, total: /meta/total}");
        Assert.Equal("5", (await total.GetAsync("boards/b-1/members")).Body["meta"]!["total"]!.ToString());

        await using var cursor = await PagedAsync("{by: cursor, query: [after], next: /next, size: 2}");
        Assert.Equal("2", (await cursor.GetAsync("boards/b-1/members")).Body["next"]!.ToString());
        Assert.Null((await cursor.GetAsync("boards/b-1/members?after=4")).Body["next"]);

        await using var next = await PagedAsync("{by: next, query: [skip], next: /links/next, size: 2}");
        Assert.Equal(
            $"{next.Server.BaseUrl("board")}/boards/b-1/members?take=2&skip=2",
            (await next.GetAsync("boards/b-1/members?take=2")).Body["links"]!["next"]!.ToString()
        );

        await using var link = await PagedAsync("{by: link, query: [skip], moreWhile: results, size: 4}");
        Assert.EndsWith(
            "?skip=4>; rel=\"next\"; results=\"true\"",
            await LinkAsync(link, ""),
            StringComparison.Ordinal
        );
        Assert.EndsWith("results=\"false\"", await LinkAsync(link, "?skip=4"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_of_one_word_may_have_the_word_and_the_person_in_an_item_of_a_list()
    {
        await using var crew = (
            await DescribedSandbox.StartAsync(
                """
                projects:
                - id: c-1
                  provider: crew
                  members:
                  - {email: a@example.com, id: 1, access: {roles: [x]}}
                  - {email: b@example.com, id: 2, access: {roles: [x]}}
                """,
                """
                apiVersion: reconciler.dev/v1alpha1
                kind: VendorDefinition
                metadata: {name: crew}
                spec:
                  title: Crew
                  token: {header: X-Key}
                  access: [{name: roles, form: words, description: The roles.}]
                  members:
                    path: /crews/{project}/members
                    items: /members
                    id: /id
                    email: /email
                    access: {roles: {at: /roles}}
                  calls:
                    give:
                      method: POST
                      path: /crews/{project}/roles
                      effect: idempotent
                      body: {data: [{member: "{entry.id}", role: "{access.roles.each}"}]}
                    take:
                      method: DELETE
                      path: /crews/{project}/roles/{access.roles.each}/{entry.id}
                      effect: idempotent
                  manual: {invite: by hand, remove: by hand}
                """
            )
        ).With("X-Key", "anything");

        var given = await crew.PostAsync(
            "crews/c-1/roles",
            JsonNode.Parse("""{"data": [{"member": "1", "role": "y"}]}""")
        );

        Assert.InRange(given.Status, 200, 204);
        Assert.Equal(["roles: x, y", "roles: x"], crew.Connection.Members("c-1").Select(m => $"{m.Access}"));
    }

    [Fact]
    public async Task Members_and_invitations_of_one_list_are_told_apart()
    {
        await using var sentry = (
            await DescribedSandbox.StartAsync(
                """
                projects:
                - id: acme
                  provider: sentry
                  members: [{email: ana@example.com, access: {orgRole: owner}}]
                  invitations:
                  - {email: bob@example.com, access: {orgRole: member}}
                  - {email: cy@example.com, access: {orgRole: member}, status: accepted}
                """
            )
        ).With("Authorization", "Bearer anything");

        var (_, body) = await sentry.GetAsync("organizations/acme/members/");

        Assert.Equal(
            ["ana@example.com false", "bob@example.com true"],
            body.AsArray().Select(m => $"{m!["email"]} {m["pending"]}")
        );
        Assert.All(body.AsArray(), m => Assert.NotNull(m!["dateCreated"]));
    }

    [Fact]
    public async Task What_a_call_reads_first_has_to_come_back_as_it_was()
    {
        await using var sentry = (
            await DescribedSandbox.StartAsync(
                """
                projects:
                - {id: acme, provider: sentry, members: [{email: ana@example.com, id: 7, access: {orgRole: member}}]}
                """
            )
        ).With("Authorization", "Bearer anything");
        const string Member = "organizations/acme/members/7/";

        var (_, read) = await sentry.GetAsync(Member);
        var lost = await sentry.SendAsync(HttpMethod.Put, Member, """{"orgRole": "owner", "teamRoles": []}""");
        var kept = await sentry.SendAsync(
            HttpMethod.Put,
            Member,
            $$"""{"orgRole": "manager", "teamRoles": {{read["teamRoles"]!.ToJsonString()}}}"""
        );

        Assert.Equal((422, 200), (lost.Status, kept.Status));
        Assert.Equal("orgRole: manager", $"{Assert.Single(sentry.Connection.Members("acme")).Access}");
        Assert.Equal(404, (await sentry.GetAsync("organizations/acme/members/8/")).Status);
    }

    private static async Task<string> LinkAsync(DescribedSandbox board, string query)
    {
        using var answer = await board.RawAsync(HttpMethod.Get, $"boards/b-1/members{query}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Assert.Single(answer.Headers.GetValues("Link"));
    }

    private static async Task<DescribedSandbox> PagedAsync(string paging) =>
        (
            await DescribedSandbox.StartAsync(
                """
                projects:
                - id: b-1
                  provider: board
                  members:
                  - {email: a@example.com, id: 1, access: {role: x}}
                  - {email: b@example.com, id: 2, access: {role: x}}
                  - {email: c@example.com, id: 3, access: {role: x}}
                  - {email: d@example.com, id: 4, access: {role: x}}
                  - {email: e@example.com, id: 5, access: {role: x}}
                """,
                $$$"""
                apiVersion: reconciler.dev/v1alpha1
                kind: VendorDefinition
                metadata: {name: board}
                spec:
                  title: Board
                  token: {header: X-Key}
                  access: [{name: role, form: word, description: The role.}]
                  members:
                    path: /boards/{project}/members
                    items: /members
                    id: /id
                    email: /email
                    paging: {{{paging}}}
                    access: {role: {at: /role}}
                  calls: {}
                  manual: {invite: by hand, update: by hand, remove: by hand}
                """
            )
        ).With("X-Key", "anything");
}
