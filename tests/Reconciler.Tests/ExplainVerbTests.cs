using Reconciler.Sandbox.Faults;

namespace Reconciler.Tests;

/// <summary><c>explain</c>: why one person has access, and what becomes of it.</summary>
public sealed class ExplainVerbTests
{
    private const string Peter = "{email: peter@example.com, access: {roles: [collaborator]}}";

    private const string Teams = """
        ---
        apiVersion: reconciler.dev/v1alpha1
        kind: Team
        metadata: {name: crew}
        spec:
          members:
          - {team: on-call, reason: rota}
        ---
        apiVersion: reconciler.dev/v1alpha1
        kind: Team
        metadata: {name: on-call}
        spec:
          members:
          - {email: peter@example.com, expiresAt: 2099-12-31}

        """;

    [Fact]
    public async Task Every_project_says_why_since_when_until_when_and_what_is_next()
    {
        await using var scene = await RecordScene.StartAsync();
        scene.Declare(2, Teams, others: "{team: crew, access: {roles: [collaborator]}, reason: SEC-1}");
        Assert.Equal(ExitCode.Done, (await scene.RunAsync("apply", "--yes")).Code);
        var (code, text) = await scene.RunAsync("explain", "peter@example.com");
        Assert.True(code == ExitCode.Done, text);
        Assert.Contains("peter@example.com\n\nequinix-metal: p1", text, StringComparison.Ordinal);
        Assert.Contains("  access      invited: collaborator\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "why people.yaml:10:5 team crew → people.yaml:27:5 team on-call → people.yaml:34:5 "
                + "until 2099-12-31, reason: rota invited",
            Flat(text),
            StringComparison.Ordinal
        );
        Assert.Contains($"  since       {Today}\n", text, StringComparison.Ordinal);
        Assert.Contains("  until       2099-12-31\n", text, StringComparison.Ordinal);
        Assert.Contains("  next apply  changes nothing\n", text, StringComparison.Ordinal);
        Assert.Contains("Found in 2 of 2 projects: 2 invited.\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text.Split('\n'), l => l.Length > 80);
    }

    [Fact]
    public async Task What_the_next_apply_takes_away_names_the_limit_that_holds_it()
    {
        await using var scene = await RecordScene.StartAsync("peter@example.com");
        scene.Declare(5, others: Peter);
        Assert.Equal(ExitCode.Done, (await scene.RunAsync("apply", "--yes")).Code);
        scene.Declare(5);
        var (code, text) = await scene.RunAsync("explain", "peter@example.com", "--max-removals", "2");
        Assert.True(code == ExitCode.Done, text);
        Assert.Contains(
            "  why         Reconciler granted it, and no manifest declares it any more\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "  next apply  remove [−collaborator]: not declared any more; prune: owned\n  held by     ",
            text,
            StringComparison.Ordinal
        );
        var (_, document) = await scene.JsonAsync("explain", "peter@example.com", "--max-removals", "2");
        var next = Assert.Single(document.GetProperty("accesses")[0].GetProperty("nextApply").EnumerateArray());
        Assert.Equal("remove", next.GetProperty("action").GetString());
        Assert.NotEmpty(next.GetProperty("heldBy").EnumerateArray());
    }

    [Fact]
    public async Task Somebody_unmanaged_or_protected_is_explained_too()
    {
        await using var scene = await RecordScene.StartAsync("bot@example.com", "mallory@example.com");
        var (_, mallory) = await scene.RunAsync("explain", "mallory@example.com", "--project", "p1");
        Assert.Contains(
            "  why         unmanaged: no manifest declares it; prune: owned leaves it\n",
            mallory,
            StringComparison.Ordinal
        );
        Assert.Contains("  next apply  changes nothing\n", mallory, StringComparison.Ordinal);
        var (_, bot) = await scene.RunAsync("explain", "bot@example.com", "--project", "p1");
        Assert.Contains(
            "why not managed: bot@example.com is the account that Reconciler acts as",
            Flat(bot),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_address_that_is_found_nowhere_is_said_with_near_ones_and_exit_1()
    {
        await using var scene = await RecordScene.StartAsync("peter@example.com");
        var (code, text) = await scene.RunAsync("explain", "petr@example.com");
        Assert.True(code == ExitCode.Failed, text);
        Assert.Contains(
            "Found nowhere: petr@example.com is not in 5 projects, in the manifests or in the state.\n"
                + "Similar: peter@example.com.\n",
            text,
            StringComparison.Ordinal
        );
        var (same, document) = await scene.JsonAsync("explain", "petr@example.com");
        Assert.Equal((ExitCode.Failed, false), (same, document.GetProperty("found").GetBoolean()));
        Assert.Equal("peter@example.com", document.GetProperty("similar")[0].GetString());
    }

    [Fact]
    public async Task Offline_nothing_is_sent_and_manifests_and_state_still_explain()
    {
        await using var scene = await RecordScene.StartAsync();
        scene.Declare(2, others: Peter);
        Assert.Equal(ExitCode.Done, (await scene.RunAsync("apply", "--yes")).Code);
        scene.Sandbox.ForgetRequests();
        var (code, text) = await scene.RunAsync("explain", "peter@example.com", "--offline");
        Assert.True(code == ExitCode.Done, text);
        Assert.Empty(scene.Sandbox.Requests);
        Assert.Contains("  access      declared: collaborator\n", text, StringComparison.Ordinal);
        Assert.Contains($"  since       {Today}\n", text, StringComparison.Ordinal);
        Assert.Contains(
            $"  state       invited on {Today}, not accepted when last seen\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("unknown: the vendor was not asked (--offline)\n", text, StringComparison.Ordinal);
        var (missing, nobody) = await scene.RunAsync("explain", "petre@example.com", "--offline");
        Assert.True(missing == ExitCode.Failed, nobody);
        Assert.Contains("Similar: peter@example.com.\n", nobody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_that_cannot_be_read_is_named_and_exit_1()
    {
        await using var scene = await RecordScene.StartAsync("peter@example.com");
        scene.Sandbox.Inject(
            Fault.Answer(403, """{"error":"no"}""") with
            {
                Path = RecordScene.Project(2),
                Times = null,
            }
        );
        var (code, text) = await scene.RunAsync("explain", "peter@example.com");
        Assert.True(code == ExitCode.Failed, text);
        Assert.Contains("failed: equinix-metal: p2", text, StringComparison.Ordinal);
        Assert.Contains("Found in 4 of 4 projects", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_masked_explanation_has_neither_address_nor_name()
    {
        await using var scene = await RecordScene.StartAsync("peter.smith@example.com");
        scene.Declare(1, others: "{email: ann@example.com, access: {roles: [collaborator]}}");
        Assert.Equal(ExitCode.Done, (await scene.RunAsync("apply", "--yes")).Code);
        foreach (var person in (string[])["peter.smith@example.com", "ann@example.com", "nobody@example.com"])
        {
            var (_, text) = await scene.RunAsync("explain", person, "--mask-emails");
            Assert.DoesNotContain('@', text);
            Assert.DoesNotContain("Smith", text, StringComparison.Ordinal);
            var (_, json) = await scene.RunAsync("explain", person, "--mask-emails", "--format", "json");
            Assert.DoesNotContain('@', json);
            Assert.DoesNotContain("Smith", json, StringComparison.Ordinal);
        }
    }

    // The text in one line, wherever it was broken.
    private static string Flat(string text) =>
        string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static string Today =>
        DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
