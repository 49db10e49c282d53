using System.CommandLine;
using Reconciler.Help;
using Reconciler.Testing;
using Reconciler.Testing.Documentation;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests.Documentation;

/// <summary>
/// Every command of the documentation is one that the program takes; those that need no vendor do what the page says.
/// </summary>
public sealed class CommandsTests
{
    // The day is one on which the examples' dates have not passed.
    private static readonly StandingClock Clock = new(new(2026, 8, 1, 0, 0, 0, TimeSpan.Zero));

    public static TheoryData<string> Pages => [.. MarkdownPage.Paths];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_of_a_page_parses(string path) =>
        Assert.All(
            MarkdownPage.Of(path).Commands,
            command =>
            {
                var errors = CommandLines.ErrorsOf(command.Line);
                Assert.True(errors.Count == 0, $"{command.Place}: {string.Join("; ", errors)}");
            }
        );

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_verb_that_a_text_names_exists_and_has_the_options_beside_it(string path) =>
        Assert.All(
            MarkdownPage.Of(path).CommandsInText,
            line =>
            {
                Command at = CommandLines.Root();
                var words = CommandLines.WordsOf(line);
                foreach (var word in words.TakeWhile(w => !w.StartsWith('-')))
                {
                    if (at.Subcommands.Count == 0)
                        break;
                    at =
                        at.Subcommands.SingleOrDefault(c => c.Name == word)
                        ?? throw new InvalidOperationException($"{path}: `{line}` names no verb: {word}");
                }

                Assert.Equal(
                    [],
                    words
                        .Where(w => w.StartsWith("--", StringComparison.Ordinal))
                        .Except(
                            at.Options.Concat(CommandLines.Root().Options).SelectMany(o => o.Aliases.Prepend(o.Name)),
                            StringComparer.Ordinal
                        )
                );
            }
        );

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task What_needs_no_vendor_does_what_the_page_says(string path)
    {
        foreach (var command in MarkdownPage.Of(path).Commands)
        {
            var words = CommandLines.WordsOf(command.Line);
            if (!CanRun(words))
                continue;
            using var output = new StringWriter { NewLine = "\n" };
            var environment = CommandLines.Environment(output) with { Folder = Repository.Root, Clock = Clock };
            var code = await Cli.RunAsync(words, environment, TestContext.Current.CancellationToken);
            Assert.True(code == ExitCode.Done, $"{command.Place}: {command.Line} exits with {code}\n{output}");
            if (command.Output is { } shown)
                Assert.Equal(shown.Trim(), output.ToString().Trim());
        }
    }

    [Fact]
    public void Commands_are_found_and_some_of_them_are_run()
    {
        var all = MarkdownPage.Paths.SelectMany(p => MarkdownPage.Of(p).Commands).ToList();
        var run = all.Select(c => c.Line).Where(l => CanRun(CommandLines.WordsOf(l))).ToList();
        Assert.True(all.Count > 40, $"{all.Count} commands were found");
        Assert.Contains(run, l => l.StartsWith("reconciler validate examples/acme", StringComparison.Ordinal));
        Assert.Contains(run, l => l.StartsWith("reconciler show schema", StringComparison.Ordinal));
        Assert.Contains(run, l => l.Contains("reconciler completion", StringComparison.Ordinal));
    }

    // Nothing here asks a vendor, and a folder such as people/ is the reader's own.
    private static bool CanRun(string[] words) =>
        words switch
        {
            ["show" or "completion", ..] => true,
            ["validate", .. var rest] => rest.TakeWhile(w => !w.StartsWith('-'))
                .All(p => Path.Exists(Repository.At(p))),
            _ => false,
        };
}
