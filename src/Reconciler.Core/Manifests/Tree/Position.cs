namespace Reconciler.Core.Manifests.Tree;

/// <summary>A place in a manifest's text.</summary>
/// <param name="Path">
/// The file, as it was named to the reader; for a custom resource, <c>kind/namespace/name</c>.
/// </param>
/// <param name="Line">From 1; 0 where the source has no lines.</param>
/// <param name="Column">From 1; 0 where the source has no columns.</param>
public readonly record struct Position(string Path, int Line, int Column) : IComparable<Position>
{
    /// <summary>The place of something that was made in code.</summary>
    public static Position None { get; } = new("(none)", 0, 0);

    /// <inheritdoc/>
    public int CompareTo(Position other)
    {
        var byPath = string.CompareOrdinal(Path, other.Path);
        if (byPath != 0)
            return byPath;
        return Line != other.Line ? Line.CompareTo(other.Line) : Column.CompareTo(other.Column);
    }

    /// <summary><c>path:line:column</c>, or the path alone where there are no lines.</summary>
    public override string ToString() => Line == 0 ? Path : $"{Path}:{Line}:{Column}";

    /// <summary>Whether one place comes before another.</summary>
    public static bool operator <(Position left, Position right) => left.CompareTo(right) < 0;

    /// <summary>Whether one place comes after another.</summary>
    public static bool operator >(Position left, Position right) => left.CompareTo(right) > 0;

    /// <summary>Whether one place is not after another.</summary>
    public static bool operator <=(Position left, Position right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one place is not before another.</summary>
    public static bool operator >=(Position left, Position right) => left.CompareTo(right) >= 0;
}
