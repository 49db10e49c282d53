using System.Text.Json.Nodes;
using Reconciler.Sandbox.EquinixMetal;
using static Reconciler.Sandbox.Tests.EquinixMetal.EquinixSandbox;

namespace Reconciler.Sandbox.Tests.EquinixMetal;

public sealed class EquinixInvitationTests
{
    [Fact]
    public async Task The_documented_create_project_invitation_makes_one_for_several_projects()
    {
        await using var sandbox = await StartAsync();
        var request = JsonNode.Parse(EquinixSamples.InviteRequest)!;
        Assert.Equal(["invitee", "message", "roles", "projects_ids"], request.AsObject().Select(field => field.Key));
        (request["invitee"], request["roles"]![0], request["projects_ids"]![0]) = (
            "gus@example.com",
            "admin",
            SecondProject
        );
        var (status, body) = await sandbox.PostAsync($"projects/{Project}/invitations", request);
        Assert.Equal(201, status);
        Assert.Equal(
            "{created_at:string,href:string,id:string,invited_by:{href:string},invitee:string,nonce:string,organization:{href:string},"
                + "projects:[{href:string}],roles:[string],updated_at:string}",
            Shape.Of(body)
        );
        Assert.Equal(2, body["projects"]!.AsArray().Count);
        Assert.Equal($"/{Name}/metal/v1/organizations/{Organization}", (string?)body["organization"]!["href"]);
        Assert.Equal(body["id"]!.GetValue<string>(), sandbox.InvitationOf("gus@example.com", SecondProject));
        Assert.Equal(
            (1, 1, 1),
            (
                sandbox.Connection.MailsTo("gus@example.com"),
                sandbox.Connection.MailsTo(Project, "gus@example.com"),
                sandbox.Connection.MailsTo(SecondProject, "gus@example.com")
            )
        );
    }

    [Fact]
    public async Task An_organization_invitation_names_its_projects_or_none()
    {
        await using var sandbox = await StartAsync();
        var path = $"organizations/{Organization}/invitations";
        var request = new JsonObject
        {
            ["invitee"] = "gus@example.com",
            ["organization_id"] = Organization,
            ["projects_ids"] = new JsonArray(SecondProject),
        };
        Assert.Equal(201, (await sandbox.PostAsync(path, request)).Status);
        var (_, alone) = await sandbox.PostAsync(path, new JsonObject { ["invitee"] = "hal@example.com" });
        Assert.Empty(alone["projects"]!.AsArray());
        Assert.Equal("collaborator", (string?)alone["roles"]![0]);
        Assert.Equal(
            ["carol@example.com", "dan@example.com", "bot@example.com", "gus@example.com", "hal@example.com"],
            await sandbox.InviteesAsync(path)
        );
        Assert.Equal(
            ["dan@example.com", "bot@example.com", "gus@example.com"],
            await sandbox.InviteesAsync($"projects/{SecondProject}/invitations")
        );
    }

