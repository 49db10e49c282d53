using System.Text.RegularExpressions;

namespace Reconciler.Operator;

/// <summary>
/// A label selector as kubectl writes it: <c>tier=prod,team in (a,b),!legacy</c>. Everything stated must hold.
/// </summary>
public sealed partial class LabelQuery
{
    private readonly List<Func<IReadOnlyDictionary<string, string>?, bool>> _conditions = [];

    private LabelQuery() { }

    /// <summary>Selects everything.</summary>
    public static LabelQuery Everything { get; } = new();

    /// <summary>Parses a selector.</summary>
    /// <exception cref="FormatException">A condition has another form.</exception>
    public static LabelQuery Parse(string text)
    {
        var query = new LabelQuery();
        foreach (var part in Parts(text).Select(p => p.Trim()).Where(p => p.Length > 0))
            query._conditions.Add(Condition(part));
        return query;
    }

    /// <summary>Whether labels fulfil every condition.</summary>
    internal bool Matches(IReadOnlyDictionary<string, string>? labels) => _conditions.TrueForAll(c => c(labels));

    // A comma between parentheses separates values, not conditions.
    private static IEnumerable<string> Parts(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (text[i] != ',' || depth > 0)
                continue;
            yield return text[start..i];
            start = i + 1;
        }

        yield return text[start..];
    }

    private static Func<IReadOnlyDictionary<string, string>?, bool> Condition(string part)
    {
        if (Set().Match(part) is { Success: true } set)
        {
            var values = set.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries);
            var isIn = set.Groups["operator"].Value == "in";
            var key = set.Groups["key"].Value;
            return labels => isIn == (labels?.GetValueOrDefault(key) is { } value && values.Contains(value));
        }

        if (Equality().Match(part) is { Success: true } equality)
        {
            var (key, wanted, isEqual) = (
                equality.Groups["key"].Value,
                equality.Groups["value"].Value,
                equality.Groups["operator"].Value != "!="
            );
            return labels => isEqual == (labels?.GetValueOrDefault(key) == wanted);
        }

        if (Existence().Match(part) is { Success: true } existence)
        {
            var (key, isThere) = (existence.Groups["key"].Value, existence.Groups["not"].Value.Length == 0);
            return labels => isThere == (labels?.ContainsKey(key) == true);
        }

        throw new FormatException(
            $"\"{part}\" is no condition on a label; "
                + "expected such as tier=prod, tier!=prod, tier in (prod,test), tier, !tier"
        );
    }

    [GeneratedRegex(
        @"^(?<key>[-A-Za-z0-9_./]+)\s+(?<operator>in|notin)\s*\((?<values>[-A-Za-z0-9_., ]*)\)$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Set();

    [GeneratedRegex(
        "^(?<key>[-A-Za-z0-9_./]+)\\s*(?<operator>==|=|!=)\\s*(?<value>[-A-Za-z0-9_.]*)$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Equality();

    [GeneratedRegex("^(?<not>!?)(?<key>[-A-Za-z0-9_./]+)$", RegexOptions.NonBacktracking)]
    private static partial Regex Existence();
}
