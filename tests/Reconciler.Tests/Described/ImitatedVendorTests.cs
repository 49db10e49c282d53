namespace Reconciler.Tests.Described;

/// <summary>
/// Plans are tried on imitations that the sandbox makes of definitions: those of the catalogue, and the one that the
/// page about describing a vendor shows.
/// </summary>
public sealed class ImitatedVendorTests : ImitationTests
{
    private const string Reminders = "  invitations: {resendAfter: 3d}";

    [Fact]
    public async Task Redmine_adds_changes_and_removes_people_with_roles_by_their_ids()
    {
        await StartAsync(
            $$$"""
            token: {{{Token}}}
            connections:
            - name: redmine
              people: [{email: ana@example.com, id: 7, name: Ana}]
              names: {roles: {Manager: 3, Developer: 4, Reporter: 5}}
            knownUsers: [bob@example.com]
            projects:
            - id: website
              provider: redmine
              members:
              - {email: bot@example.com, access: {roles: [Manager]}}
              - {email: cy@example.com, access: {roles: [Developer, Reporter]}}
              - {email: dan@example.com, access: {roles: [Reporter]}, inherited: {roles: [Developer]}}
              - {email: old@example.com, access: {roles: [Reporter]}}
            """
        );
        await ConvergeAsync(
            "redmine",
            "website",
            """
              - {email: bot@example.com, access: {roles: [Manager]}}
              - {email: ana@example.com, access: {roles: [Developer]}}
              - {email: bob@example.com, access: {roles: [Manager, Developer]}}
              - {email: cy@example.com, access: {roles: [Reporter]}}
            """,
            "Applied: 2 invited, 1 updated, 2 removed; 0 failed, 0 skipped."
        );

        Assert.Equal(
            [
                "ana@example.com: roles: Developer",
                "bob@example.com: roles: Developer, Manager",
                "bot@example.com: roles: Manager",
                "cy@example.com: roles: Reporter",
                "dan@example.com: ",
            ],
            // Two people are added at a time, so either may come first.
            Members("redmine", "website").Order(StringComparer.Ordinal)
        );
        Assert.Contains(Server.Requests, r => r.Body == """{"membership":{"user_id":7,"role_ids":[4]}}""");
    }

