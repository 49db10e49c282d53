using System.Text.Json.Nodes;
using Reconciler.Sandbox.ConfidentAi;
using Reconciler.Testing.Sandbox.ConfidentAi;
using static Reconciler.Sandbox.Tests.ConfidentAi.ConfidentSandbox;

namespace Reconciler.Sandbox.Tests.ConfidentAi;

public sealed class ConfidentInvitationTests
{
    [Fact]
    public async Task The_documented_create_invitations_is_answered_in_the_documented_shape()
    {
        await using var sandbox = await StartAsync(Seed with { Projects = [new(Project, Name)] });
        var request = ConfidentSamples.InviteRequest.Replace(
            "project-role-uuid-2",
            await sandbox.RoleAsync("Manager"),
            StringComparison.Ordinal
        );
        var (status, body) = await sandbox.SendAsync(HttpMethod.Post, "invitations", request);
        Assert.Equal(200, status);
        // More than the page shows; the envelope has it, and clients must not mind.
        Assert.True(body.AsObject().Remove("deprecated"));
        Assert.Equal(Shape.Of(JsonNode.Parse(ConfidentSamples.InviteAnswer)), Shape.Of(body));
        Assert.Equal(["carol@example.com", "dave@example.com"], Emails(body, "invitations"));
        Assert.Equal("2026-01-31T09:00:00.000Z", (string?)body["data"]!["invitations"]![0]!["created_at"]);
        Assert.All(
            sandbox.Connection.Invitations(Project),
            invitation => Assert.Equal("role: Manager", $"{invitation.Access}")
        );
    }

