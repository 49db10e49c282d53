using System.CommandLine;
using System.Globalization;
using Reconciler.Manifests.Schemas;
using static Reconciler.Help.CommandParts;
using static Reconciler.Manifests.Schemas.MarkdownText;

namespace Reconciler.Help;

/// <summary>
/// The page that lists every command with its arguments, options and examples, made from the command line itself.
/// </summary>
internal static class CommandPage
{
    /// <summary>The page's place.</summary>
    public const string Path = "docs/reference/commands.md";

    private static readonly string[] ExitColumns = ["Exit", "Meaning"];

    /// <summary>The page of a command line.</summary>
    /// <param name="root">The program with its verbs.</param>
    public static GeneratedFile Of(RootCommand root)
    {
        var page = new MarkdownText()
            .Heading(1, "Commands")
            .Paragraph(
                "<!-- Generated from the command line; the test Generated_files_are_current says how to renew it. -->"
            )
            .Paragraph(Escape(root.Description ?? ""))
            .Paragraph(
                "Every command has `--help`; `reconciler --version` prints the version. An option that may "
                    + "be given several times is marked *many*."
            )
            .Paragraph(string.Join(" · ", root.Subcommands.Select(c => Link(c.Name))));
        Examples(page, "");
        page.Heading(2, "Exit codes")
            .Paragraph($"Where several fit: {ExitCode.PrecedenceText}.")
            .Table(
                ExitColumns,
                ExitCode.Meanings.Select(m =>
                    (string[])[m.Code.ToString(CultureInfo.InvariantCulture), Escape(m.Meaning)]
                )
            );
        foreach (var command in root.Subcommands)
            Section(page, command, 2);
        return new(Path, page.ToString());
    }

    private static void Section(MarkdownText page, Command command, int level)
    {
        var path = PathOf(command);
        page.Heading(level, path)
            .Paragraph($"{Escape(command.Description ?? "")}.")
            .Fence("text", string.Join(' ', SynopsisOf(command).Prepend($"reconciler {path}")));
        var arguments = ArgumentsOf(command).Select(Row).ToList();
        if (arguments.Count > 0)
            page.Table(["Argument", "Description", "Default"], arguments);
        var options = OptionsOf(command);
        if (options.Count > 0)
            page.Table(["Option", "Value", "Description", "Default"], options.Select(Row));
        Examples(page, path);
        foreach (var below in command.Subcommands)
            Section(page, below, level + 1);
    }

    private static string[] Row(Argument argument) =>
        [Code(argument.Name), Escape(argument.Description ?? ""), Default(DefaultOf(argument))];

    private static string[] Row(Option option) =>
        [
            string.Join(", ", NamesOf(option).Select(Code)),
            Value(option),
            Escape(option.Description ?? ""),
            Default(DefaultOf(option)),
        ];

    private static string Value(Option option)
    {
        if (IsFlag(option))
            return "";
        var words = WordsOf(option);
        var kind =
            words.Length > 0 ? string.Join(", ", words.Select(Code))
            : option.ValueType == typeof(int) ? "whole number"
            : "text";
        return MayRecur(option) ? $"{kind}; *many*" : kind;
    }

    private static string Default(string? typed) => typed is null ? "" : Code(typed);

    private static void Examples(MarkdownText page, string path)
    {
        var lines = HelpExamples.Of(path).Select(e => $"# {e.What}\n{e.Line}");
        if (string.Join('\n', lines) is { Length: > 0 } text)
            page.Fence("sh", text);
    }

    private static string Link(string name) => $"[{Escape(name)}](#{name})";
}