    [Fact]
    public async Task A_definition_that_is_renamed_takes_nobody_out_and_the_plan_says_so()
    {
        const string Members = """
              - {email: bot@example.com, access: {role: owner}}
              - {email: ana@example.com, access: {role: editor}}
            """;
        await StartAsync(
            """
            projects:
            - id: b-1
              provider: boards
              members:
              - {email: bot@example.com, access: {role: owner}}
              - {email: ana@example.com, access: {role: viewer}}
            """
        );
        Declare("boards", "b-1", Members, "  deletionPolicy: revoke");
        await RunAsync(ExitCode.Done, "apply", "--yes");
        Rename("vendors/boards.yaml", "metadata: {name: boards}", "metadata: {name: kanban}");
        Rename("people/people.yaml", "type: boards", "type: kanban");

        var planned = await RunAsync(ExitCode.Done, "plan");

        Assert.Contains("No changes", planned, StringComparison.Ordinal);
        Assert.Contains(
            "The project that project declared has a connection of another type than boards now, so nobody is removed.",
            planned,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "\"outcome\": \"renamed\"",
            await RunAsync(ExitCode.Done, "plan", "--format", "json"),
            StringComparison.Ordinal
        );

        void Rename(string file, string from, string to)
        {
            var text = File.ReadAllText(Folder[file]);
            Assert.Contains(from, text, StringComparison.Ordinal);
            File.WriteAllText(Folder[file], text.Replace(from, to, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Somebody_without_an_account_at_redmine_is_refused()
    {
        await StartAsync(
            """
            projects:
            - {id: website, provider: redmine, members: [{email: bot@example.com, access: {roles: [Manager]}}]}
            """
        );
        Declare(
            "redmine",
            "website",
            """
              - {email: bot@example.com, access: {roles: [Manager]}}
              - {email: nobody@example.com, access: {roles: [Reporter]}}
            """
        );

        var said = await RunAsync(ExitCode.Partly, "apply", "--yes");

        Assert.Contains("Redmine has no account, or several, with this address", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_sees_a_part_plans_nothing()
    {
        await StartAsync(
            """
            quirks: {seesPart: true}
            projects:
            - {id: website, provider: redmine, members: [{email: bot@example.com, access: {roles: [Manager]}}]}
            """
        );
        Declare("redmine", "website", "  - {email: bot@example.com, access: {roles: [Manager]}}");

        var said = await RunAsync(ExitCode.Failed, "plan");

        Assert.Contains(
            "nothing proves that the token's user sees everybody at Redmine",
            said,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("redmine", "roles: [Manager]")]
    [InlineData("grafana", "role: Admin")]
    [InlineData("sentry", "orgRole: owner")]
    [InlineData("boards", "role: owner")]
    public async Task A_wrong_token_plans_nothing(string vendor, string access)
    {
        await StartAsync(
            $$$"""
            token: another
            projects:
            - {id: p-1, provider: {{{vendor}}}, members: [{email: bot@example.com, access: { {{{access}}} }}]}
            """
        );
        Declare(vendor, "p-1", $$$"""  - {email: bot@example.com, access: { {{{access}}} }}""");

        var said = await RunAsync(ExitCode.Failed, "plan");

        Assert.Contains("answered 401", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grafana_adds_changes_and_removes_people_and_keeps_whom_single_sign_on_manages()
    {
        await StartAsync(
            $$$"""
            token: {{{Token}}}
            projects:
            - id: 3
              provider: grafana
              name: Acme
              members:
              - {email: bot@example.com, access: {role: Admin}}
              - {email: cy@example.com, access: {role: Viewer}}
              - {email: sso@example.com, access: {role: Viewer}, machine: true}
              - {email: old@example.com, access: {role: Editor}}
            """
        );
        await ConvergeAsync(
            "grafana",
            "3",
            """
              - {email: bot@example.com, access: {role: Admin}}
              - {email: ana@example.com, access: {role: Viewer}}
              - {email: cy@example.com, access: {role: Editor}}
            """,
            "Applied: 1 invited, 1 updated, 1 removed; 0 failed, 0 skipped."
        );

        Assert.Equal(
            [
                "bot@example.com: role: Admin",
                "cy@example.com: role: Editor",
                "sso@example.com: role: Viewer",
                "ana@example.com: role: Viewer",
            ],
            Members("grafana", "3")
        );
    }

    [Fact]
    public async Task Sentry_invites_reminds_revokes_and_removes()
    {
        await StartAsync(
            $$$"""
            token: {{{Token}}}
            projects:
            - id: acme
              provider: sentry
              members:
              - {email: bot@example.com, access: {orgRole: owner}}
              - {email: old@example.com, access: {orgRole: member}}
              invitations:
              - {email: gone@example.com, access: {orgRole: member}}
            """
        );
        const string People = """
              - {email: bot@example.com, access: {orgRole: owner}}
              - {email: new@example.com, access: {orgRole: manager}}
            """;
        await ConvergeAsync(
            "sentry",
            "acme",
            People,
            "Applied: 1 invited, 1 revoked, 1 removed; 0 failed, 0 skipped.",
            Reminders
        );

        Clock.Now += TimeSpan.FromDays(4);
        Assert.Contains("resend  new@example.com", await RunAsync(ExitCode.Done, "plan"), StringComparison.Ordinal);
        await ConvergeAsync("sentry", "acme", People, "Applied: 1 resent, 0 removed; 0 failed, 0 skipped.", Reminders);
        var sentry = Server.Connection("sentry");
        Assert.Equal((2, 0), (sentry.MailsTo("new@example.com"), sentry.MailsTo("gone@example.com")));

        sentry.Accept("acme", "new@example.com");
        await NothingToDoAsync();
        Assert.Equal(
            ["bot@example.com: orgRole: owner", "new@example.com: orgRole: manager"],
            Members("sentry", "acme")
        );
    }

    [Fact]
    public async Task The_pages_example_invites_updates_replaces_revokes_and_removes()
    {
        await StartAsync(
            $$$"""
            token: {{{Token}}}
            projects:
            - id: b-1
              provider: boards
              members:
              - {email: bot@example.com, access: {role: owner}}
              - {email: ana@example.com, access: {role: viewer}}
              - {email: old@example.com, access: {role: viewer}}
              invitations:
              - {email: carol@example.com, access: {role: viewer}}
              - {email: gone@example.com, access: {role: viewer}}
              - {email: dan@example.com, access: {role: editor}, status: expired, createdAt: 2026-01-20T09:00:00Z}
            """
        );
        await ConvergeAsync(
            "boards",
            "b-1",
            """
              - {email: bot@example.com, access: {role: owner}}
              - {email: ana@example.com, access: {role: editor}}
              - {email: bob@example.com, access: {role: editor}}
              - {email: carol@example.com, access: {role: editor}}
            """,
            "Applied: 1 invited, 1 updated, 1 replaced, 1 revoked, 1 removed; 0 failed, 0 skipped."
        );

        var boards = Server.Connection("boards");
        Assert.Equal(
            ["bob@example.com pending", "carol@example.com pending", "dan@example.com expired"],
            // Two are sent at a time, so either may come first.
            boards.Invitations("b-1").Select(i => $"{i.Email} {i.Status}").Order(StringComparer.Ordinal)
        );
        boards.Accept("b-1", "bob@example.com");
        boards.Accept("b-1", "carol@example.com");
        await NothingToDoAsync();
        Assert.Equal(
            [
                "bot@example.com: role: owner",
                "ana@example.com: role: editor",
                "bob@example.com: role: editor",
                "carol@example.com: role: editor",
            ],
            Members("boards", "b-1")
        );
    }

    [Fact]
    public async Task A_definition_of_everything_else_converges_too()
    {
        await StartAsync(
            $$$"""
            token: {{{Token}}}
            projects:
            - id: g-1
              provider: guild
              members:
              - {email: bot@example.com, access: {rights: [manage]}, owner: true}
              - {email: ana@example.com, access: {rights: [read], vip: true}}
              - {email: old@example.com, access: {rights: [read]}}
              invitations:
              - {email: carol@example.com, access: {rights: [read]}}
              - {email: gone@example.com, access: {rights: [read]}}
              - {email: no@example.com, access: {rights: [read]}, status: declined}
            """
        );
        await ConvergeAsync(
            "guild",
            "g-1",
            """
              - {email: bot@example.com, access: {rights: [manage]}}
              - {email: ana@example.com, access: {rights: [read, write]}}
              - {email: bob@example.com, access: {rights: [write]}}
              - {email: carol@example.com, access: {rights: [write], vip: true}}
              - {email: dan@example.com, access: {rights: [write]}}
            """,
            "Applied: 2 invited, 1 updated, 1 replaced, 1 revoked, 1 removed; 0 failed, 0 skipped.",
            Reminders
        );

        Assert.Equal(
            ["bot@example.com: rights: manage", "ana@example.com: rights: read, write; vip: true"],
            Members("guild", "g-1")
        );
        Assert.Contains(
            Server.Requests,
            r => r.Body == """{"people":["bob@example.com","dan@example.com"],"rights":["w"]}"""
        );
        var guild = Server.Connection("guild");
        Assert.All(
            (string[])["bob@example.com", "carol@example.com", "dan@example.com"],
            email => Assert.Equal(1, guild.MailsTo("g-1", email))
        );

        Clock.Now += TimeSpan.FromDays(4);
        await RunAsync(ExitCode.Done, "apply", "--yes");
        Assert.Equal(2, guild.MailsTo("g-1", "bob@example.com"));
        await NothingToDoAsync();
    }

    [Fact]
    public async Task More_people_than_a_page_holds_are_all_read()
    {
        var members = string.Join(
            '\n',
            Enumerable.Range(1, 230).Select(n => $"  - {{email: p{n}@example.com, access: {{role: viewer}}}}")
        );
        await StartAsync($"projects:\n- id: b-1\n  provider: boards\n  members:\n{members}");
        Declare("boards", "b-1", members);

        await NothingToDoAsync();
        Assert.Equal(5, Server.Requests.Count(r => r.Target.Contains("/members?", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("grafana", "role: Admin")]
    [InlineData("redmine", "roles: [Manager]")]
    [InlineData("sentry", "orgRole: owner")]
    public async Task Projects_are_found_and_imported(string vendor, string access)
    {
        await StartAsync(
            $$$"""
            token: {{{Token}}}
            projects:
            - {id: p-1, provider: {{{vendor}}}, members: [{email: bot@example.com, access: { {{{access}}} }}]}
            - {id: p-2, provider: {{{vendor}}}, members: [{email: ana@example.com, access: { {{{access}}} }}]}
            """
        );
        Connect(vendor);

        await RunAsync(ExitCode.Done, "import", "--provider", vendor, "--all");

        var said = await RunAsync(ExitCode.Done, "plan", "--detailed-exitcode");
        Assert.Contains("2 projects", said, StringComparison.Ordinal);
    }
}