    [Fact]
    public async Task Members_and_invited_people_are_skipped_whatever_the_case()
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.InviteAsync(
            null,
            "BOB@example.com",
            "Carol@example.com",
            "Gus@example.com",
            "gus@example.com"
        );
        Assert.Equal(200, status);
        Assert.Equal(["Gus@example.com"], Emails(body, "invitations"));
        Assert.Equal(
            (1, 0),
            (sandbox.Connection.MailsTo("gus@example.com"), sandbox.Connection.MailsTo("carol@example.com"))
        );
    }

    [Fact]
    public async Task With_the_echo_the_skipped_come_back_with_the_role_they_had()
    {
        await using var sandbox = await WithAsync(ConfidentQuirks.EchoSkipped);
        var (_, body) = await sandbox.InviteAsync(
            await sandbox.RoleAsync("Manager"),
            "bob@example.com",
            "CAROL@example.com",
            "gus@example.com"
        );
        Assert.Equal(["carol@example.com", "gus@example.com"], Emails(body, "invitations"));
        Assert.Equal(await sandbox.RoleAsync("Member"), (string?)body["data"]!["invitations"]![0]!["projectRoleId"]);
        Assert.Equal(0, sandbox.Connection.MailsTo("carol@example.com"));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task A_declined_invitation_blocks_another_one_or_does_not(bool blocks, int mails)
    {
        await using var sandbox = await StartAsync();
        sandbox.Connection.Set(ConfidentQuirks.DeclinedBlocks, blocks);
        var (status, body) = await sandbox.InviteAsync(null, "dan@example.com");
        Assert.Equal(
            (200, mails, mails),
            (status, Emails(body, "invitations").Count, sandbox.Connection.MailsTo("dan@example.com"))
        );
    }

    [Fact]
    public async Task Without_a_role_people_become_members()
    {
        await using var sandbox = await StartAsync();
        var (_, body) = await sandbox.InviteAsync(null, "gus@example.com");
        Assert.Null(body["data"]!["invitations"]![0]!["projectRoleId"]);
        sandbox.Connection.Accept(Project, "gus@example.com");
        Assert.Equal("Member", sandbox.RoleOf("gus@example.com"));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"emails":[]}""")]
    [InlineData("""{"emails":"gus@example.com"}""")]
    [InlineData("""{"emails":["gus@example.com","gus"]}""")]
    [InlineData("""{"emails":["gus@example.com"],"projectRoleId":"Member"}""")]
    [InlineData("[]")]
    public async Task One_wrong_address_or_role_refuses_the_whole_batch(string request)
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.SendAsync(HttpMethod.Post, "invitations", request);
        Assert.Equal((400, "{error:string,success:bool}"), (status, Shape.Of(body)));
        Assert.Equal(0, sandbox.Connection.MailsTo("gus@example.com"));
    }

    [Fact]
    public async Task The_Owner_role_cannot_be_given_by_invitation()
    {
        await using var sandbox = await StartAsync();
        Assert.Equal(400, (await sandbox.InviteAsync(await sandbox.RoleAsync("Owner"), "gus@example.com")).Status);
    }

    [Fact]
    public async Task The_list_holds_pending_and_declined_invitations_only()
    {
        await using var sandbox = await StartAsync();
        await sandbox.InviteAsync(null, "gus@example.com");
        sandbox.Connection.Accept(Project, "gus@example.com");
        var (_, body) = await sandbox.GetAsync("invitations");
        Assert.Equal(
            [("carol@example.com", "PENDING"), ("dan@example.com", "DECLINED")],
            body["data"]!["invitations"]!
                .AsArray()
                .Select(invitation => ((string)invitation!["email"]!, (string)invitation["status"]!))
        );
        Assert.Equal(("gus@example.com", "ACCEPTED"), sandbox.InvitationsIn(Project)[^1]);
    }

    [Fact]
    public async Task Resending_mails_again_and_is_for_pending_invitations_only()
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.PutAsync($"invitations/{sandbox.InvitationOf("carol@example.com")}");
        Assert.Equal((200, "carol@example.com"), (status, (string?)body["data"]!["invitation"]!["email"]));
        Assert.Equal(
            (1, 1),
            (sandbox.Connection.MailsTo("carol@example.com"), sandbox.Connection.MailsTo(Project, "carol@example.com"))
        );
        Assert.Equal(400, (await sandbox.PutAsync($"invitations/{sandbox.InvitationOf("dan@example.com")}")).Status);
        Assert.Equal(404, (await sandbox.PutAsync("invitations/999")).Status);
        Assert.Equal(400, (await sandbox.PutAsync("invitations/carol")).Status);
    }

    [Fact]
    public async Task Revoking_deletes_pending_invitations_only()
    {
        await using var sandbox = await StartAsync();
        var id = sandbox.InvitationOf("carol@example.com");
        var (status, body) = await sandbox.DeleteAsync($"invitations/{id}");
        Assert.Equal((200, id, true), (status, $"{body["data"]!["id"]}", (bool?)body["data"]!["deleted"]));
        Assert.Equal(404, (await sandbox.DeleteAsync($"invitations/{id}")).Status);
        Assert.Equal(400, (await sandbox.DeleteAsync($"invitations/{sandbox.InvitationOf("dan@example.com")}")).Status);
        Assert.Equal(
            ["carol@example.com"],
            Emails((await sandbox.InviteAsync(null, "carol@example.com")).Body, "invitations")
        );
    }

    [Fact]
    public async Task Accepting_takes_a_person_out_of_another_organization()
    {
        await using var sandbox = await StartAsync();
        await sandbox.InviteAsync(null, "erin@example.com", "fay@example.com");
        Assert.Equal(["Erin@example.com", "fay@example.com"], sandbox.Connection.OtherOrganization);
        sandbox.Connection.Decline(Project, "fay@example.com");
        var control = $"{sandbox.Server.Url}/_sandbox/{Name}";
        Assert.Equal(
            204,
            (await sandbox.PostAsync($"{control}/projects/{Project}/accept?email=erin@example.com")).Status
        );
        Assert.Equal(["fay@example.com"], sandbox.Connection.OtherOrganization);
        Assert.Equal(
            """["fay@example.com"]""",
            (await sandbox.GetAsync(control)).Body["otherOrganization"]!.ToJsonString()
        );
        Assert.Throws<SandboxException>(() => sandbox.Connection.Accept(Project, "fay@example.com"));
    }

    [Fact]
    public async Task On_the_free_plan_nobody_can_be_invited()
    {
        await using var sandbox = await WithAsync(ConfidentQuirks.FreePlan);
        Assert.Equal(403, (await sandbox.InviteAsync(null, "gus@example.com")).Status);
        Assert.Equal(0, sandbox.Connection.MailsTo("gus@example.com"));
    }
}
