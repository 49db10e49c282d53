using System.Text.RegularExpressions;

namespace Reconciler.Tests.Examples.Ci;

/// <summary>
/// Evaluates the part of GitHub's expressions that the workflows use:
/// https://docs.github.com/en/actions/reference/evaluate-expressions-in-workflows-and-actions.
/// </summary>
internal sealed partial class Expression
{
    private readonly Queue<string> _words;
    private readonly IReadOnlyDictionary<string, object?> _contexts;
    private readonly string _status;

    private Expression(string text, IReadOnlyDictionary<string, object?> contexts, string status)
    {
        _words = new(Word().Matches(text).Select(m => m.Value));
        Assert.Equal(text.Replace(" ", "", Sense), string.Concat(_words).Replace(" ", "", Sense));
        (_contexts, _status) = (contexts, status);
    }

    private const StringComparison Sense = StringComparison.Ordinal;

    /// <summary>Whether a step or job with this condition runs, after others ended with a status.</summary>
    /// <param name="condition">The condition; null for none.</param>
    /// <param name="contexts">What the expression may name.</param>
    /// <param name="status">success or failure.</param>
    public static bool Allows(string? condition, IReadOnlyDictionary<string, object?> contexts, string status)
    {
        var text =
            condition is null ? "success()"
            : Whole().Match(condition) is { Success: true } m ? m.Groups["inner"].Value
            : condition;
        var names = StatusFunction().IsMatch(text);
        return IsTrue(new Expression(names ? text : $"success() && ({text})", contexts, status).Evaluate());
    }

    /// <summary>A text with every expression in it replaced by its value.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, object?> contexts) =>
        Part().Replace(text, m => TextOf(new Expression(m.Groups["inner"].Value, contexts, "success").Evaluate()));

    private object? Evaluate()
    {
        var value = Or();
        Assert.Empty(_words);
        return value;
    }

    private object? Or()
    {
        var value = And();
        while (Takes("||"))
        {
            var other = And();
            value = IsTrue(value) ? value : other;
        }

        return value;
    }

    private object? And()
    {
        var value = Equal();
        while (Takes("&&"))
        {
            var other = Equal();
            value = IsTrue(value) ? other : value;
        }

        return value;
    }

    private object? Equal()
    {
        var value = Unary();
        if (Takes("=="))
            return IsSame(value, Unary());
        return Takes("!=") ? !IsSame(value, Unary()) : value;
    }

    private object? Unary()
    {
        if (Takes("!"))
            return !IsTrue(Unary());
        if (!Takes("("))
            return Value(_words.Dequeue());
        var value = Or();
        Assert.True(Takes(")"), "a bracket is open");
        return value;
    }

    private object? Value(string word)
    {
        if (word[0] == '\'')
            return word[1..^1].Replace("''", "'", Sense);
        if (Takes("("))
        {
            Assert.True(Takes(")"), $"{word} has no arguments");
            return word switch
            {
                "always" => true,
                "success" => _status == "success",
                "failure" => _status == "failure",
                "cancelled" => false,
                _ => throw new NotSupportedException(word),
            };
        }

        return word is "true" or "false" ? word == "true" : Named(word.Split('.'));
    }

    private object? Named(string[] path)
    {
        object? value = _contexts.TryGetValue(path[0], out var found)
            ? found
            : throw new NotSupportedException($"no context is named {path[0]}");
        foreach (var name in path[1..])
            value =
                value is IReadOnlyDictionary<string, object?> map && map.TryGetValue(name, out var next) ? next : null;
        return value;
    }

    private bool Takes(string word) => _words.TryPeek(out var next) && next == word && _words.TryDequeue(out _);

    private static bool IsTrue(object? value) => value is not (null or false or "");

    private static bool IsSame(object? one, object? other) =>
        string.Equals(TextOf(one), TextOf(other), StringComparison.OrdinalIgnoreCase);

    private static string TextOf(object? value) =>
        value switch
        {
            null => "",
            bool b => b ? "true" : "false",
            string text => text,
            _ => throw new NotSupportedException($"{value} has no text"),
        };

    [GeneratedRegex(@"'(?:[^']|'')*'|\|\||&&|==|!=|[!()]|[A-Za-z_][\w.-]*", RegexOptions.None, 60_000)]
    private static partial Regex Word();

    [GeneratedRegex(@"^\s*\$\{\{(?<inner>.*)\}\}\s*$", RegexOptions.None, 60_000)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\$\{\{(?<inner>.*?)\}\}", RegexOptions.None, 60_000)]
    private static partial Regex Part();

    [GeneratedRegex(@"\b(always|success|failure|cancelled)\(", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex StatusFunction();
}
