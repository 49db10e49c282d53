using System.Text.Json;
using Reconciler.Core.Ledgers;
using Reconciler.Hosting;
using Reconciler.Runs;
using Reconciler.Testing.Sources.Git;

namespace Reconciler.Tests;

/// <summary>
/// What the audit trail says of who did it: the actor, the run, the source, the line's author, the approver; and the
/// chain over it.
/// </summary>
public sealed class WhoDidItTests
{
    private const string Bob = "{email: bob@example.com, access: {roles: [collaborator]}}";

    private static readonly Dictionary<string, string> GitHub = new(StringComparer.Ordinal)
    {
        ["GITHUB_ACTIONS"] = "true",
        ["GITHUB_ACTOR"] = "octocat",
        ["GITHUB_SERVER_URL"] = "https://github.example",
        ["GITHUB_REPOSITORY"] = "acme/access",
        ["GITHUB_RUN_ID"] = "42",
        ["GITHUB_SHA"] = "0123456789abcdef0123456789abcdef01234567",
    };

    [Fact]
    public async Task Every_entry_names_the_user_the_host_and_the_program()
    {
        await using var scene = await AppliedAsync();
        var (_, text) = await scene.PlayAsync("state", "history");
        Assert.Contains(
            $"    by {Environment.UserName} on {Environment.MachineName}, {ServiceOrigin.Program}\n",
            text,
            StringComparison.Ordinal
        );
        var entry = await FirstAsync(scene);
        Assert.Equal(Environment.UserName, entry.GetProperty("origin").GetProperty("actor").GetString());
        Assert.Equal("author unknown (no git history)", entry.GetProperty("origin").GetProperty("author").GetString());
    }

    [Theory]
    [InlineData(
        "GITHUB_ACTIONS=true GITHUB_ACTOR=octocat GITHUB_SERVER_URL=https://g.example GITHUB_REPOSITORY=a/b GITHUB_RUN_ID=7",
        "octocat",
        "GitHub Actions",
        "https://g.example/a/b/actions/runs/7"
    )]
    [InlineData(
        "GITHUB_ACTIONS=true GITHUB_ACTOR=a GITHUB_TRIGGERING_ACTOR=b GITHUB_SERVER_URL=https://g.example "
            + "GITHUB_REPOSITORY=a/b GITHUB_RUN_ID=7 GITHUB_RUN_ATTEMPT=2",
        "a (run again by b)",
        "GitHub Actions",
        "https://g.example/a/b/actions/runs/7/attempts/2"
    )]
    [InlineData(
        "GITLAB_CI=true GITLAB_USER_LOGIN=gitte CI_JOB_URL=https://l.example/j/1",
        "gitte",
        "GitLab CI",
        "https://l.example/j/1"
    )]
    [InlineData(
        "TF_BUILD=True BUILD_REQUESTEDFOR=Ana SYSTEM_TEAMFOUNDATIONCOLLECTIONURI=https://dev.example/org/ "
            + "SYSTEM_TEAMPROJECT=p BUILD_BUILDID=9",
        "Ana",
        "Azure Pipelines",
        "https://dev.example/org/p/_build/results?buildId=9"
    )]
    [InlineData(
        "JENKINS_URL=https://ci.example BUILD_USER_ID=joe BUILD_URL=https://user:secret@ci.example/job/1/",
        "joe",
        "Jenkins",
        "https://ci.example/job/1/"
    )]
    [InlineData(
        "CIRCLECI=true CIRCLE_USERNAME=cara CIRCLE_BUILD_URL=https://c.example/1",
        "cara",
        "CircleCI",
        "https://c.example/1"
    )]
    [InlineData(
        "BUILDKITE=true BUILDKITE_BUILD_CREATOR=Ben BUILDKITE_BUILD_URL=https://b.example/1",
        "Ben",
        "Buildkite",
        "https://b.example/1"
    )]
    public void A_CI_job_is_named_as_its_environment_tells(string environment, string actor, string service, string run)
    {
        var variables = environment
            .Split(' ')
            .Select(v => v.Split('=', 2))
            .ToDictionary(v => v[0], v => v[1], StringComparer.Ordinal);
        var origin = RunOrigin.Of(variables.GetValueOrDefault);
        Assert.Equal((actor, $"{Environment.MachineName} ({service})", run), (origin.Actor, origin.Host, origin.Run));
    }

