namespace Reconciler.Tests.Described;

/// <summary>
/// GitHub and GitLab, whose people are known by logins: planned and applied.
/// </summary>
public sealed class LoginVendorTests : LoginTests
{
    [Fact]
    public async Task A_repository_gets_its_collaborators_and_keeps_what_comes_from_above()
    {
        await StartAsync("github-repository", "acme/site", Repository, "knownUsers: [mona, hubot]");
        Declare(
            "all",
            "{login: bot, access: {role: admin}}",
            "{login: ana, access: {role: write}}",
            "{login: mona, access: {role: read}}"
        );

        var planned = await RunAsync(ExitCode.Held, "plan");

        Assert.Contains("+ invite  mona  [read]", planned, StringComparison.Ordinal);
        Assert.Contains("on trust: mona is the account", planned, StringComparison.Ordinal);
        Assert.Contains("this also destroys the person's fork", planned, StringComparison.Ordinal);
        Assert.Contains("boss is a member by a group or a parent project alone", planned, StringComparison.Ordinal);
        await RunAsync(ExitCode.Held, "apply", "--yes");
        Assert.Equal(["bot: role: admin", "ana: role: write", "old: role: read", "boss: "], Members());
        Server.Connection(Vendor).Accept(ProjectId, "mona");
        await RunAsync(ExitCode.Done, "apply", "--yes", "--max-removals", "none");
        Assert.Equal(["bot", "ana", "boss", "mona"], Server.Connection(Vendor).Members(ProjectId).Select(m => m.Email));
        await NothingToDoAsync();
        Assert.Contains(
            "    vendor definition sha256:",
            await PlayAsync(ExitCode.Done, "state", "history"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Somebody_who_took_over_the_login_of_a_member_who_left_is_granted_nothing()
    {
        await StartAsync("github-repository", "acme/site", Repository, "people: [{login: mona, id: 11}]");
        Declare("owned", "{login: bot, access: {role: admin}}", "{login: mona, id: 12, access: {role: read}}");

        var planned = await RunAsync(ExitCode.Done, "plan");

        Assert.Contains(
            "login taken: mona is the account 11 now, and the manifest pins the account 12",
            planned,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("invite", planned, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_nobody_has_and_a_token_that_sees_a_part_are_told_before_anything_is_sent()
    {
        await StartAsync("github-repository", "acme/site", Repository);
        Declare("owned", "{login: bot, access: {role: admin}}", "{login: monna, access: {role: read}}");
        Assert.Contains(
            "monna is no login at GitHub (repositories)",
            await RunAsync(ExitCode.Done, "plan"),
            StringComparison.Ordinal
        );

        await StartAsync("github-repository", "acme/site", Repository, "quirks: {seesPart: true}");
        Assert.Contains(
            "nothing proves that the token's user sees everybody in acme/site",
            await RunAsync(ExitCode.Failed, "plan"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_organization_is_read_role_by_role_and_roles_are_changed()
    {
        await StartAsync(
            "github-organization",
            "acme",
            "[{login: bot, access: {role: admin}}, {login: ana, access: {role: member}}, "
                + "{login: cy, access: {role: admin}}]",
            "knownUsers: [mona]"
        );
        Declare(
            "owned",
            "{login: bot, access: {role: admin}}",
            "{login: ana, access: {role: admin}}",
            "{login: cy, access: {role: member}}",
            "{login: mona, access: {role: member}}"
        );

        await RunAsync(ExitCode.Done, "apply", "--yes");

        Assert.Equal(["bot: role: admin", "ana: role: admin", "cy: role: member"], Members());
        Assert.Equal("mona", Assert.Single(Server.Connection(Vendor).Invitations(ProjectId)).Email);
        await NothingToDoAsync();
    }

    [Theory]
    [InlineData("gitlab-project")]
    [InlineData("gitlab-group")]
    public async Task GitLab_adds_accounts_at_once_by_their_numbers(string vendor)
    {
        await StartAsync(
            vendor,
            "acme/web/site",
            "[{login: bot, access: {level: owner}}, {login: ana, access: {level: guest}}, "
                + "{login: boss, access: {}, inherited: {level: owner}}, {login: old, access: {level: guest}}]",
            "people: [{login: mona, id: 11}]"
        );
        Declare(
            "all",
            "{login: bot, access: {level: owner}}",
            "{login: ana, access: {level: developer}}",
            "{login: boss, access: {level: maintainer}}",
            "{login: mona, id: 11, access: {level: reporter}}"
        );

        await RunAsync(ExitCode.Done, "apply", "--yes", "--max-removals", "none");

        Assert.Equal(
            ["ana: level: developer", "boss: level: maintainer", "bot: level: owner", "mona: level: reporter"],
            Members().Order(StringComparer.Ordinal)
        );
        var end = vendor == "gitlab-project" ? ",\"expires_at\":null" : "";
        Assert.Contains(Server.Requests, r => r.Body == $$"""{"user_id":11,"access_level":20{{end}}}""");
        await NothingToDoAsync();
    }

    [Fact]
    public async Task GitLab_is_told_the_day_on_which_access_ends()
    {
        await StartAsync(
            "gitlab-project",
            "acme/web",
            "[{login: bot, access: {level: owner}}, {login: ana, access: {level: guest, ends: 2026-12-01}}, "
                + "{login: cy, access: {level: guest, ends: 2026-12-24}}, "
                + "{login: boss, access: {}, inherited: {level: owner, ends: 2027-03-01}}]",
            "people: [{login: mona, id: 11}]"
        );
        Declare(
            "all",
            "{login: bot, access: {level: owner}}",
            "{login: ana, access: {level: guest}, expiresAt: 2026-12-31}",
            "{login: cy, access: {level: guest}}",
            "{login: mona, id: 11, access: {level: reporter}, expiresAt: 2026-12-31}"
        );

        var planned = await RunAsync(ExitCode.Changes, "plan", "--detailed-exitcode");

        Assert.Contains("ends 2027-01-02", planned, StringComparison.Ordinal);
        await RunAsync(ExitCode.Done, "apply", "--yes");
        Assert.Equal(
            [
                "bot: level: owner",
                "ana: ends: 2027-01-02; level: guest",
                "cy: level: guest",
                "boss: ",
                "mona: ends: 2027-01-02; level: reporter",
            ],
            Members()
        );
        await NothingToDoAsync();
    }

    [Theory]
    [InlineData("github-repository", "acme/site", "read")]
    [InlineData("github-organization", "acme", "member")]
    public async Task An_invitation_that_expired_is_told_and_sent_again_where_the_manifest_says_so(
        string vendor,
        string project,
        string role
    )
    {
        var mona = $"login: mona, access: {{role: {role}}}";
        await StartAsync(
            vendor,
            project,
            "[{login: bot, access: {role: admin}}]",
            "knownUsers: [mona]",
            invitations: $"[{{{mona}, status: expired, createdAt: 2026-11-01T09:00:00Z}}]"
        );
        string[] members = ["{login: bot, access: {role: admin}}", $"{{{mona}}}"];
        Declare("owned", members);

        var told = await RunAsync(ExitCode.Done, "plan", "--detailed-exitcode");

        Assert.Contains(
            "mona has not answered the invitation of 2026-11-01, and it expired",
            told,
            StringComparison.Ordinal
        );
        Declare("owned", "  invitations: {reinviteExpired: true}", members);
        Assert.Contains(
            $"+ invite  mona  [{role}]",
            await RunAsync(ExitCode.Changes, "plan", "--detailed-exitcode"),
            StringComparison.Ordinal
        );
        await RunAsync(ExitCode.Done, "apply", "--yes");
        Assert.Equal(
            ["expired", "pending"],
            Server.Connection(Vendor).Invitations(ProjectId).Select(i => i.Status).Order(StringComparer.Ordinal)
        );
        await NothingToDoAsync();
    }
}
