using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Reconciler.Manifests.Yaml;

/// <summary>
/// Reads YAML text into nodes that know their place. Depth, aliases and size are counted while events are pulled, so
/// that hostile text is refused before it costs anything.
/// </summary>
public sealed class YamlTreeReader
{
    // Below these keys stands a secret, or what somebody takes for the place of one: no message quotes anything there.
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

    private readonly string _path;
    private readonly Dictionary<string, (Node Node, int Size)> _anchors = new(StringComparer.Ordinal);
    private readonly Problems _problems;
    private IParser _parser = null!;
    private Position _last;
    private int _offset;
    private int _depth;
    private int _nodes;
    private int _aliases;
    private int _secrets;
    private int _restarts = 20;
    private bool _isWhole = true;

    private YamlTreeReader(string path, Problems problems) =>
        (_path, _problems, _last) = (path, problems, new(path, 1, 1));

    /// <summary>
    /// Reads every document of a text. One that cannot be read does not hide the problems of those after it.
    /// </summary>
    /// <param name="path">The name of the text in problems.</param>
    /// <param name="text">The text.</param>
    /// <param name="problems">Gets every problem found.</param>
    /// <param name="documents">Gets the documents that can be read.</param>
    /// <returns>Whether all of the text could be read.</returns>
    public static bool Read(string path, string text, Problems problems, List<Node> documents)
    {
        if (!SourceText.IsText(path, text, problems))
            return false;
        var lines = new Lazy<YamlLines>(() => new(text));
        if (YamlFault.MayHoldConflict(text) && YamlFault.Conflicts(lines.Value).ToList() is { Count: > 0 } conflicts)
        {
            foreach (var conflict in conflicts)
                problems.Error(new Position(path, conflict.Line + 1, 1), conflict.Message);
            return false;
        }

        var reader = new YamlTreeReader(path, problems);
        var rest = new Stack<(int From, int To)>([(0, int.MaxValue)]);
        while (rest.TryPop(out var part))
            reader.ReadPart(part, text, lines, documents, rest);
        return reader._isWhole;
    }

    /// <summary>
    /// Reads the documents of some lines. Where one cannot be read, those before and after it are read apart.
    /// </summary>
    private void ReadPart(
        (int From, int To) part,
        string text,
        Lazy<YamlLines> lines,
        List<Node> documents,
        Stack<(int From, int To)> rest
    )
    {
        var (nodes, count) = (_nodes, documents.Count);
        if (
            TryRead(
                part.From,
                part == (0, int.MaxValue) ? text : lines.Value.Text(part.From, part.To),
                lines,
                documents,
                out var isOver
            )
            is not { } finding
        )
            return;
        _isWhole = false;
        _problems.Error(new Position(_path, finding.Line + 1, finding.Column + 1), finding.Message);
        if (isOver || --_restarts < 0)
            return;
        var next = lines.Value.NextDocument(Math.Max(part.From, finding.Line));
        if (next < Math.Min(part.To, lines.Value.Count))
            rest.Push((next, part.To));
        // The parser looks ahead: it may have stumbled before it gave all of the document before.
        var document = lines.Value.DocumentOf(finding.Line);
        if (document <= part.From)
            return;
        documents.RemoveRange(count, documents.Count - count);
        _nodes = nodes;
        rest.Push((part.From, document));
    }

    private YamlFinding? TryRead(int line, string text, Lazy<YamlLines> lines, List<Node> documents, out bool isOver)
    {
        using var reader = new StringReader(text);
        (_parser, _offset, _depth, _secrets, _last, isOver) = (
            new Parser(reader),
            line,
            0,
            0,
            new(_path, line + 1, 1),
            false
        );
        try
        {
            ReadDocuments(documents);
            return null;
        }
        catch (RefusedException refused)
        {
            isOver = refused.IsLimit;
            var at = refused.Position.Line - 1;
            return (refused.MayBeTemplate ? YamlFault.Template(lines.Value, at, at) : null) ?? Finding(refused);
        }
        catch (YamlException broken)
        {
            var (start, end) = (At(broken.Start), At(broken.End));
            return YamlFault.Of(
                lines.Value,
                (start.Line - 1, start.Column - 1),
                Math.Max(start.Line, end.Line) - 1,
                (broken.InnerException ?? broken).Message
            );
        }
        // The parser meets some broken texts with exceptions of its own code, such as a bracket that is never closed.
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            return YamlFault.Of(lines.Value, (_last.Line - 1, _last.Column - 1), _last.Line - 1, null);
        }
    }

    private static YamlFinding Finding(RefusedException refused) =>
        new(refused.Position.Line - 1, refused.Position.Column - 1, refused.Message);

    private void ReadDocuments(List<Node> documents)
    {
        // Every event is taken once, in order: the parser's own Consume would leave the next one current, which Take
        // steps over.
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
            throw new RefusedException(_last, "ends in the middle");
        var taken = _parser.Current!;
        _last = At(taken.Start);
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
        var before = _nodes;
        Node node = first switch
        {
            Scalar scalar => new ScalarNode(position, scalar.Value, scalar.Style != ScalarStyle.Plain),
            SequenceStart => ReadSequence(position),
            _ => ReadMapping(position),
        };
        if (!start.Anchor.IsEmpty)
            _anchors[start.Anchor.Value] = (node, _nodes - before + 1);
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
                _problems.Error(key.Position, $"{Named("the key", "a key", key.Text)} stands twice; expected it once");
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

    // Most mappings are small; a set pays off only for the large ones.
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
        if (nodes > YamlLimits.Nodes - _nodes)
            RefuseAll(position, $"has more than {YamlLimits.Nodes} values, counting what aliases repeat");
        _nodes += nodes;
    }

    private static void Refuse(Position position, string message) => throw new RefusedException(position, message);

    // What is too large is not read any further.
    private static void RefuseAll(Position position, FormattableString message) =>
        throw new RefusedException(position, message.ToString(CultureInfo.InvariantCulture)) { IsLimit = true };

    private Position At(in Mark mark) => new(_path, (int)mark.Line + _offset, (int)mark.Column);

    private sealed class RefusedException(Position position, string message) : Exception(message)
    {
        public Position Position { get; } = position;

        /// <summary>Whether the file costs too much, so that nothing of it is read any further.</summary>
        public bool IsLimit { get; init; }

        /// <summary>Whether what stands there may be the double brace of a template.</summary>
        public bool MayBeTemplate { get; init; }
    }
}
