using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Reconciler.Manifests.Yaml;

/// <summary>
/// Turns the events of a YAML parser into nodes that know their place. Depth, aliases and size are counted while events
/// are pulled, so that hostile text is refused before it costs anything.
/// </summary>
/// <param name="path">The name of the text in problems.</param>
/// <param name="problems">Gets the problems that do not end the reading.</param>
internal sealed class YamlNodeReader(string path, Problems problems)
{
    // The values of these keys may be secrets, so no message quotes text below them.
    private static readonly HashSet<string> SecretKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        "credentials",
        "token",
        "tokenFile",
        "secret",
        "secretFile",
        "password",
        "apiKey",
        "sshKeyFile",
        "urlFile",
    };

    private readonly Dictionary<string, (Node Node, int Size)> _anchors = new(StringComparer.Ordinal);
    private IParser _parser = null!;
    private int _offset;
    private int _depth;
    private int _aliases;
    private int _secrets;

    /// <summary>The place of the last event that was read.</summary>
    public Position Last { get; private set; } = new(path, 1, 1);

    /// <summary>
    /// How many nodes were read, counting what aliases repeat; set back where documents are read again.
    /// </summary>
    public int Nodes { get; set; }

    /// <summary>Reads every document that the parser gives.</summary>
    /// <param name="parser">The parser of one part of the text.</param>
    /// <param name="line">The line of the text at which the part begins, counted from 0.</param>
    /// <param name="documents">Gets the documents that can be read.</param>
    /// <exception cref="RefusedException">The YAML is valid and not accepted.</exception>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public void ReadDocuments(IParser parser, int line, List<Node> documents)
    {
        (_parser, _offset, _depth, _secrets, Last) = (parser, line, 0, 0, new(path, line + 1, 1));
        // Read each event exactly once: the parser's own Consume would make the next event current, which Take would
        // skip.
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
        if (!_parser.MoveNext())
            throw new RefusedException(Last, "ends in the middle");
        var taken = _parser.Current!;
        Last = At(taken.Start);
        return taken;
    }

    private Node ReadFrom(ParsingEvent first)
    {
        var position = At(first.Start);
        if (first is AnchorAlias alias)
            return Repeat(alias, position);
        if (first is not NodeEvent start)
            throw new RefusedException(position, "is not YAML: a value is missing");
        Count(1, position);
        CheckTag(start, position);
        var before = Nodes;
        Node node = first switch
        {
            Scalar scalar => new ScalarNode(position, scalar.Value, scalar.Style != ScalarStyle.Plain),
            SequenceStart => ReadSequence(position),
            _ => ReadMapping(position),
        };
        if (!start.Anchor.IsEmpty)
            _anchors[start.Anchor.Value] = (node, Nodes - before + 1);
        return node;
    }

    private void CheckTag(NodeEvent node, Position position)
    {
        if (!node.Tag.IsEmpty)
            Refuse(position, $"has {Named("the tag", "a tag", node.Tag.Value)}; expected plain YAML without tags");
    }

    private string Named(string definite, string indefinite, string name) =>
        _secrets > 0 ? indefinite : $"{definite} {ProblemText.Quote(name)}";

    private SequenceNode ReadSequence(Position position)
    {
        Enter(position);
        var items = new List<Node>();
        while (Take() is var next and not SequenceEnd)
            items.Add(ReadFrom(next));
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
            if (ReadFrom(next) is not ScalarNode key)
                throw new RefusedException(At(next.Start), "has a list or mapping as a key; expected a word")
                {
                    MayBeTemplate = true,
                };
            var value = ReadValue(key);
            if (key.Text == "<<" && !key.Quoted)
                Refuse(
                    key.Position,
                    "merges a mapping with <<; expected the fields written out, as kubectl would need them"
                );
            if (IsDuplicate(key.Text, entries, ref names))
                problems.Error(key.Position, $"{Named("the key", "a key", key.Text)} stands twice; expected it once");
            else
                entries.Add(new(key, value));
        }

        _depth--;
        return new(position, entries);
    }

    private Node ReadValue(ScalarNode key)
    {
        var isSecret = SecretKeys.Contains(key.Text);
        if (isSecret)
            _secrets++;
        var value = ReadFrom(Take());
        if (isSecret)
            _secrets--;
        return value;
    }

    // A set is faster only for large mappings, and most are small.
    private static bool IsDuplicate(string name, List<MappingEntry> entries, ref HashSet<string>? names)
    {
        if (entries.Count < 12)
            return entries.Exists(e => e.Name == name);
        names ??= entries.Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        return !names.Add(name);
    }

    private Node Repeat(AnchorAlias alias, Position position)
    {
        if (++_aliases > YamlLimits.Aliases)
            RefuseAll(position, $"has more than {YamlLimits.Aliases} aliases");
        if (!_anchors.TryGetValue(alias.Value.Value, out var anchored))
            throw new RefusedException(
                position,
                $"repeats {(_secrets > 0 ? "something" : ProblemText.Quote(alias.Value.Value))}, "
                    + "which no anchor before it names"
            );
        Count(anchored.Size, position);
        return anchored.Node;
    }

    private void Enter(Position position)
    {
        if (++_depth > YamlLimits.Depth)
            RefuseAll(position, $"is nested more than {YamlLimits.Depth} deep");
    }

    private void Count(int nodes, Position position)
    {
        if (nodes > YamlLimits.Nodes - Nodes)
            RefuseAll(position, $"has more than {YamlLimits.Nodes} values, counting what aliases repeat");
        Nodes += nodes;
    }

    private static void Refuse(Position position, string message) => throw new RefusedException(position, message);

    // Stops the reading of the whole file, because it is too large.
    private static void RefuseAll(Position position, FormattableString message) =>
        throw new RefusedException(position, message.ToString(CultureInfo.InvariantCulture)) { IsLimit = true };

    /// <summary>The place of a mark of the parser in the whole text.</summary>
    public Position At(in Mark mark) => new(path, (int)mark.Line + _offset, (int)mark.Column);
}
