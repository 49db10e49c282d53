using System.Buffers;

namespace Reconciler.Manifests.Yaml;

/// <summary>
/// The present line of a text that <see cref="PlainYaml"/> reads; empty lines and comments are passed over.
/// </summary>
internal sealed class PlainYamlLine(string text)
{
    /// <summary>The indentation at the end of the text.</summary>
    public const int End = -1;

    /// <summary>The indentation of the line between two documents.</summary>
    public const int Marker = -2;

    /// <summary>The indentation of a line that only the parser can read.</summary>
    public const int Odd = -3;

    // The parser refuses a key that is much longer.
    private const int LongestKey = 128;

    private static readonly SearchValues<char> KeyLetters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-"
    );

    private int _begin;
    private int _end;
    private int _next;

    /// <summary>The number of the line, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>How many spaces the line begins with, or one of the numbers above.</summary>
    public int Indent { get; private set; }

    /// <summary>Where the line's text begins after these spaces.</summary>
    public int Start { get; private set; }

    /// <summary>Goes to the next line that is neither empty nor a comment.</summary>
    public void Next()
    {
        while (_next < text.Length)
        {
            Number++;
            _begin = _next;
            var length = text.AsSpan(_begin).IndexOf('\n');
            _end = length < 0 ? text.Length : _begin + length;
            _next = length < 0 ? text.Length : _end + 1;
            if (_end > _begin && text[_end - 1] == '\r')
                _end--;
            Start = AfterSpaces(_begin);
            if (Start == _end || text[Start] == '#')
                continue;
            Indent = IndentOfText();
            return;
        }

        Indent = End;
    }

    /// <summary>The column of a place in the line, from 1.</summary>
    public int ColumnOf(int at) => at - _begin + 1;

    /// <summary>The first place from one on that is no space.</summary>
    public int AfterSpaces(int at)
    {
        while (at < _end && text[at] == ' ')
            at++;
        return at;
    }

    /// <summary>What is left of the line from a place on.</summary>
    public ReadOnlySpan<char> From(int at) => text.AsSpan(at, _end - at);

    /// <summary>Whether nothing but a comment follows.</summary>
    public bool IsOver(int at) => at == _end || (text[at] == '#' && text[at - 1] == ' ');

    /// <summary>Whether an entry of a list begins at a place.</summary>
    public bool IsEntry(int at) => at < _end && text[at] == '-' && (at + 1 == _end || text[at + 1] == ' ');

    /// <summary>The colon after a simple key; -1 if no such key begins at a place.</summary>
    public int EndOfKey(int at)
    {
        var rest = From(at);
        var length = rest.IndexOfAnyExcept(KeyLetters);
        return
            length is > 0 and <= LongestKey
            && rest[length] == ':'
            && (char.IsAsciiLetterOrDigit(rest[0]) || rest[0] == '_')
            && (length + 1 == rest.Length || rest[length + 1] == ' ')
            ? at + length
            : -1;
    }

    private int IndentOfText()
    {
        if (Start > _begin)
            return Start - _begin;
        var line = From(Start);
        if (line.StartsWith("---") && IsOver(AfterSpaces(Start + 3)) && (line.Length == 3 || line[3] == ' '))
            return Marker;
        // The end of a document, a directive, or text beside the marker.
        return line[0] == '%' || line.StartsWith("...") || line.StartsWith("---") ? Odd : 0;
    }
}
