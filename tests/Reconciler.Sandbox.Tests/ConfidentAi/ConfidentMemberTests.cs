using Reconciler.Sandbox.ConfidentAi;
using Reconciler.Sandbox.Seeds;
using static Reconciler.Sandbox.Tests.ConfidentAi.ConfidentSandbox;

namespace Reconciler.Sandbox.Tests.ConfidentAi;

public sealed class ConfidentMemberTests
{
    [Theory]
    [InlineData("members", 25)]
    [InlineData("members?page=2", 25)]
    [InlineData("members?page=3&pageSize=50", 30)]
    [InlineData("members?pageSize=100", 100)]
    [InlineData("members?pageSize=1000", 100)]
    [InlineData("members?pageSize=0&page=x", 25)]
    [InlineData("members?page=9", 0)]
    public async Task Members_come_in_pages_with_a_total(string path, int length)
    {
        await using var sandbox = await StartAsync(Crowd(130));
        var (status, body) = await sandbox.GetAsync(path);
        Assert.Equal(
            (200, length, 130),
            (status, body["data"]!["members"]!.AsArray().Count, (int)body["data"]!["total"]!)
        );
    }

    [Fact]
    public async Task Newest_first_an_insertion_shifts_the_next_page()
    {
        await using var sandbox = await StartAsync(Crowd(4));
        sandbox.Connection.Set(ConfidentQuirks.NewestFirst, on: true);
        var first = Emails((await sandbox.GetAsync("members?pageSize=2")).Body, "members");
        sandbox.Connection.AddMember(Project, "new@example.com", SandboxAccess.Role("Member"));
        var second = Emails((await sandbox.GetAsync("members?pageSize=2&page=2")).Body, "members");
        Assert.Equal(
            ["p003@example.com", "p002@example.com", "p002@example.com", "p001@example.com"],
            first.Concat(second)
        );
    }

    [Fact]
    public async Task A_members_role_is_replaced()
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.AssignAsync("Bob@Example.com", "Analyst");
        Assert.Equal((200, "Analyst"), (status, (string?)body["data"]!["member"]!["projectRole"]!["name"]));
        Assert.Equal("Analyst", sandbox.RoleOf("Bob@Example.com"));
    }

    [Fact]
    public async Task Assigning_the_Owner_transfers_the_ownership_and_leaves_a_Manager()
    {
        await using var sandbox = await StartAsync();
        Assert.Equal(200, (await sandbox.AssignAsync("Bob@Example.com", "Owner")).Status);
        Assert.Equal(("Manager", "Owner"), (sandbox.RoleOf("ana@example.com"), sandbox.RoleOf("Bob@Example.com")));
        Assert.Equal(200, (await sandbox.AssignAsync("Bob@Example.com", "Owner")).Status);
        Assert.Equal(("Manager", "Owner"), (sandbox.RoleOf("ana@example.com"), sandbox.RoleOf("Bob@Example.com")));
    }

    [Fact]
    public async Task The_Owner_can_be_neither_removed_nor_given_another_role()
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.DeleteAsync($"members/{sandbox.Member(Project, "ana@example.com").Id}");
        Assert.Equal((400, "{error:string,success:bool}"), (status, Shape.Of(body)));
        Assert.Equal(400, (await sandbox.AssignAsync("ana@example.com", "Member")).Status);
        Assert.Equal("Owner", sandbox.RoleOf("ana@example.com"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("""{"roleId":7}""")]
    [InlineData("""{"roleId":"Member"}""")]
    [InlineData("""{"roleId":"00000000-0000-0000-0000-000000000000"}""")]
    public async Task A_role_that_is_none_is_refused(string body)
    {
        await using var sandbox = await StartAsync();
        Assert.Equal(
            400,
            (
                await sandbox.SendAsync(
                    HttpMethod.Put,
                    $"members/{sandbox.Member(Project, "Bob@Example.com").Id}",
                    body
                )
            ).Status
        );
        Assert.Equal("Member", sandbox.RoleOf("Bob@Example.com"));
    }

    [Fact]
    public async Task Removing_a_member_clears_the_invitation_they_still_have()
    {
        await using var sandbox = await StartAsync();
        sandbox.Connection.AddMember(Project, "carol@example.com", SandboxAccess.Role("Manager"));
        var id = sandbox.Member(Project, "carol@example.com").Id;
        var (status, body) = await sandbox.DeleteAsync($"members/{id}");
        Assert.Equal((200, id, true), (status, (string?)body["data"]!["id"], (bool?)body["data"]!["removed"]));
        Assert.Equal(["ana@example.com", "Bob@Example.com"], sandbox.EmailsIn(Project));
        Assert.Equal([("dan@example.com", "DECLINED")], sandbox.InvitationsIn(Project));
        Assert.Equal(404, (await sandbox.DeleteAsync($"members/{id}")).Status);
    }

    [Fact]
    public async Task System_roles_belong_to_no_project_and_custom_ones_to_theirs()
    {
        await using var sandbox = await StartAsync();
        var (_, body) = await sandbox.GetAsync("roles");
        var roles = body["data"]!["roles"]!
            .AsArray()
            .Select(role => ((string?)role!["name"], (string?)role["projectId"]));
        Assert.Equal([("Owner", null), ("Manager", null), ("Member", null), ("Analyst", Project)], roles);
    }

    [Fact]
    public async Task Projects_are_listed_by_name_and_organization()
    {
        await using var sandbox = await StartAsync();
        var (_, body) = await sandbox.GetAsync("../../projects");
        var projects = body["data"]!["projects"]!.AsArray();
        Assert.Equal(
            [(Project, "Production App"), (ForbiddenProject, ForbiddenProject)],
            projects.Select(project => ((string)project!["id"]!, (string)project["name"]!))
        );
    }

    [Fact]
    public async Task The_organization_has_members_beside_those_of_its_projects()
    {
        await using var sandbox = await StartAsync();
        var (_, body) = await sandbox.GetAsync("../../organization/members?pageSize=2");
        Assert.Equal(4, (int?)body["data"]!["total"]);
        Assert.Equal(
            [("bot@example.com", "Admin"), ("ken@example.com", "Member")],
            body["data"]!["members"]!
                .AsArray()
                .Select(member => ((string)member!["email"]!, (string)member["organizationRole"]!["name"]!))
        );
    }

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
                            .Select(i => new SeedMember($"p{i:000}@example.com", SandboxAccess.Role("Member"))),
                    ],
                },
            ],
        };
}
