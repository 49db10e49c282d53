namespace Reconciler.Core.Manifests.Tree;

/// <summary>
/// A piece of a manifest's text with its place. YAML files and JSON custom resources are both read into these nodes
/// first, so that one binder, with one set of error texts, serves both. A node is a view of its document's table, and
/// is made anew each time it is asked for.
/// </summary>
public abstract class Node
{
    // The number in a list; in a mapping, the piece of the key in the parent's table.
    private int _number;

    private protected Node(NodeTable table, int index, Node? parent, int number) =>
        (Table, Index, Parent, _number) = (table, index, parent, number);

    /// <summary>Where the piece begins.</summary>
    public Position Position => Table.PositionOf(Index);

    /// <summary>The mapping or sequence that contains this piece; null at a document's root.</summary>
    public Node? Parent { get; private set; }

    /// <summary>The way from the document's root, such as <c>spec.members[2].email</c>; empty at the root.</summary>
    public string Path
    {
        get
        {
            if (Parent is null)
                return "";
            var path = Parent.Path;
            if (Parent is SequenceNode)
                return $"{path}[{_number}]";
            var name = Parent.Table.TextOf(_number);
            return path.Length == 0 ? name : $"{path}.{name}";
        }
    }

    /// <summary>Whether this may be a secret, so that messages must not show its text.</summary>
    public bool IsSecret => Table.IsSecret(Index);

    internal NodeTable Table { get; }

    internal int Index { get; }

    /// <summary>The kind of piece, in words for people.</summary>
    public abstract string Describe();

    /// <summary>
    /// Hides the piece, and everything in it, from messages, because somebody may have pasted a token here.
    /// </summary>
    public void Hide() => Table.Hide(Index);

    // The parent of a piece that is put into several places in code is the first of them.
    private protected void HangBelow(Node parent, int number)
    {
        if (Parent is null)
            (Parent, _number) = (parent, number);
    }

    private protected static void Hang(Node parent, ReadOnlySpan<Node> children)
    {
        var isMapping = parent is MappingNode;
        for (var i = 0; i < children.Length; i++)
            children[i].HangBelow(parent, isMapping ? i / 2 * 2 + 1 : i);
    }
}

/// <summary>A word, number, flag or nothing.</summary>
public sealed class ScalarNode : Node
{
    /// <summary>Makes a word in code.</summary>
    /// <param name="position">Where it begins.</param>
    /// <param name="text">The text, without quotes.</param>
    /// <param name="quoted">True for quoted and block text, which is never taken for a number, a flag or nothing.</param>
    public ScalarNode(Position position, string text, bool quoted)
        : this(new(position, quoted ? PieceKind.Quoted : PieceKind.Plain, text), 0, null, 0) { }

    internal ScalarNode(NodeTable table, int index, Node? parent, int number)
        : base(table, index, parent, number) { }

    /// <summary>The text, without quotes.</summary>
    public string Text => Table.TextOf(Index);

    /// <summary>Whether the text stood in quotes (or in a block).</summary>
    public bool Quoted => Table.KindOf(Index) == PieceKind.Quoted;

    /// <summary>What the text is by YAML's and JSON's rules.</summary>
    public ScalarKind Kind => Quoted ? ScalarKind.Text : ScalarWords.KindOf(Text);

    /// <summary>Returns the text in quotes, or a placeholder if it may be a secret.</summary>
    public string Quote() => IsSecret ? "a text that is not shown here" : ProblemText.Quote(Text);

    /// <inheritdoc/>
    public override string Describe() =>
        Kind switch
        {
            ScalarKind.Nothing => "nothing",
            _ when IsSecret => "a text that is not shown here",
            ScalarKind.Flag => $"the flag {Text}",
            ScalarKind.Number => $"the number {Text}",
            _ => $"the text {ProblemText.Quote(Text)}",
        };
}

/// <summary>A list.</summary>
public sealed class SequenceNode : Node
{
    private int[]? _pieces;

    /// <summary>Makes a list of pieces in code and hangs them below it.</summary>
    /// <param name="position">Where the list begins.</param>
    /// <param name="items">Its pieces, in order.</param>
    public SequenceNode(Position position, IReadOnlyList<Node> items)
        : this(position, items.ToArray()) { }

    private SequenceNode(Position position, Node[] items)
        : base(new(position, PieceKind.Sequence, items), 0, null, 0) => Hang(this, items);

    internal SequenceNode(NodeTable table, int index, Node? parent, int number)
        : base(table, index, parent, number) { }

    /// <summary>The pieces, in order.</summary>
    public NodeItems Items => new(this);

    // Found once, because each piece may hold any number of others.
    internal int[] Pieces => _pieces ??= Find();

    /// <inheritdoc/>
    public override string Describe() => "a list";

    private int[] Find()
    {
        var found = new List<int>();
        for (var (at, end) = (Index + 1, Table.After(Index)); at < end; at = Table.After(at))
            found.Add(at);
        return [.. found];
    }
}

/// <summary>A mapping; the reader has made sure that no key comes twice.</summary>
public sealed class MappingNode : Node
{
    /// <summary>Makes a mapping in code and hangs its keys and values below it.</summary>
    /// <param name="position">Where the mapping begins.</param>
    /// <param name="entries">Its entries, in order.</param>
    public MappingNode(Position position, IReadOnlyList<MappingEntry> entries)
        : this(position, entries.SelectMany(e => new[] { e.Key, e.Value }).ToArray()) { }

    private MappingNode(Position position, Node[] nodes)
        : base(new(position, PieceKind.Mapping, nodes), 0, null, 0) => Hang(this, nodes);

    internal MappingNode(NodeTable table, int index, Node? parent, int number)
        : base(table, index, parent, number) { }

    /// <summary>The mapping of things that were made in code.</summary>
    public static MappingNode None { get; } = new(Position.None, Array.Empty<Node>());

    /// <summary>The entries, in order.</summary>
    public MappingEntries Entries => new(this);

    /// <summary>The value under a key; null if there is none.</summary>
    /// <param name="name">The key, compared exactly.</param>
    public Node? this[string name] => KeyOf(name) is >= 0 and var key ? Table.View(key + 1, this, key) : null;

    /// <summary>Whether there is a value under a key.</summary>
    /// <param name="name">The key, compared exactly.</param>
    public bool Has(string name) => KeyOf(name) >= 0;

    /// <summary>The value under a key, or the mapping itself: the best place to point at.</summary>
    /// <param name="name">The key, compared exactly.</param>
    public Node At(string name) => this[name] ?? this;

    /// <summary>The place of a field, which is looked for only if something is said of it.</summary>
    /// <param name="name">The key, compared exactly.</param>
    public FieldPlace PlaceOf(string name) => new(this, name);

    /// <inheritdoc/>
    public override string Describe() => "a mapping";

    private int KeyOf(string name)
    {
        for (var (at, end) = (Index + 1, Table.After(Index)); at < end; at = Table.After(at + 1))
        {
            if (Table.TextOf(at) == name && !Table.IsDropped(at))
                return at;
        }

        return -1;
    }
}
