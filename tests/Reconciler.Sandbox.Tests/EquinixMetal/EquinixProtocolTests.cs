using System.Globalization;
using System.Text.Json.Nodes;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.OpenApi;
using static Reconciler.Sandbox.Tests.EquinixMetal.EquinixSandbox;

namespace Reconciler.Sandbox.Tests.EquinixMetal;

public sealed class EquinixProtocolTests
{
    [Theory]
    [InlineData(Header, Token, 200)]
    [InlineData(Header, "wrong", 401)]
    [InlineData("Authorization", $"Bearer {Token}", 401)]
    public async Task The_token_has_a_header_of_its_own(string header, string value, int expected)
    {
        await using var sandbox = await StartAsync();
        sandbox.Http.DefaultRequestHeaders.Clear();
        sandbox.Http.DefaultRequestHeaders.Add(header, value);
        Assert.Equal(expected, (await sandbox.GetAsync("user")).Status);
    }

    [Theory]
    [InlineData("GET", $"projects/{ForbiddenProject}/memberships", 403)]
    [InlineData("POST", $"projects/{ForbiddenProject}/invitations", 403)]
    [InlineData("GET", "projects/99999999-0d44-4b50-8888-8dd25736052a/memberships", 404)]
    [InlineData("GET", "projects/x/memberships", 404)]
    [InlineData("GET", "organizations/x/members", 404)]
    [InlineData("GET", "devices", 404)]
    [InlineData("PATCH", "user", 404)]
    public async Task What_is_not_there_or_not_allowed_is_one_error(string method, string path, int expected)
    {
        await using var sandbox = await StartAsync();
        var (status, body) = await sandbox.SendAsync(new HttpMethod(method), path);
        Assert.Equal((expected, "{error:string}"), (status, Shape.Of(body)));
    }

    [Fact]
    public async Task The_token_has_a_user()
    {
        await using var sandbox = await StartAsync();
        Assert.Equal("bot@example.com", (string?)(await sandbox.GetAsync("user")).Body["email"]);
    }

    [Fact]
    public async Task Every_answer_counts_the_requests_that_are_left_until_the_window_ends()
    {
        await using var sandbox = await StartAsync(
            Seed with
            {
                Connections = [new(Name) { RateLimit = new(Requests: 2, Seconds: 60) }],
            }
        );
        var reset = VendorSandbox.Start.AddSeconds(60).ToUnixTimeSeconds();
        Assert.Equal((200, 2, 1, reset), await BudgetAsync(sandbox));
        sandbox.Clock.Now += TimeSpan.FromSeconds(59);
        Assert.Equal((200, 2, 0, reset), await BudgetAsync(sandbox));
        Assert.Equal((429, 2, 0, reset), await BudgetAsync(sandbox));
        sandbox.Clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal((200, 2, 1, reset + 60), await BudgetAsync(sandbox));
    }

    [Fact]
    public async Task A_request_over_the_budget_changes_nothing()
    {
        await using var sandbox = await StartAsync(
            Seed with
            {
                Connections = [new(Name) { RateLimit = new(Requests: 1, Seconds: 60) }],
            }
        );
        await sandbox.GetAsync("user");
        Assert.Equal(429, (await sandbox.InviteAsync("gus@example.com", "admin")).Status);
        Assert.Equal(0, sandbox.Connection.MailsTo("gus@example.com"));
    }

    [Fact]
    public async Task Faults_spoil_pages_and_links()
    {
        await using var sandbox = await StartAsync(Crowd(25));
        var path = $"projects/{Project}/memberships?page=";
        sandbox.Server.Inject(Fault.NextLinkTo("http://127.0.0.1:9") with { Times = 1 });
        sandbox.Server.Inject(Fault.NextLinkTo("http://127.0.0.1:9") with { Times = 1 });
        sandbox.Server.Inject(new Fault(FaultKind.EmptyPage));
        Assert.StartsWith(
            $"http://127.0.0.1:9/{Name}/",
            (string?)(await sandbox.GetAsync(path + 1)).Body["meta"]!["next"]!["href"],
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            $"http://127.0.0.1:9/{Name}/",
            (string?)(await sandbox.GetAsync(path + 3)).Body["meta"]!["next"]!["href"],
            StringComparison.Ordinal
        );
        var (_, page) = await sandbox.GetAsync(path + 1);
        Assert.Equal((0, 25), (page["memberships"]!.AsArray().Count, (int)page["meta"]!["total"]!));
    }

