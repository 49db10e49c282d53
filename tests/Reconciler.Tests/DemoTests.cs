using Reconciler.Testing.Hosts;

namespace Reconciler.Tests;

/// <summary><c>demo</c>, as the README promises it.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_tells_the_whole_story_over_all_five_vendors()
    {
        using var said = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = said,
            Error = said,
            In = TextReader.Null,
            Variable = _ => null,
            Clock = TimeProvider.System,
            Folder = Path.GetTempPath(),
        };

        var code = await Cli.RunAsync(["demo", "--no-color"], environment, TestContext.Current.CancellationToken);

        TellsTheStory(code, said.ToString());
    }

    [Fact]
    [Trait("Runs", "Program")]
    [Trait("Needs", "NamedProgram")]
    public async Task A_named_program_tells_the_same()
    {
        TestedProgram.SkipUnlessNamed();
        var (code, text) = await TestedProgram.RunAsync(
            Path.GetTempPath(),
            new Dictionary<string, string>(StringComparer.Ordinal),
            ["demo", "--no-color"],
            TestContext.Current.CancellationToken
        );

        TellsTheStory(code, text);
    }

    private static void TellsTheStory(int code, string text)
    {
        Assert.True(code == ExitCode.Done, text);
        Assert.All(
            [
                "clarifeye-eu: fraud-detection",
                "confident-ai-eu: evals",
                "equinix-metal: bare-metal",
                "gorules-acme: pricing",
                "redmine-acme: website",
            ],
            p => Assert.Contains(p, text, StringComparison.Ordinal)
        );
        Assert.Contains(
            "Plan: 5 to invite, 1 to update, 0 to remove, in 5 of 5 projects.",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Applied: 5 invited, 1 updated, 0 removed; 0 failed, 0 skipped.",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("Plan: 5 to update, 5 to remove, in 5 of 5 projects.", text, StringComparison.Ordinal);
        Assert.Contains("Applied: 5 updated, 5 removed; 0 failed, 0 skipped.", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("No changes. ").Length - 1);
        Assert.True(text.Count(c => c == '\n') <= 175, "the demo is short enough to be read");
    }
}
