using System.CommandLine;
using System.Globalization;
using System.Text;
using Reconciler.Manifests.Schemas;
using static Reconciler.Help.CommandParts;

namespace Reconciler.Help;

/// <summary>
/// The manual pages, as <c>man reconciler</c> and <c>man reconciler-plan</c> show them: one for the program and one for
/// each command, made from the command line itself. They use the macros of man(7), which every man program reads.
/// </summary>
internal static class ManPages
{
    /// <summary>The pages' folder. A package puts them into <c>man1</c>.</summary>
    public const string Folder = "build/packaging/man";

    private const string Program = "reconciler";

    /// <summary>The pages of a command line.</summary>
    /// <param name="root">The program with its verbs.</param>
    public static IEnumerable<GeneratedFile> Of(RootCommand root) => WithBelow(root).Select(Page);

    private static GeneratedFile Page(Command command)
    {
        var (name, path) = (NameOf(command), PathOf(command));
        var page = new StringBuilder();
        // The date is left out: a page changes only with the command line.
        page.Append(
                ".\\\" Generated from the command line; the test Generated_files_are_current says how to renew it.\n"
            )
            .Append(CultureInfo.InvariantCulture, $".TH {Text(name.ToUpperInvariant())} 1 \"\" Reconciler\n")
            .Append(CultureInfo.InvariantCulture, $".SH NAME\n{Text(name)} \\- {Text(Summary(command))}\n")
            .Append(".SH SYNOPSIS\n.B ")
            .Append(Text($"{Program} {path}".TrimEnd()))
            .Append('\n')
            .Append(Line(string.Join(' ', SynopsisOf(command))))
            .Append(".SH DESCRIPTION\n")
            .Append(Line($"{command.Description?.TrimEnd('.')}."));
        Commands(page, command);
        Arguments(page, command);
        Options(page, command);
        Examples(page, path);
        ExitStatus(page);
        SeeAlso(page, command);
        return new($"{Folder}/{name}.1", page.ToString());
    }

    private static void Commands(StringBuilder page, Command command)
    {
        if (command.Subcommands.Count == 0)
            return;
        page.Append(".SH COMMANDS\n");
        foreach (var below in command.Subcommands)
            page.Append(CultureInfo.InvariantCulture, $".TP\n.BR {Text(NameOf(below))} (1)\n")
                .Append(Line($"{below.Description}."));
    }

    private static void Arguments(StringBuilder page, Command command)
    {
        var arguments = ArgumentsOf(command).ToList();
        if (arguments.Count == 0)
            return;
        page.Append(".SH ARGUMENTS\n");
        foreach (var argument in arguments)
            page.Append(CultureInfo.InvariantCulture, $".TP\n.I {Text(argument.Name.ToUpperInvariant())}\n")
                .Append(Line(Told(argument.Description, [], DefaultOf(argument), mayRecur: false)));
    }

    private static void Options(StringBuilder page, Command command)
    {
        page.Append(".SH OPTIONS\n");
        foreach (var option in OptionsOf(command))
        {
            var names = string.Join(", ", NamesOf(option).Select(n => $"\\fB{Text(n)}\\fR"));
            var value = IsFlag(option) ? "" : $" \\fI{(option.ValueType == typeof(int) ? "NUMBER" : "VALUE")}\\fR";
            var words = IsFlag(option) ? [] : WordsOf(option);
            page.Append(CultureInfo.InvariantCulture, $".TP\n{names}{value}\n")
                .Append(Line(Told(option.Description, words, DefaultOf(option), MayRecur(option))));
        }

        page.Append(".TP\n\\fB\\-\\-help\\fR, \\fB\\-h\\fR\nShows the arguments, the options and examples.\n");
        if (command is RootCommand)
            page.Append(".TP\n\\fB\\-\\-version\\fR\nPrints the version.\n");
    }

    private static string Told(string? description, IReadOnlyList<string> words, string? preset, bool mayRecur)
    {
        var text = new StringBuilder(description);
        text.Append('.');
        if (words.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $" One of: {string.Join(", ", words)}.");
        if (mayRecur)
            text.Append(" May be given several times.");
        if (preset is not null)
            text.Append(CultureInfo.InvariantCulture, $" Default: {preset}.");
        return text.ToString();
    }

    private static void Examples(StringBuilder page, string path)
    {
        var examples = HelpExamples.Of(path);
        if (examples.IsEmpty)
            return;
        page.Append(".SH EXAMPLES\n");
        foreach (var (line, what) in examples)
            page.Append(CultureInfo.InvariantCulture, $".TP\n{Line($"{what}:")}.EX\n{Line(line)}.EE\n");
    }

    private static void ExitStatus(StringBuilder page)
    {
        page.Append(".SH EXIT STATUS\n").Append(Line($"Where several fit: {ExitCode.PrecedenceText}."));
        foreach (var (code, meaning) in ExitCode.Meanings)
            page.Append(CultureInfo.InvariantCulture, $".TP\n.B {code}\n{Line($"{meaning}.")}");
    }

    // The pages of the commands beside it stand in the page above.
    private static void SeeAlso(StringBuilder page, Command command)
    {
        foreach (var above in Ancestors(command).Skip(1).Take(1))
            page.Append(CultureInfo.InvariantCulture, $".SH SEE ALSO\n.BR {Text(NameOf(above))} (1)\n");
    }

    private static string NameOf(Command command) => $"{Program} {PathOf(command)}".TrimEnd().Replace(' ', '-');

    // The part behind "name - " is what apropos shows: a phrase without a full stop.
    private static string Summary(Command command) => (command.Description ?? "").Split(": ")[0].TrimEnd('.');

    private static string Line(string text)
    {
        var escaped = Text(text);
        // A line that begins with a dot or an apostrophe is a command to man.
        return (escaped.StartsWith('.') || escaped.StartsWith('\'') ? "\\&" : "") + escaped + "\n";
    }

    // A hyphen alone may be shown as a typographic one, which no shell takes; a quotation mark ends a macro's argument.
    private static string Text(string text) =>
        text.Replace("\\", "\\e", StringComparison.Ordinal)
            .Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("\"", "\\(dq", StringComparison.Ordinal)
            .Replace("'", "\\(aq", StringComparison.Ordinal)
            .Replace("\n", " ", StringComparison.Ordinal);
}
