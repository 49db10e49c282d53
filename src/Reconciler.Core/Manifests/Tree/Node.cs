namespace Reconciler.Core.Manifests.Tree;

/// <summary>
/// A piece of a manifest's text with its place. YAML files and JSON custom resources are both read into these nodes
/// first, so that one binder, with one set of error texts, serves both.
/// </summary>
public abstract class Node
{
    private protected Node(Position position) => Position = position;

    /// <summary>Where the piece begins.</summary>
    public Position Position { get; }

    /// <summary>The mapping or sequence that contains this piece; null at a document's root.</summary>
    public Node? Parent { get; private set; }

    private string? Name { get; set; }

    private int Index { get; set; }

    /// <summary>The way from the document's root, such as <c>spec.members[2].email</c>; empty at the root.</summary>
    public string Path =>
        Parent switch
        {
            null => "",
            SequenceNode => $"{Parent.Path}[{Index}]",
            _ when Parent.Path.Length == 0 => Name!,
            _ => $"{Parent.Path}.{Name}",
        };

    /// <summary>The kind of piece, in words for people.</summary>
    public abstract string Describe();

    /// <summary>Whether this may be a secret, so that messages must not show its text.</summary>
    public bool IsSecret { get; private set; }

    /// <summary>
    /// Hides the piece, and everything in it, from messages, because somebody may have pasted a token here.
    /// </summary>
    public virtual void Hide() => IsSecret = true;

    // The parent of an aliased piece is the first place that names it.
    internal void HangBelow(Node parent, string? name, int index)
    {
        if (Parent is not null)
            return;
        (Parent, Name, Index) = (parent, name, index);
    }
}

/// <summary>A word, number, flag or nothing.</summary>
/// <param name="position">Where it begins.</param>
/// <param name="text">The text, without quotes.</param>
/// <param name="quoted">True for quoted and block text, which is never taken for a number, a flag or nothing.</param>
public sealed class ScalarNode(Position position, string text, bool quoted) : Node(position)
{
    /// <summary>The text, without quotes.</summary>
    public string Text { get; } = text;

    /// <summary>Whether the text stood in quotes (or in a block).</summary>
    public bool Quoted { get; } = quoted;

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
    /// <summary>Makes a list of pieces and hangs them below it.</summary>
    /// <param name="position">Where the list begins.</param>
    /// <param name="items">Its pieces, in order.</param>
    public SequenceNode(Position position, IReadOnlyList<Node> items)
        : base(position)
    {
        Items = items;
        for (var i = 0; i < items.Count; i++)
            items[i].HangBelow(this, null, i);
    }

    /// <summary>The pieces, in order.</summary>
    public IReadOnlyList<Node> Items { get; }

    /// <inheritdoc/>
    public override string Describe() => "a list";

    /// <inheritdoc/>
    public override void Hide()
    {
        base.Hide();
        foreach (var item in Items)
            item.Hide();
    }
}

/// <summary>One <c>key: value</c> of a mapping.</summary>
/// <param name="Key">The key with its place.</param>
/// <param name="Value">The value.</param>
public readonly record struct MappingEntry(ScalarNode Key, Node Value)
{
    /// <summary>The key's text.</summary>
    public string Name => Key.Text;
}

/// <summary>A mapping; the reader has made sure that no key comes twice.</summary>
public sealed class MappingNode : Node
{
    /// <summary>Makes a mapping and hangs its values below it.</summary>
    /// <param name="position">Where the mapping begins.</param>
    /// <param name="entries">Its entries, in order.</param>
    public MappingNode(Position position, IReadOnlyList<MappingEntry> entries)
        : base(position)
    {
        Entries = entries;
        foreach (var entry in entries)
        {
            entry.Key.HangBelow(this, entry.Name, 0);
            entry.Value.HangBelow(this, entry.Name, 0);
        }
    }

    /// <summary>The mapping of things that were made in code.</summary>
    public static MappingNode None { get; } = new(Position.None, []);

    /// <summary>The entries, in order.</summary>
    public IReadOnlyList<MappingEntry> Entries { get; }

    /// <summary>The value under a key; null if there is none.</summary>
    /// <param name="name">The key, compared exactly.</param>
    public Node? this[string name]
    {
        get
        {
            foreach (var entry in Entries)
            {
                if (entry.Name == name)
                    return entry.Value;
            }

            return null;
        }
    }

    /// <summary>The value under a key, or the mapping itself: the best place to point at.</summary>
    /// <param name="name">The key, compared exactly.</param>
    public Node At(string name) => this[name] ?? this;

    /// <inheritdoc/>
    public override string Describe() => "a mapping";

    /// <inheritdoc/>
    public override void Hide()
    {
        base.Hide();
        foreach (var entry in Entries)
        {
            entry.Key.Hide();
            entry.Value.Hide();
        }
    }
}
