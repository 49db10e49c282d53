using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Reconciler.Manifests.Editing;

/// <summary>A place in a text: line and column from 1.</summary>
/// <param name="Line">The line.</param>
/// <param name="Column">The column.</param>
internal readonly record struct TextPlace(int Line, int Column)
{
    public static TextPlace Of(Mark mark) => new((int)mark.Line, (int)mark.Column);
}

/// <summary>A list of a YAML text, with the places of its items.</summary>
internal sealed class YamlList
{
    private readonly List<(TextPlace Start, TextPlace End)> _items = [];

    private YamlList(TextPlace start, bool isFlow, TextPlace? key) => (Start, IsFlow, KeyEnd) = (start, isFlow, key);

    /// <summary>Where it begins.</summary>
    public TextPlace Start { get; }

    /// <summary>Where it ends.</summary>
    public TextPlace End { get; private set; }

    /// <summary>Whether it stands in brackets.</summary>
    public bool IsFlow { get; }

    /// <summary>Whether other parts of the text repeat it.</summary>
    public bool IsAnchored { get; private init; }

    /// <summary>Where the key in front of it ends; null where there is none.</summary>
    public TextPlace? KeyEnd { get; }

    /// <summary>Its items: where each begins, and where its last piece ends.</summary>
    public IReadOnlyList<(TextPlace Start, TextPlace End)> Items => _items;

    /// <summary>Finds every list of a text.</summary>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public static List<YamlList> In(string text)
    {
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        var found = new List<YamlList>();
        while (parser.MoveNext())
        {
            if (parser.Current is DocumentStart && parser.MoveNext())
                ReadNode(parser, key: null, found);
        }

        return found;
    }

    // Reads one piece, from its first event to its last; afterwards the last is current.
    private static TextPlace ReadNode(Parser parser, TextPlace? key, List<YamlList> found)
    {
        switch (parser.Current)
        {
            case SequenceStart sequence:
                return ReadList(parser, sequence, key, found);
            case MappingStart:
                while (parser.MoveNext() && parser.Current is not MappingEnd)
                {
                    var named = ReadNode(parser, key: null, found);
                    if (parser.MoveNext())
                        ReadNode(parser, named, found);
                }

                return TextPlace.Of(parser.Current!.End);
            default:
                return TextPlace.Of(parser.Current!.End);
        }
    }

    private static TextPlace ReadList(Parser parser, SequenceStart start, TextPlace? key, List<YamlList> found)
    {
        var list = new YamlList(TextPlace.Of(start.Start), start.Style == SequenceStyle.Flow, key)
        {
            IsAnchored = !start.Anchor.IsEmpty,
        };
        found.Add(list);
        while (parser.MoveNext() && parser.Current is not SequenceEnd)
        {
            var begins = TextPlace.Of(parser.Current!.Start);
            list._items.Add((begins, ReadNode(parser, key: null, found)));
        }

        return list.End = TextPlace.Of(parser.Current!.End);
    }
}
