using System.Text.Json.Nodes;
using Reconciler.Sandbox.GoRules;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Sandbox.GoRules;
using static Reconciler.Sandbox.Tests.GoRules.GoRulesSandbox;

namespace Reconciler.Sandbox.Tests.GoRules;

public sealed class GoRulesMemberTests
{
    [Fact]
    public async Task The_documented_create_members_with_userIds_groupIds_and_owner_answers_a_bare_array()
    {
        await using var sandbox = await StartAsync();
        var request = JsonNode.Parse(GoRulesSamples.AddRequest)!;
        (request["userIds"]![0], request["groupIds"]![0]) = (await sandbox.UserIdAsync("ken@example.com"), Editors);
        var (status, body) = await sandbox.PostAsync("members", request);
        Assert.Equal(200, status);
        Assert.Equal(Shape.Of(JsonNode.Parse(GoRulesSamples.AddAnswer)), Shape.Of(body));
        Assert.Equal(
            ("ken@example.com", "Editors"),
            ((string?)body[0]!["user"]!["email"], (string?)body[0]!["groups"]![0]!["name"])
        );
        Assert.Equal("groups: Editors; owner: false", sandbox.AccessOf("ken@example.com"));
        Assert.Equal(0, sandbox.Connection.MailsTo("ken@example.com"));
    }

