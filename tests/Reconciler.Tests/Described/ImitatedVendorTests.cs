using Reconciler.Core.Manifests;
using Reconciler.Manifests.Loading;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Documentation;
using Reconciler.Testing.Sources;

namespace Reconciler.Tests.Described;

/// <summary>
/// Plans are tried on imitations that the sandbox makes of definitions: those of the catalogue, and the one that the
/// page about describing a vendor shows.
/// </summary>
public sealed class ImitatedVendorTests : IAsyncDisposable
{
    private const string Token = "s3cret-t0ken";

    // Everything that the others do not have: one path for two lists, calls for several people, addresses in paths,
    // answers that say of their success.
    private const string Guild = """
        apiVersion: reconciler.dev/v1alpha1
        kind: VendorDefinition
        metadata: {name: guild}
        spec:
          title: Guild
          token: {header: X-Guild-Token}
          headers: {X-Version: "2"}
          closedPaths: true
          answers: {success: {at: /ok, is: ["true"]}, reason: /problem/text}
          access:
          - name: rights
            form: words
            description: The rights.
            known: [read, write, manage]
            admin: [manage]
            required: true
            sent: {read: r, write: w, manage: m}
          - {name: vip, form: flag, description: Whether the person is a VIP., notManagedWhenAbsent: true}
          members:
            path: /guilds/{project}/people
            query: {state: active}
            items: /data/list
            paging: &pages {by: cursor, query: [after], next: /data/after, size: 2}
            id: /key
            email: /contact/mails/0
            owner: {at: /kind, is: [founder]}
            access: &access {rights: {at: /rights}, vip: {at: /vip}}
          invitations:
            path: /guilds/{project}/people
            query: {state: invited}
            items: /data/list
            paging: *pages
            id: /key
            email: /contact/mails/0
            createdAt: /since
            declined: [{at: /answer, is: ["no"]}]
          calls:
            invite:
              method: POST
              path: /guilds/{project}/people
              effect: mails
              batch: 10
              body: {people: "{emails}", rights: "{access.rights}", vip: "{access.vip?}"}
              proof: {items: /made, email: /mail, access: {rights: {at: /rights}}}
            update:
              method: PUT
              path: /guilds/{project}/people/{email}
              effect: idempotent
              body: {rights: "{access.rights}", vip: "{access.vip?}"}
              proof: {id: /key, access: *access}
            replace:
              method: PUT
              path: /guilds/{project}/invitations/{invitation.id}
              effect: mails
              body: {rights: "{access.rights}", vip: "{access.vip?}"}
            resend: {method: POST, path: "/guilds/{project}/invitations/{invitation.id}/mail", effect: mails}
            revoke: {method: DELETE, path: "/guilds/{project}/invitations/{invitation.id}", effect: idempotent}
            remove: {method: DELETE, path: "/guilds/{project}/people/{email}", effect: idempotent}
        """;

    private const string Reminders = "  invitations: {resendAfter: 3d}";

