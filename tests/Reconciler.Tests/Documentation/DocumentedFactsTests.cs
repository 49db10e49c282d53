using System.Globalization;
using System.Text.RegularExpressions;
using Reconciler.Core.Planning;
using Reconciler.Testing;
using Reconciler.Testing.Documentation;
using Reconciler.Worker.Settings;

namespace Reconciler.Tests.Documentation;

/// <summary>Numbers, codes, ports and messages that the pages tell by hand are those of the program.</summary>
public sealed partial class DocumentedFactsTests
{
    private const int TwoScreens = 115;

    public static TheoryData<string> Pages => [.. MarkdownPage.Documentation];

    [Fact]
    public void The_readme_fits_on_two_screens_and_says_what_was_not_tried()
    {
        var text = MarkdownPage.Of("README.md").Text;

        Assert.InRange(text.Split('\n').Length, 50, TwoScreens);
        Assert.Contains("not tried against the live services", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newcomer_types_one_command_to_a_first_plan_and_five_to_the_first_of_their_own_project()
    {
        var readme = MarkdownPage.Of("README.md");
        Assert.Equal("reconciler demo", readme.Blocks.SelectMany(readme.CommandsOf).First().Line);

        var page = MarkdownPage.Of("docs/first-steps.md");
        var typed = page.Blocks.SelectMany(page.CommandsOf).Select(c => c.Line).ToList();
        var plan = typed.FindIndex(l => l.StartsWith("reconciler plan ", StringComparison.Ordinal));
        Assert.True(plan == 4, string.Join('\n', typed.Take(plan + 1)));
        Assert.Contains("a first plan on a real project with five commands", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Exit_codes_in_a_table_are_codes_of_the_program(string path)
    {
        var lines = MarkdownPage.Of(path).Text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("| exit |", StringComparison.OrdinalIgnoreCase))
                continue;
            Assert.All(
                lines.Skip(i + 2).TakeWhile(l => l.StartsWith('|')).Select(l => l.Split('|')[1].Trim()),
                code =>
                    Assert.Contains(
                        int.Parse(code, CultureInfo.InvariantCulture),
                        ExitCode.Meanings.Select(m => m.Code)
                    )
            );
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Exit_codes_in_a_sentence_are_codes_of_the_program(string path) =>
        Assert.All(
            ExitSentence().Matches(MarkdownPage.Of(path).Text).Select(m => m.Groups["code"].Value),
            code =>
                Assert.Contains(int.Parse(code, CultureInfo.InvariantCulture), ExitCode.Meanings.Select(m => m.Code))
        );

    [Fact]
    public void The_ports_of_the_workers_page_are_those_of_the_defaults_the_examples_and_the_chart()
    {
        var rows = MarkdownPage
            .Of("docs/worker/web.md")
            .Text.Split('\n')
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal))
            .Select(l => l.Split('|').Select(c => c.Trim()).ToArray())
            .Where(c => c[1] is "operations" or "status" or "webhook")
            .ToDictionary(c => c[1], c => c[2], StringComparer.Ordinal);
        var chart = File.ReadAllText(Repository.At("charts/reconciler/values.yaml"));
        var settings = MarkdownPage.Of("docs/worker/settings.md").Text;
        var example = File.ReadAllText(Repository.At("examples/systemd/worker.yaml"));

        Assert.StartsWith($"`{WorkerDefaults.Operations}`", rows["operations"], StringComparison.Ordinal);
        Assert.Contains($"listen: {WorkerDefaults.Operations}", example, StringComparison.Ordinal);
        foreach (var name in (string[])["status", "webhook"])
        {
            var port = Port().Match(rows[name]).Value;
            Assert.Matches($"(?i){name}[^#]*, on port {port}", chart);
            Assert.Matches($"`{name}\\.listen=[0-9.]+:{port}`", settings);
        }

        Assert.All(
            PortForward().Matches(MarkdownPage.Of("docs/worker/web.md").Text),
            m => Assert.Equal(Port().Match(rows["status"]).Value, m.Groups["port"].Value)
        );
    }

    [Fact]
    public void Every_kind_of_finding_stands_on_the_page_of_the_JSON_plan()
    {
        var text = MarkdownPage.Of("docs/reference/plan-json.md").Text;
        Assert.All(
            Enum.GetNames<FindingKind>(),
            kind => Assert.Contains($"`{char.ToLowerInvariant(kind[0])}{kind[1..]}`", text, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_message_of_the_page_about_trouble_is_one_that_the_program_has()
    {
        var sources = string.Concat(
            Directory
                .EnumerateFiles(Repository.At("src"), "*.cs", SearchOption.AllDirectories)
                .Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
                .Concat(
                    Directory.EnumerateFiles(
                        Repository.At("tests/Reconciler.Tests/Golden"),
                        "expected*.txt",
                        SearchOption.AllDirectories
                    )
                )
                .Select(File.ReadAllText)
        );
        // A text over several lines is one text.
        var texts = Joint().Replace(sources, "").Replace("\\\"", "\"", StringComparison.Ordinal);
        var messages = MarkdownPage
            .Of("docs/troubleshooting.md")
            .Text.Split('\n')
            .Select(l => Message().Match(l))
            .Where(m => m.Success)
            .Select(m => m.Groups["message"].Value)
            .ToList();

        Assert.True(messages.Count > 20, $"{messages.Count} messages were found");
        Assert.All(
            messages
                .SelectMany(m => m.Split('…'))
                .Select(p => p.Trim(' ', ';', '"', '?', ','))
                .Where(p => p.Length > 5),
            part => Assert.Contains(part, texts, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_page_is_found_from_the_list_of_all_pages()
    {
        var list = MarkdownPage.Of("docs/README.md").Text;
        Assert.All(
            MarkdownPage.Documentation.Where(p =>
                p is not ("README.md" or "docs/README.md") && !p.StartsWith("docs/decisions/", StringComparison.Ordinal)
            ),
            page => Assert.Contains($"({page["docs/".Length..]})", list, StringComparison.Ordinal)
        );
    }

    [GeneratedRegex(@"(?:exit code (?:is|stays)|exits with) (?<code>\d+)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex ExitSentence();

    [GeneratedRegex(@"80\d\d", RegexOptions.None, 60_000)]
    private static partial Regex Port();

    [GeneratedRegex(@"(?:port-forward \S+ |ssh -L )(?<port>\d+)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex PortForward();

    [GeneratedRegex("\"\\s*\\+\\s*\\$?\"", RegexOptions.None, 60_000)]
    private static partial Regex Joint();

    [GeneratedRegex(@"^\| `(?<message>[^`]{12,})` \|", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Message();
}
