using System.Text.RegularExpressions;
using Reconciler.Help;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests.Packaging;

/// <summary>The manual pages: what man reads as a command of its own is one, and nothing of the help is lost.</summary>
public sealed partial class ManPagesTests
{
    private static readonly string[] Macros = [".TH", ".SH", ".TP", ".B", ".BR", ".I", ".EX", ".EE"];

    public static TheoryData<string> Pages => [.. ManPages.Of(CommandLines.Root()).Select(p => p.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_line_that_begins_with_a_dot_is_a_macro_and_no_hyphen_is_left_to_be_replaced(string path)
    {
        var lines = Of(path).Split('\n');

        Assert.All(
            lines.Skip(1).Where(l => l.StartsWith('.')),
            l => Assert.Contains(l.Split(' ')[0], Macros, StringComparer.Ordinal)
        );
        Assert.DoesNotContain(lines.Skip(1), l => l.StartsWith('\'') || BareHyphen().IsMatch(l));
    }

    [Fact]
    public void There_is_a_page_for_each_command_and_one_for_the_program()
    {
        Assert.Contains("build/packaging/man/reconciler.1", Pages.Select(p => p.Data));
        Assert.Contains("build/packaging/man/reconciler-state-adopt.1", Pages.Select(p => p.Data));
    }

    [Fact]
    public void A_page_has_the_synopsis_the_options_with_their_words_the_examples_and_the_codes()
    {
        var page = Of("build/packaging/man/reconciler-plan.1");

        Assert.Contains(".SH NAME\nreconciler\\-plan \\- ", page, StringComparison.Ordinal);
        Assert.Contains(".B reconciler plan\n[PATHS...] [OPTIONS]\n", page, StringComparison.Ordinal);
        Assert.Contains("\\fB\\-\\-format\\fR \\fIVALUE\\fR\n", page, StringComparison.Ordinal);
        Assert.Contains("One of: github, json, markdown, text. Default: text.", page, StringComparison.Ordinal);
        Assert.Contains(".EX\nreconciler plan people/ \\-\\-by person\n.EE\n", page, StringComparison.Ordinal);
        Assert.Contains(".TP\n.B 64\n", page, StringComparison.Ordinal);
    }

    private static string Of(string path) => ManPages.Of(CommandLines.Root()).Single(p => p.Path == path).Content;

    [GeneratedRegex(@"(?<!\\)-", RegexOptions.None, 60_000)]
    private static partial Regex BareHyphen();
}