    private readonly StandingClock _clock = new(new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly TemporaryFolder _folder = new();
    private SandboxServer? _server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }

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
                "bot@example.com: roles: Manager",
                "cy@example.com: roles: Reporter",
                "dan@example.com: ",
                "ana@example.com: roles: Developer",
                "bob@example.com: roles: Developer, Manager",
            ],
            Members("redmine", "website")
        );
        Assert.Contains(_server!.Requests, r => r.Body == """{"membership":{"user_id":7,"role_ids":[4]}}""");
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

        _clock.Now += TimeSpan.FromDays(4);
        Assert.Contains("resend  new@example.com", await RunAsync(ExitCode.Done, "plan"), StringComparison.Ordinal);
        await ConvergeAsync("sentry", "acme", People, "Applied: 1 resent, 0 removed; 0 failed, 0 skipped.", Reminders);
        var sentry = _server!.Connection("sentry");
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

        var boards = _server!.Connection("boards");
        Assert.Equal(
            ["dan@example.com expired", "bob@example.com pending", "carol@example.com pending"],
            boards.Invitations("b-1").Select(i => $"{i.Email} {i.Status}")
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
            _server!.Requests,
            r => r.Body == """{"people":["bob@example.com","dan@example.com"],"rights":["w"]}"""
        );
        var guild = _server.Connection("guild");
        Assert.All(
            (string[])["bob@example.com", "carol@example.com", "dan@example.com"],
            email => Assert.Equal(1, guild.MailsTo("g-1", email))
        );

        _clock.Now += TimeSpan.FromDays(4);
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
        Assert.Equal(5, _server!.Requests.Count(r => r.Target.Contains("/members?", StringComparison.Ordinal)));
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
            - {id: p-1, provider: {{{vendor}}}, name: One, members: [{email: bot@example.com, access: { {{{access}}} }}]}
            - {id: p-2, provider: {{{vendor}}}, name: Two, members: [{email: ana@example.com, access: { {{{access}}} }}]}
            """
        );
        Connect(vendor);

        await RunAsync(ExitCode.Done, "import", "--provider", vendor, "--all");

        var said = await RunAsync(ExitCode.Done, "plan", "--detailed-exitcode");
        Assert.Contains("2 projects", said, StringComparison.Ordinal);
    }

    private async Task StartAsync(string seed)
    {
        var page = MarkdownPage.Of("docs/vendors/describe-your-vendor.md");
        Directory.CreateDirectory(_folder["vendors"]);
        Directory.CreateDirectory(_folder["people"]);
        await File.WriteAllTextAsync(
            _folder["vendors/boards.yaml"],
            page.Blocks.First(b => b.Text.Contains("kind: VendorDefinition", StringComparison.Ordinal)).Text,
            Cancellation
        );
        await File.WriteAllTextAsync(_folder["vendors/guild.yaml"], Guild, Cancellation);
        var problems = new Problems();
        var vendors = VendorFolder.Read(
            new([]) { Vendors = "vendors", Folder = _folder.Path },
            ManifestLoaders.Vendors,
            problems
        );
        Assert.Empty(problems.Sorted);
        _server = await SandboxServer.StartAsync(
            new()
            {
                Seed = SandboxSeed.Parse(seed),
                Described = new(vendors),
                Clock = _clock,
            },
            Cancellation
        );
    }

    private IEnumerable<string> Members(string vendor, string project) =>
        _server!.Connection(vendor).Members(project).Select(m => $"{m.Email}: {m.Access}");

    private async Task ConvergeAsync(
        string vendor,
        string project,
        string members,
        string applied,
        string settings = ""
    )
    {
        Declare(vendor, project, members, settings);
        var writes = _server!.NonGetCount;
        var planned = await RunAsync(ExitCode.Changes, "plan", "--detailed-exitcode");
        Assert.Equal(writes, _server.NonGetCount);
        Assert.Contains("Plan: ", planned, StringComparison.Ordinal);
        Assert.Contains(applied, await RunAsync(ExitCode.Done, "apply", "--yes"), StringComparison.Ordinal);
        await NothingToDoAsync();
    }

    private async Task NothingToDoAsync() =>
        Assert.Contains(
            "No changes",
            await RunAsync(ExitCode.Done, "plan", "--detailed-exitcode"),
            StringComparison.Ordinal
        );

    private void Connect(string vendor) =>
        File.WriteAllText(
            _folder["people/people.yaml"],
            $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: {{{vendor}}}}
            spec:
              type: {{{vendor}}}
              baseUrl: https://vendor.example
              credentials: {token: {env: RECONCILER_TOKEN}}
              actingAs: bot@example.com

            """
        );

    private void Declare(string vendor, string project, string members, string settings = "")
    {
        Connect(vendor);
        File.AppendAllText(
            _folder["people/people.yaml"],
            $$$"""
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: project}
            spec:
              provider: {{{vendor}}}
              projectId: "{{{project}}}"
              prune: all
            {{{settings}}}
              members:
            {{{members}}}
            """
        );
    }

    private async Task<string> RunAsync(int code, params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = output,
            Error = output,
            In = TextReader.Null,
            Variable = name => name == "RECONCILER_TOKEN" ? Token : null,
            Folder = _folder.Path,
            Clock = _clock,
        };
        string[] options =
        [
            "--vendors",
            "vendors",
            .. _server!.Connections.SelectMany(c => (string[])["--base-url", $"{c.Name}={_server.BaseUrl(c.Name)}"]),
        ];
        if (words[0] is "plan" or "apply")
            options = [.. options, "--max-removals", "none"];
        var ended = await Cli.RunAsync([words[0], "people", .. words[1..], .. options], environment, Cancellation);
        Assert.True(ended == code, $"exit {ended}\n{output}");
        return output.ToString();
    }
}