    [Theory]
    [InlineData("{}", "Invitee can't be blank")]
    [InlineData("""{"invitee":"gus"}""", "Invitee is invalid")]
    [InlineData("""{"invitee":"gus@example.com","roles":["boss"]}""", "Roles contains an invalid role boss")]
    [InlineData("""{"invitee":"gus@example.com","roles":["owner"]}""", "Roles contains an invalid role owner")]
    [InlineData("""{"invitee":"gus@example.com","roles":"admin"}""", "roles must be a list of strings")]
    [InlineData(
        $$"""{"invitee":"gus@example.com","projects_ids":["{{ForeignProject}}"]}""",
        $"Projects contains an invalid project {ForeignProject}"
    )]
    [InlineData(
        $$"""{"invitee":"gus@example.com","organization_id":"{{Project}}"}""",
        "Organization is not the one of the path"
    )]
    [InlineData("""{"invitee":"Ana@example.com"}""", "Invitee is already a member")]
    [InlineData("""{"invitee":"Carol@example.com"}""", "Invitee has already been invited")]
    public async Task A_wrong_invitation_is_refused_with_a_list_of_errors(string request, string error)
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.SendAsync(HttpMethod.Post, $"projects/{Project}/invitations", request);
        Assert.Equal((422, error), (status, (string?)Assert.Single(body["errors"]!.AsArray())));
        Assert.Equal(2, sandbox.Connection.Invitations(Project).Count);
    }

    [Fact]
    public async Task A_server_without_limited_collaborator_says_what_client_code_met()
    {
        await using var sandbox = await WithAsync(EquinixQuirks.NoLimitedCollaborator);
        var (status, body) = await sandbox.InviteAsync("gus@example.com", "limited_collaborator");
        Assert.Equal((422, EquinixSamples.InvalidRole), (status, body.ToJsonString()));
        sandbox.Connection.Set(EquinixQuirks.NoLimitedCollaborator, on: false);
        Assert.Equal(201, (await sandbox.InviteAsync("gus@example.com", "limited_collaborator")).Status);
    }

    [Fact]
    public async Task Inviting_twice_makes_two_invitations_where_that_is_switched_on()
    {
        await using var sandbox = await WithAsync(EquinixQuirks.DuplicateInvitations);
        Assert.Equal(201, (await sandbox.InviteAsync("Carol@example.com", "admin")).Status);
        Assert.Equal(201, (await sandbox.InviteAsync("ana@example.com", "admin")).Status);
        Assert.Equal(
            ["carol@example.com", "dan@example.com", "Carol@example.com", "ana@example.com"],
            await sandbox.InviteesAsync($"projects/{Project}/invitations")
        );
        sandbox.Connection.Accept(Project, "carol@example.com");
        Assert.Equal(
            ["carol@example.com", "dan@example.com", "ana@example.com"],
            await sandbox.InviteesAsync($"projects/{Project}/invitations")
        );
        Assert.Equal(["admin"], sandbox.RolesOf("Carol@example.com"));
    }

    [Fact]
    public async Task Viewing_an_invitation_includes_what_is_asked_for()
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.GetAsync(
            $"invitations/{sandbox.InvitationOf("dan@example.com")}?include=invited_by,projects.organization"
        );
        Assert.Equal((200, "bot@example.com"), (status, (string?)body["invited_by"]!["email"]));
        Assert.Equal([Project, SecondProject], body["projects"]!.AsArray().Select(project => (string)project!["id"]!));
        Assert.Equal("{href:string}", Shape.Of(body["organization"]));
        Assert.Equal(Organization, (string?)body["projects"]![0]!["organization"]!["id"]);
        Assert.Equal(404, (await sandbox.GetAsync($"invitations/{Guid.Empty}")).Status);
        Assert.Equal(404, (await sandbox.GetAsync("invitations/dan")).Status);
    }

    [Fact]
    public async Task The_tokens_user_lists_and_accepts_their_own_invitations_only()
    {
        await using var sandbox = await StartAsync();
        Assert.Equal(["bot@example.com"], await sandbox.InviteesAsync("invitations"));
        Assert.Equal(403, (await sandbox.PutAsync($"invitations/{sandbox.InvitationOf("carol@example.com")}")).Status);
        var own = sandbox.InvitationOf("bot@example.com", SecondProject);
        var (status, membership) = await sandbox.PutAsync($"invitations/{own}?include=user");
        Assert.Equal(
            (200, "bot@example.com", "admin"),
            (status, (string?)membership["user"]!["email"], (string?)membership["roles"]![0])
        );
        Assert.Equal(["admin"], sandbox.RolesOf("bot@example.com", SecondProject));
        Assert.Empty(await sandbox.InviteesAsync("invitations"));
        Assert.Equal(404, (await sandbox.PutAsync($"invitations/{own}")).Status);
    }

    [Fact]
    public async Task Accepting_an_invitation_to_the_organization_alone_answers_a_membership_of_no_project()
    {
        await using var sandbox = await StartAsync(
            Seed with
            {
                Projects = [new(Project, Name) { Organization = Organization }],
            }
        );
        var (_, invitation) = await sandbox.PostAsync(
            $"organizations/{Organization}/invitations",
            new JsonObject { ["invitee"] = "bot@example.com" }
        );
        var (status, membership) = await sandbox.PutAsync($"invitations/{invitation["id"]}");
        Assert.Equal((200, false), (status, membership.AsObject().ContainsKey("project")));
        Assert.Single((await sandbox.GetAsync($"organizations/{Organization}/members")).Body["members"]!.AsArray());
    }

    [Fact]
    public async Task Declining_or_revoking_takes_the_invitation_out_of_every_list()
    {
        await using var sandbox = await StartAsync();
        Assert.Equal(204, (await sandbox.DeleteAsync($"invitations/{sandbox.InvitationOf("dan@example.com")}")).Status);
        sandbox.Connection.Decline(Project, "carol@example.com");
        Assert.Empty(await sandbox.InviteesAsync($"projects/{Project}/invitations"));
        Assert.Equal(["bot@example.com"], await sandbox.InviteesAsync($"projects/{SecondProject}/invitations"));
        Assert.Equal(404, (await sandbox.DeleteAsync($"invitations/{sandbox.InvitationOf("dan@example.com")}")).Status);
        Assert.Equal(
            [("carol@example.com", "declined"), ("dan@example.com", "declined")],
            sandbox.InvitationsIn(Project)
        );
        Assert.Equal(201, (await sandbox.InviteAsync("carol@example.com", "admin")).Status);
    }

    [Fact]
    public async Task Resending_mails_again()
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.PostAsync($"invitations/{sandbox.InvitationOf("dan@example.com")}");
        Assert.Equal(
            (200, "dan@example.com", 1),
            (status, (string?)body["invitee"], sandbox.Connection.MailsTo("dan@example.com"))
        );
    }

    [Fact]
    public async Task Accepting_makes_a_member_of_every_project_of_the_invitation()
    {
        await using var sandbox = await StartAsync();
        var control = $"{sandbox.Server.Url}/_sandbox/{Name}/projects/{SecondProject}/accept?email=Dan@example.com";
        Assert.Equal(204, (await sandbox.PostAsync(control)).Status);
        Assert.Equal(["collaborator"], sandbox.RolesOf("dan@example.com"));
        Assert.Equal(["collaborator"], sandbox.RolesOf("dan@example.com", SecondProject));
        Assert.Throws<SandboxException>(() => sandbox.Connection.Accept(Project, "dan@example.com"));
    }
}
