using System.Text.RegularExpressions;
using Reconciler.Core.Manifests;

namespace Reconciler.Manifests.Yaml;

/// <summary>
/// Explains what is wrong with text that the parser refused, at the line that must be corrected. It quotes nothing of
/// the text, because it may hold a token.
/// </summary>
internal static partial class YamlFault
{
    private static readonly string[] ConflictMarks = ["<<<<<<<", ">>>>>>>", "|||||||"];

    /// <summary>Whether a text may hold conflict markers, so that its lines must be searched.</summary>
    public static bool MayHoldConflict(string text) =>
        ConflictMarks.Any(m => text.Contains(m, StringComparison.Ordinal));

    /// <summary>Finds unresolved git conflicts.</summary>
    public static IEnumerable<YamlFinding> Conflicts(YamlLines lines)
    {
        var begins = Enumerable.Range(0, lines.Count).Where(i => ConflictBegins().IsMatch(lines[i])).ToList();
        if (begins.Count > 0)
            return begins.Select(i => Conflict(i, "a merge conflict of git begins here"));
        // The first marker of the conflict was deleted and the others were not.
        return Enumerable
            .Range(0, lines.Count)
            .Where(i => ConflictGoesOn().IsMatch(lines[i]))
            .Take(1)
            .Select(i => Conflict(i, "is left of a merge conflict of git"));
    }

    private static YamlFinding Conflict(int line, string what) =>
        new(line, 0, $"{what}; settle it, and delete the lines with <<<<<<<, ======= and >>>>>>>");

    /// <summary>Explains what is wrong in a document that the parser refused.</summary>
    /// <param name="lines">The lines of the whole text.</param>
    /// <param name="start">The line and column of the start of the parser's error.</param>
    /// <param name="last">The line of its end.</param>
    /// <param name="reason">The parser's message; null if its own code failed.</param>
    public static YamlFinding Of(YamlLines lines, (int Line, int Column) start, int last, string? reason)
    {
        var (line, column) = start;
        // If a document starts too early, the document before it is wrong.
        var from = lines.DocumentOf(
            column == 0 && line > 0 && lines[line].StartsWith("---", StringComparison.Ordinal) ? line - 1 : line
        );
        return Tab(lines, from, last, reason ?? "")
            ?? Template(lines, from, last + 1)
            ?? YamlPairs.Unpaired(lines, from, lines.NextDocument(from))
            ?? (reason is null ? Unforeseen(line, column) : null)
            ?? Mapping(lines, line, column, reason!)
            ?? Indentation(lines, line, reason!)
            ?? Other(lines, line, column, reason!);
    }

    private static YamlFinding Unforeseen(int line, int column) =>
        new(
            line,
            column,
            "is followed by something that is not YAML, such as an escape of a character that does not exist"
        );

    /// <summary>
    /// Finds the first line of a template, which must be rendered to YAML first; null if there is none.
    /// </summary>
    public static YamlFinding? Template(YamlLines lines, int from, int last)
    {
        for (var i = from; i <= last && i < lines.Count; i++)
        {
            if (
                !lines.IsStructure(i)
                || !TemplateBegins().IsMatch(lines[i])
                || TemplateText.NameOf(lines[i]) is not { } name
            )
                continue;
            return new(i, lines.Margin(i).Length, $"looks like {name}; render it first, and give what came of it");
        }

        return null;
    }

    private static YamlFinding? Tab(YamlLines lines, int from, int last, string reason)
    {
        var isTab = reason.Contains(" tab ", StringComparison.Ordinal);
        for (var i = isTab ? from : last; i < lines.Count && (isTab || i == last); i++)
        {
            var tab = lines.IsStructure(i) ? lines.Margin(i).IndexOf('\t') : -1;
            if (tab >= 0)
                return new(i, tab, "a tab indents this line; YAML takes spaces");
        }

        return isTab ? new(last, 0, "is not YAML: a tab stands where YAML takes spaces") : null;
    }

    // The parser found an unexpected colon; mostly the line before it is wrong.
    private static YamlFinding? Mapping(YamlLines lines, int line, int column, string reason)
    {
        if (!reason.Contains("found invalid mapping", StringComparison.Ordinal))
            return null;
        if (
            column > 0
            && lines[line].AsSpan(0, Math.Min(column, lines[line].Length)).Contains(": ", StringComparison.Ordinal)
        )
            return new(line, column, "is not YAML: a second colon stands in this line; put the value in quotes");
        foreach (var i in new[] { line, lines.Before(line), line - 1 }.Where(lines.IsStructure))
        {
            if (Squeezed(lines, i) is { } squeezed)
                return squeezed;
        }

        var before = lines.Before(line);
        if (before >= 0 && lines.Indent(line) > lines.Indent(before) && lines.BeginsEntry(before))
            return new(
                line,
                lines.Indent(line),
                $"is not YAML: this line is indented below line {before + 1}, which has a value already; "
                    + "expected the same indentation"
            );
        return before < 0 ? null : Odd(lines, before);
    }

