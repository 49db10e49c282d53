using System.Text.Json.Nodes;
using Reconciler.Sandbox.Clarifeye;
using static Reconciler.Sandbox.Tests.Clarifeye.ClarifeyeSandbox;

namespace Reconciler.Sandbox.Tests.Clarifeye;

public sealed class ClarifeyeInvitationTests
{
    [Fact]
    public async Task The_documented_invite_is_answered_in_the_documented_shape()
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.SendAsync(
            HttpMethod.Post,
            "invites/invite/",
            ClarifeyeSamples.InviteRequest
        );
        Assert.Equal(201, status);
        Assert.Equal(Shape.Of(JsonNode.Parse(ClarifeyeSamples.InviteAnswer)), Shape.Of(body));
        Assert.Equal("user@example.com", (string?)body["email"]);
        Assert.Equal("2026-01-31T09:00:00Z", (string?)body["created_at"]);
        Assert.Equal("bot@example.com", (string?)body["invited_by"]!["email"]);
    }

    [Fact]
    public async Task An_invite_to_a_stranger_is_pending_until_they_accept()
    {
        await using var sandbox = await StartAsync();
        var (_, body) = await sandbox.InviteAsync("Dora@Example.com", "CAN_RUN_TASKS");
        Assert.Equal(("pending", "new_user"), ((string?)body["status"], (string?)body["type"]));
        Assert.DoesNotContain("Dora@Example.com", sandbox.Emails());

        sandbox.Connection.Accept(Project, "dora@example.com");
        Assert.Equal(["CAN_RUN_TASKS"], sandbox.Permissions("Dora@Example.com"));
        Assert.Equal("accepted", sandbox.Connection.Invitations(Project)[^1].Status);
    }

    [Fact]
    public async Task An_invite_to_a_known_user_is_accepted_at_once()
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.InviteAsync("Ken@example.com", "CAN_VIEW_DATA");
        Assert.Equal((201, "accepted", "existing_user"), (status, (string?)body["status"], (string?)body["type"]));
        Assert.Equal("Ken@example.com", (string?)body["email"]);
        Assert.Equal(["CAN_VIEW_DATA"], sandbox.Permissions("ken@example.com"));
        Assert.Equal(1, sandbox.Connection.MailsTo("ken@example.com"));
    }

    [Fact]
    public async Task Inviting_twice_is_refused_and_sends_no_second_mail()
    {
        await using var sandbox = await StartAsync();
        await sandbox.InviteAsync("dora@example.com", "CAN_VIEW_DATA");
        var (status, body) = await sandbox.InviteAsync("DORA@example.com", "CAN_VIEW_DATA");
        Assert.Equal(400, status);
        Assert.Equal("{error:string}", Shape.Of(body));
        Assert.Equal(1, sandbox.Connection.MailsTo("dora@example.com"));
        Assert.Equal(1, sandbox.Connection.MailsTo(Project, "Dora@example.com"));
        Assert.Equal(0, sandbox.Connection.MailsTo(ForbiddenProject, "dora@example.com"));
    }

    [Fact]
    public async Task Inviting_a_member_is_refused()
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.InviteAsync("bob@example.com", "CAN_VIEW_DATA");
        Assert.Equal((400, "{error:string}"), (status, Shape.Of(body)));
    }

    [Theory]
    [InlineData(
        """{"email":"dora@example.com","permissions":["CAN_FLY"]}""",
        "permissions",
        "\"CAN_FLY\" is not a valid choice."
    )]
    [InlineData(
        """{"email":"dora@example.com","permissions":"CAN_VIEW_DATA"}""",
        "permissions",
        "Expected a list of items."
    )]
    [InlineData("""{"email":"dora@example.com"}""", "permissions", "This field is required.")]
    [InlineData("""{"email":"dora@example.com","permissions":null}""", "permissions", "This field may not be null.")]
    [InlineData("""{"permissions":[]}""", "email", "This field is required.")]
    [InlineData("""{"email":"dora","permissions":[]}""", "email", "Enter a valid email address.")]
    [InlineData("""{"email":"dora@a.b, eve@a.b","permissions":[]}""", "email", "Enter a valid email address.")]
    [InlineData("[]", "non_field_errors", "Invalid data. Expected a dictionary.")]
    public async Task A_wrong_field_is_named_in_the_answer(string request, string field, string message)
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.SendAsync(HttpMethod.Post, "invites/invite/", request);
        Assert.Equal(400, status);
        Assert.Equal(message, (string?)Assert.Single(body[field]!.AsArray()));
        Assert.Single(sandbox.Connection.Invitations(Project));
    }

    [Fact]
    public async Task A_pending_invitation_can_be_cancelled_and_the_person_invited_again()
    {
        await using var sandbox = await StartAsync();
        Assert.Equal(204, (await sandbox.CancelAsync("carol@example.com")).Status);
        Assert.Equal("cancelled", Assert.Single(sandbox.Connection.Invitations(Project)).Status);
        Assert.Equal(400, (await sandbox.CancelAsync("carol@example.com")).Status);
        Assert.Equal(201, (await sandbox.InviteAsync("carol@example.com", "CAN_RUN_TASKS")).Status);
        Assert.Equal(404, (await sandbox.SendAsync(HttpMethod.Delete, $"invites/{Guid.Empty}/")).Status);
    }

    [Fact]
    public async Task A_declined_invitation_looks_cancelled()
    {
        await using var sandbox = await StartAsync();
        sandbox.Connection.Decline(Project, "carol@example.com");
        var (_, body) = await sandbox.GetAsync("invites/?status=cancelled");
        Assert.Equal("carol@example.com", (string?)Assert.Single(body["results"]!.AsArray())!["email"]);
        Assert.Throws<SandboxException>(() => sandbox.Connection.Accept(Project, "carol@example.com"));
    }

    [Fact]
    public async Task Who_left_is_still_registered_and_joins_at_once_when_invited_again()
    {
        await using var sandbox = await StartAsync();
        sandbox.Connection.RemoveMember(Project, "ana@example.com");
        Assert.Equal(
            "existing_user",
            (string?)(await sandbox.InviteAsync("ana@example.com", "CAN_VIEW_DATA")).Body["type"]
        );
    }

    [Fact]
    public async Task The_newer_api_carries_the_profile_through_an_invitation()
    {
        await using var sandbox = await StartAsync();
        sandbox.Connection.Set(ClarifeyeQuirks.Profiles, on: true);
        await sandbox.SendAsync(
            HttpMethod.Post,
            "invites/invite/",
            """{"email":"dora@example.com","permissions":[],"profile":"tech"}"""
        );
        sandbox.Connection.Accept(Project, "dora@example.com");
        sandbox.Connection.Accept(Project, "carol@example.com");
        var profiles = sandbox.Connection.Members(Project).Select(member => Assert.Single(member.Access["profile"]));
        Assert.Equal(["contributor", "contributor", "tech", "contributor"], profiles);
    }
}
