using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.Globalization;
using Reconciler.Manifests.Schemas;
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
            Section(page, command, command.Name, 2);
        return new(Path, page.ToString());
    }

    private static void Section(MarkdownText page, Command command, string path, int level)
    {
        page.Heading(level, path)
            .Paragraph($"{Escape(command.Description ?? "")}.")
            .Fence("text", Usage(command, path));
        if (command.Arguments.Any(a => !a.Hidden))
            page.Table(["Argument", "Description", "Default"], command.Arguments.Where(a => !a.Hidden).Select(Row));
        var options = command
            .Options.Where(o => !o.Hidden && o is not (HelpOption or VersionOption))
            .OrderBy(o => o.Name, StringComparer.Ordinal)
            .ToList();
        if (options.Count > 0)
            page.Table(["Option", "Value", "Description", "Default"], options.Select(Row));
        Examples(page, path);
        foreach (var below in command.Subcommands)
            Section(page, below, $"{path} {below.Name}", level + 1);
    }

    private static string Usage(Command command, string path)
    {
        string[] words = ["reconciler", path, .. command.Arguments.Where(a => !a.Hidden).Select(Placeholder)];
        string[] rest =
            command.Subcommands.Count > 0 ? ["COMMAND"]
            : command.Options.Any(o => o is not HelpOption) ? ["[OPTIONS]"]
            : [];
        return string.Join(' ', [.. words, .. rest]);
    }

    // As a synopsis is written everywhere: capitals are to be replaced, brackets may be left out, dots may be repeated.
    private static string Placeholder(Argument argument)
    {
        var word = argument.Name.ToUpperInvariant() + (argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{word}]" : word;
    }

    private static string[] Row(Argument argument) =>
        [
            Code(argument.Name),
            Escape(argument.Description ?? ""),
            argument.HasDefaultValue ? Default(argument.GetDefaultValue()) : "",
        ];

    private static string[] Row(Option option)
    {
        var names = string.Join(", ", option.Aliases.Prepend(option.Name).Select(Code));
        return
        [
            names,
            Value(option),
            Escape(option.Description ?? ""),
            option.HasDefaultValue && !IsFlag(option) ? Default(option.GetDefaultValue()) : "",
        ];
    }

    private static string Value(Option option)
    {
        if (IsFlag(option))
            return "";
        var words =
            option.ValueType == typeof(bool)
                ? ["true", "false"]
                : option.GetCompletions(CompletionContext.Empty).Select(c => c.Label).ToList();
        var kind =
            words.Count > 0 ? string.Join(", ", words.Select(Code))
            : option.ValueType == typeof(int) ? "whole number"
            : "text";
        return option.Arity.MaximumNumberOfValues > 1 ? $"{kind}; *many*" : kind;
    }

    // An option that is on by default is switched off by its value, so it is no flag.
    private static bool IsFlag(Option option) =>
        option.ValueType == typeof(bool) && !(option.HasDefaultValue && option.GetDefaultValue() is true);

    private static string Default(object? value) =>
        value is bool on ? Code(on ? "true" : "false")
        : Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? Code(text)
        : "";

    private static void Examples(MarkdownText page, string path)
    {
        var lines = HelpExamples.Of(path).Select(e => $"# {e.What}\n{e.Line}");
        if (string.Join('\n', lines) is { Length: > 0 } text)
            page.Fence("sh", text);
    }

    private static string Link(string name) => $"[{Escape(name)}](#{name})";
}
