using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Tests.Described;

/// <summary>The definitions of Grafana and Sentry.</summary>
public sealed class GrafanaAndSentryDefinitionTests
{
    private const string Members = "/api/0/organizations/acme/members/";

    private const string SentryMember = """
        {"id": "57377908164", "email": "ana@example.com", "name": "Ana", "orgRole": "member", "pending": false,
         "expired": false, "dateCreated": "2026-11-01T09:00:00Z", "inviteStatus": "approved", "inviterName": null,
         "flags": {"idp:provisioned": false, "idp:role-restricted": false, "sso:linked": false, "sso:invalid": false,
         "member-limit:restricted": false, "partnership:restricted": false},
         "user": {"id": "7", "name": "Ana", "username": "ana", "email": "ana@example.com", "avatarUrl": "",
         "isActive": true, "hasPasswordAuth": true, "isManaged": false, "dateJoined": "2026-01-01T00:00:00Z",
         "lastLogin": null, "has2fa": false, "lastActive": null, "isSuspended": false, "isSuperuser": false,
         "isStaff": false,
         "experiments": {}, "emails": []},
         "externalUsers": []}
        """;

    private static readonly string SentryInvitation = SentryMember
        .Replace("57377908164", "9", StringComparison.Ordinal)
        .Replace("ana@example.com", "new@example.com", StringComparison.Ordinal)
        .Replace("\"pending\": false", "\"pending\": true", StringComparison.Ordinal);

    [Fact]
    public async Task Grafana_adds_changes_and_removes()
    {
        await using var bench = new CatalogueBench("grafana", "apis/openapi/grafana-org.json", "/api", "3");
        bench.Answer(
            "GET /api/orgs/3/users",
            """
            [{"orgId": 3, "userId": 7, "email": "ana@example.com", "login": "ana", "role": "Viewer"},
             {"orgId": 3, "userId": 8, "email": "sso@example.com", "role": "Editor", "isExternallySynced": true}]
            """
        );
        bench.Answer("POST /api/orgs/3/users", """{"message": "User added to organization", "userId": 9}""");
        bench.Answer("PATCH /api/orgs/3/users/7", """{"message": "Organization user updated"}""");
        bench.Answer("DELETE /api/orgs/3/users/7", """{"message": "User removed from organization"}""");

        var live = await bench.ReadAsync();

        Assert.Equal(["ana@example.com: Viewer", "sso@example.com: Editor"], CatalogueBench.Shown(live));
        Assert.Equal([false, true], live.Members.Select(m => m.IsService));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Invite, live, "role", "Editor"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Update, live, "role", "Admin"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Remove, live, "role", "Admin"));
        Assert.Equal(
            [
                """POST /api/orgs/3/users {"loginOrEmail":"new@example.com","role":"Editor"}""",
                """PATCH /api/orgs/3/users/7 {"role":"Admin"}""",
                "DELETE /api/orgs/3/users/7 ",
            ],
            bench.Writes
        );
    }

    [Fact]
    public async Task Sentry_invites_reminds_revokes_and_removes_and_stops_at_the_last_page()
    {
        await using var bench = new CatalogueBench("sentry", "apis/openapi/sentry-members.json", "", "acme");
        bench.Answer($"GET {Members}", $"[{SentryMember}]", 200, Next("0:100:0", isMore: true));
        bench.Answer($"GET {Members}?cursor=0%3A100%3A0", $"[{SentryInvitation}]", 200, Next("0:200:0", isMore: false));
        bench.Answer($"POST {Members}", SentryInvitation, 201);
        bench.Answer($"PUT {Members}9/", Detailed("[]"));
        bench.Answer($"DELETE {Members}9/", "", 204);
        bench.Answer($"DELETE {Members}57377908164/", "", 204);

        var live = await bench.ReadAsync();

        Assert.Equal(["ana@example.com: member"], CatalogueBench.Shown(live));
        Assert.Equal("new@example.com", Assert.Single(live.Invitations).Email);
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Invite, live, "orgRole", "member"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Resend, live, "orgRole", "member"));
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(ActionKind.Revoke, live, "orgRole", "member"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Remove, live, "orgRole", "member"));
        Assert.Equal(
            [
                $"POST {Members} "
                    + """{"email":"new@example.com","orgRole":"member","teamRoles":[],"sendInvite":true}""",
                $$"""PUT {{Members}}9/ {"reinvite":true,"regenerate":true}""",
                $"DELETE {Members}9/ ",
                $"DELETE {Members}57377908164/ ",
            ],
            bench.Writes
        );
    }

    [Theory]
    [InlineData("""[{"teamSlug":"web","role":"admin"}]""")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task Sentry_gets_a_persons_teams_back_with_another_role(string teams)
    {
        await using var bench = Sentry(Detailed(teams));
        bench.Deviations.Add(new("200.teamRoles: must not be null$", "A value is sent back whatever it is."));
        bench.Answer($"PUT {Members}57377908164/", Detailed("[]"));

        var live = await bench.ReadAsync();

        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Update, live, "orgRole", "member"));
        Assert.Equal([$$"""PUT {{Members}}57377908164/ {"orgRole":"member","teamRoles":{{teams}}}"""], bench.Writes);
    }

    [Fact]
    public async Task Sentry_is_told_nothing_where_it_does_not_say_which_teams_a_person_has()
    {
        await using var bench = Sentry(Detailed("[]").Replace("\"teamRoles\": [], ", "", StringComparison.Ordinal));
        bench.Deviations.Add(new("200: 'teamRoles' is missing$", "The test is about an answer without it."));

        var live = await bench.ReadAsync();

        var refused = await Assert.ThrowsAsync<ProviderException>(() =>
            bench.ApplyAsync(ActionKind.Update, live, "orgRole", "owner")
        );
        Assert.Equal(ProviderFault.Refused, refused.Fault);
        Assert.Contains(
            "answered without /teamRoles, which has to be sent back",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(bench.Writes);
    }

    // One member, and what is known of that one alone.
    private static CatalogueBench Sentry(string detailed)
    {
        var bench = new CatalogueBench("sentry", "apis/openapi/sentry-members.json", "", "acme");
        bench.Answer($"GET {Members}", $"[{SentryMember}]", 200, Next("0:100:0", isMore: false));
        bench.Answer($"GET {Members}57377908164/", detailed);
        return bench;
    }

    private static string Detailed(string teams) =>
        $$"""
            {{SentryMember.TrimEnd()[..^1]}}, "teams": [], "teamRoles": {{teams}}, "orgRoleList": [],
             "teamRoleList": [], "isOnlyOwner": false, "invite_link": null}
            """;

    private static string Next(string cursor, bool isMore) =>
        $"<https://sentry.io/api/0/organizations/acme/members/?&cursor={cursor}>; rel=\"next\"; "
        + $"results=\"{(isMore ? "true" : "false")}\"; cursor=\"{cursor}\"";
}
