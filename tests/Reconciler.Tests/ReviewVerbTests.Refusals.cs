using System.Text.Json.Nodes;

namespace Reconciler.Tests;

/// <summary>Decisions that are refused: of other manifests, in a wrong file, without a repository.</summary>
public sealed partial class ReviewVerbTests
{
    [Fact]
    public async Task Decisions_of_other_manifests_are_refused_with_what_changed_and_nothing_is_written()
    {
        await DecideAsync(("dora@example.com", "revoke"));
        await File.AppendAllTextAsync(Path.Combine(People, "teams.yaml"), "\n# later\n", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(People, "more.yaml"), "# nothing\n", Cancellation);
        var (code, text) = await ApplyAsync();
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains(
            "  people/more.yaml: is new\n  people/teams.yaml: has changed\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains($"The review read commit {Git("rev-parse", "HEAD").Trim()}", text, StringComparison.Ordinal);
        Assert.Equal("main", Branches());
    }

    [Fact]
    public async Task A_review_that_read_them_from_elsewhere_says_so()
    {
        await DecideAsync(("dora@example.com", "revoke"));
        var (code, text) = await RunAsync("review", "apply", "decisions.json", People);
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains("run it from the same folder, with the same paths", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_committed_is_named_since_the_branch_starts_at_the_commit()
    {
        var projects = Path.Combine(People, "projects.yaml");
        await File.AppendAllTextAsync(projects, "\n# not committed\n", Cancellation);
        await DecideAsync(("dora@example.com", "revoke"));
        var (code, text) = await ApplyAsync();
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("projects.yaml: differs from the commit that is checked out", text, StringComparison.Ordinal);
        Assert.Equal("main", Branches());
    }

    [Theory]
    [InlineData(
        "\"decision\": \"revoke\"",
        "\"decision\": \"remove\"",
        "decisions[0].decision: is \"remove\"; expected keep"
    )]
    [InlineData("\"person\":", "\"who\":", "decisions[0].person: is missing; expected a text")]
    [InlineData("decisions/v1", "decisions/v9", "version: is \"reconciler.dev/access-review-decisions/v9\"")]
    [InlineData("\"masked\": false", "\"masked\": true", "review.provenance.masked: is true: addresses are masked")]
    [InlineData("default/fraud-detection", "default/elsewhere", "names the project elsewhere")]
    public async Task A_wrong_file_is_refused_with_its_line(string right, string wrong, string message)
    {
        await DecideAsync(("dora@example.com", "revoke"));
        var file = Path.Combine(_folder.FullName, "decisions.json");
        var text = await File.ReadAllTextAsync(file, Cancellation);
        await File.WriteAllTextAsync(file, text.Replace(right, wrong, StringComparison.Ordinal), Cancellation);
        var (code, said) = await ApplyAsync();
        Assert.Equal(ExitCode.Problems, code);
        Assert.Matches("error: decisions\\.json:[0-9]+:[0-9]+: ", said);
        Assert.Contains(message, said, StringComparison.Ordinal);
        Assert.Equal("main", Branches());
    }

    [Fact]
    public async Task Text_of_the_file_reaches_the_terminal_escaped()
    {
        await DecideAsync(("stranger@partner.example", "revoke"));
        await EditAsync(file => file["decisions"]![0]!["person"] = "\u001b[31mstranger\n\u202e@partner.example");
        var (code, text) = await ApplyAsync();
        Assert.True(code == ExitCode.Partly, text);
        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\u202e', text);
        Assert.Contains("@partner.example in clarifeye-eu: fraud-detection: no", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_field_of_another_type_is_told_at_its_place()
    {
        await DecideAsync(("dora@example.com", "revoke"));
        await EditAsync(file =>
        {
            file["review"]!["at"] = "--x;y";
            var files = file["review"]!["provenance"]!["manifests"]!["files"]!.AsArray();
            files.Add(files[0]!.DeepClone());
            var row = file["decisions"]![0]!;
            row["decision"] = 5;
            row["owned"] = "yes";
            row["comment"] = new JsonObject();
        });
        var (code, text) = await ApplyAsync();
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains("review.at: is \"--x;y\"; expected a time such as 2026", text, StringComparison.Ordinal);
        Assert.Matches("files\\[[0-9]+\\]\\.path: repeats \"people/.+\"; expected each file once", text);
        Assert.Contains("decision: is the number 5; expected keep, revoke or null", text, StringComparison.Ordinal);
        Assert.Contains("owned: is the text \"yes\"; expected true or false", text, StringComparison.Ordinal);
        Assert.Contains("decisions[0].comment: is a mapping; expected a text", text, StringComparison.Ordinal);
        Assert.Equal("main", Branches());
    }

    [Fact]
    public async Task A_folder_without_a_repository_is_said()
    {
        await DecideAsync(("dora@example.com", "revoke"));
        Directory.Delete(Path.Combine(_folder.FullName, ".git"), recursive: true);
        var (code, text) = await ApplyAsync();
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("not a git repository", text, StringComparison.Ordinal);
        Assert.Contains("No branch is made.", text, StringComparison.Ordinal);
    }
}
