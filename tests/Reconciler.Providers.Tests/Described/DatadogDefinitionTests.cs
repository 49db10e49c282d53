using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Tests.Described;

/// <summary>The definition of Datadog's organizations.</summary>
public sealed class DatadogDefinitionTests
{
    private const string Acme = "4dee724d-00cc-11ea-a77b-570c9d03c6c5";
    private const string Ana = "00000000-0000-4000-8000-000000000001";
    private const string New = "00000000-0000-4000-8000-000000000009";
    private const string Admins = "00000000-0000-4000-8000-00000000000a";
    private const string Readers = "00000000-0000-4000-8000-00000000000b";
    private const string Users = "/api/v2/users";
    private const string List = $"GET {Users}?page[size]=100&page[number]=0";
    private const string Page = """ "meta": {"page": {"total_count": 3, "total_filtered_count": 3}} """;

    private static string[] Roles { get; } = ["Datadog Read Only Role", "Datadog Admin Role"];

    [Fact]
    public async Task Active_users_are_members_pending_ones_are_invited_and_disabled_ones_are_gone()
    {
        await using var bench = Start();

        var live = await bench.ReadAsync();

        Assert.Equal(["ana@example.com: Datadog Read Only Role"], CatalogueBench.Shown(live));
        Assert.Equal(
            ("mona@example.com", InvitationState.Pending, "Datadog Admin Role"),
            (live.Invitations[0].Email, live.Invitations[0].State, $"{live.Invitations[0].Access}")
        );
    }