    [Fact]
    public async Task A_CI_run_and_its_commit_stand_in_the_history()
    {
        await using var scene = await AppliedAsync(GitHub);
        var (_, text) = await scene.PlayAsync("state", "history");
        Assert.Contains(
            $"    by octocat on {Environment.MachineName} (GitHub Actions), ",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("    run https://github.example/acme/access/actions/runs/42\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "    from https://github.example/acme/access at 0123456789abcdef0123456789abcdef01234567\n",
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task On_a_checkout_the_line_has_its_commit_and_claimed_author()
    {
        await using var scene = await RecordScene.StartAsync();
        scene.Declare(1, others: Bob);
        var commit = Commit(scene.Folder, "Gina <gina@example.com>");
        var origin = (await ApplyAsync(scene)).GetProperty("origin");
        Assert.Equal(
            (commit, "Gina <gina@example.com>"),
            (origin.GetProperty("commit").GetString(), origin.GetProperty("author").GetString())
        );
        Assert.Equal(
            ("https://git.example/acme/access", commit),
            (origin.GetProperty("repository").GetString(), origin.GetProperty("revision").GetString())
        );

        scene.Declare(1, others: [Bob, "{email: cyd@example.com, access: {roles: [collaborator]}}"]);
        var uncommitted = (await ApplyAsync(scene)).GetProperty("origin");
        Assert.Equal(
            ($"{commit}+changes", "author unknown (not committed)"),
            (uncommitted.GetProperty("revision").GetString(), uncommitted.GetProperty("author").GetString())
        );
    }

    [Fact]
    public async Task Where_git_cannot_say_whether_files_changed_nothing_else_is_claimed()
    {
        await using var scene = await RecordScene.StartAsync();
        scene.Declare(1, others: Bob);
        var commit = Commit(scene.Folder, "Gina <gina@example.com>");
        await File.WriteAllTextAsync(
            Path.Combine(scene.Folder, ".git", "index"),
            "broken",
            TestContext.Current.CancellationToken
        );
        var origin = (await ApplyAsync(scene)).GetProperty("origin");
        Assert.Equal($"{commit}+unknown", origin.GetProperty("revision").GetString());
    }

    [Fact]
    public async Task On_a_shallow_checkout_nobody_is_named_for_lines_from_before()
    {
        await using var scene = await RecordScene.StartAsync();
        using var upstream = new Reconciler.Testing.Sources.Git.GitRepository();
        var work = Path.Combine(upstream.Root, "work");
        Directory.CreateDirectory(work);
        scene.Declare(1, others: Bob);
        foreach (var file in (string[])["people.yaml", "connections.yaml"])
            File.Copy(Path.Combine(scene.Folder, file), Path.Combine(work, file));
        Commit(work, "Gina <gina@example.com>");
        Git(work, "commit", "--quiet", "--allow-empty", "-m", "later");
        Git(scene.Folder, "init", "--quiet");
        foreach (var file in (string[])["people.yaml", "connections.yaml"])
            File.Delete(Path.Combine(scene.Folder, file));
        Git(scene.Folder, "fetch", "--quiet", "--depth=1", $"file://{work}", "HEAD");
        Git(scene.Folder, "checkout", "--quiet", "FETCH_HEAD");
        var origin = (await ApplyAsync(scene)).GetProperty("origin");
        Assert.Equal(
            ("", "author unknown (shallow)"),
            (origin.GetProperty("commit").GetString(), origin.GetProperty("author").GetString())
        );
    }

    [Fact]
    public async Task The_approver_of_a_release_stands_at_what_was_released()
    {
        await using var scene = await RecordScene.StartAsync("bob@example.com", "cyd@example.com");
        scene.Declare(1, spec: "  prune: all\n");
        var (_, plan) = await scene.JsonAsync("plan", "--max-removals", "0");
        var digest = plan.GetProperty("projects")[0].GetProperty("hold").GetString()!;
        var (code, text) = await scene.RunAsync("apply", "--yes", "--max-removals", "0", "--approve", digest);
        Assert.True(code == ExitCode.Done, text);
        var (_, history) = await scene.PlayAsync("state", "history", "--format", "jsonl");
        var lines = history
            .TrimEnd('\n')
            .Split('\n')
            .Select(l => JsonDocument.Parse(l).RootElement.GetProperty("entry"))
            .ToList();
        Assert.Equal(
            ["approve", "remove", "remove"],
            lines.Select(l => l.GetProperty("action").GetString()).Order(StringComparer.Ordinal)
        );
        Assert.All(lines, l => Assert.Equal("--approve", l.GetProperty("approver").GetString()));
    }

    [Fact]
    public async Task The_export_is_a_line_an_entry_from_a_day_on_the_oldest_first()
    {
        await using var scene = await AppliedAsync();
        scene.Declare(2, others: Bob);
        await scene.RunAsync("apply", "--yes");
        var (code, text) = await scene.PlayAsync("state", "history", "--format", "jsonl", "--since", "1d");
        Assert.Equal(ExitCode.Done, code);
        var lines = text.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(2, lines.Count);
        Assert.Equal(
            lines[0].GetProperty("seal").GetProperty("hash").GetString(),
            lines[1].GetProperty("seal").GetProperty("previous").GetString()
        );
        Assert.Equal(
            (ExitCode.Done, ""),
            await scene.PlayAsync("state", "history", "--format", "jsonl", "--since", "2999-01-01")
        );
    }

    [Fact]
    public async Task An_apply_prints_the_head_and_verify_finds_it_until_an_entry_is_gone()
    {
        await using var scene = await AppliedAsync();
        scene.Declare(2, others: Bob);
        var (_, applied) = await scene.RunAsync("apply", "--yes");
        var head = applied.Split("Audit head ")[1].Split('\n')[0];
        var (code, text) = await scene.PlayAsync("state", "verify", "--head", head);
        Assert.True(code == ExitCode.Done, text);
        Assert.Contains($"2 entries, head {head}\n", text, StringComparison.Ordinal);
        Assert.Contains("Intact:", text, StringComparison.Ordinal);

        using (
            var raw = new Microsoft.Data.Sqlite.SqliteConnection(
                $"Data Source={Path.Combine(scene.Folder, ".reconciler/state.db")};Pooling=False"
            )
        )
        {
            raw.Open();
            using var delete = raw.CreateCommand();
            delete.CommandText = "DELETE FROM audit WHERE id = 2";
            delete.ExecuteNonQuery();
        }

        Assert.Equal(ExitCode.Done, (await scene.PlayAsync("state", "verify")).Code);
        var (cut, said) = await scene.PlayAsync("state", "verify", "--head", head);
        Assert.Equal(ExitCode.Failed, cut);
        Assert.Contains($"broken: no chain has the head {head}", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_names_the_first_entry_that_was_changed()
    {
        await using var scene = await AppliedAsync();
        using (
            var raw = new Microsoft.Data.Sqlite.SqliteConnection(
                $"Data Source={Path.Combine(scene.Folder, ".reconciler/state.db")};Pooling=False"
            )
        )
        {
            raw.Open();
            using var change = raw.CreateCommand();
            change.CommandText = "UPDATE audit SET actor = 'somebody else'";
            change.ExecuteNonQuery();
        }

        var (code, text) = await scene.PlayAsync("state", "verify");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("broken: equinix-metal ", text, StringComparison.Ordinal);
        Assert.Contains("entry 1 (", text, StringComparison.Ordinal);
        Assert.Contains("was changed after it was written", text, StringComparison.Ordinal);
        var (_, json) = await scene.PlayAsync("state", "verify", "--format", "json");
        Assert.False(JsonDocument.Parse(json).RootElement.GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task A_person_is_erased_from_the_history_once_nothing_is_remembered_of_them()
    {
        await using var scene = await AppliedAsync();
        var (still, refusal) = await scene.PlayAsync("state", "erase", "bob@example.com", "--yes");
        Assert.Equal(ExitCode.Failed, still);
        Assert.Contains("state abandon PROJECT bob@example.com", refusal, StringComparison.Ordinal);
        await scene.PlayAsync("state", "abandon", "p1", "bob@example.com", "--yes");
        var (code, text) = await scene.PlayAsync(
            "state",
            "erase",
            "bob@example.com",
            "--yes",
            "--reason",
            "request 12"
        );
        Assert.True(code == ExitCode.Done, text);
        Assert.DoesNotContain(
            "bob@example.com",
            (await scene.PlayAsync("state", "history")).Text,
            StringComparison.Ordinal
        );
        var (whole, verified) = await scene.PlayAsync("state", "verify");
        Assert.True(whole == ExitCode.Done, verified);
        Assert.Contains("2 with something erased", verified, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_never_sent_has_no_time_and_reminders_count_from_first_sight()
    {
        await using var scene = await RecordScene.StartAsync();
        scene.Declare(1, others: Bob);
        Assert.Equal(ExitCode.Done, (await scene.RunAsync("apply", "--yes", "--no-state")).Code);
        var (_, text) = await scene.RunAsync("apply", "--yes");
        Assert.Contains("No changes.", text, StringComparison.Ordinal);
        var person = JsonDocument
            .Parse((await scene.PlayAsync("state", "show", "--format", "json")).Text)
            .RootElement.GetProperty("projects")[0]
            .GetProperty("people")
            .EnumerateArray()
            .Single(p => p.GetProperty("email").GetString() == "bob@example.com");
        Assert.Equal(JsonValueKind.Null, person.GetProperty("sentAt").ValueKind);
        Assert.NotEqual(JsonValueKind.Null, person.GetProperty("countingFrom").ValueKind);
        var (_, report) = await scene.JsonAsync("report");
        var row = report
            .GetProperty("rows")
            .EnumerateArray()
            .Single(r => r.GetProperty("person").GetString() == "bob@example.com");
        Assert.Equal(JsonValueKind.Null, row.GetProperty("lastMailAt").ValueKind);
        Assert.NotEqual(JsonValueKind.Null, row.GetProperty("countingFrom").ValueKind);
        var shown = (await scene.PlayAsync("state", "show")).Text;
        Assert.DoesNotContain("last mail", shown, StringComparison.Ordinal);
        Assert.Contains("reminders count from ", shown, StringComparison.Ordinal);
    }

    private static async Task<RecordScene> AppliedAsync(IReadOnlyDictionary<string, string>? variables = null)
    {
        var scene = await RecordScene.StartAsync();
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
            scene.Variables[name] = value;
        scene.Declare(1, others: Bob);
        await ApplyAsync(scene);
        return scene;
    }

    private static async Task<JsonElement> ApplyAsync(RecordScene scene)
    {
        var (code, text) = await scene.RunAsync("apply", "--yes");
        Assert.True(code == ExitCode.Done, text);
        return await FirstAsync(scene);
    }

    // The newest entry.
    private static async Task<JsonElement> FirstAsync(RecordScene scene)
    {
        var (_, text) = await scene.PlayAsync("state", "history", "--format", "json");
        return JsonDocument.Parse(text).RootElement.GetProperty("entries")[0].Clone();
    }

    private static string Commit(string folder, string author)
    {
        Git(folder, "init", "--quiet");
        Git(folder, "remote", "add", "origin", "https://user:t0ken@git.example/acme/access");
        Git(folder, "add", "people.yaml", "connections.yaml");
        Git(folder, "commit", "--quiet", "-m", "people", "--author", author);
        return Git(folder, "rev-parse", "HEAD").Trim();
    }

    private static string Git(string folder, params string[] words) =>
        GitWorkTree.Run(folder, ["-c", "user.name=Tess", "-c", "user.email=tess@example.com", .. words]);
}
