using System.Text.Json;
using System.Text.RegularExpressions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Hosting.Reconciling;
using Reconciler.Manifests.Yaml;
using Reconciler.Testing.Documentation;
using Reconciler.Testing.Hosts;
using Reconciler.Testing.Hosts.Worker.Notifications;
using Reconciler.Worker;
using Reconciler.Worker.Notifications;
using Reconciler.Worker.Settings;

namespace Reconciler.Tests.Documentation;

/// <summary>
/// <c>docs/worker</c>: the settings are settings, the commands inside of others are commands, and the example message
/// is one.
/// </summary>
public sealed partial class WorkerPagesTests
{
    public static TheoryData<string> Pages =>
        [.. MarkdownPage.Paths.Where(p => p.StartsWith("docs/worker/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Settings_of_a_page_are_settings(string path) =>
        Assert.All(
            MarkdownPage.Of(path).Blocks.Where(b => b.Language == "yaml" && b.Lines[0] == "# worker.yaml"),
            block =>
            {
                var (documents, problems) = (new List<Node>(), new Problems());
                YamlTreeReader.Read(path, block.Text, problems, documents);
                WorkerSettings.Shape.Read(Assert.Single(documents), problems);
                Assert.Empty(problems.Sorted);
            }
        );

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_command_that_another_program_runs_is_one(string path)
    {
        var lines = MarkdownPage
            .Of(path)
            .Blocks.SelectMany(b => b.Text.Split('\n'))
            .Select(l => InAnother().Match(l))
            .Where(m => m.Success)
            .Select(m => m.Value.Trim());
        Assert.Equal([], lines.SelectMany(CommandLines.ErrorsOf));
    }

    [Fact]
    public void The_example_message_is_the_one_that_is_sent()
    {
        var held = new WorkerEvent(
            WorkerEventKind.Held,
            "default/fraud-detection",
            "12 removals; the Guardrail everywhere allows 10 a project",
            new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero)
        )
        {
            Digest = NotifierBench.Digest,
            Provider = "default/clarifeye-eu",
        };
        var shown = MarkdownPage.Of("docs/worker/notifications.md").Blocks.Single(b => b.Language == "json").Text;

        using var expected = JsonDocument.Parse(NotificationMessage.Of([held], 0, showEmails: false));
        using var actual = JsonDocument.Parse(shown);

        Assert.True(
            JsonElement.DeepEquals(expected.RootElement, actual.RootElement),
            expected.RootElement.GetRawText()
        );
    }

    [Fact]
    public void The_figures_of_the_page_are_those_of_the_program()
    {
        var text = MarkdownPage.Of("docs/worker/notifications.md").Text.ReplaceLineEndings(" ");

        Assert.Contains(
            $"one message in {MessageRate.Gap.TotalSeconds} seconds, and {MessageRate.MostAnHour} an hour",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains($"after {NewsMemory.RepeatAfter.TotalHours} hours", text, StringComparison.Ordinal);
        Assert.Contains($"the first {NotificationMessage.MostShown} of them", text, StringComparison.Ordinal);
        Assert.Contains($"{TargetSender.MostWaiting} events wait", text, StringComparison.Ordinal);
        Assert.Contains($"waits {Notifier.Farewell.TotalSeconds} seconds", text, StringComparison.Ordinal);
        Assert.Equal(5, PostRetry.MaxAttempts);
        Assert.Contains("After five attempts", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_figures_of_the_overview_are_those_of_the_program()
    {
        var text = MarkdownPage.Of("docs/worker/README.md").Text.ReplaceLineEndings(" ");

        Assert.Contains(
            $"after {Schedule.FirstBackoff.TotalSeconds} seconds, then twice as long each time, "
                + $"{Schedule.LongestBackoff.TotalMinutes} minutes at most",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains($"again after {Schedule.Verification.TotalSeconds} seconds", text, StringComparison.Ordinal);
        Assert.Contains($"at most {Schedule.MostAtOnce} projects at once", text, StringComparison.Ordinal);
        Assert.Equal(
            (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10)),
            (WorkerDefaults.GitInterval, WorkerDefaults.FolderInterval)
        );
        Assert.Contains("every minute (git) or every ten seconds (a folder)", text, StringComparison.Ordinal);
        Assert.True(WorkerHost.Grace + Notifier.Farewell < TimeSpan.FromSeconds(30));
        Assert.Contains("less than 30 seconds", text, StringComparison.Ordinal);
    }

    // A command that stands after "exec" and a program, or indented on a line of its own.
    [GeneratedRegex(@"(?<=^\s+|exec \S+ )reconciler \w.*$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex InAnother();
}
