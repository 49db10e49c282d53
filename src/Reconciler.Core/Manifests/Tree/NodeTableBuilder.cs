using System.Buffers;
using System.Runtime.InteropServices;

namespace Reconciler.Core.Manifests.Tree;

/// <summary>
/// Puts documents together from what a reader finds in the order of the text. Its memory is rented for one document, so
/// that it serves the next, of any file.
/// </summary>
/// <param name="path">The name of the text in problems.</param>
public sealed class NodeTableBuilder(string path)
{
    private readonly List<Frame> _open = [];
    private Dictionary<int, (int Parent, int Number)>? _places;
    private object?[] _contents = [];
    private Piece[] _pieces = [];
    private int _count;
    private int _number;

    /// <summary>Adds a word; returns its piece.</summary>
    /// <param name="line">Its line, from 1; 0 where there are none.</param>
    /// <param name="column">Its column, from 1; 0 where there are none.</param>
    /// <param name="text">Its text, without quotes.</param>
    /// <param name="quoted">Whether it stood in quotes or in a block.</param>
    public int AddScalar(int line, int column, string text, bool quoted) =>
        Add(new(quoted ? PieceKind.Quoted : PieceKind.Plain, line, column, 1), text);

    /// <summary>Begins a list, to which everything belongs until its end; returns its piece.</summary>
    /// <param name="line">Its line.</param>
    /// <param name="column">Its column.</param>
    public int BeginSequence(int line, int column) => Begin(PieceKind.Sequence, line, column);

    /// <summary>Begins a mapping, to which everything belongs, key and value by turns; returns its piece.</summary>
    /// <param name="line">Its line.</param>
    /// <param name="column">Its column.</param>
    public int BeginMapping(int line, int column) => Begin(PieceKind.Mapping, line, column);

    /// <summary>Ends the list or mapping that was begun last.</summary>
    public void End()
    {
        var frame = _open[^1];
        _open.RemoveAt(_open.Count - 1);
        _pieces[frame.Index].Extent = _count - frame.Index;
        _number = frame.Number;
    }

    /// <summary>Repeats an earlier piece of the document; returns the piece of the repetition.</summary>
    /// <param name="piece">The piece, which <see cref="MarkAnchor"/> was called for.</param>
    public int AddAlias(int piece) => Add(new(PieceKind.Alias, 0, 0, Original(piece)), null);

    /// <summary>Remembers where the piece that was added or ended last stands, because it may be repeated.</summary>
    /// <param name="piece">The piece.</param>
    public void MarkAnchor(int piece)
    {
        _places ??= [];
        var (index, number) = (piece, _number);
        for (var at = _open.Count - 1; at >= 0; at--)
        {
            if (!_places.TryAdd(index, (_open[at].Index, number)))
                return;
            (index, number) = (_open[at].Index, _open[at].Number);
        }
    }

    /// <summary>Leaves an entry out of its mapping, because its key stands there twice.</summary>
    /// <param name="key">The piece of its key.</param>
    public void Drop(int key) => _pieces[key].Drop();

    /// <summary>The text of a piece; null if it is a list or a mapping.</summary>
    /// <param name="piece">The piece.</param>
    public string? TextOf(int piece) => _contents[Original(piece)] as string;

    /// <summary>Where a piece begins; of a repetition, where the repeated piece begins.</summary>
    /// <param name="piece">The piece.</param>
    public Position PositionOf(int piece)
    {
        ref var original = ref _pieces[Original(piece)];
        return new(path, original.Line, original.Column);
    }

    /// <summary>Whether a word stood in quotes or in a block.</summary>
    /// <param name="piece">The piece.</param>
    public bool IsQuoted(int piece) => _pieces[Original(piece)].Kind == PieceKind.Quoted;

    /// <summary>Ends the document, and begins the next.</summary>
    public Node Finish()
    {
        var table = new NodeTable(path, _contents[.._count], _pieces[.._count], _places);
        Clear();
        return table.View(0, null, 0);
    }

    /// <summary>Drops what was added since the last document ended.</summary>
    public void Clear()
    {
        Return();
        _open.Clear();
        (_contents, _pieces, _count, _number, _places) = ([], [], 0, 0, null);
    }

    private int Original(int piece) => _pieces[piece].Kind == PieceKind.Alias ? Original(_pieces[piece].Extent) : piece;

    private int Begin(PieceKind kind, int line, int column)
    {
        var index = Add(new(kind, line, column, 1), null);
        _open.Add(new(index, _number, kind == PieceKind.Mapping));
        return index;
    }

    private int Add(Piece piece, object? content)
    {
        if (_count == Math.Min(_pieces.Length, _contents.Length))
            Grow();
        if (_open.Count > 0)
            _number = CollectionsMarshal.AsSpan(_open)[^1].Next(_count);
        (_pieces[_count], _contents[_count]) = (piece, content);
        return _count++;
    }

    private void Grow()
    {
        var contents = ArrayPool<object?>.Shared.Rent(Math.Max(512, _count * 2));
        var pieces = ArrayPool<Piece>.Shared.Rent(contents.Length);
        _contents.AsSpan(0, _count).CopyTo(contents);
        _pieces.AsSpan(0, _count).CopyTo(pieces);
        Return();
        (_contents, _pieces) = (contents, pieces);
    }

    private void Return()
    {
        if (_pieces.Length == 0)
            return;
        // A rented array would keep these texts alive.
        _contents.AsSpan(0, _count).Clear();
        ArrayPool<object?>.Shared.Return(_contents);
        ArrayPool<Piece>.Shared.Return(_pieces);
    }

    /// <summary>A list or mapping that has not ended.</summary>
    private struct Frame(int index, int number, bool isMapping)
    {
        private int _added;
        private int _key;

        public int Index { get; } = index;

        public int Number { get; } = number;

        // In a list, pieces are numbered; in a mapping, the key stands for itself and for its value.
        public int Next(int piece)
        {
            if (!isMapping)
                return _added++;
            if (_added++ % 2 == 0)
                _key = piece;
            return _key;
        }
    }
}
