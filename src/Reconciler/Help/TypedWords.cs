using System.CommandLine;
using Reconciler.Core.Manifests;

namespace Reconciler.Help;

/// <summary>
/// Reads the words of a command line as they were typed, and finds options without a value, unknown options, unknown
/// commands and empty arguments. The parser takes an option without a value for an absent one, and an unknown option
/// for a path: a run would then cover every project instead of the one that was meant.
/// </summary>
internal sealed class TypedWords
{
    private readonly List<string> _problems = [];
    private Command _command;
    private bool _onlyArguments;
    private int _arguments;

    private TypedWords(Command root) => _command = root;

    /// <summary>What is wrong with the words, in their order; empty where nothing is.</summary>
    /// <param name="root">The program with its verbs.</param>
    /// <param name="words">The words after the program's name.</param>
    public static IReadOnlyList<string> Problems(Command root, IReadOnlyList<string> words)
    {
        var typed = new TypedWords(root);
        typed.Read(words);
        return typed._problems;
    }

    /// <summary>Whether an option is on or off, and needs no value.</summary>
    public static bool IsFlag(Option option) =>
        option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0;

    /// <summary>The options that a command takes, its own and those of the program.</summary>
    public static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(Above(command).SelectMany(c => c.Options.Where(o => o.Recursive)));

    private void Read(IReadOnlyList<string> words)
    {
        for (var at = 0; at < words.Count; at++)
        {
            var word = words[at];
            if (_onlyArguments || !word.StartsWith('-'))
            {
                if (!ReadArgument(word))
                    return;
            }
            else if (word == "--")
            {
                _onlyArguments = true;
            }
            else if (TakesNext(word, at + 1 < words.Count ? words[at + 1] : null))
            {
                at++;
            }
        }
    }

    // False after an unknown command, since the words after it cannot be checked.
    private bool ReadArgument(string word)
    {
        if (string.IsNullOrWhiteSpace(word))
        {
            _problems.Add(
                _command.Arguments.ElementAtOrDefault(_arguments) is { } empty
                || (empty = _command.Arguments.LastOrDefault()) is not null
                    ? $"argument {empty.Name.ToUpperInvariant()} is empty; expected a value"
                    : "an argument is empty; expected a word"
            );
        }

        if (_command.Subcommands.Count == 0)
        {
            _arguments++;
            return true;
        }

        if (_command.Subcommands.FirstOrDefault(c => c.Name == word || c.Aliases.Contains(word)) is { } found)
        {
            _command = found;
            return true;
        }

        if (_problems.Count == 0)
            _problems.Add(UnknownCommand(word));
        return false;
    }

    // Whether the word takes the next one as its value.
    private bool TakesNext(string word, string? next)
    {
        var (name, value) = Split(word);
        if ((Find(word) ?? Find(name)) is not { } option)
        {
            if (!IsBundle(word))
                _problems.Add(UnknownOption(name));
            return false;
        }

        if (IsFlag(option))
        {
            if (value is not null && !bool.TryParse(value, out _))
                _problems.Add($"option {name} is a switch; expected no value, true or false");
            return false;
        }

        var given = value ?? next;
        if (string.IsNullOrWhiteSpace(given) || (value is null && IsOption(given)))
            _problems.Add($"option {name} needs a value");
        return value is null && next is not null && !IsOption(next);
    }

    // A negative number is a value; the option itself says what it expects.
    private static bool IsOption(string word) =>
        word.StartsWith('-') && !(word.Length > 1 && char.IsAsciiDigit(word[1]));

    // The parser accepts a colon in place of the equals sign, too.
    private static (string Name, string? Value) Split(string word)
    {
        var at = word.AsSpan().IndexOfAny('=', ':');
        return at < 0 ? (word, null) : (word[..at], word[(at + 1)..]);
    }

    private Option? Find(string name) =>
        OptionsOf(_command).FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name));

    // Several switches of one letter, such as -vy.
    private bool IsBundle(string word) =>
        word.Length > 2
        && word[1] != '-'
        && word.Skip(1).All(letter => Find($"-{letter}") is { } option && IsFlag(option));

    private string UnknownOption(string name)
    {
        if (name == "-")
            return "- is no path; name /dev/stdin to read what comes through a pipe";
        var known = OptionsOf(_command).Where(o => !o.Hidden).Select(o => o.Name);
        return $"unknown option {name}{Meant(name, known)}";
    }

    private string UnknownCommand(string word)
    {
        var known = _command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).ToList();
        var meant = Meant(word, known);
        return $"unknown command {word}{(meant.Length > 0 ? meant : $"; expected one of {string.Join(", ", known)}")}";
    }

    private static string Meant(string word, IEnumerable<string> known) =>
        ProblemText.Nearest(word, known) is { } nearest ? $"; did you mean {nearest}?" : "";

    private static IEnumerable<Command> Above(Command command)
    {
        for (
            var at = command.Parents.OfType<Command>().FirstOrDefault();
            at is not null;
            at = at.Parents.OfType<Command>().FirstOrDefault()
        )
            yield return at;
    }
}
