using System.Net;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.OpenApi;

namespace Reconciler.Providers.Tests.Described;

/// <summary>
/// The definitions of <c>vendors/</c> for servers that cannot be had here. The vendor's specification judges every
/// request and every answer of these tests.
/// </summary>
public sealed class CatalogueTests
{
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

    public static TheoryData<string> Names =>
        [
            .. Directory
                .EnumerateFiles(Repository.At("vendors"), "*.yaml")
                .Select(f => Path.GetFileNameWithoutExtension(f))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_definition_is_right_and_has_the_name_of_its_file(string name) =>
        Assert.Equal(name, DescribedVendors.Of($"vendors/{name}.yaml").Type);

    [Fact]
    public async Task Grafana_adds_changes_and_removes()
    {
        await using var bench = new Bench("grafana", "apis/openapi/grafana-org.json", "/api", "3");
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

        Assert.Equal(["ana@example.com: Viewer", "sso@example.com: Editor"], Bench.Shown(live));
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
        await using var bench = new Bench("sentry", "apis/openapi/sentry-members.json", "", "acme");
        const string Members = "/api/0/organizations/acme/members/";
        bench.Answer($"GET {Members}", $"[{SentryMember}]", 200, Next("0:100:0", isMore: true));
        bench.Answer($"GET {Members}?cursor=0%3A100%3A0", $"[{SentryInvitation}]", 200, Next("0:200:0", isMore: false));
        bench.Answer($"POST {Members}", SentryInvitation, 201);
        bench.Answer(
            $"PUT {Members}9/",
            $$"""
            {{SentryMember.TrimEnd()[..^1]}}, "teams": [], "teamRoles": [], "orgRoleList": [], "teamRoleList": [],
             "isOnlyOwner": false, "invite_link": null}
            """
        );
        bench.Answer($"DELETE {Members}9/", "", 204);
        bench.Answer($"DELETE {Members}57377908164/", "", 204);

        var live = await bench.ReadAsync();

        Assert.Equal(["ana@example.com: member"], Bench.Shown(live));
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

    private static string GitHubUser(string login, int id) =>
        $$"""
            {"login": "{{login}}", "id": {{id}}, "node_id": "n", "avatar_url": "https://x.example/a", "gravatar_id": "",
             "url": "https://x.example", "html_url": "https://x.example", "followers_url": "https://x.example",
             "following_url": "https://x.example", "gists_url": "https://x.example", "starred_url": "https://x.example",
             "subscriptions_url": "https://x.example", "organizations_url": "https://x.example",
             "repos_url": "https://x.example", "events_url": "https://x.example",
             "received_events_url": "https://x.example", "type": "User", "site_admin": false
            """;

    [Fact]
    public async Task GitHub_repositories_have_collaborators_access_from_above_and_invitations()
    {
        await using var bench = new Bench(
            "github-repository",
            "apis/openapi/github-collaborators.json",
            "",
            "acme/site"
        );
        const string Path = "/repos/acme/site/collaborators";
        bench.Answer("GET /user", """{"login": "bot", "id": 1}""");
        bench.Answer("GET /users/new-one", """{"login": "New-One", "id": 9}""");
        bench.Answer("GET /repos/acme/site", """{"full_name": "acme/site", "permissions": {"admin": true}}""");
        bench.Answer(
            $"GET {Path}?affiliation=direct&per_page=100",
            $$"""[{{GitHubUser("ana", 7)}}, "role_name": "read"}, {{GitHubUser("bot", 1)}}, "role_name": "admin"}]""",
            200,
            "<https://api.github.com/repositories/5/collaborators?affiliation=direct&per_page=100&page=2>; rel=\"next\""
        );
        bench.Answer($"GET {Path}?affiliation=direct&per_page=100&page=2", "[]");
        bench.Answer(
            $"GET {Path}?affiliation=all&per_page=100",
            $$"""[{{GitHubUser("ana", 7)}}, "role_name": "read"}, {{GitHubUser("boss", 2)}}, "role_name": "admin"}]"""
        );
        bench.Answer("GET /repos/acme/site/invitations?per_page=100", $"[{GitHubInvitation}]");
        bench.Answer($"PUT {Path}/new-one", GitHubInvitation, 201);
        bench.Answer($"PUT {Path}/ana", "", 204);
        bench.Answer("PATCH /repos/acme/site/invitations/42", GitHubInvitation);
        bench.Answer("DELETE /repos/acme/site/invitations/42", "", 204);
        bench.Answer($"DELETE {Path}/ana", "", 204);

        var live = await bench.ReadAsync();

        Assert.Equal(["ana: read", "bot: admin", "boss: nothing"], Bench.Shown(live));
        Assert.Equal([false, true, false], live.Members.Select(m => m.IsCaller));
        Assert.Equal("admin", $"{live.Members[2].Inherited}");
        Assert.Equal(("mona", "11"), (live.Invitations[0].Email, live.Invitations[0].PersonId));
        Assert.Equal(("9", "New-One"), (live.Accounts["new-one"]!.Id, live.Accounts["new-one"]!.Login));
        Assert.Equal(WriteResult.ReadBack, await bench.ApplyAsync(ActionKind.Invite, live, "role", "write"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Update, live, "role", "write"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Replace, live, "role", "write"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Revoke, live, "role", "write"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Remove, live, "role", "write"));
        Assert.Equal(
            [
                $$"""PUT {{Path}}/new-one {"permission":"push"}""",
                $$"""PUT {{Path}}/ana {"permission":"push"}""",
                """PATCH /repos/acme/site/invitations/42 {"permissions":"write"}""",
                "DELETE /repos/acme/site/invitations/42 ",
                $"DELETE {Path}/ana ",
            ],
            bench.Writes
        );
    }

    [Fact]
    public async Task GitHub_organizations_list_the_members_of_each_role()
    {
        await using var bench = new Bench("github-organization", "apis/openapi/github-org.json", "", "acme");
        bench.Answer("GET /user", """{"login": "bot", "id": 1}""");
        bench.Answer("GET /users/new-one", "", 404);
        bench.Answer("GET /user/memberships/orgs/acme", """{"role": "admin", "state": "active"}""");
        bench.Answer("GET /orgs/acme/members?role=admin&per_page=100", $$"""[{{GitHubUser("bot", 1)}}}]""");
        bench.Answer("GET /orgs/acme/members?role=member&per_page=100", $$"""[{{GitHubUser("ana", 7)}}}]""");
        bench.Answer(
            "GET /orgs/acme/invitations?per_page=100",
            $$"""
            [{"id": 42, "login": "mona", "node_id": "n", "email": null, "role": "direct_member",
              "created_at": "2026-11-01T09:00:00Z", "inviter": {{GitHubUser("bot", 1)}}}, "team_count": 0,
              "invitation_teams_url": "https://x.example"}]
            """
        );
        const string Membership = """
            {"url": "https://x.example", "state": "pending", "role": "admin",
             "organization_url": "https://x.example", "organization": {"login": "acme", "id": 5, "node_id": "n",
             "url": "https://x.example", "repos_url": "https://x.example", "events_url": "https://x.example",
             "hooks_url": "https://x.example", "issues_url": "https://x.example", "members_url": "https://x.example",
             "public_members_url": "https://x.example", "avatar_url": "https://x.example", "description": null},
             "user": null}
            """;
        bench.Answer("PUT /orgs/acme/memberships/new-one", Membership);
        bench.Answer("PUT /orgs/acme/memberships/bot", Membership);
        bench.Answer("PUT /orgs/acme/memberships/mona", Membership);
        bench.Answer("DELETE /orgs/acme/invitations/42", "", 204);
        bench.Answer("DELETE /orgs/acme/memberships/bot", "", 204);

        var live = await bench.ReadAsync();

        Assert.Equal(["bot: admin", "ana: member"], Bench.Shown(live));
        Assert.Equal(("mona", "member"), (live.Invitations[0].Email, $"{live.Invitations[0].Access}"));
        Assert.Null(live.Accounts["new-one"]);
        foreach (var kind in (ActionKind[])[ActionKind.Invite, ActionKind.Update, ActionKind.Replace])
            Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(kind, live, "role", "admin"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Revoke, live, "role", "admin"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Remove, live, "role", "admin"));
        Assert.Equal(
            [
                """PUT /orgs/acme/memberships/new-one {"role":"admin"}""",
                """PUT /orgs/acme/memberships/bot {"role":"admin"}""",
                """PUT /orgs/acme/memberships/mona {"role":"admin"}""",
                "DELETE /orgs/acme/invitations/42 ",
                "DELETE /orgs/acme/memberships/bot ",
            ],
            bench.Writes
        );
    }

    [Theory]
    [InlineData("project", "projects", "acme%2Fweb%2Fsite", "acme/web/site")]
    [InlineData("project", "projects", "278964", "278964")]
    [InlineData("group", "groups", "acme%2Fweb", "acme/web")]
    public async Task GitLab_has_levels_as_numbers_and_members_from_above(
        string what,
        string place,
        string segment,
        string project
    )
    {
        await using var bench = new Bench($"gitlab-{what}", "apis/openapi/gitlab-members.json", "/api/v4", project);
        var path = $"/api/v4/{place}/{segment}";
        bench.Answer("GET /api/v4/user", """{"username": "bot", "id": 1}""");
        bench.Answer("GET /api/v4/users?username=new-one", $"[{GitLabUser("new-one", 9)}]");
        bench.Answer($"GET {path}/members?per_page=100", $$"""[{{GitLabMember("ana", 7, 30)}}]""");
        bench.Answer(
            $"GET {path}/members/all?per_page=100",
            $$"""[{{GitLabMember("ana", 7, 30)}}, {{GitLabMember("boss", 2, 50)}}]"""
        );
        bench.Answer(
            $"GET {path}/invitations?per_page=100",
            """
            [{"invite_email": "mo+na@example.com", "access_level": 20, "created_at": "2026-11-01T09:00:00Z",
              "expires_at": null, "user_name": null, "created_by_name": "Boss"}]
            """
        );
        bench.Answer($"POST {path}/members", GitLabMember("new-one", 9, 40), 201);
        bench.Answer($"PUT {path}/members/7", GitLabMember("ana", 7, 40));
        bench.Answer($"DELETE {path}/members/7", "", 204);
        bench.Answer($"DELETE {path}/invitations/mo%2Bna%40example.com", "", 204);

        var live = await bench.ReadAsync();

        Assert.Equal(["ana: developer", "boss: nothing"], Bench.Shown(live));
        Assert.Equal("owner", $"{live.Members[1].Inherited}");
        Assert.Equal("mo+na@example.com", live.Invitations[0].Email);
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Invite, live, "level", "maintainer"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Update, live, "level", "maintainer"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Remove, live, "level", "maintainer"));
        Assert.Equal(WriteResult.Confirmed, await bench.ApplyAsync(ActionKind.Revoke, live, "level", "maintainer"));
        Assert.Equal(
            [
                $$"""POST {{path}}/members {"user_id":9,"access_level":40}""",
                $$"""PUT {{path}}/members/7 {"access_level":40}""",
                $"DELETE {path}/members/7 ",
                $"DELETE {path}/invitations/mo%2Bna%40example.com ",
            ],
            bench.Writes
        );
    }

    [Fact]
    public async Task Somebody_with_access_from_above_alone_is_added_and_not_changed()
    {
        await using var bench = new Bench("gitlab-group", "apis/openapi/gitlab-members.json", "/api/v4", "acme");
        bench.Answer("GET /api/v4/user", """{"username": "bot", "id": 1}""");
        bench.Answer("GET /api/v4/users?username=new-one", "[]");
        bench.Answer("GET /api/v4/groups/acme/members?per_page=100", "[]");
        bench.Answer("GET /api/v4/groups/acme/members/all?per_page=100", $"[{GitLabMember("boss", 2, 50)}]");
        bench.Answer("GET /api/v4/groups/acme/invitations?per_page=100", "[]");
        bench.Answer("POST /api/v4/groups/acme/members", GitLabMember("boss", 2, 30), 201);

        var live = await bench.ReadAsync();
        await bench.ApplyAsync(ActionKind.Update, live, "level", "developer");

        Assert.Equal(["""POST /api/v4/groups/acme/members {"user_id":2,"access_level":30}"""], bench.Writes);
    }

    private static string GitHubInvitation =>
        $$"""
            {"id": 42, "node_id": "n", "repository": null, "invitee": {{GitHubUser("mona", 11)}}}, "inviter": null,
             "permissions": "write", "created_at": "2026-11-01T09:00:00Z", "expired": false,
             "url": "https://x.example", "html_url": "https://x.example"}
            """;

    private static string GitLabUser(string login, int id) =>
        $$"""
            {"id": {{id}}, "username": "{{login}}", "name": "N", "state": "active", "avatar_url": null,
             "web_url": "https://gitlab.com/n"}
            """;

    private static string GitLabMember(string login, int id, int level) =>
        $$"""
            {{GitLabUser(login, id).TrimEnd()[..^1]}}, "access_level": {{level}}, "created_at": "2026-11-01T09:00:00Z",
             "expires_at": null}
            """;

    private static string Next(string cursor, bool isMore) =>
        $"<https://sentry.io/api/0/organizations/acme/members/?&cursor={cursor}>; rel=\"next\"; "
        + $"results=\"{(isMore ? "true" : "false")}\"; cursor=\"{cursor}\"";

    /// <summary>A described vendor, answers by request, and the specification that judges both.</summary>
    private sealed class Bench : HttpMessageHandler, IAsyncDisposable
    {
        private readonly Dictionary<string, (int Status, string Body, string? Link)> _answers = [];
        private readonly Vendor _vendor;
        private readonly string _project;
        private readonly OpenApiObserver _observer;
        private readonly ProviderConnection _connection;
        private readonly Uri _url;

        public Bench(string name, string specification, string prefix, string project)
        {
            (_vendor, _project) = (DescribedVendors.Of($"vendors/{name}.yaml"), project);
            _url = new(_vendor.PublishedUrls is [.., var last] ? last : "https://acme.example/api");
            var document = OpenApiDocument.Load(SharedFiles.Path(specification.Split('/')));
            _observer = new(document, _url.GetLeftPart(UriPartial.Authority) + prefix, this);
            _connection = ProviderCatalog.Connect(
                _vendor,
                new(_url, _ => ValueTask.FromResult("a-t0ken-of-acme")) { Around = _ => _observer }
            );
        }

        private static List<Deviation> Deviations { get; } =
        [
            new(
                "^GET (/user|/users/new-one|/repos/acme/site|/user/memberships/orgs/acme) → [0-9]+: not documented$",
                "The specifications here have the calls about members alone; these are documented elsewhere."
            ),
            new(
                "repository: must not be null$",
                "Nothing reads the repository of an invitation, which has forty fields."
            ),
            new(
                "^PUT .*: body: '(reinvite|regenerate)' is not in the schema$",
                "Sentry's own source reads both; its document leaves them out."
            ),
        ];

        /// <summary>Method, path and body of each request that is no GET.</summary>
        public List<string> Writes { get; } = [];

        public void Answer(string request, string body, int status = 200, string? link = null) =>
            _answers[request] = (status, body, link);

        public Task<LiveProject> ReadAsync() => _connection.Reader.ReadAsync(Project, CancellationToken.None);

        public Task<WriteResult> ApplyAsync(ActionKind kind, LiveProject live, string field, string word) =>
            _connection
                .Writer()
                .ApplyAsync(
                    Project,
                    [
                        new(kind, Phase.Grant, Person, "test")
                        {
                            Email = _vendor.Logins is null ? "new@example.com" : "new-one",
                            Member = kind is ActionKind.Update or ActionKind.Remove ? live.Members[0] : null,
                            Invitation = kind is ActionKind.Resend or ActionKind.Revoke or ActionKind.Replace
                                ? live.Invitations[0]
                                : null,
                            AccountId = live.Accounts.GetValueOrDefault("new-one")?.Id,
                            Access = new(Access.Of([_vendor.Access.Grant(field, word)]), [field]),
                        },
                    ],
                    CancellationToken.None
                );

        public static IEnumerable<string> Shown(LiveProject live) => live.Members.Select(m => $"{m.Email}: {m.Access}");

        public ValueTask DisposeAsync()
        {
            _connection.Dispose();
            var problems = _observer
                .Problems.Where(p => !Deviations.Exists(d => d.Explains(p)))
                .Distinct(StringComparer.Ordinal)
                .ToList();
            Assert.True(problems.Count == 0, string.Join('\n', problems));
            Assert.NotEmpty(_observer.Checked);
            return ValueTask.CompletedTask;
        }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var asked = $"{request.Method} {request.RequestUri!.PathAndQuery}";
            if (request.Method != HttpMethod.Get)
                Writes.Add($"{asked} {await request.Content!.ReadAsStringAsync(cancellationToken)}");
            var (status, body, link) = _answers[asked];
            var response = new HttpResponseMessage((HttpStatusCode)status)
            {
                Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
                RequestMessage = request,
            };
            if (link is not null)
                response.Headers.Add("Link", link);
            return response;
        }

        private PersonIdentity Person =>
            _vendor.Logins is null
                ? new("new@example.com", EmailAddress.Parse("new@example.com"))
                : new("new-one", null) { Login = Login.Parse("new-one") };

        private DesiredProject Project =>
            new(
                "default/p",
                new("default/acme", _vendor, _url, null!),
                _project,
                [new(Person, new(Access.None, []), [])]
            );
    }
}
