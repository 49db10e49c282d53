using Reconciler.Sandbox.EquinixMetal;
using static Reconciler.Sandbox.Tests.EquinixMetal.EquinixSandbox;

namespace Reconciler.Sandbox.Tests.EquinixMetal;

public sealed class EquinixMembershipTests
{
    [Fact]
    public async Task A_membership_is_hrefs_until_the_user_is_included()
    {
        await using var sandbox = await StartAsync();
        var (_, bare) = await sandbox.GetAsync($"projects/{Project}/memberships");
        Assert.Equal(
            "{created_at:string,href:string,id:string,project:{href:string},roles:[string],updated_at:string,user:{href:string}}",
            Shape.Of(bare["memberships"]![0])
        );
        var (_, full) = await sandbox.GetAsync(
            $"projects/{Project}/memberships?include=user,project.organization&exclude=project.organization"
        );
        var second = full["memberships"]![1]!;
        Assert.Equal(
            ("Bob@Example.com", Project),
            ((string?)second["user"]!["email"], (string?)second["project"]!["id"])
        );
        Assert.Equal("{href:string}", Shape.Of(second["project"]!["organization"]));
    }

    [Fact]
    public async Task Where_objects_are_embedded_by_default_exclusion_leaves_their_href()
    {
        await using var sandbox = await WithAsync(EquinixQuirks.EmbedsByDefault);
        var (_, all) = await sandbox.GetAsync($"projects/{Project}/memberships");
        Assert.Equal(
            (Project, "ana@example.com"),
            ((string?)all["memberships"]![0]!["project"]!["id"], (string?)all["memberships"]![0]!["user"]!["email"])
        );
        var (_, less) = await sandbox.GetAsync($"projects/{Project}/memberships?exclude=project,user");
        Assert.Equal(
            ("{href:string}", "{href:string}"),
            (Shape.Of(less["memberships"]![0]!["project"]), Shape.Of(less["memberships"]![0]!["user"]))
        );
    }

    [Theory]
    [InlineData("?search=P00", 10, 10)]
    [InlineData("?per_page=100&page=2", 25, 125)]
    [InlineData("?per_page=5000", 125, 125)]
    [InlineData("", 10, 125)]
    [InlineData("?page=0&per_page=x", 10, 125)]
    [InlineData("?page=40", 0, 125)]
    public async Task Lists_come_in_pages_of_ten_unless_asked_otherwise(string query, int length, int total)
    {
        await using var sandbox = await StartAsync(Crowd(125));
        var (_, body) = await sandbox.GetAsync($"projects/{Project}/memberships{query}");
        Assert.Equal((length, total), (body["memberships"]!.AsArray().Count, (int)body["meta"]!["total"]!));
    }

    [Fact]
    public async Task Meta_links_the_pages_with_the_parameters_of_the_request()
    {
        await using var sandbox = await StartAsync(Crowd(25));
        var (_, body) = await sandbox.GetAsync($"projects/{Project}/memberships?include=user&page=2");
        var list = $"/{Name}/metal/v1/projects/{Project}/memberships?include=user&page=";
        string? Link(string name) => (string?)body["meta"]![name]?["href"];
        Assert.Equal(
            (list + 1, list + 1, list + 2, list + 3, list + 3),
            (Link("first"), Link("previous"), Link("self"), Link("next"), Link("last"))
        );
        Assert.Equal((2, 3), ((int)body["meta"]!["current_page"]!, (int)body["meta"]!["last_page"]!));
        Assert.Null((await sandbox.GetAsync(sandbox.Server.Url + Link("next"))).Body["meta"]!["next"]);
    }

    [Fact]
    public async Task Lists_may_come_without_meta_and_in_shorter_pages_than_asked_for()
    {
        await using var sandbox = await StartAsync(Crowd(125));
        sandbox.Connection.Set(EquinixQuirks.NoMeta, on: true);
        sandbox.Connection.Set(EquinixQuirks.PagesOf100, on: true);
        var (_, body) = await sandbox.GetAsync($"projects/{Project}/memberships?per_page=1000");
        Assert.Equal((100, false), (body["memberships"]!.AsArray().Count, body.AsObject().ContainsKey("meta")));
    }

