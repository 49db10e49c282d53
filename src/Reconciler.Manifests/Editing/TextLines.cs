using System.Text;

namespace Reconciler.Manifests.Editing;

/// <summary>A part of a text that is replaced.</summary>
/// <param name="From">The index where it begins.</param>
/// <param name="To">The index behind it.</param>
/// <param name="With">What stands there instead.</param>
internal sealed record TextCut(int From, int To, string With);

/// <summary>The lines of a text, counted from 1, with whatever ends them.</summary>
internal sealed class TextLines
{
    private readonly List<int> _starts = [0];

    public TextLines(string text)
    {
        Text = text;
        for (var at = text.IndexOf('\n', StringComparison.Ordinal); at >= 0; at = text.IndexOf('\n', at + 1))
            _starts.Add(at + 1);
    }

    public string Text { get; }

    public int Count => _starts.Count;

    public string this[int line] => Text[_starts[line - 1]..EndOf(line)].TrimEnd('\r', '\n');

    /// <summary>The index of a place; the end of the text for a line behind the last.</summary>
    public int IndexOf(TextPlace place) =>
        place.Line > Count ? Text.Length : Math.Min(Text.Length, _starts[place.Line - 1] + place.Column - 1);

    /// <summary>The text without what is cut.</summary>
    public string Cut(IEnumerable<TextCut> cuts)
    {
        var (cut, from) = (new StringBuilder(Text.Length), 0);
        foreach (var part in cuts.OrderBy(c => c.From).ThenBy(c => c.To))
        {
            cut.Append(Text, from, part.From - from).Append(part.With);
            from = part.To;
        }

        return cut.Append(Text, from, Text.Length - from).ToString();
    }

    private int EndOf(int line) => line < Count ? _starts[line] : Text.Length;
}
