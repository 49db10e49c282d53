using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Text;

namespace Reconciler.Help;

/// <summary>
/// Decides whether a command line is right, and says in one or two lines what is not. What was typed is looked at
/// first, then the values, then the rules of each verb: a later problem may follow from an earlier one.
/// </summary>
public static class UsageCheck
{
    private const int MostLines = 2;

    /// <summary>
    /// How a command line is parsed. A word that begins with @ is taken as it is, not as the name of a file with more
    /// words.
    /// </summary>
    public static ParserConfiguration Parser { get; } = new() { ResponseFileTokenReplacer = null };

    /// <summary>What is wrong with a command line; empty where nothing is, or where it asks for help.</summary>
    /// <param name="parsed">The command line as it was parsed.</param>
    /// <param name="words">The same as it was typed.</param>
    public static ImmutableArray<string> Problems(ParseResult parsed, IReadOnlyList<string> words)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.Action is not ParseErrorAction && parsed.Action != command.Action)
            return [];
        if (TypedWords.Problems(parsed.RootCommandResult.Command, words) is { Count: > 0 } typed)
            return [.. typed.Distinct()];
        if (Values(parsed, command).ToImmutableArray() is { IsEmpty: false } values)
            return values;
        return [.. parsed.Errors.Select(e => e.Message).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Says the problems, on at most two lines.</summary>
    internal static void Write(TextWriter error, ImmutableArray<string> problems)
    {
        foreach (var problem in problems.Take(MostLines))
        {
            var rest =
                problems.Length > MostLines && problem == problems[MostLines - 1]
                    ? $" (and {problems.Length - MostLines} more)"
                    : "";
            error.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"error: {TerminalText.Escape(problem)}{rest}")
            );
        }
    }

    private static IEnumerable<string> Values(ParseResult parsed, Command command)
    {
        if (command.Subcommands.Count > 0 && command.Action is null)
        {
            yield return "a command is missing; expected one of "
                + string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name));
            yield break;
        }

        foreach (var word in parsed.UnmatchedTokens)
            yield return $"unexpected argument {ProblemText.Quote(word)}";
        foreach (var problem in command.Arguments.Select(a => Problem(a, parsed.GetResult(a))).OfType<string>())
            yield return problem;
        foreach (
            var problem in TypedWords.OptionsOf(command).Select(o => Problem(o, parsed.GetResult(o))).OfType<string>()
        )
            yield return problem;
    }

    private static string? Problem(Argument argument, ArgumentResult? result)
    {
        var given = result?.Tokens.Count ?? 0;
        if (given < argument.Arity.MinimumNumberOfValues && !argument.HasDefaultValue)
            return $"argument {argument.Name.ToUpperInvariant()} is missing";
        return given == 0
            ? null
            : Wrong(argument.Name.ToUpperInvariant(), argument, argument.ValueType, result!.Tokens);
    }

    private static string? Problem(Option option, OptionResult? result)
    {
        if (result is null or { Implicit: true })
            return option.Required ? $"option {option.Name} is missing" : null;
        if (TypedWords.IsFlag(option))
            return null;
        if (option.Arity.MaximumNumberOfValues == 1 && result.IdentifierTokenCount > 1)
            return $"option {option.Name} is given twice; expected it once";
        return Wrong(option.Name, option, option.ValueType, result.Tokens);
    }

    private static string? Wrong(string name, Symbol symbol, Type type, IReadOnlyList<Token> given)
    {
        var known = symbol.GetCompletions(CompletionContext.Empty).Select(c => c.Label).ToList();
        var comparison = type.IsEnum ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        foreach (var word in given.Select(t => t.Value))
        {
            if (known.Count > 0 && !known.Contains(word, comparison))
                return $"{name} {ProblemText.Quote(word)}: expected {Listed(known, type)}";
            if (type == typeof(int) && !int.TryParse(word, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
                return $"{name} {ProblemText.Quote(word)}: expected a whole number";
        }

        return null;
    }

    private static string Listed(List<string> words, Type type)
    {
        var shown = type.IsEnum ? words.ConvertAll(w => w.ToLowerInvariant()) : words;
        return shown.Count == 1 ? shown[0] : $"{string.Join(", ", shown.Take(shown.Count - 1))} or {shown[^1]}";
    }
}
