using Reconciler.Sandbox.Faults;

namespace Reconciler.Tests;

/// <summary>
/// What a summary says: only what is known, people counted as people, and nothing promised that a limit holds.
/// </summary>
public sealed class UnreadableTests
{
    private const string Bob = "{email: bob@example.com, access: {roles: [collaborator]}}";

    [Theory]
    [InlineData("plan", "Nothing is known: 5 of 5 projects could not be read.")]
    [InlineData("plan --format markdown", "**Nothing is known: 5 of 5 projects could not be read.**")]
    [InlineData("plan --format github", "Nothing is known: 5 of 5 projects could not be read.")]
    [InlineData("apply --yes", "Nothing is known: 5 of 5 projects could not be read.")]
    [InlineData("report", "Nothing is known: 5 of 5 projects could not be read.")]
    [InlineData("report --format markdown", "Nothing is known: 5 of 5 projects could not be read.")]
    [InlineData("report --format html", "Nothing is known: 5 of 5 projects could not be read.")]
    public async Task Everything_unreadable_is_nothing_known(string line, string expected)
    {
        await using var scene = await RecordScene.StartAsync("bob@example.com");
        scene.Sandbox.Inject(Fault.Answer(500) with { Times = null });
        var (code, text) = await scene.RunAsync(line.Split(' '));
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        foreach (var wrong in (string[])["No changes", "0 people", "Applied: 0"])
            Assert.DoesNotContain(wrong, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_unreadable_is_said_in_JSON_by_how_many_were_read()
    {
        await using var scene = await RecordScene.StartAsync();
        scene.Sandbox.Inject(Fault.Answer(500) with { Times = null });
        var (code, document) = await scene.JsonAsync("plan");
        var summary = document.GetProperty("summary");
        Assert.Equal(
            (ExitCode.Failed, 5, 0, 5),
            (
                code,
                summary.GetProperty("projects").GetInt32(),
                summary.GetProperty("read").GetInt32(),
                summary.GetProperty("failed").GetInt32()
            )
        );
    }

    [Fact]
    public async Task Where_some_projects_are_unreadable_the_others_are_told_and_those_are_not()
    {
        await using var scene = await RecordScene.StartAsync();
        scene.Sandbox.Inject(Fault.Answer(500) with { Path = RecordScene.Project(2), Times = null });
        var (code, text) = await scene.RunAsync("plan");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(
            "No changes where something is known. 1 person in the 4 of 5 projects that could be read has the declared access.",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("Failed: 1 project could not be read; nothing is known of it.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_person_in_five_projects_is_one_person_everywhere()
    {
        await using var scene = await RecordScene.StartAsync("bob@example.com");
        scene.Declare(5, others: Bob);
        Assert.Contains("2 people, 10 memberships.", (await scene.RunAsync("validate")).Text, StringComparison.Ordinal);
        Assert.Contains(
            "No changes. 2 people in 5 projects have the declared access.",
            (await scene.RunAsync("apply", "--yes")).Text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "2 people in 5 projects at 1 provider: 10 memberships (5 with administration)",
            (await scene.RunAsync("report")).Text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "5 projects, 2 people.",
            (await scene.PlayAsync("state", "show")).Text,
            StringComparison.Ordinal
        );
        var (_, plan) = await scene.JsonAsync("plan");
        Assert.Equal(
            (2, 10),
            (
                plan.GetProperty("summary").GetProperty("converged").GetInt32(),
                plan.GetProperty("summary").GetProperty("memberships").GetInt32()
            )
        );
        var (_, checkedJson) = await scene.JsonAsync("validate");
        Assert.Equal(
            (2, 10),
            (
                checkedJson.GetProperty("summary").GetProperty("people").GetInt32(),
                checkedJson.GetProperty("summary").GetProperty("memberships").GetInt32()
            )
        );
    }

    [Fact]
    public async Task What_is_held_is_not_counted_as_to_remove()
    {
        await using var scene = await RecordScene.StartAsync("bob@example.com", "cyd@example.com");
        scene.Declare(1, "", "  prune: all\n", "{email: dan@example.com, access: {roles: [collaborator]}}");
        string[] limit = ["--max-removals", "0"];
        var (_, text) = await scene.RunAsync(["plan", .. limit]);
        Assert.Contains("Plan: 1 to invite, 0 to remove, in 1 of 1 project.", text, StringComparison.Ordinal);
        Assert.Contains("Held: 2 to remove in 1 project; nothing held is applied.", text, StringComparison.Ordinal);
        var (_, markdown) = await scene.RunAsync(["plan", "--format", "markdown", .. limit]);
        Assert.Contains(
            "1 to invite, 0 to remove, <b>removals held</b>: 2 to remove",
            markdown,
            StringComparison.Ordinal
        );
        var (_, document) = await scene.JsonAsync(["plan", .. limit]);
        var summary = document.GetProperty("summary");
        Assert.Equal(
            (1, 0, 2),
            (
                summary.GetProperty("invite").GetInt32(),
                summary.GetProperty("remove").GetInt32(),
                summary.GetProperty("heldActions").GetProperty("remove").GetInt32()
            )
        );
        Assert.Contains(
            "0 leaving with the next apply, 2 held.",
            (await scene.RunAsync(["report", .. limit])).Text,
            StringComparison.Ordinal
        );
    }
}