    [Fact]
    public async Task Newest_first_an_insertion_shifts_the_next_page()
    {
        await using var sandbox = await StartAsync(Crowd(4));
        sandbox.Connection.Set(EquinixQuirks.NewestFirst, on: true);
        var first = await ListedAsync(sandbox, 1);
        sandbox.Connection.AddMember(Project, "new@example.com", SandboxAccess.Roles("admin"));
        Assert.Equal(
            ["p003@example.com", "p002@example.com", "p002@example.com", "p001@example.com"],
            first.Concat(await ListedAsync(sandbox, 2))
        );
    }

    [Theory]
    [InlineData(false, "role", 200, null)]
    [InlineData(false, "roles", 422, "Role can't be blank")]
    [InlineData(true, "roles", 200, null)]
    [InlineData(true, "role", 422, "Roles can't be blank")]
    public async Task An_update_replaces_the_roles_in_the_spelling_that_the_server_knows(
        bool roles,
        string spelling,
        int status,
        string? error
    )
    {
        await using var sandbox = await StartAsync();
        sandbox.Connection.Set(EquinixQuirks.RolesSpelling, roles);
        sandbox.Clock.Now += TimeSpan.FromHours(1);
        var (answered, body) = await sandbox.ChangeAsync("ana@example.com", spelling, "limited_collaborator");
        Assert.Equal((status, error), (answered, (string?)body["errors"]?[0]));
        Assert.Equal(
            error is null ? ["limited_collaborator"] : ["admin", "billing"],
            sandbox.RolesOf("ana@example.com")
        );
        Assert.Equal(error is null ? "2026-01-31T10:00:00Z" : null, (string?)body["updated_at"]);
    }

    [Fact]
    public async Task An_unknown_role_is_named_in_the_refusal()
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.ChangeAsync("ana@example.com", "role", "admin", "x");
        Assert.Equal((422, """{"errors":["Roles contains an invalid role x"]}"""), (status, body.ToJsonString()));
    }

    [Fact]
    public async Task A_membership_is_viewed_and_deleted_by_its_own_id()
    {
        await using var sandbox = await StartAsync();
        var path = $"memberships/{sandbox.Member(Project, "Bob@Example.com").Id}";
        Assert.Equal("collaborator", (string?)(await sandbox.GetAsync(path)).Body["roles"]![0]);
        Assert.Equal(204, (await sandbox.DeleteAsync(path)).Status);
        Assert.Equal(["ana@example.com"], sandbox.EmailsIn(Project));
        Assert.Equal(404, (await sandbox.DeleteAsync(path)).Status);
        Assert.Equal(
            404,
            (await sandbox.GetAsync($"memberships/{sandbox.Member(Project, "ana@example.com").PersonId}")).Status
        );
    }

    [Fact]
    public async Task Who_is_removed_from_the_organization_is_gone_from_its_projects()
    {
        await using var sandbox = await StartAsync();
        sandbox.Connection.AddMember(SecondProject, "ana@example.com", SandboxAccess.Roles("admin"));
        var (_, body) = await sandbox.GetAsync($"organizations/{Organization}/members?include=user");
        var ana = body["members"]!.AsArray().Single(member => (string?)member!["user"]!["email"] == "ana@example.com")!;
        Assert.Equal(2, (int)ana["projects_count"]!);
        Assert.Equal(204, (await sandbox.DeleteAsync($"organizations/{Organization}/members/{ana["id"]}")).Status);
        Assert.Equal(["Bob@Example.com"], sandbox.EmailsIn(Project).Concat(sandbox.EmailsIn(SecondProject)));
        Assert.Equal(404, (await sandbox.DeleteAsync($"organizations/{Organization}/members/{ana["id"]}")).Status);
    }

    private static async Task<List<string>> ListedAsync(EquinixSandbox sandbox, int page) =>
        [
            .. (await sandbox.GetAsync($"projects/{Project}/memberships?include=user&per_page=2&page={page}")).Body[
                "memberships"
            ]!
                .AsArray()
                .Select(membership => (string)membership!["user"]!["email"]!),
        ];
}
