using System.CommandLine;
using System.Text.RegularExpressions;
using Reconciler.Testing;
using Reconciler.Testing.Documentation;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests.Documentation;

/// <summary>
/// What users read has the field's words: state and not ledger, reconcile and not pass, again and not anew.
/// </summary>
public sealed partial class PlainWordsTests
{
    // A field of the Kubernetes status has this name; the glossary says so.
    private static readonly string[] WithLedger = ["docs/glossary.md", "docs/operator/status.md"];

    public static TheoryData<string> Pages =>
        [
            "SECURITY.md",
            .. MarkdownPage.Documentation.Where(p => !p.StartsWith("docs/decisions/", StringComparison.Ordinal)),
            .. MarkdownPage.Paths.Where(p => p.StartsWith("examples/", StringComparison.Ordinal)),
            "charts/reconciler/README.md",
            "charts/reconciler/values.yaml",
            "charts/reconciler/templates/NOTES.txt",
            .. Directory
                .EnumerateFiles(Repository.At("examples"), "*.y*ml", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/')),
        ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_has_plain_words(string path)
    {
        var text = File.ReadAllText(Repository.At(path));
        Assert.Equal([], Dropped().Matches(text).Select(m => m.Value));
        if (!WithLedger.Contains(path))
            Assert.Equal([], Ledger().Matches(text).Select(m => m.Value));
    }

    [Fact]
    public void The_help_of_every_command_has_plain_words() =>
        Assert.All(
            Commands(CommandLines.Root()),
            command =>
                Assert.All(
                    command
                        .Options.Select(o => o.Description)
                        .Concat(command.Arguments.Select(a => a.Description))
                        .Append(command.Description),
                    text =>
                    {
                        Assert.DoesNotMatch(Dropped(), text ?? "");
                        Assert.DoesNotMatch(Ledger(), text ?? "");
                    }
                )
        );

    private static IEnumerable<Command> Commands(Command command) =>
        command.Subcommands.SelectMany(Commands).Prepend(command);

    [GeneratedRegex(
        @"\b(whoever|anew|mend(s|ed)?|left alone|keeps? the people|a pass (that|over|is|ends|begins)|as git says)\b",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        60_000
    )]
    private static partial Regex Dropped();

    [GeneratedRegex(@"\bledgers?\b", RegexOptions.IgnoreCase, 60_000)]
    private static partial Regex Ledger();
}
