using System.Collections.Immutable;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Membership;

/// <summary>One word of access in a vendor's language.</summary>
/// <param name="Field">The field, such as <c>permissions</c>.</param>
/// <param name="Word">The word, such as <c>CAN_VIEW_DATA</c>; <c>true</c> for a flag.</param>
/// <param name="Label">The text to show.</param>
public sealed record Grant(string Field, string Word, string Label) : IComparable<Grant>
{
    /// <inheritdoc/>
    public int CompareTo(Grant? other)
    {
        if (other is null)
            return 1;
        var byField = string.CompareOrdinal(Field, other.Field);
        return byField != 0 ? byField : string.CompareOrdinal(Word, other.Word);
    }

    /// <inheritdoc/>
    public bool Equals(Grant? other) => other is not null && Word == other.Word && Field == other.Field;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Field, Word);

    /// <inheritdoc/>
    public override string ToString() => Label;

    /// <summary>Whether one comes before another.</summary>
    public static bool operator <(Grant left, Grant right) => left.CompareTo(right) < 0;

    /// <summary>Whether one comes after another.</summary>
    public static bool operator >(Grant left, Grant right) => left.CompareTo(right) > 0;

    /// <summary>Whether one is not after another.</summary>
    public static bool operator <=(Grant left, Grant right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one is not before another.</summary>
    public static bool operator >=(Grant left, Grant right) => left.CompareTo(right) >= 0;
}

/// <summary>A set of grants; order and repetition do not matter.</summary>
public sealed class Access : IEquatable<Access>
{
    private Access(ImmutableArray<Grant> grants) => Grants = grants;

    /// <summary>No grant.</summary>
    public static Access None { get; } = new([]);

    /// <summary>The grants, in ordinal order of field and word.</summary>
    public ImmutableArray<Grant> Grants { get; }

    /// <summary>Whether nothing is granted.</summary>
    public bool IsNone => Grants.IsEmpty;

    /// <summary>Makes a set.</summary>
    /// <param name="grants">The grants, in any order.</param>
    public static Access Of(IEnumerable<Grant> grants)
    {
        Grant[] sorted = [.. grants];
        Array.Sort(sorted);
        var count = 0;
        foreach (var grant in sorted)
        {
            if (count == 0 || !grant.Equals(sorted[count - 1]))
                sorted[count++] = grant;
        }

        return count == 0 ? None : new(ImmutableArray.Create(sorted.AsSpan(0, count)));
    }

    /// <summary>Whether a grant is in the set.</summary>
    /// <param name="grant">The grant.</param>
    public bool Has(Grant grant) => Grants.Contains(grant);

    /// <summary>The words of one field.</summary>
    /// <param name="field">The field's name.</param>
    public IEnumerable<string> Words(string field) => Grants.Where(g => g.Field == field).Select(g => g.Word);

    /// <summary>Both sets together.</summary>
    /// <param name="other">The other set.</param>
    public Access With(Access other) =>
        other.IsNone ? this
        : IsNone ? other
        : Of(Grants.Concat(other.Grants));

    /// <summary>Returns the grants that the other set lacks.</summary>
    /// <param name="other">The other set.</param>
    public Access Without(Access other)
    {
        var left = Grants.Where(g => !other.Has(g)).ToImmutableArray();
        return left.Length == Grants.Length ? this
            : left.IsEmpty ? None
            : new(left);
    }

    /// <summary>Returns the grants of certain fields.</summary>
    /// <param name="fields">The fields' names.</param>
    public Access Of(ImmutableArray<string> fields)
    {
        foreach (var grant in Grants)
        {
            if (!fields.Contains(grant.Field))
                return Of(Grants.Where(g => fields.Contains(g.Field)));
        }

        return this;
    }

    /// <inheritdoc/>
    public bool Equals(Access? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        return other is not null && Grants.AsSpan().SequenceEqual(other.Grants.AsSpan());
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Access);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var grant in Grants)
            hash.Add(grant);
        return hash.ToHashCode();
    }

    /// <summary>The grants' labels in a sentence; "nothing" for none.</summary>
    public override string ToString() => IsNone ? "nothing" : string.Join(", ", Grants);
}

/// <summary>Access as a manifest asks for it.</summary>
/// <param name="Grants">What is to be granted.</param>
/// <param name="Fields">
/// The fields that the manifest decides about and that are compared. Grants of other fields are left as they are.
/// </param>
public sealed record DesiredAccess(Access Grants, ImmutableArray<string> Fields)
{
    /// <summary>Where it stands in AccessRoles; empty where it stands in the entries themselves.</summary>
    public ImmutableArray<Position> Places { get; init; } = [];

    /// <summary>Whether live access is what the manifest asks for.</summary>
    /// <param name="live">The access at the vendor.</param>
    public bool Matches(Access live) => ReferenceEquals(Grants, live) || Grants.Of(Fields).Equals(live.Of(Fields));

    /// <summary>Returns the grants that are missing at the vendor.</summary>
    /// <param name="live">The access at the vendor.</param>
    public Access MissingFrom(Access live) => Grants.Of(Fields).Without(live);

    /// <summary>Returns the grants at the vendor that are not asked for.</summary>
    /// <param name="live">The access at the vendor.</param>
    public Access ExcessOf(Access live) => live.Of(Fields).Without(Grants);

    /// <summary>Returns the sum of two entries for one person.</summary>
    /// <param name="other">The other entry's access.</param>
    public DesiredAccess With(DesiredAccess other) =>
        ReferenceEquals(this, other)
            ? this
            : new(Grants.With(other.Grants), [.. Fields.Union(other.Fields, StringComparer.Ordinal)])
            {
                // Where one of both stands in an entry, the entries are what can be pointed at.
                Places = Places.IsEmpty || other.Places.IsEmpty ? [] : [.. Places.Union(other.Places)],
            };

    /// <inheritdoc/>
    public bool Equals(DesiredAccess? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Grants.Equals(other.Grants) && Fields.AsSpan().SequenceEqual(other.Fields.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Grants, Fields.Length);
}