    [Fact]
    public async Task Every_answer_is_as_the_vendors_document_says()
    {
        var document = OpenApiDocument.Load(SharedFiles.Path("apis", "openapi", "equinix-metal.yaml"));
        OpenApiObserver? observer = null;
        await using var sandbox = await StartAsync(
            Seed with
            {
                Connections = [new SeedConnection(Name) { RateLimit = new(Requests: 27, Seconds: 60) }],
            },
            server => observer = new(document, server.BaseUrl(Name), VendorSandbox.Plain())
        );
        await ReadAsync(sandbox);
        await WriteAsync(sandbox);
        await sandbox.GetAsync($"projects/{ForbiddenProject}/memberships");
        await sandbox.GetAsync($"projects/{Guid.Empty}/memberships");
        sandbox.Http.DefaultRequestHeaders.Clear();
        for (var i = 0; i < 10; i++)
            await sandbox.GetAsync("user");
        Deviation.AssertExplain(
            observer!.Problems,
            new(
                "^GET .*: 200: 'meta' is not in the schema$",
                "Client code reads meta everywhere; some list schemas leave it out."
            ),
            new(
                @"^GET .*/?invitations.*: 200\.invitations\[\d+\]: '(invitee|nonce|invited_by|organization|"
                    + @"projects)' is not in the schema$",
                "The schema of the list points at memberships; client code reads invitations."
            ),
            new(
                @"(user|project|organization|invited_by|projects\[\d+\]): '[a-z_]+' is not in the schema$",
                "The schema knows nested objects as their href; the prose says that included ones have all attributes."
            ),
            new(
                "query: the parameter 'exclude' is not documented$",
                "The vendor's reference page has it; the document only for the user."
            ),
            new("^POST /invitations/[^/]+ → 200: not documented$", "Resending is known from client code."),
            new(
                "^(GET|DELETE) /organizations/[^/]+/members[^ ]* → [0-9]+: not documented$",
                "Members of organizations are known from client code."
            ),
            new(
                "→ 429: status 429 is not documented$",
                "The limit's headers are client code's; which status it ends in is HTTP's."
            )
        );
        Assert.Equal(13, observer.Checked.Where(call => call[^3] == '2').Distinct().Count());
    }

    private static async Task ReadAsync(EquinixSandbox sandbox)
    {
        await sandbox.GetAsync("user");
        await sandbox.GetAsync("invitations?include=invited_by&page=1&per_page=20");
        await sandbox.GetAsync(
            $"projects/{Project}/memberships?include=user,project.organization&search=a&page=1&per_page=1000"
        );
        await sandbox.GetAsync(
            $"projects/{Project}/invitations?include=projects.organization,organization&exclude=invited_by"
        );
        await sandbox.GetAsync($"organizations/{Organization}/invitations?page=1");
        await sandbox.GetAsync($"organizations/{Organization}/members?include=user");
        await sandbox.GetAsync($"invitations/{sandbox.InvitationOf("dan@example.com")}");
        await sandbox.GetAsync($"memberships/{sandbox.Member(Project, "ana@example.com").Id}");
    }

    private static async Task WriteAsync(EquinixSandbox sandbox)
    {
        await sandbox.InviteAsync("gus@example.com", "collaborator");
        await sandbox.InviteAsync("gus@example.com", "boss");
        await sandbox.PostAsync(
            $"organizations/{Organization}/invitations",
            new JsonObject { ["invitee"] = "hal@example.com", ["projects_ids"] = new JsonArray(Project, SecondProject) }
        );
        await sandbox.PostAsync($"invitations/{sandbox.InvitationOf("hal@example.com")}");
        await sandbox.DeleteAsync($"invitations/{sandbox.InvitationOf("hal@example.com")}");
        await sandbox.PutAsync($"invitations/{sandbox.InvitationOf("carol@example.com")}");
        await sandbox.PutAsync($"invitations/{sandbox.InvitationOf("bot@example.com", SecondProject)}");
        await sandbox.ChangeAsync("ana@example.com", "role", "collaborator");
        await sandbox.ChangeAsync("ana@example.com", "role");
        await sandbox.DeleteAsync($"memberships/{sandbox.Member(Project, "ana@example.com").Id}");
        await sandbox.DeleteAsync($"memberships/{Guid.Empty}");
        await sandbox.DeleteAsync($"organizations/{Organization}/members/{Guid.Empty}");
    }

    private static async Task<(int Status, int Limit, int Remaining, long Reset)> BudgetAsync(EquinixSandbox sandbox)
    {
        using var response = await sandbox.RawAsync(HttpMethod.Get, "user");
        return ((int)response.StatusCode, (int)Number("Limit"), (int)Number("Remaining"), Number("Reset"));

        long Number(string name) =>
            long.Parse(Assert.Single(response.Headers.GetValues($"X-RateLimit-{name}")), CultureInfo.InvariantCulture);
    }
}
