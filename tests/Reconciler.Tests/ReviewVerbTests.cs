using System.Text.Json.Nodes;
using Reconciler.Sandbox;
using Reconciler.Testing.Reports.Review;
using Reconciler.Testing.Sources.Git;
using Reconciler.Verbs;

namespace Reconciler.Tests;

/// <summary><c>review apply</c>: from a page in a browser to a branch in a real repository.</summary>
public sealed partial class ReviewVerbTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Dora = """
          # The auditor.
          - email: dora@example.com # until summer
            role: analyst
            reason: SEC-7
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-review-");
    private SandboxServer _sandbox = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string People => Path.Combine(_folder.FullName, "people");

    public async ValueTask InitializeAsync()
    {
        _sandbox = await DemoRun.StartAsync();
        Directory.CreateDirectory(People);
        foreach (var (name, manifests) in DemoStory.Before)
            await File.WriteAllTextAsync(Path.Combine(People, name), manifests, Cancellation);
        var projects = Path.Combine(People, "projects.yaml");
        var text = await File.ReadAllTextAsync(projects, Cancellation);
        var at = text.IndexOf("  - {team: platform", StringComparison.Ordinal);
        await File.WriteAllTextAsync(projects, text.Insert(at, $"{Dora}\n"), Cancellation);
        Git("init", "--quiet", "--initial-branch=main");
        Git("config", "user.name", "Alex");
        Git("config", "user.email", "alex@example.com");
        Git("add", "--all");
        Git("commit", "--quiet", "--message", "Declare who has access");
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_is_clicked_on_the_page_becomes_a_branch_and_everything_else_stays()
    {
        var browser = chromium.Browser;
        Assert.Equal(ExitCode.Done, (await ReportAsync("html", "access.html")).Code);
        var page = await browser.NewPageAsync();
        await page.GotoAsync(new Uri(Path.Combine(_folder.FullName, "access.html")).AbsoluteUri);
        await page.FillAsync("#search", "dora@");
        await page.ClickAsync("#body .choice.revoke");
        await page.FillAsync("#body .comment", "left the audit");
        await page.FillAsync("#reviewer", "Kim");
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#export"));
        await download.SaveAsAsync(Path.Combine(_folder.FullName, "decisions.json"));

        var (code, text) = await ApplyAsync("--branch", "review/autumn");

        Assert.True(code == ExitCode.Done, text);
        Assert.Contains(
            "dora@example.com in clarifeye-eu: fraud-detection (people/projects.yaml:",
            text,
            StringComparison.Ordinal
        );
        var change = Git("show", "--format=%an%n%s%n%b", "review/autumn");
        Assert.StartsWith(
            "Alex\nRevoke access of 1 person after the access review\n",
            change,
            StringComparison.Ordinal
        );
        Assert.Contains("Reviewed by Kim.", change, StringComparison.Ordinal);
        Assert.Contains(
            "- dora@example.com in clarifeye-eu: fraud-detection (left the audit)",
            change,
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["-  - email: dora@example.com # until summer", "-    role: analyst", "-    reason: SEC-7"],
            Git("diff", "main", "review/autumn")
                .Split('\n')
                .Where(l => l.StartsWith('-') || l.StartsWith('+'))
                .Where(l => l is not ['-', '-', '-', ..] and not ['+', '+', '+', ..])
        );
        Assert.Equal("", Git("status", "--porcelain", "--untracked-files=no"));
        Assert.Equal("main", Git("branch", "--show-current").Trim());
    }

    [Fact]
    public async Task What_editing_cannot_revoke_is_told_with_what_to_do()
    {
        await DecideAsync(
            ("dora@example.com", "revoke"),
            ("bob@example.com", "revoke"),
            ("stranger@partner.example", "revoke"),
            ("bot@example.com", "revoke"),
            ("carol@example.com", "keep")
        );
        var (code, text) = await ApplyAsync();
        Assert.True(code == ExitCode.Partly, text);
        Assert.Contains("Decided: 1 keep, 4 revoke.", text, StringComparison.Ordinal);
        Assert.Contains(
            "bob@example.com in clarifeye-eu: fraud-detection: it comes through the team analysts: take the person out "
                + "of the team (people/teams.yaml:",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("equinix-metal: bare-metal", text, StringComparison.Ordinal);
        Assert.Contains(
            "stranger@partner.example in clarifeye-eu: fraud-detection: no manifest declares it: "
                + "take it out at the vendor",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("Left to do by hand:", Git("log", "-1", "--format=%b", Branch()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_branch_that_exists_is_never_moved_and_a_dry_run_makes_none()
    {
        await DecideAsync(("dora@example.com", "revoke"));
        var (code, text) = await ApplyAsync("--dry-run");
        Assert.True(code == ExitCode.Done, text);
        Assert.Contains("Would take out of 1 file:", text, StringComparison.Ordinal);
        Assert.Equal("main", Branches());
        (code, text) = await ApplyAsync("--branch", "main");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("the branch main exists already", text, StringComparison.Ordinal);
        (code, text) = await ApplyAsync("--branch=-x");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("is no name that git accepts", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keep", "kept")]
    [InlineData(null, "not decided")]
    public async Task An_entry_stays_where_another_row_of_the_person_was_not_revoked(string? decision, string word)
    {
        await DecideAsync(("dora@example.com", "revoke"));
        await EditAsync(file => AddInvitation(file, decision));
        var (code, text) = await ApplyAsync();
        Assert.True(code == ExitCode.Partly, text);
        Assert.Contains(
            "dora@example.com in clarifeye-eu: fraud-detection: the account dora@example.com was revoked and the "
                + $"invitation of dora@example.com was {word}, and one entry declares both: take the account "
                + "dora@example.com out at the vendor",
            text,
            StringComparison.Ordinal
        );
        Assert.Equal("main", Branches());
    }

    [Fact]
    public async Task The_entry_is_taken_out_once_where_every_row_of_the_person_is_revoked()
    {
        await DecideAsync(("dora@example.com", "revoke"));
        await EditAsync(file => AddInvitation(file, "revoke"));
        var (code, text) = await ApplyAsync();
        Assert.True(code == ExitCode.Done, text);
        Assert.DoesNotContain("dora@", Git("show", $"{Branch()}:people/projects.yaml"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prune: owned", true, null)]
    [InlineData("prune: all", false, null)]
    [InlineData("prune: owned", false, "not owned, as far as the review knew: the next apply may leave the access")]
    [InlineData("prune: never", true, "the project has prune: never, so an apply leaves the access at the vendor")]
    [InlineData("dryRun: true", true, "the project has dryRun: true, so no apply takes the access away")]
    public async Task An_edit_says_where_the_next_apply_may_leave_the_access(string spec, bool owned, string? advice)
    {
        await InsertAsync("  members:", $"  {spec}\n");
        await DecideAsync(("dora@example.com", "revoke"));
        await EditAsync(file => Present(file["decisions"]![0]!, owned));
        var (code, text) = await ApplyAsync();
        Assert.True(code == (advice is null ? ExitCode.Done : ExitCode.Partly), text);
        Assert.Contains(advice ?? "Taken out of 1 file:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("dora@", Git("show", $"{Branch()}:people/projects.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advice_about_a_team_names_the_persons_own_entries_too()
    {
        await InsertAsync("  - {team: platform", "  - {email: bob@example.com, role: analyst}\n");
        await DecideAsync(("bob@example.com", "revoke"));
        var (code, text) = await ApplyAsync();
        Assert.True(code == ExitCode.Partly, text);
        Assert.Contains("it comes through the team analysts", text, StringComparison.Ordinal);
        Assert.Matches("the person is also named at people/projects\\.yaml:[0-9]+:[0-9]+: take that out too", text);
        Assert.Equal("main", Branches());
    }

    [Fact]
    public async Task The_suggested_command_quotes_a_branch_that_a_shell_would_act_on()
    {
        await DecideAsync(("dora@example.com", "revoke"));
        var (code, text) = await ApplyAsync("--branch", "review/a;b'c");
        Assert.True(code == ExitCode.Done, text);
        Assert.Contains(@"git show 'review/a;b'\''c'", text, StringComparison.Ordinal);
    }

    private string Branch() => Git("for-each-ref", "--format=%(refname:short)", "refs/heads/access-review-*").Trim();

    private string Branches() => Git("for-each-ref", "--format=%(refname:short)", "refs/heads").Trim();

    private Task<(int Code, string Text)> ReportAsync(string format, string file) =>
        RunAsync("report", "people", "--format", format, "--out", file, "--no-state");

    private Task<(int Code, string Text)> ApplyAsync(params string[] more) =>
        RunAsync(["review", "apply", "decisions.json", "people", .. more]);

    // The decisions that the page would export, for people of the first project.
    private async Task DecideAsync(params (string Person, string Decision)[] decided)
    {
        Assert.Equal(ExitCode.Done, (await ReportAsync("json", "access.json")).Code);
        var file = Path.Combine(_folder.FullName, "access.json");
        var review = JsonNode.Parse(await File.ReadAllTextAsync(file, Cancellation))!;
        var rows = review["rows"]!.AsArray().ToLookup(r => (string)r!["person"]!);
        var decisions = decided.Select(d =>
        {
            var row = rows[d.Person].First(r => (string)r!["project"]! == "default/fraud-detection")!.DeepClone();
            row["decision"] = d.Decision;
            return (JsonNode?)row;
        });
        var exported = new JsonObject
        {
            ["version"] = "reconciler.dev/access-review-decisions/v1",
            ["review"] = new JsonObject
            {
                ["at"] = review["at"]!.DeepClone(),
                ["provenance"] = review["provenance"]!.DeepClone(),
            },
            ["decisions"] = new JsonArray([.. decisions]),
        };
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "decisions.json"),
            exported.ToJsonString(new() { WriteIndented = true }),
            Cancellation
        );
    }

    private async Task EditAsync(Action<JsonNode> edit)
    {
        var path = Path.Combine(_folder.FullName, "decisions.json");
        var file = JsonNode.Parse(await File.ReadAllTextAsync(path, Cancellation))!;
        edit(file);
        await File.WriteAllTextAsync(path, file.ToJsonString(new() { WriteIndented = true }), Cancellation);
    }

    private static void Present(JsonNode row, bool owned)
    {
        row["state"] = "member";
        row["owned"] = owned;
    }

    // A second row of the same person in the same project, as a left-over invitation has one.
    private static void AddInvitation(JsonNode file, string? decision)
    {
        var rows = file["decisions"]!.AsArray();
        Present(rows[0]!, owned: true);
        var second = rows[0]!.DeepClone();
        second["state"] = "invited";
        second["decision"] = decision;
        rows.Add(second);
    }

    // Before the first such line of the projects, which is one of the first project.
    private async Task InsertAsync(string before, string line)
    {
        var projects = Path.Combine(People, "projects.yaml");
        var text = await File.ReadAllTextAsync(projects, Cancellation);
        var at = text.IndexOf(before, StringComparison.Ordinal);
        await File.WriteAllTextAsync(projects, text.Insert(at, line), Cancellation);
        Git("commit", "--quiet", "--all", "--message", "Change the first project");
    }

    private string Git(params string[] words) => GitWorkTree.Run(_folder.FullName, words);

    private Task<(int Code, string Text)> RunAsync(params string[] words) =>
        DemoRun.RunAsync(_sandbox, _folder.FullName, words);
}
