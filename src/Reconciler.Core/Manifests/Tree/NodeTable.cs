namespace Reconciler.Core.Manifests.Tree;

/// <summary>What a piece of a document is.</summary>
internal enum PieceKind
{
    /// <summary>Text without quotes.</summary>
    Plain,

    /// <summary>Text in quotes or in a block.</summary>
    Quoted,

    /// <summary>A list; its pieces follow.</summary>
    Sequence,

    /// <summary>A mapping; its keys and values follow, by turns.</summary>
    Mapping,

    /// <summary>A repetition of an earlier piece.</summary>
    Alias,

    /// <summary>A node with a table of its own, for what is put together in code.</summary>
    Link,
}

/// <summary>One piece of a document.</summary>
internal struct Piece
{
    private const int KindBits = 7;
    private const int SecretBit = 8;
    private const int DroppedBit = 16;
    private const int ColumnShift = 8;

    // A file is at most 8 MiB long, so that a column fits into 24 bits.
    private int _bits;

    public Piece(PieceKind kind, int line, int column, int extent) =>
        (Line, Extent, _bits) = (line, extent, (column << ColumnShift) | (int)kind);

    public int Line { get; }

    /// <summary>Of a list or mapping: how many pieces it is, itself included. Of an alias: what it repeats.</summary>
    public int Extent { get; set; }

    public readonly int Column => (int)((uint)_bits >> ColumnShift);

    public readonly PieceKind Kind => (PieceKind)(_bits & KindBits);

    public readonly bool IsCollection => Kind is PieceKind.Sequence or PieceKind.Mapping;

    public readonly bool IsSecret => (_bits & SecretBit) != 0;

    public readonly bool IsDropped => (_bits & DroppedBit) != 0;

    public void Hide() => _bits |= SecretBit;

    public void Drop() => _bits |= DroppedBit;
}

/// <summary>
/// The pieces of one document in the order of its text, in two arrays. Bound values keep their document's table for the
/// places in messages, so a piece must cost little; a <see cref="Node"/> is only a view of one, made when it is asked
/// for.
/// </summary>
internal sealed class NodeTable(
    string path,
    object?[] contents,
    Piece[] pieces,
    Dictionary<int, (int Parent, int Number)>? places
)
{
    /// <summary>A table of a single piece.</summary>
    public NodeTable(Position position, PieceKind kind, string? text)
        : this(position.Path, [text], [new(kind, position.Line, position.Column, 1)], null) { }

    /// <summary>A table of a list or mapping of nodes that have tables of their own.</summary>
    public NodeTable(Position position, PieceKind kind, Node[] nodes)
        : this(
            position.Path,
            [null, .. nodes],
            [
                new(kind, position.Line, position.Column, nodes.Length + 1),
                .. nodes.Select(_ => new Piece(PieceKind.Link, 0, 0, 1)),
            ],
            null
        ) { }

    public PieceKind KindOf(int index) => pieces[index].Kind;

    public Position PositionOf(int index) => new(path, pieces[index].Line, pieces[index].Column);

    public bool IsSecret(int index) => pieces[index].IsSecret;

    public bool IsDropped(int index) => pieces[index].IsDropped;

    /// <summary>The first piece after one and all that is in it.</summary>
    public int After(int index) => pieces[index].IsCollection ? index + pieces[index].Extent : index + 1;

    /// <summary>The text of a word, wherever it stands.</summary>
    public string TextOf(int index) =>
        pieces[index].Kind switch
        {
            PieceKind.Alias => TextOf(pieces[index].Extent),
            PieceKind.Link => ((ScalarNode)contents[index]!).Text,
            _ => (string)contents[index]!,
        };

    /// <summary>Hides a piece and all that is in it, also what is repeated there.</summary>
    public void Hide(int index)
    {
        for (var (at, end) = (index, After(index)); at < end; at++)
        {
            pieces[at].Hide();
            if (pieces[at].Kind == PieceKind.Link)
                ((Node)contents[at]!).Hide();
            else if (pieces[at].Kind == PieceKind.Alias && !pieces[pieces[at].Extent].IsSecret)
                Hide(pieces[at].Extent);
        }
    }

    /// <summary>Makes the view of a piece.</summary>
    /// <param name="index">The piece.</param>
    /// <param name="parent">What contains it.</param>
    /// <param name="number">Its number in a list; in a mapping, the piece of its key.</param>
    public Node View(int index, Node? parent, int number) =>
        pieces[index].Kind switch
        {
            PieceKind.Link => (Node)contents[index]!,
            PieceKind.Alias => FirstView(pieces[index].Extent, parent, number),
            PieceKind.Sequence => new SequenceNode(this, index, parent, number),
            PieceKind.Mapping => new MappingNode(this, index, parent, number),
            _ => new ScalarNode(this, index, parent, number),
        };

    private bool IsLeftOut(int parent, int number) =>
        pieces[parent].Kind == PieceKind.Mapping && pieces[number].IsDropped;

    // The path of a repeated piece is that of its first place.
    private Node FirstView(int index, Node? parent, int number)
    {
        if (places is null || !places.TryGetValue(index, out var place) || IsLeftOut(place.Parent, place.Number))
            return View(index, parent, number);
        return View(index, FirstView(place.Parent, null, 0), place.Number);
    }
}
