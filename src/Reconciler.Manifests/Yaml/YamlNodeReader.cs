using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Reconciler.Manifests.Yaml;

/// <summary>
/// Turns the events of a YAML parser into pieces that know their place. Depth, aliases and size are counted while events
/// are pulled, so that hostile text is refused before it costs anything.
/// </summary>
/// <param name="path">The name of the text in problems.</param>
/// <param name="texts">Keeps texts that recur once.</param>
/// <param name="problems">Gets the problems that do not end the reading.</param>
internal sealed class YamlNodeReader(string path, StringTable texts, Problems problems)
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

    private readonly Dictionary<string, (int Piece, int Size)> _anchors = new(StringComparer.Ordinal);
    private readonly NodeTableBuilder _pieces = new(path);

    // Most mappings have a few keys. A set that was large is not used again: clearing it would cost each small mapping.
    private const int FewNames = 16;
    private readonly Stack<HashSet<string>> _spareNames = [];

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
            _pieces.Clear();
            ReadFrom(Take());
            documents.Add(_pieces.Finish());
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

    private int ReadFrom(ParsingEvent first)
    {
        var position = At(first.Start);
        if (first is AnchorAlias alias)
            return Repeat(alias, position);
        if (first is not NodeEvent start)
            throw new RefusedException(position, "is not YAML: a value is missing");
        Count(1, position);
        CheckTag(start, position);
        var before = Nodes;
        var piece = first switch
        {
            Scalar scalar => ReadScalar(scalar, position),
            SequenceStart => ReadSequence(position),
            _ => ReadMapping(position),
        };
        if (start.Anchor.IsEmpty)
            return piece;
        _pieces.MarkAnchor(piece);
        _anchors[start.Anchor.Value] = (piece, Nodes - before + 1);
        return piece;
    }

    private void CheckTag(NodeEvent node, Position position)
    {
        if (!node.Tag.IsEmpty)
            Refuse(position, $"has {Named("the tag", "a tag", node.Tag.Value)}; expected plain YAML without tags");
    }

    private string Named(string definite, string indefinite, string name) =>
        _secrets > 0 ? indefinite : $"{definite} {ProblemText.Quote(name)}";

    private int ReadScalar(Scalar scalar, Position position) =>
        _pieces.AddScalar(position.Line, position.Column, texts.Of(scalar.Value), scalar.Style != ScalarStyle.Plain);

    private int ReadSequence(Position position)
    {
        Enter(position);
        var piece = _pieces.BeginSequence(position.Line, position.Column);
        while (Take() is var next and not SequenceEnd)
            ReadFrom(next);
        _depth--;
        _pieces.End();
        return piece;
    }

    private int ReadMapping(Position position)
    {
        Enter(position);
        var piece = _pieces.BeginMapping(position.Line, position.Column);
        var names = _spareNames.TryPop(out var spare) ? spare : new(StringComparer.Ordinal);
        while (Take() is var next and not MappingEnd)
        {
            var key = ReadFrom(next);
            if (_pieces.TextOf(key) is not { } name)
                throw new RefusedException(At(next.Start), "has a list or mapping as a key; expected a word")
                {
                    MayBeTemplate = true,
                };
            ReadValue(name);
            // A key that repeats an anchor is reported where the anchor stands, as every repeated piece is.
            var place = _pieces.PositionOf(key);
            if (name == "<<" && !_pieces.IsQuoted(key))
                Refuse(place, "merges a mapping with <<; expected the fields written out, as kubectl would need them");
            if (names.Add(name))
                continue;
            problems.Error(place, $"{Named("the key", "a key", name)} stands twice; expected it once");
            _pieces.Drop(key);
        }

        if (names.Count <= FewNames)
        {
            names.Clear();
            _spareNames.Push(names);
        }

        _depth--;
        _pieces.End();
        return piece;
    }

    private void ReadValue(string key)
    {
        var isSecret = SecretKeys.Contains(key);
        if (isSecret)
            _secrets++;
        ReadFrom(Take());
        if (isSecret)
            _secrets--;
    }

    private int Repeat(AnchorAlias alias, Position position)
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
        return _pieces.AddAlias(anchored.Piece);
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
