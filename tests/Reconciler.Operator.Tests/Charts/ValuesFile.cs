using System.Text.RegularExpressions;

namespace Reconciler.Operator.Tests.Charts;

/// <summary>One value of the chart, as <c>values.yaml</c> has it.</summary>
/// <param name="Path">Its keys, with dots between them.</param>
/// <param name="Default">What it is unless it is given; null for a mapping whose values are described one by
/// one.</param>
/// <param name="Comment">What stands above it.</param>
internal sealed record ChartValue(string Path, string? Default, string Comment);

/// <summary>Reads <c>values.yaml</c> with its comments, which no YAML parser keeps.</summary>
internal static partial class ValuesFile
{
    /// <summary>Every value that has a comment, and every mapping that has one.</summary>
    public static IReadOnlyList<ChartValue> Read(string text)
    {
        var values = new List<ChartValue>();
        var keys = new List<(int Indent, string Key)>();
        var comment = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            var content = line.TrimStart();
            if (content.StartsWith("# ", StringComparison.Ordinal))
                comment.Add(content[2..]);
            else if (KeyLine().Match(line) is { Success: true } match)
            {
                var (indent, key, own) = (
                    match.Groups["indent"].Length,
                    match.Groups["key"].Value,
                    match.Groups["value"].Value.Trim()
                );
                keys.RemoveAll(k => k.Indent >= indent);
                keys.Add((indent, key));
                Add(values, string.Join('.', keys.Select(k => k.Key)), own, string.Join(' ', comment));
                comment.Clear();
            }
            else
            {
                comment.Clear();
            }
        }

        return values;
    }

    // A value without a comment of its own is a part of the default of the one above it.
    private static void Add(List<ChartValue> values, string path, string own, string comment)
    {
        if (comment.Length > 0)
        {
            values.Add(new(path, own.Length == 0 ? null : own, comment));
            return;
        }

        var parent = values.FindLastIndex(v => path.StartsWith($"{v.Path}.", StringComparison.Ordinal));
        if (parent < 0)
            throw new FormatException($"values.yaml: {path} has no comment");
        var part = $"{path[(values[parent].Path.Length + 1)..]}: {own}";
        values[parent] = values[parent] with
        {
            Default = values[parent].Default is { } before ? $"{before[..^1]}, {part}}}" : $"{{{part}}}",
        };
    }

    [GeneratedRegex("^(?<indent> *)(?<key>[A-Za-z]+):(?<value>.*)$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex KeyLine();
}
