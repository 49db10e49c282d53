using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Reconciler.Sources;

/// <summary>
/// Reads YAML text into nodes that know their place. Depth, aliases and size are counted while events are pulled, so that hostile text
/// is refused before it costs anything.
/// </summary>
internal sealed class YamlTreeReader
{
    private readonly string _path;
    private readonly IParser _parser;
    private readonly Dictionary<string, (Node Node, int Size)> _anchors = new(StringComparer.Ordinal);
    private readonly Problems _problems;
    private Position _last;
    private int _depth;
    private int _nodes;
    private int _aliases;

    private YamlTreeReader(string path, TextReader text, Problems problems) =>
        (_path, _parser, _problems, _last) = (path, new Parser(text), problems, new(path, 1, 1));

    /// <summary>Reads every document of a text.</summary>
    /// <param name="path">The name of the text in problems.</param>
    /// <param name="text">The text.</param>
    /// <param name="problems">Gets every problem found.</param>
    /// <param name="documents">Gets the documents before the first place that cannot be read.</param>
    /// <returns>Whether the text could be read to its end.</returns>
    public static bool Read(string path, TextReader text, Problems problems, List<Node> documents)
    {
        var reader = new YamlTreeReader(path, text, problems);
        try
        {
            reader.ReadDocuments(documents);
            return true;
        }
        catch (RefusedException refused)
        {
            problems.Error(refused.Position, refused.Message);
        }
        catch (YamlException broken)
        {
            problems.Error(reader.At(broken.Start), $"is not YAML: {Reason(broken)}");
        }

        return false;
    }

    private void ReadDocuments(List<Node> documents)
    {
        // Every event is taken once, in order: the parser's own Consume would leave the next one current, which Take steps over.
        Take();
        while (Take() is DocumentStart)
        {
            _anchors.Clear();
            documents.Add(ReadFrom(Take()));
            Take();
        }
    }

    private ParsingEvent Take()
    {
        try
        {
            if (!_parser.MoveNext()) throw new RefusedException(_last, "ends in the middle");
        }
        // The parser meets some broken texts with exceptions of its own code, such as a character that does not exist.
        catch (Exception broken) when (broken is not (YamlException or RefusedException or OutOfMemoryException))
        {
            throw new RefusedException(_last, $"is followed by something that is not YAML: {broken.Message.ReplaceLineEndings(" ")}");
        }

        var taken = _parser.Current!;
        _last = At(taken.Start);
        return taken;
    }

    private Node ReadFrom(ParsingEvent first)
    {
        var position = At(first.Start);
        if (first is AnchorAlias alias) return Repeat(alias, position);
        if (first is not NodeEvent start) throw new RefusedException(position, "is not YAML: a value is missing");
        Count(1, position);
        CheckTag(start, position);
        var before = _nodes;
        Node node = first switch
        {
            Scalar scalar => new ScalarNode(position, scalar.Value, scalar.Style != ScalarStyle.Plain),
            SequenceStart => ReadSequence(position),
            _ => ReadMapping(position),
        };
        if (!start.Anchor.IsEmpty) _anchors[start.Anchor.Value] = (node, _nodes - before + 1);
        return node;
    }

    private static void CheckTag(NodeEvent node, Position position)
    {
        if (!node.Tag.IsEmpty) Refuse(position, $"has the tag {ProblemText.Quote(node.Tag.Value)}; expected plain YAML without tags");
    }

    private SequenceNode ReadSequence(Position position)
    {
        Enter(position);
        var items = new List<Node>();
        while (Take() is var next and not SequenceEnd) items.Add(ReadFrom(next));
        _depth--;
        return new(position, items);
    }

    private MappingNode ReadMapping(Position position)
    {
        Enter(position);
        var entries = new List<MappingEntry>();
        HashSet<string>? names = null;
        while (Take() is var next and not MappingEnd)
        {
            if (ReadFrom(next) is not ScalarNode key) throw new RefusedException(At(next.Start), "has a list or mapping as a key; expected a word");
            var value = ReadFrom(Take());
            if (key.Text == "<<" && !key.Quoted) Refuse(key.Position, "merges a mapping with <<; expected the fields written out, as kubectl would need them");
            if (IsDuplicate(key.Text, entries, ref names)) _problems.Error(key.Position, $"the key {ProblemText.Quote(key.Text)} stands twice; expected it once");
            else entries.Add(new(key, value));
        }

        _depth--;
        return new(position, entries);
    }

    // Most mappings are small; a set pays off only for the large ones.
    private static bool IsDuplicate(string name, List<MappingEntry> entries, ref HashSet<string>? names)
    {
        if (entries.Count < 12) return entries.Exists(e => e.Name == name);
        names ??= entries.Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        return !names.Add(name);
    }

    private Node Repeat(AnchorAlias alias, Position position)
    {
        if (++_aliases > YamlLimits.Aliases) Refuse(position, string.Create(CultureInfo.InvariantCulture, $"has more than {YamlLimits.Aliases} aliases"));
        if (!_anchors.TryGetValue(alias.Value.Value, out var anchored)) throw new RefusedException(position, $"repeats {ProblemText.Quote(alias.Value.Value)}, which no anchor before it names");
        Count(anchored.Size, position);
        return anchored.Node;
    }

    private void Enter(Position position)
    {
        if (++_depth > YamlLimits.Depth) Refuse(position, string.Create(CultureInfo.InvariantCulture, $"is nested more than {YamlLimits.Depth} deep"));
    }

    private void Count(int nodes, Position position)
    {
        if (nodes > YamlLimits.Nodes - _nodes) Refuse(position, string.Create(CultureInfo.InvariantCulture, $"has more than {YamlLimits.Nodes} values, counting what aliases repeat"));
        _nodes += nodes;
    }

    private static void Refuse(Position position, string message) => throw new RefusedException(position, message);

    private Position At(in Mark mark) => new(_path, (int)mark.Line, (int)mark.Column);

    // The parser repeats the place in its text; the place is said before it already.
    private static string Reason(YamlException broken)
    {
        var text = (broken.InnerException ?? broken).Message;
        var colon = text.StartsWith('(') ? text.IndexOf("): ", StringComparison.Ordinal) : -1;
        return (colon < 0 ? text : text[(colon + 3)..]).TrimEnd('.');
    }

    private sealed class RefusedException(Position position, string message) : Exception(message)
    {
        public Position Position { get; } = position;
    }
}
