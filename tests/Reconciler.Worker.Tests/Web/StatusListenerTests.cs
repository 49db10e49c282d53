using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck.Xunit;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Planning;
using Reconciler.Hosting.Reconciling;
using Reconciler.Hosting.Web;
using Reconciler.Testing;
using Reconciler.Testing.Reports;
using Reconciler.Worker.Web;

namespace Reconciler.Worker.Tests.Web;

public sealed partial class StatusListenerTests : IAsyncLifetime
{
    private const string Token = "a token of enough characters";
    private static readonly string[] Tags =
    [
        "!doctype",
        "a",
        "article",
        "body",
        "button",
        "caption",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "form",
        "h1",
        "h2",
        "h3",
        "head",
        "header",
        "html",
        "input",
        "ins",
        "label",
        "li",
        "link",
        "main",
        "meta",
        "nav",
        "option",
        "p",
        "pre",
        "rect",
        "script",
        "section",
        "select",
        "span",
        "strong",
        "style",
        "svg",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "time",
        "title",
        "tr",
        "ul",
        "wbr",
    ];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("status-");
    private readonly FakeWorkerView _worker = new(WorkerSample.Status());
    private readonly StandingClock _clock = new(WorkerSample.Now);
    private readonly StatusListener _listener;
    private readonly HttpClient _http = new();

    public StatusListenerTests() => _listener = new(new(new(IPAddress.Loopback, 0)), _worker, _clock);

    private string TokenFile => Path.Combine(_folder.FullName, "token");