    [Fact]
    public async Task An_invitation_makes_the_user_with_all_roles_and_then_sends_the_mail()
    {
        await using var bench = Start();
        bench.Answer($"POST {Users}", $$"""{"data": {{User(New, "new@example.com", "Pending", Readers)}}}""", 201);
        bench.Answer("POST /api/v2/user_invitations", """{"data": [{"type": "user_invitations", "id": "i"}]}""", 201);

        var live = await bench.ReadAsync();

        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(ActionKind.Invite, live, "roles", Roles));
        Assert.Equal([$"POST {Users} {Created}", $"POST /api/v2/user_invitations {Invitation(New)}"], bench.Writes);
    }

    [Fact]
    public async Task A_mail_that_Datadog_refuses_is_told_and_is_no_invitation_that_was_sent()
    {
        await using var bench = Start();
        bench.Answer($"POST {Users}", $$"""{"data": {{User(New, "new@example.com", "Pending", Readers)}}}""", 201);
        bench.Answer("POST /api/v2/user_invitations", """{"errors": ["Too many"]}""", 400);
        var live = await bench.ReadAsync();

        var failure = await Assert.ThrowsAsync<ProviderException>(() =>
            bench.ApplyAsync(ActionKind.Invite, live, "roles", Roles)
        );

        Assert.True(failure.IsPartlyDone);
        Assert.StartsWith("the account is made, and no mail is out: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Too many", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roles_are_given_before_others_are_taken_from_members_and_from_those_who_wait()
    {
        await using var bench = Start();
        foreach (var role in (string[])[Admins, Readers])
        {
            bench.Answer($"POST /api/v2/roles/{role}/users", """{"data": []}""");
            bench.Answer($"DELETE /api/v2/roles/{role}/users", """{"data": []}""");
        }

        var live = await bench.ReadAsync();

        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(ActionKind.Update, live, "roles", Roles[1]));
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(ActionKind.Replace, live, "roles", Roles[0]));
        Assert.Equal(
            [
                $"POST /api/v2/roles/{Admins}/users {Person(Ana)}",
                $"DELETE /api/v2/roles/{Readers}/users {Person(Ana)}",
                $"POST /api/v2/roles/{Readers}/users {Person(Mona)}",
                $"DELETE /api/v2/roles/{Admins}/users {Person(Mona)}",
            ],
            bench.Writes
        );
    }

    [Fact]
    public async Task A_role_that_cannot_be_taken_after_another_was_given_is_settled_by_reading()
    {
        await using var bench = Start();
        bench.Answer($"POST /api/v2/roles/{Admins}/users", """{"data": []}""");
        bench.Answer($"DELETE /api/v2/roles/{Readers}/users", """{"errors": ["Forbidden"]}""", 403);
        var live = await bench.ReadAsync();

        var failure = await Assert.ThrowsAsync<ProviderException>(() =>
            bench.ApplyAsync(ActionKind.Update, live, "roles", Roles[1])
        );

        Assert.True(failure.IsSettledByReading);
        Assert.StartsWith("1 of 2 changes are done: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removing_and_revoking_disable_the_user_and_a_reminder_is_another_mail()
    {
        await using var bench = Start();
        bench.Answer($"DELETE {Users}/{Ana}", "", 204);
        bench.Answer($"DELETE {Users}/{Mona}", "", 204);
        bench.Answer("POST /api/v2/user_invitations", """{"data": [{"type": "user_invitations", "id": "i"}]}""", 201);
        var live = await bench.ReadAsync();

        foreach (var kind in (ActionKind[])[ActionKind.Remove, ActionKind.Revoke, ActionKind.Resend])
            Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(kind, live, "roles", Roles));
        Assert.Equal(
            [$"DELETE {Users}/{Ana} ", $"DELETE {Users}/{Mona} ", $"POST /api/v2/user_invitations {Invitation(Mona)}"],
            bench.Writes
        );
    }

    [Fact]
    public async Task Keys_of_another_organization_read_nobody()
    {
        await using var bench = Start("00000000-0000-4000-8000-0000000000ff");

        var failure = await Assert.ThrowsAsync<ProviderException>(bench.ReadAsync);

        Assert.Equal(ProviderFault.Configuration, failure.Fault);
        Assert.Equal(
            $"the token belongs to {Acme}, and not to 00000000-0000-4000-8000-0000000000ff; "
                + "correct projectId, or the token",
            failure.Message
        );
    }

    private const string Mona = "00000000-0000-4000-8000-000000000002";
    private const string Gone = "00000000-0000-4000-8000-000000000003";

    private static CatalogueBench Start(string project = Acme)
    {
        var bench = new CatalogueBench("datadog", "apis/openapi/datadog-users.json", "", project);
        bench.Answer(
            List,
            $$"""
            {"data": [{{User(Ana, "ana@example.com", "Active", Readers)}},
             {{User(Mona, "mona@example.com", "Pending", Admins)}},
             {{User(Gone, "gone@example.com", "Disabled", Admins)}}], {{Page}}}
            """
        );
        bench.Answer(
            "GET /api/v2/roles?page[size]=100&page[number]=0",
            $$$"""
            {"data": [{"type": "roles", "id": "{{{Admins}}}", "attributes": {"name": "{{{Roles[1]}}}"}},
             {"type": "roles", "id": "{{{Readers}}}", "attributes": {"name": "{{{Roles[0]}}}"}},
             {"type": "roles", "id": "00000000-0000-4000-8000-00000000000c",
              "attributes": {"name": "Datadog Standard Role"}}], {{{Page}}}}
            """
        );
        return bench;
    }

    private static string User(string id, string email, string status, string role) =>
        $$"""
            {"type": "users", "id": "{{id}}", "attributes": {"email": "{{email}}", "handle": "{{email}}",
             "name": null, "status": "{{status}}", "service_account": false, "created_at": "2026-11-01T09:00:00+00:00"
             }, "relationships": {"roles": {"data": [{"type": "roles", "id": "{{role}}"}]}, "org":
             {"data": {"type": "orgs", "id": "{{Acme}}"} }
             } }
            """;

    private static string Created =>
        """{"data":{"type":"users","attributes":{"email":"new@example.com"},"relationships":{"roles":{"data":["""
        + $"{Role(Admins)},{Role(Readers)}]}}}}}}}}";

    private static string Role(string id) => "{\"type\":\"roles\",\"id\":\"" + id + "\"}";

    private static string Person(string id) => "{\"data\":{\"type\":\"users\",\"id\":\"" + id + "\"}}";

    private static string Invitation(string id) =>
        "{\"data\":[{\"type\":\"user_invitations\",\"relationships\":{\"user\":" + Person(id) + "}}]}";
}
