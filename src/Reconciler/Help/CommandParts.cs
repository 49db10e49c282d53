using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.Globalization;

namespace Reconciler.Help;

/// <summary>What a page tells of a command, whatever the format of the page.</summary>
internal static class CommandParts
{
    /// <summary>The words that name the command, such as <c>state adopt</c>; none for the program.</summary>
    public static string PathOf(Command command) =>
        string.Join(' ', Ancestors(command).Reverse().Where(c => c is not RootCommand).Select(c => c.Name));

    /// <summary>The command, and the one that it is below, up to the program.</summary>
    public static IEnumerable<Command> Ancestors(Command command)
    {
        for (var at = command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
            yield return at;
    }

    /// <summary>The command and all below it, at any depth, in the order of their help.</summary>
    public static IEnumerable<Command> WithBelow(Command command) =>
        command.Subcommands.SelectMany(WithBelow).Prepend(command);

    /// <summary>The arguments that people are shown.</summary>
    public static IEnumerable<Argument> ArgumentsOf(Command command) => command.Arguments.Where(a => !a.Hidden);

    /// <summary>The options that people are shown, by name; those of every command are left out.</summary>
    public static IReadOnlyList<Option> OptionsOf(Command command) =>
        [
            .. command
                .Options.Where(o => !o.Hidden && o is not (HelpOption or VersionOption))
                .OrderBy(o => o.Name, StringComparer.Ordinal),
        ];

    /// <summary>The option's names, the long one first.</summary>
    public static IEnumerable<string> NamesOf(Option option) => option.Aliases.Prepend(option.Name);

    /// <summary>What is typed behind the command, as a synopsis: <c>[PATHS...] [OPTIONS]</c>.</summary>
    public static IEnumerable<string> SynopsisOf(Command command) =>
        [
            .. ArgumentsOf(command).Select(Placeholder),
            .. command.Subcommands.Count > 0 ? ["COMMAND"]
            : command.Options.Any(o => o is not HelpOption) ? ["[OPTIONS]"]
            : (string[])[],
        ];

    /// <summary>
    /// Whether the option is given without a value. One that is on by default is switched off by its value, so it is no
    /// flag.
    /// </summary>
    public static bool IsFlag(Option option) =>
        option.ValueType == typeof(bool) && !(option.HasDefaultValue && option.GetDefaultValue() is true);

    /// <summary>Whether the option may be given several times.</summary>
    public static bool MayRecur(Option option) => option.Arity.MaximumNumberOfValues > 1;

    /// <summary>The words that the option takes; empty where it takes others, too.</summary>
    public static ImmutableArray<string> WordsOf(Option option) =>
        option.ValueType == typeof(bool)
            ? ["true", "false"]
            : [.. option.GetCompletions(CompletionContext.Empty).Select(c => c.Label)];

    /// <summary>The default as it would be typed; null where there is none.</summary>
    public static string? DefaultOf(Option option) =>
        option.HasDefaultValue && !IsFlag(option) ? Typed(option.GetDefaultValue()) : null;

    /// <inheritdoc cref="DefaultOf(Option)"/>
    public static string? DefaultOf(Argument argument) =>
        argument.HasDefaultValue ? Typed(argument.GetDefaultValue()) : null;

    // As a synopsis is written everywhere: capitals are to be replaced, brackets may be left out, dots may be repeated.
    private static string Placeholder(Argument argument)
    {
        var word = argument.Name.ToUpperInvariant() + (argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{word}]" : word;
    }

    private static string? Typed(object? value) =>
        value switch
        {
            true => "true",
            false => "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null,
        };
}
