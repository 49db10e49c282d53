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
                            Email = "new@example.com",
                            Member = kind is ActionKind.Update or ActionKind.Remove ? live.Members[0] : null,
                            Invitation = kind is ActionKind.Resend or ActionKind.Revoke ? live.Invitations[0] : null,
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

        private static PersonIdentity Person { get; } = new("new@example.com", EmailAddress.Parse("new@example.com"));

        private DesiredProject Project => new("default/p", new("default/acme", _vendor, _url, null!), _project, []);
    }
}
