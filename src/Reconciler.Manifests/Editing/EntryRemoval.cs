using System.Text.RegularExpressions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Manifests.Editing;

/// <summary>
/// Takes entries out of the lists of a manifest's text. Everything else stays as it is, comments and layout too. A list
/// that loses its last entry becomes <c>[]</c>: without the list nobody would be managed.
/// </summary>
public static partial class EntryRemoval
{
    private const string ByHand = "cannot be taken out without touching other parts of the file; edit it by hand";

    /// <summary>Takes entries out of a text that was read without problems.</summary>
    /// <param name="text">The text.</param>
    /// <param name="entries">Where the entries begin.</param>
    /// <param name="problems">Gets a problem for each entry that cannot be taken out.</param>
    /// <returns>The new text; null where a problem was found.</returns>
    public static string? Run(string text, IReadOnlyCollection<Position> entries, Problems problems)
    {
        var lines = new TextLines(text);
        var cuts = new List<TextCut>();
        var wanted = entries.ToDictionary(e => new TextPlace(e.Line, e.Column));
        foreach (var list in YamlList.In(text))
        {
            var gone = list.Items.Select(i => wanted.ContainsKey(i.Start)).ToArray();
            if (list.IsAnchored || !gone.Contains(true))
                continue;
            var found = list.IsFlow ? FlowCuts(lines, list, gone) : BlockCuts(lines, list, gone);
            if (found is null)
                continue;
            cuts.AddRange(found);
            foreach (var (start, _) in list.Items)
                wanted.Remove(start);
        }

        foreach (var position in wanted.Values)
            problems.Error(position, ByHand);
        return problems.HasErrors ? null : lines.Cut(cuts);
    }

    // [a, b, c]: an entry goes with the comma behind it, and those at the end with the comma before them.
    private static List<TextCut> FlowCuts(TextLines lines, YamlList list, bool[] gone)
    {
        var items = list.Items;
        if (!gone.Contains(false))
            return [new(lines.IndexOf(list.Start) + 1, EndOf(lines, list.End, ']') - 1, "")];
        var cuts = new List<TextCut>();
        for (var i = 0; i < items.Count; i++)
        {
            if (!gone[i])
                continue;
            var last = i;
            while (last + 1 < items.Count && gone[last + 1])
                last++;
            cuts.Add(
                last + 1 < items.Count
                    ? new(lines.IndexOf(items[i].Start), lines.IndexOf(items[last + 1].Start), "")
                    : new(EndOf(lines, items[i - 1].End, '}'), EndOf(lines, items[last].End, '}'), "")
            );
            i = last;
        }

        return cuts;
    }

    // The parser ends what stands in brackets before the closing one.
    private static int EndOf(TextLines lines, TextPlace end, char closing)
    {
        var at = lines.IndexOf(end);
        return at < lines.Text.Length && lines.Text[at] == closing ? at + 1 : at;
    }

    private static List<TextCut>? BlockCuts(TextLines lines, YamlList list, bool[] gone)
    {
        var cuts = new List<TextCut>();
        for (var i = 0; i < gone.Length; i++)
        {
            if (!gone[i])
                continue;
            if (DashLine(lines, list.Items[i].Start) is not { } dash)
                return null;
            cuts.Add(new(lines.IndexOf(new(dash, 1)), lines.IndexOf(new(LastLine(lines, dash) + 1, 1)), ""));
        }

        if (gone.Contains(false))
            return cuts;
        // The colon stands behind the key, with nothing but spaces between.
        if (list.KeyEnd is not { } key || !lines.Text.AsSpan(lines.IndexOf(key)).TrimStart(' ').StartsWith(":"))
            return null;
        var colon = lines.Text.IndexOf(':', lines.IndexOf(key));
        return [new(colon + 1, colon + 1, " []"), .. cuts];
    }

    // The line with the dash of an entry: its own, or one above that holds nothing else.
    private static int? DashLine(TextLines lines, TextPlace start)
    {
        if (lines[start.Line].AsSpan(0, start.Column - 1).Trim(' ').SequenceEqual("-"))
            return start.Line;
        if (!string.IsNullOrWhiteSpace(lines[start.Line][..(start.Column - 1)]))
            return null;
        var line = start.Line - 1;
        while (line >= 1 && BlankOrComment().IsMatch(lines[line]))
            line--;
        return line >= 1 && BareDash().IsMatch(lines[line]) ? line : null;
    }

    // What belongs to an entry is indented more than its dash; blank lines at the end stay.
    private static int LastLine(TextLines lines, int dash)
    {
        var (indent, last) = (Indent(lines[dash]), dash);
        for (var line = dash + 1; line <= lines.Count; line++)
        {
            if (string.IsNullOrWhiteSpace(lines[line]))
                continue;
            if (Indent(lines[line]) <= indent)
                break;
            last = line;
        }

        return last;
    }

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;

    [GeneratedRegex("^\\s*(#.*)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex BlankOrComment();

    [GeneratedRegex("^ *-\\s*(#.*)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex BareDash();
}
