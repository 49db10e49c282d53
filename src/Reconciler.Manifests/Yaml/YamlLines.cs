using System.Text.RegularExpressions;

namespace Reconciler.Manifests.Yaml;

/// <summary>
/// The lines of a text that the parser refused, counted from 0. Indentation alone decides which of them are YAML
/// structure, and not a comment or a block of text, so that it works for broken text.
/// </summary>
internal sealed partial class YamlLines
{
    private readonly string[] _lines;
    private readonly bool[] _isStructure;

    public YamlLines(string text)
    {
        _lines = text.Split('\n');
        for (var i = 0; i < _lines.Length; i++)
            _lines[i] = _lines[i].TrimEnd('\r');
        _isStructure = new bool[_lines.Length];
        var block = -1;
        for (var i = 0; i < _lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(_lines[i]) || (block >= 0 && Indent(i) > block))
                continue;
            block = -1;
            _isStructure[i] = _lines[i].TrimStart()[0] != '#';
            if (_isStructure[i] && BlockBegins().IsMatch(_lines[i]))
                block = Indent(i);
        }
    }

    public int Count => _lines.Length;

    public string this[int line] => line >= 0 && line < _lines.Length ? _lines[line] : "";

    /// <summary>Returns the text of a range of lines.</summary>
    public string Text(int from, int to) => string.Join('\n', _lines, from, Math.Min(to, _lines.Length) - from);

    /// <summary>Whether a line is neither empty, nor a comment, nor inside a block of text.</summary>
    public bool IsStructure(int line) => line >= 0 && line < _lines.Length && _isStructure[line];

    /// <summary>Counts the leading spaces of a line.</summary>
    public int Indent(int line) => this[line].Length - this[line].TrimStart(' ').Length;

    /// <summary>Returns the leading spaces and tabs of a line.</summary>
    public ReadOnlySpan<char> Margin(int line) =>
        this[line].AsSpan(0, this[line].Length - this[line].TrimStart(' ', '\t').Length);

    /// <summary>Finds the nearest line of structure before one; -1 if there is none.</summary>
    public int Before(int line)
    {
        while (--line >= 0 && !IsStructure(line)) { }
        return line;
    }

    /// <summary>Finds the first line of the next document; the number of lines if there is none.</summary>
    public int NextDocument(int line)
    {
        while (++line < _lines.Length && !DocumentBegins().IsMatch(_lines[line])) { }
        return line;
    }

    /// <summary>Finds the first line of the document of a line.</summary>
    public int DocumentOf(int line)
    {
        while (line > 0 && !DocumentBegins().IsMatch(this[line]))
            line--;
        return Math.Max(line, 0);
    }

    /// <summary>Whether a line begins with <c>key:</c> or <c>- </c>, and so begins an entry.</summary>
    public bool BeginsEntry(int line) => EntryBegins().IsMatch(this[line]);

    [GeneratedRegex("(^|[:\\-] )[|>][-+0-9]*\\s*(#.*)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex BlockBegins();

    [GeneratedRegex("^---(\\s|$)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex DocumentBegins();

    [GeneratedRegex(
        "^[ \\t]*(-(\\s|$)|(- )*[A-Za-z0-9_.\\-/]+:(\\s|$))",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex EntryBegins();
}
