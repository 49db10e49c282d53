using System.Collections;

namespace Reconciler.Core.Manifests.Tree;

/// <summary>The pieces of a list, in order.</summary>
public readonly struct NodeItems : IReadOnlyList<Node>
{
    private readonly SequenceNode _list;

    internal NodeItems(SequenceNode list) => _list = list;

    /// <inheritdoc/>
    public int Count => _list.Pieces.Length;

    /// <inheritdoc/>
    public Node this[int index] => _list.Table.View(_list.Pieces[index], _list, index);

    /// <summary>Goes through the pieces.</summary>
    public IEnumerator<Node> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>One <c>key: value</c> of a mapping.</summary>
public readonly struct MappingEntry
{
    private readonly Node _from;
    private readonly Node? _value;
    private readonly int _key;

    /// <summary>Makes an entry in code.</summary>
    /// <param name="key">The key with its place.</param>
    /// <param name="value">The value.</param>
    public MappingEntry(ScalarNode key, Node value) => (_from, _value) = (key, value);

    internal MappingEntry(MappingNode mapping, int key) => (_from, _key) = (mapping, key);

    /// <summary>The key's text.</summary>
    public string Name => _value is null ? _from.Table.TextOf(_key) : ((ScalarNode)_from).Text;

    /// <summary>The key with its place.</summary>
    public ScalarNode Key => (ScalarNode)(_value is null ? _from.Table.View(_key, _from, _key) : _from);

    /// <summary>The value.</summary>
    public Node Value => _value ?? _from.Table.View(_key + 1, _from, _key);
}

/// <summary>A field of a mapping, to point at if there is something to say of it.</summary>
/// <param name="Mapping">The mapping.</param>
/// <param name="Field">The field's name; null for the mapping itself.</param>
public readonly record struct FieldPlace(MappingNode Mapping, string? Field)
{
    /// <summary>The field's value, or the mapping if it has no such field.</summary>
    public Node Node => Field is null ? Mapping : Mapping.At(Field);
}

/// <summary>The entries of a mapping, in order.</summary>
public readonly struct MappingEntries : IReadOnlyList<MappingEntry>
{
    private readonly MappingNode _mapping;

    internal MappingEntries(MappingNode mapping) => _mapping = mapping;

    /// <inheritdoc/>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var _ in this)
                count++;
            return count;
        }
    }

    /// <summary>The entry at a place in the order, which takes a walk to it.</summary>
    /// <param name="index">The place, from 0.</param>
    public MappingEntry this[int index] => this.Skip(index).First();

    /// <summary>Goes through the entries.</summary>
    public Walk GetEnumerator() => new(_mapping);

    IEnumerator<MappingEntry> IEnumerable<MappingEntry>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A walk through the entries, past those that are dropped.</summary>
    public struct Walk : IEnumerator<MappingEntry>
    {
        private readonly MappingNode _mapping;
        private int _key;
        private int _next;

        internal Walk(MappingNode mapping) => (_mapping, _next) = (mapping, mapping.Index + 1);

        /// <inheritdoc/>
        public readonly MappingEntry Current => new(_mapping, _key);

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            var table = _mapping.Table;
            while (_next < table.After(_mapping.Index))
            {
                (_key, _next) = (_next, table.After(_next + 1));
                if (!table.IsDropped(_key))
                    return true;
            }

            return false;
        }

        /// <inheritdoc/>
        public void Reset() => _next = _mapping.Index + 1;

        /// <inheritdoc/>
        public readonly void Dispose() { }
    }
}
