namespace Reconciler.Manifests.Yaml;

/// <summary>
/// Finds the unpaired bracket or quote in text that the parser refused, because the parser only reports where it gave
/// up.
/// </summary>
internal sealed class YamlPairs
{
    private readonly YamlLines _lines;
    private readonly Stack<(char Mark, int Line, int Column)> _open = new();
    private (char Mark, int Line, int Column)? _quote;
    private YamlFinding? _found;

    private YamlPairs(YamlLines lines) => _lines = lines;

    /// <summary>Finds the first unpaired mark in some lines; null if there is none.</summary>
    public static YamlFinding? Unpaired(YamlLines lines, int from, int to)
    {
        var pairs = new YamlPairs(lines);
        for (var line = from; line < to && pairs._found is null; line++)
            pairs.Read(line);
        return pairs._found ?? pairs.Open();
    }

    private YamlFinding? Open() =>
        _quote is { } quote ? Unclosed(quote)
        : _open.TryPeek(out var bracket) ? Unclosed(bracket)
        : null;

    private static YamlFinding Unclosed((char Mark, int Line, int Column) open) =>
        open.Mark is '"' or '\''
            ? new(
                open.Line,
                open.Column,
                $"is not YAML: this quote is never closed; expected another {open.Mark} after the text"
            )
            : new(
                open.Line,
                open.Column,
                $"is not YAML: this {open.Mark} is never closed; expected {Partner(open.Mark)} after the last entry"
            );

    private static char Partner(char open) => open == '{' ? '}' : ']';

    private void Read(int line)
    {
        if (_quote is null && _open.Count == 0 && !_lines.IsStructure(line))
            return;
        if (BeginsSomethingNew(line))
        {
            _found = Open();
            return;
        }

        var isStart = true;
        var text = _lines[line];
        for (var at = 0; at < text.Length && _found is null; at++)
        {
            if (_quote is not null)
                at = EndOfQuote(text, at);
            else if (IsComment(text, at))
                return;
            else
                isStart = Step(line, ref at, isStart);
        }
    }

    // Inside brackets or quotes, a line that begins an entry at the indentation of the opening line belongs to the next
    // entry.
    private bool BeginsSomethingNew(int line)
    {
        if (_quote is null && _open.Count == 0)
            return false;
        var open = _quote ?? _open.Peek();
        if (open.Line == line || !_lines.BeginsEntry(line))
            return false;
        return _lines.Indent(line) <= _lines.Indent(open.Line)
            || (_quote is null && _lines[line].TrimStart().StartsWith("- ", StringComparison.Ordinal));
    }

    private static bool IsComment(string text, int at) =>
        text[at] == '#' && (at == 0 || char.IsWhiteSpace(text[at - 1]));

    // Finds the closing quote, or the end of the line.
    private int EndOfQuote(string text, int at)
    {
        var mark = _quote!.Value.Mark;
        for (; at < text.Length; at++)
        {
            if (mark == '"' && text[at] == '\\')
                at++;
            else if (text[at] == mark && mark == '\'' && at + 1 < text.Length && text[at + 1] == mark)
                at++;
            else if (text[at] == mark)
            {
                CheckAfter(text, at);
                _quote = null;
                return at;
            }
        }

        return text.Length;
    }

    private void CheckAfter(string text, int at)
    {
        var rest = text[(at + 1)..];
        var next = rest.TrimStart();
        var isEnd =
            next.Length == 0
            || next[0] == ':'
            || (next[0] == '#' && rest.Length > next.Length)
            || (_open.Count > 0 && next[0] is ',' or ']' or '}');
        if (isEnd)
            return;
        var (mark, line, column) = _quote!.Value;
        _found = new(
            line,
            column,
            $"is not YAML: text follows the closing {mark} of this text; "
                + $"write a {mark} inside it as {(mark == '"' ? "\\\"" : "''")}, or quote all of it"
        );
    }

    /// <summary>Reads one character outside of quotes. Returns whether a value may begin after it.</summary>
    private bool Step(int line, ref int at, bool isStart)
    {
        var text = _lines[line];
        switch (text[at])
        {
            case ' ' or '\t':
                return isStart;
            case '"' or '\'' when isStart:
                _quote = (text[at], line, at);
                return false;
            case '[' or '{' when isStart || _open.Count > 0:
                _open.Push((text[at], line, at));
                return true;
            case ']' or '}' when _open.Count > 0 || isStart:
                Close(line, at);
                return false;
            case ',' when _open.Count > 0:
                return true;
            case ':' or '-' or '?' when at + 1 == text.Length || char.IsWhiteSpace(text[at + 1]):
                return isStart || text[at] == ':';
            case '&' or '!' when isStart:
                while (at + 1 < text.Length && !char.IsWhiteSpace(text[at + 1]))
                    at++;
                return true;
            default:
                return false;
        }
    }

    private void Close(int line, int at)
    {
        var mark = _lines[line][at];
        if (!_open.TryPop(out var open))
            _found = new(line, at, $"is not YAML: this {mark} closes nothing; delete it, or open it before");
        else if (Partner(open.Mark) != mark)
        {
            _found = new(
                line,
                at,
                $"is not YAML: this {mark} closes the {open.Mark} of line {open.Line + 1}; "
                    + $"expected {Partner(open.Mark)}"
            );
        }
        else if (_open.Count == 0)
        {
            var rest = _lines[line][(at + 1)..];
            var next = rest.TrimStart();
            if (next.Length > 0 && next[0] != ':' && !(next[0] == '#' && rest.Length > next.Length))
                _found = new(
                    line,
                    at + 1 + rest.Length - next.Length,
                    $"is not YAML: text follows the closing {mark}; expected the end of the line"
                );
        }
    }
}

/// <summary>What is wrong, and where; lines and columns count from 0.</summary>
internal sealed record YamlFinding(int Line, int Column, string Message);