    public async ValueTask InitializeAsync()
    {
        await _listener.StartAsync(TestContext.Current.CancellationToken);
        _http.BaseAddress = new(_listener.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _listener.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_first_page_says_what_needs_somebody_and_how_everything_stands()
    {
        var text = await TextAsync("/");
        Assert.Contains("2 projects need attention", text, StringComparison.Ordinal);
        foreach (var state in Enum.GetValues<ProjectState>())
            Assert.Contains($"1 {StatusWords.Of(state)} ", text, StringComparison.Ordinal);
        Assert.Contains(
            "Revision c0ffee4b7a8d is broken and is not in force; the last valid one stays in force.",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "people/churn.yaml:12:7 spec.members[3].email: \"jo@example\" is no address",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("acme-us could not be read 31 min ago: no answer within 15 s", text, StringComparison.Ordinal);
        Assert.Contains("GET /projects/p-7/members answered 503 three times", text, StringComparison.Ordinal);
        Assert.Contains("3 times in a row", text, StringComparison.Ordinal);
        Assert.Contains("due for 4 s", text, StringComparison.Ordinal);
        Assert.Contains("a reconcile is under way", text, StringComparison.Ordinal);
        Assert.Contains("https://git.example/people.git, main", text, StringComparison.Ordinal);
        Assert.Contains("chi@example.com acme-eu: credit-risk write 12 days", text, StringComparison.Ordinal);
        Assert.Contains("01J8ZQ4W", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/projects/default/fraud-detection")]
    public async Task A_held_plan_shows_who_loses_what_since_when_and_the_command_that_releases_it(string path)
    {
        var held = _worker.Status.Projects.Single(p => p.State == ProjectState.Held);
        _worker.Status = _worker.Status with
        {
            ApprovalsFolder = "/etc/reconciler/approvals",
            Projects = _worker.Status.Projects.Replace(
                held,
                held with
                {
                    HeldSince = WorkerSample.Now.AddHours(-3),
                    HeldRevision = "9f1c2e4b7a8d0c3e5f6a7b8c9d0e1f2a",
                }
            ),
        };
        var shown = await TextAsync(path);
        Assert.Contains("Held since 3 h ago, from revision 9f1c2e4b7a8d", shown, StringComparison.Ordinal);
        Assert.Contains("− remove leaver-1@example.com −read −write", shown, StringComparison.Ordinal);
        Assert.Contains(
            "cat > /etc/reconciler/approvals/release-fraud-detection.yaml <<'END' apiVersion: reconciler.dev/v1alpha1",
            shown,
            StringComparison.Ordinal
        );
        Assert.Contains("Copy the command", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_revision_in_force_stands_at_the_top()
    {
        var text = await TextAsync("/");
        var at = text.IndexOf("Revision 9f1c2e4b7a8d is in force since 4 h ago", StringComparison.Ordinal);
        Assert.InRange(at, 1, text.IndexOf("Held plans", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_project_has_its_history_and_says_where_it_cannot_be_read()
    {
        var project = _worker.Status.Projects[0].Project;
        _worker.History = new([
            new AuditEntry(WorkerSample.Now.AddDays(-2), project.Key, project.Id, "remove", AuditOutcome.Failed)
            {
                Person = "bob.rossi@example.com",
                Removed = "CAN_VIEW_DATA",
                Reason = "no longer declared",
                Message = "the vendor answered 503",
                Approver = "approved by kim",
                Origin = new()
                {
                    Actor = "worker as reconciler",
                    Revision = "9f1c2e4b7a8d0c3e5f6a7b8c9d0e1f2a3b4c5d6e",
                },
            },
        ]);
        var path = StatusQuery.Project(project.Id);
        var text = await TextAsync(path);
        Assert.Contains("2 days ago", text, StringComparison.Ordinal);
        foreach (
            var part in new[]
            {
                "remove failed",
                "CAN_VIEW_DATA",
                "no longer declared",
                "the vendor answered 503",
                "approved by kim",
                "revision 9f1c2e4b7a8d",
            }
        )
            Assert.Contains(part, text, StringComparison.Ordinal);
        _worker.History = new([], "the state file is gone; name one with --state");
        Assert.Contains(
            "The audit trail cannot be read: the state file is gone; name one with the setting state",
            await TextAsync(path),
            StringComparison.Ordinal
        );
        _worker.History = ProjectHistory.None;
        Assert.Contains("Nothing was done here yet.", await TextAsync(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--max-removals allows 2", "the setting maxRemovals allows 2")]
    [InlineData("or run with --allow-host acme.example", "or set allowHosts acme.example")]
    [InlineData("a path below --secrets-dir, without dots", "a path below the setting secretsDir, without dots")]
    [InlineData("asked for by x--state and --unknown-word", "asked for by x--state and --unknown-word")]
    public void Options_of_the_command_line_are_named_as_settings(string message, string shown) =>
        Assert.Equal(shown, SettingNames.InsteadOfOptions(message));

    [Theory]
    [InlineData("standing=unmanaged", "unmanaged")]
    [InlineData("state=invited", "invited")]
    [InlineData("admin=yes", "admin")]
    [InlineData("waits=5", "12 days")]
    [InlineData("ends=yes", "2026-06-24")]
    public async Task People_are_filtered_as_on_the_page_of_a_report(string filter, string inEachRow)
    {
        var html = Whole(await GetAsync($"/people?{filter}"));
        var rows = Row().Matches(html).Select(r => Tag().Replace(r.Value, " ")).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, r => Assert.Contains(inEachRow, r, StringComparison.Ordinal));
        Assert.NotEqual(Row().Count(await GetAsync("/people")), rows.Count);
        Assert.Contains(
            "Nobody fits.",
            await TextAsync("/people?provider=default%2Facme-us"),
            StringComparison.Ordinal
        );
        Assert.Contains("newcomer@", await TextAsync("/people?provider=default%2Facme-eu"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Risks_are_filters_and_a_link_to_the_next_page_keeps_them()
    {
        var page = await GetAsync("/people?risk=no-reason");
        Assert.All(Row().Matches(page), r => Assert.Contains("badge admin", r.Value, StringComparison.Ordinal));
        Assert.All(Row().Matches(page), r => Assert.DoesNotContain("SEC-", r.Value, StringComparison.Ordinal));
        Assert.All(
            Row().Matches(await GetAsync("/people?risk=no-end")),
            r => Assert.DoesNotContain("data-label=\"Until\"><div>", r.Value, StringComparison.Ordinal)
        );
        _worker.Status = WorkerSample.Large(250);
        Assert.Contains(
            "href=\"/people?provider=default%2Facme-eu&amp;risk=no-end&amp;page=3\"",
            await GetAsync("/people?risk=no-end&provider=default%2Facme-eu&page=2"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/projects/default/fraud-detection")]
    public async Task A_held_plan_shows_the_Approval_that_releases_it(string path)
    {
        var plan = _worker.Status.Projects.Single(p => p.State == ProjectState.Held).Planned!.Plan!;
        var text = await TextAsync(path);
        Assert.Contains(plan.Holds[0].Message, text, StringComparison.Ordinal);
        Assert.Contains($"spec: hold: {plan.HeldDigest} reason:", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_shows_its_plan_its_result_its_findings_and_its_people()
    {
        var held = _worker.Status.Projects.Single(p => p.State == ProjectState.Held);
        _worker.Status = WorkerSample.Of(held with { Result = WorkerSample.ResultOf(held.Planned!.Plan!) });
        var text = await TextAsync("/projects/default/fraud-detection");
        Assert.Contains("newcomer@example.com + invite +read", text, StringComparison.Ordinal);
        Assert.Contains("leaver-1@example.com − remove −read −write", text, StringComparison.Ordinal);
        Assert.Contains("2 done, 2 failed, 1 skipped", text, StringComparison.Ordinal);
        Assert.Contains("the seat limit of the account is reached", text, StringComparison.Ordinal);
        Assert.Contains("ana@example.com member admin", text, StringComparison.Ordinal);
        Assert.Contains("2026-06-24 12:00 UTC", text, StringComparison.Ordinal);
        var converged = WorkerSample.Status();
        _worker.Status = converged;
        Assert.Contains(
            "chi@example.com waiting",
            await TextAsync("/projects/default/credit-risk"),
            StringComparison.Ordinal
        );
        Assert.Contains("nothing: dry run", await TextAsync("/projects/default/churn"), StringComparison.Ordinal);
        Assert.Contains(
            "The last reconcile failed, the 3rd in a row: GET /projects/p-7",
            await TextAsync("/projects/default/billing"),
            StringComparison.Ordinal
        );
        Assert.Contains("onboarding new", await TextAsync("/projects/default/onboarding"), StringComparison.Ordinal);
        Assert.Contains("suspend: true", await TextAsync("/projects/default/archive"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_released_plan_says_what_released_it()
    {
        var held = _worker.Status.Projects.Single(p => p.State == ProjectState.Held);
        _worker.Status = WorkerSample.Of(
            held with
            {
                State = ProjectState.Drifted,
                Planned = held.Planned! with
                {
                    Plan = held.Planned.Plan! with
                    {
                        Release = new("the annotation reconciler.dev/approve of people/x.yaml:3:1", "hold:sha256:0"),
                    },
                },
            }
        );
        Assert.Contains(
            "Limits would hold this plan; the annotation reconciler.dev/approve of people/x.yaml:3:1 releases it.",
            await TextAsync("/projects/default/fraud-detection"),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Held plans", await TextAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_what_is_searched_on_the_server_and_tells_whom_it_leaves_out()
    {
        var text = await TextAsync("/people");
        Assert.Contains(
            "Not in this list, because no reconcile has read them: archive, billing, onboarding",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("ana@example.com 3 projects", text, StringComparison.Ordinal);
        var ana = await TextAsync("/people?q=ANA%40example.com+fraud");
        Assert.Contains(
            "1 person in 1 project (of 13 rows in all): 1 membership, 0 invited.",
            ana,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("ben@example.com", ana, StringComparison.Ordinal);
        var invited = await TextAsync("/people?state=invited");
        Assert.Contains("chi@example.com", invited, StringComparison.Ordinal);
        Assert.DoesNotContain("ben@example.com", invited, StringComparison.Ordinal);
        Assert.Contains("Nobody fits.", await TextAsync("/people?q=nobody"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_rows_come_page_by_page()
    {
        _worker.Status = WorkerSample.Large(250);
        var first = await TextAsync("/");
        Assert.Contains("projects 1 to 100 of 250", first, StringComparison.Ordinal);
        Assert.DoesNotContain("project-100", first, StringComparison.Ordinal);
        Assert.Contains("projects 201 to 250 of 250", await TextAsync("/?page=3"), StringComparison.Ordinal);
        Assert.Contains("projects 201 to 250 of 250", await TextAsync("/?page=99999"), StringComparison.Ordinal);
        Assert.Contains("projects 1 to 100 of 250", await TextAsync("/?page=-1"), StringComparison.Ordinal);
        Assert.Contains("1 project ", await TextAsync("/?q=project-117"), StringComparison.Ordinal);
        Assert.Contains("No project fits.", await TextAsync("/?state=held"), StringComparison.Ordinal);
        Assert.Contains("rows 101 to 200 of 2,500", await TextAsync("/people?page=2"), StringComparison.Ordinal);
        Assert.Contains(
            "href=\"/people?q=project&amp;page=3\"",
            await GetAsync("/people?q=project&page=2"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Before_a_revision_is_in_force_and_at_the_end_the_page_says_so()
    {
        _worker.Status = WorkerSample.Starting();
        Assert.Contains("No revision of the manifests is in force yet", await TextAsync("/"), StringComparison.Ordinal);
        Assert.Contains("Nobody fits.", await TextAsync("/people"), StringComparison.Ordinal);
        _worker.Status = WorkerSample.Status() with { IsStopping = true };
        Assert.Contains("The worker is stopping", await TextAsync("/"), StringComparison.Ordinal);
        _worker.Status = WorkerSample.Of();
        Assert.Contains("The manifests declare no project", await TextAsync("/"), StringComparison.Ordinal);
        _worker.Status = WorkerSample.Large(2) with { BeatAt = _clock.Now.AddMinutes(-2) };
        var text = await TextAsync("/");
        Assert.Contains("Every project has the declared access", text, StringComparison.Ordinal);
        Assert.Contains("The scheduler is silent since 2 min ago", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_file_that_was_taken_away_is_the_first_thing_that_is_said()
    {
        var snapshots = new WorkerSnapshotBuilder("https://git.example/people.git", _clock);
        snapshots.SetStateTrouble("the state file /x/state.db was deleted; put it back with: mv /x/a /x/b");
        _worker.Status = WorkerSample.Status() with { StateTrouble = snapshots.Status.StateTrouble };
        var page = await TextAsync("/");
        Assert.Contains("The state file cannot be used", page, StringComparison.Ordinal);
        Assert.Contains("the state file /x/state.db was deleted.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("mv ", page, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await GetAsync("/status.json"));
        Assert.Equal(
            "the state file /x/state.db was deleted",
            json.RootElement.GetProperty("stateTrouble").GetString()
        );
    }

    [Fact]
    public async Task The_page_loads_itself_anew_unless_asked_not_to_and_never_while_somebody_searches_people()
    {
        Assert.Contains(
            "<meta http-equiv=\"refresh\" content=\"30\">",
            await GetAsync("/?state=held"),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("http-equiv", await GetAsync("/?refresh=off"), StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", await GetAsync("/people"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_says_the_same_to_programs()
    {
        using var answer = await _http.GetAsync(
            new Uri("/status.json", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        using var json = JsonDocument.Parse(
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        var root = json.RootElement;
        Assert.Equal("reconciler.dev/status/v1", root.GetProperty("version").GetString());
        Assert.Equal(
            "c0ffee4b7a8d0c3e5f6a7b8c9d0e1f2a3b4c5d6e",
            root.GetProperty("source").GetProperty("brokenRevision").GetString()
        );
        Assert.Equal(
            [true, false],
            root.GetProperty("providers").EnumerateArray().Select(p => p.GetProperty("reachable").GetBoolean())
        );
        var held = root.GetProperty("projects")
            .EnumerateArray()
            .Single(p => p.GetProperty("state").GetString() == "held");
        Assert.Equal(
            _worker.Status.Projects.Single(p => p.State == ProjectState.Held).Planned!.Plan!.Digest,
            held.GetProperty("digest").GetString()
        );
        Assert.Equal("plan", held.GetProperty("holds")[0].GetProperty("scope").GetString());
        Assert.Equal(4, held.GetProperty("planned").GetProperty("remove").GetInt32());
        Assert.Equal(5, held.GetProperty("members").GetInt32());
        Assert.Equal(6, root.GetProperty("projects").GetArrayLength());
    }

    [Fact]
    public async Task Every_answer_forbids_frames_scripts_caches_and_referrers()
    {
        foreach (var path in new[] { "/", "/people", "/status.json", "/nothing", "/projects/default/nothing" })
        {
            using var answer = await _http.GetAsync(
                new Uri(path, UriKind.Relative),
                TestContext.Current.CancellationToken
            );
            Assert.Equal(
                path.EndsWith("nothing", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.OK,
                answer.StatusCode
            );
            string Header(string name) => string.Join(' ', answer.Headers.GetValues(name));
            Assert.Matches(
                "^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; "
                    + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'$",
                Header("Content-Security-Policy")
            );
            Assert.Equal(
                ("nosniff", "no-referrer", "no-store", "DENY", "same-origin"),
                (
                    Header("X-Content-Type-Options"),
                    Header("Referrer-Policy"),
                    Header("Cache-Control"),
                    Header("X-Frame-Options"),
                    Header("Cross-Origin-Resource-Policy")
                )
            );
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task It_only_reads()
    {
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Options })
        {
            using var answer = await _http.SendAsync(new(method, "/"), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        }

        using var head = await _http.SendAsync(new(HttpMethod.Head, "/"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1:8080", 200)]
    [InlineData("[::1]:9", 200)]
    [InlineData("LOCALHOST:1", 200)]
    [InlineData("evil.example", 421)]
    [InlineData("localhost.evil.example", 421)]
    [InlineData("127.0.0.1.evil.example:80", 421)]
    [InlineData("10.0.0.7", 421)]
    public async Task Without_a_token_it_answers_to_the_names_of_this_machine_only(string host, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/status.json");
        request.Headers.Host = host;
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
        if (status != 200)
            Assert.DoesNotContain(
                "example.com",
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
    }

    [Theory]
    [InlineData("Bearer", Token, 200)]
    [InlineData("bearer", Token, 200)]
    [InlineData("Basic", "anybody:" + Token, 200)]
    [InlineData("Basic", ":" + Token, 200)]
    [InlineData("Bearer", Token + "x", 401)]
    [InlineData("Bearer", "", 401)]
    [InlineData("Basic", Token, 401)]
    [InlineData("Basic", Token + ":", 401)]
    [InlineData("Digest", Token, 401)]
    [InlineData(null, null, 401)]
    public async Task With_a_token_only_who_says_it_sees_anything(string? scheme, string? said, int status)
    {
        await using var listener = await GuardedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Local(listener)}/status.json");
        request.Headers.Host = "status.example";
        if (scheme is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue(
                scheme,
                scheme == "Basic" ? Convert.ToBase64String(Encoding.UTF8.GetBytes(said!)) : said
            );
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
        if (status == 401)
            Assert.Equal("Basic realm=\"Reconciler\", charset=\"UTF-8\"", answer.Headers.WwwAuthenticate.ToString());
        if (status == 401)
            Assert.Equal(
                "unauthorized\n",
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
            );
    }

    [Fact]
    public async Task A_token_that_is_rotated_counts_at_once_and_one_that_is_gone_lets_nobody_in()
    {
        await using var listener = await GuardedAsync();
        await File.WriteAllTextAsync(TokenFile, "another token, long enough\n", TestContext.Current.CancellationToken);
        Assert.Equal(401, await StatusOfAsync(listener, Token));
        Assert.Equal(200, await StatusOfAsync(listener, "another token, long enough"));
        File.Delete(TokenFile);
        Assert.Equal(503, await StatusOfAsync(listener, Token));
    }

    [Theory]
    [InlineData(":0")]
    [InlineData("0.0.0.0:0")]
    [InlineData("192.0.2.1:0")]
    public async Task It_does_not_start_where_others_reach_it_without_a_token(string address)
    {
        await using var listener = new StatusListener(new(ListenAddress.Parse(address)!), _worker, _clock);
        var refused = await Assert.ThrowsAsync<ListenerException>(() =>
            listener.StartAsync(TestContext.Current.CancellationToken)
        );
        Assert.Contains("set a token, or listen on 127.0.0.1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_does_not_start_with_a_token_that_is_too_short()
    {
        await File.WriteAllTextAsync(TokenFile, "short", TestContext.Current.CancellationToken);
        await using var listener = new StatusListener(
            new(new(IPAddress.Loopback, 0)) { TokenFile = TokenFile },
            _worker,
            _clock
        );
        await Assert.ThrowsAsync<ListenerException>(() => listener.StartAsync(TestContext.Current.CancellationToken));
    }

    [Property(MaxTest = 40)]
    public void Whatever_others_write_stays_text(HostileRun run)
    {
        var status = HostileStatus.Of(run);
        foreach (var (path, html) in HostileStatus.Pages(status, run.Sentence()))
        {
            var tags = Tag().Matches(Style().Replace(html, "<style></style>"));
            Assert.All(tags, t => Assert.Contains(t.Groups["name"].Value, Tags));
            Assert.All(tags, t => Assert.Matches(Shape(), t.Value));
            Assert.DoesNotContain(html, c => char.IsControl(c) && c != '\n');
            Assert.DoesNotContain('\u202e', html);
            Assert.Equal(html.Count(c => c == '<'), tags.Count + Style().Match(html).Value.Count(c => c == '<') - 2);
            Assert.All(Link().Matches(html), l => Assert.Matches("^(?:/(?!/)|#)", l.Groups["to"].Value));
            Assert.StartsWith("/", path, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_page_over_ten_thousand_rows_is_made_quickly_enough()
    {
        var status = WorkerSample.Large(1_000);
        var start = TimeProvider.System.GetTimestamp();
        var page = new PeoplePage(status, new("/people") { Search = "person-77" }, WorkerSample.Now).Answer();
        Assert.Contains("of 10,000 rows in all", page.Body, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Times_are_told_as_people_say_them()
    {
        var now = WorkerSample.Now;
        Assert.Equal(
            ["now", "7 s ago", "in 8 min", "59 min ago", "47 h ago", "2 days ago"],
            new[] { 0.0, 7, -480, 3599, 47.9 * 3600, 48 * 3600 }.Select(s =>
                StatusWords.Distance(now.AddSeconds(-s), now)
            )
        );
    }

    // Where a word may break it is one word all the same.
    private static string Whole(string html) => html.Replace("<wbr>", "", StringComparison.Ordinal);

    private async Task<StatusListener> GuardedAsync()
    {
        await File.WriteAllTextAsync(TokenFile, Token + "\n", TestContext.Current.CancellationToken);
        var listener = new StatusListener(new(new(IPAddress.Any, 0)) { TokenFile = TokenFile }, _worker, _clock);
        await listener.StartAsync(TestContext.Current.CancellationToken);
        return listener;
    }

    // It listens on every address; a client has to name one.
    private static string Local(StatusListener listener) =>
        listener.Url.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);

    private async Task<int> StatusOfAsync(StatusListener listener, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Local(listener));
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    private async Task<string> GetAsync(string path) =>
        await _http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    // What a reader sees, with single spaces.
    private async Task<string> TextAsync(string path) =>
        Space()
            .Replace(WebUtility.HtmlDecode(Tag().Replace(Style().Replace(Whole(await GetAsync(path)), ""), " ")), " ")
            .Replace(" .", ".", StringComparison.Ordinal)
            .Replace(" :", ":", StringComparison.Ordinal)
            .Replace(" ,", ",", StringComparison.Ordinal);

    [GeneratedRegex("<tr>\\s*<th scope=\"row\".*?</tr>", RegexOptions.Singleline, 60_000)]
    private static partial Regex Row();

    [GeneratedRegex("<style>[^<]*</style>|<script>.*?</script>", RegexOptions.Singleline, 60_000)]
    private static partial Regex Style();

    [GeneratedRegex("</?(?<name>[^ >\n]+)[^>]*>", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex("^</?[!a-z0-9]+(?: [a-zA-Z-]+(?:=\"[^\"<>]*\")?)*/?>$", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();

    [GeneratedRegex(
        "(?:href|action|src)=\"(?<to>[^\"]*)\"",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Link();

    [GeneratedRegex("\\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Space();
}
