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
    private int _depth;
    private int _nodes;
    private int _aliases;

    private YamlTreeReader(string path, TextReader text, Problems problems) => (_path, _parser, _problems) = (path, new Parser(text), problems);

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
        _parser.Consume<StreamStart>();
        while (!_parser.TryConsume<StreamEnd>(out _))
        {
            _parser.Consume<DocumentStart>();
            _anchors.Clear();
            documents.Add(ReadNode());
            _parser.Consume<DocumentEnd>();
        }
    }

    private Node ReadNode()
    {
        if (!_parser.MoveNext()) throw new RefusedException(new(_path, 1, 1), "ends in the middle");
        return ReadFrom(_parser.Current!);
    }

    private Node ReadFrom(ParsingEvent first)
    {
        var position = At(first.Start);
        if (first is AnchorAlias alias) return Repeat(alias, position);
        Count(1, position);
        var before = _nodes;
        Node node = first switch
        {
            Scalar scalar => ReadScalar(scalar, position),
            SequenceStart => ReadSequence(position),
            MappingStart => ReadMapping(position),
            _ => throw new RefusedException(position, $"has an unexpected {first.GetType().Name}"),
        };
        if (first is NodeEvent { Anchor.IsEmpty: false } anchored) _anchors[anchored.Anchor.Value] = (node, _nodes - before + 1);
        return node;
    }

    private static ScalarNode ReadScalar(Scalar scalar, Position position)
    {
        if (!scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific) Refuse(position, $"has the tag {ProblemText.Quote(scalar.Tag.Value)}; expected plain YAML without tags");
        return new(position, scalar.Value, scalar.Style != ScalarStyle.Plain);
    }

    private SequenceNode ReadSequence(Position position)
    {
        Enter(position);
        var items = new List<Node>();
        while (Next() is { } next) items.Add(ReadFrom(next));
        _depth--;
        return new(position, items);
    }

    private MappingNode ReadMapping(Position position)
    {
        Enter(position);
        var entries = new List<MappingEntry>();
        HashSet<string>? names = null;
        while (Next() is { } next)
        {
            if (ReadFrom(next) is not ScalarNode key) throw new RefusedException(At(next.Start), "has a list or mapping as a key; expected a word");
            var value = ReadNode();
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

    private ParsingEvent? Next()
    {
        if (!_parser.MoveNext()) throw new RefusedException(new(_path, 1, 1), "ends in the middle");
        return _parser.Current is SequenceEnd or MappingEnd ? null : _parser.Current;
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