    private static YamlFinding? Indentation(YamlLines lines, int line, string reason)
    {
        var isIndentation =
            reason.Contains("did not find expected key", StringComparison.Ordinal)
            || reason.Contains("did not find expected '-' indicator", StringComparison.Ordinal)
            || reason.Contains("did not find expected <document end>", StringComparison.OrdinalIgnoreCase);
        if (!isIndentation)
            return null;
        if (Squeezed(lines, line) is { } squeezed)
            return squeezed;
        if (!lines.BeginsEntry(line))
            return Odd(lines, line);
        return new(
            line,
            lines.Indent(line),
            lines[line].TrimStart().StartsWith("- ", StringComparison.Ordinal)
                ? "is not YAML: this list entry stands where a key is expected; "
                    + "check the indentation of this line and the ones before it"
                : "is not YAML: the indentation of this line fits none of the lines above it; "
                    + "expected that of its neighbours"
        );
    }

    private static YamlFinding? Squeezed(YamlLines lines, int line)
    {
        if (lines.BeginsEntry(line))
            return null;
        if (NoSpaceAfterDash().IsMatch(lines[line]))
            return new(line, lines.Indent(line), "is not YAML: a space is missing after the dash");
        return NoSpaceAfterColon().IsMatch(lines[line])
            ? new(line, lines.Indent(line), "is not YAML: a space is missing after the colon")
            : null;
    }

    private static YamlFinding Odd(YamlLines lines, int line) =>
        lines[line].Trim() == "======="
            ? Conflict(line, "is left of a merge conflict of git")
            : new(
                line,
                lines.Indent(line),
                "is not YAML: this line is neither \"key: value\" nor an entry of a list that begins with a dash"
            );

    private static YamlFinding Other(YamlLines lines, int line, int column, string reason) =>
        new(
            line,
            column,
            "is not YAML: "
                + reason switch
                {
                    _ when Says(reason, "cannot start any token") =>
                        $"a value cannot begin with {FirstOf(lines[line], column)}; put it in quotes",
                    _ when Says(reason, "anchor or alias") =>
                        "* and & begin an alias or anchor; put the value in quotes",
                    _ when Says(reason, "escape character") =>
                        "a backslash in double quotes begins no escape that YAML knows; use single quotes",
                    _ when Says(reason, "surrogates") => "an escape in double quotes names no character",
                    _ when Says(reason, "sequence entries are not allowed") =>
                        "a list begins in the line of its key; begin it in the next line",
                    _ when Says(reason, "directive") || Says(reason, "incompatible") =>
                        "a directive names a version that is not read; delete the line that begins with %",
                    _ when Says(reason, "tag") => "a tag cannot be read; expected plain YAML without tags",
                    _ when Says(reason, "block scalar") => "nothing else may follow | or > in the line",
                    _ when Says(reason, "document start") => "expected --- before another document",
                    _ when Says(reason, "node content") => "a value is missing here",
                    _ when Says(reason, "expected ':'") =>
                        "this line is neither \"key: value\" nor an entry of a list that begins with a dash",
                    _ when Says(reason, "',' or") => "a comma is missing between two entries",
                    _ => "it cannot be read from here on; "
                        + "check the indentation, quotes and brackets of this line and the one before",
                }
        );

    private static bool Says(string reason, string part) => reason.Contains(part, StringComparison.OrdinalIgnoreCase);

    // A single character that YAML reserves reveals no secret.
    private static string FirstOf(string line, int column) =>
        column < line.Length && line[column] is '@' or '`' or '%' ? line[column].ToString() : "this character";

    [GeneratedRegex("^\\s*<{7}( |$)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ConflictBegins();

    [GeneratedRegex("^\\s*(>{7}|\\|{7})( |$)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ConflictGoesOn();

    [GeneratedRegex(
        "^\\s*(- )*([\"']?[A-Za-z0-9_.\\-/]+[\"']?:\\s+)?[\\[{]?\\s*([A-Za-z0-9_.\\-/]+:\\s+)?([{][{%#]|<%)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex TemplateBegins();

    [GeneratedRegex("^\\s*-[^\\s\\-]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NoSpaceAfterDash();

    [GeneratedRegex(
        "^\\s*(- )*[A-Za-z][A-Za-z0-9_]*:[^\\s/:]",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex NoSpaceAfterColon();
}