    [Fact]
    public async Task Who_is_a_member_already_is_not_created_again()
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.AddAsync(sandbox.Member(Project, "ana@example.com").PersonId, Viewers);
        Assert.Equal((200, 0), (status, body.AsArray().Count));
        Assert.Equal("groups: ; owner: true", sandbox.AccessOf("ana@example.com"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"userIds":[]}""")]
    [InlineData("""{"userIds":["ken@example.com"]}""")]
    [InlineData($$"""{"userIds":["{{Project}}"]}""")]
    [InlineData("""{"userIds":["KEN"],"groupIds":["Editors"]}""")]
    [InlineData("""{"userIds":["KEN"],"owner":"yes"}""")]
    public async Task Unknown_people_and_groups_are_refused(string request)
    {
        await using var sandbox = await StartAsync();
        request = request.Replace("KEN", await sandbox.UserIdAsync("ken@example.com"), StringComparison.Ordinal);
        var (status, body) = await sandbox.SendAsync(HttpMethod.Post, "members", request);
        Assert.Equal((400, "{error:string,message:string,statusCode:number}"), (status, Shape.Of(body)));
        Assert.Equal(3, sandbox.Connection.Members(Project).Count);
    }

    [Theory]
    [InlineData(false, "groups: Viewers; owner: true")]
    [InlineData(true, "groups: Editors, Viewers; owner: true")]
    public async Task An_update_replaces_or_merges_the_groups_as_the_switch_says(bool merges, string after)
    {
        await using var sandbox = await WithAsync(GoRulesQuirks.PutMerges, merges);
        var (status, body) = await sandbox.ChangeAsync("Bob@Example.com", owner: true, Viewers);
        Assert.Equal((200, true), (status, (bool?)body["owner"]));
        Assert.Equal(after, sandbox.AccessOf("Bob@Example.com"));
    }

    [Fact]
    public async Task Groups_and_owner_can_be_stripped_and_the_member_stays()
    {
        await using var sandbox = await StartAsync();
        Assert.Equal(200, (await sandbox.ChangeAsync("Bob@Example.com", owner: false)).Status);
        Assert.Equal("groups: ; owner: false", sandbox.AccessOf("Bob@Example.com"));
        Assert.Equal(
            404,
            (await sandbox.DeleteAsync($"members/{sandbox.Member(Project, "Bob@Example.com").Id}")).Status
        );
    }

    [Fact]
    public async Task An_update_is_for_the_members_own_id()
    {
        await using var sandbox = await StartAsync();
        var update = new JsonObject { ["owner"] = true };
        Assert.Equal(
            404,
            (await sandbox.PutAsync($"members/{sandbox.Member(Project, "Bob@Example.com").PersonId}", update)).Status
        );
        Assert.Equal(400, (await sandbox.ChangeAsync("Bob@Example.com", owner: false, Project)).Status);
        Assert.Equal("groups: Editors; owner: false", sandbox.AccessOf("Bob@Example.com"));
    }

    [Theory]
    [InlineData("members", 10, 1, 10, 10)]
    [InlineData("members?perPage=100&page=2", 30, 101, 130, 100)]
    [InlineData("members?perPage=500", 100, 1, 100, 100)]
    [InlineData("members?page=99", 0, 0, 0, 10)]
    public async Task Lists_come_in_pages_that_say_where_they_are(string path, int length, int from, int to, int size)
    {
        await using var sandbox = await StartAsync(Crowd(130));
        var (_, body) = await sandbox.GetAsync(path);
        var paginate = body["paginate"]!;
        Assert.Equal(
            (length, from, to, size, 130),
            (
                body["results"]!.AsArray().Count,
                (int)paginate["from"]!,
                (int)paginate["to"]!,
                (int)paginate["pageSize"]!,
                (int)paginate["total"]!
            )
        );
    }

    [Fact]
    public async Task Newest_first_an_insertion_shifts_the_next_page()
    {
        await using var sandbox = await StartAsync(Crowd(4));
        sandbox.Connection.Set(GoRulesQuirks.NewestFirst, on: true);
        var first = await ListedAsync(sandbox, 1);
        sandbox.Connection.AddMember(Project, "new@example.com", SandboxAccess.None);
        Assert.Equal(
            ["p003@example.com", "p002@example.com", "p002@example.com", "p001@example.com"],
            first.Concat(await ListedAsync(sandbox, 2))
        );
    }

    [Fact]
    public async Task Users_who_are_not_members_yet_are_listed_and_found_by_any_part_of_their_address()
    {
        await using var sandbox = await StartAsync();
        Assert.Equal(
            ["bot@example.com", "ci@example.com", "ken@example.com"],
            await sandbox.EmailsOfAsync("members/users")
        );
        Assert.Equal(["ken@example.com"], await sandbox.EmailsOfAsync("members/users?search=KEN"));
    }

    [Fact]
    public async Task The_tokens_user_joins_once()
    {
        await using var sandbox = await StartAsync();
        var (status, member) = await sandbox.PostAsync("members/join");
        Assert.Equal(
            (200, "bot@example.com", false),
            (status, (string?)member["user"]!["email"], (bool?)member["owner"])
        );
        Assert.Equal((string?)member["id"], (string?)(await sandbox.PostAsync("members/join")).Body["id"]);
    }

    [Fact]
    public async Task Groups_tell_the_organisation_role_that_owns_them()
    {
        await using var sandbox = await StartAsync();
        var (_, body) = await sandbox.GetAsync("groups");
        Assert.Equal(
            """[{"id":"e090c3cc-0d44-4b50-8888-8dd25736052a","name":"Editors","permissions":"""
                + """["document:edit"],"roleId":"a090c3cc-0d44-4b50-8888-8dd25736052a"},"""
                + """{"id":"f090c3cc-0d44-4b50-8888-8dd25736052a","name":"Viewers","permissions":null,"roleId":null}]""",
            new JsonArray([.. body["results"]!.AsArray().Select(Known)]).ToJsonString()
        );
        Assert.Single((await sandbox.GetAsync("groups?search=view")).Body["results"]!.AsArray());
    }

    private static JsonNode? Known(JsonNode? group) =>
        new JsonObject(
            group!
                .AsObject()
                .Where(field => field.Key is not ("projectId" or "description"))
                .Select(field => new KeyValuePair<string, JsonNode?>(field.Key, field.Value?.DeepClone()))
        );

    private static async Task<IEnumerable<string>> ListedAsync(GoRulesSandbox sandbox, int page) =>
        (await sandbox.GetAsync($"members?perPage=2&page={page}")).Body["results"]!
            .AsArray()
            .Select(member => (string)member!["user"]!["email"]!);

    private static SandboxSeed Crowd(int size) =>
        Seed with
        {
            Projects =
            [
                new(Project, Name)
                {
                    Members =
                    [
                        .. Enumerable
                            .Range(0, size)
                            .Select(i => new SeedMember($"p{i:000}@example.com", SandboxAccess.None)),
                    ],
                },
            ],
        };
}
