using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Reconciler.Core.Membership;

/// <summary>
/// The vendors that manifests may name, by their types. Some are made only when they are asked for, since reading a
/// definition costs time that most runs need not spend; enumerating makes them all, in the order of their types.
/// </summary>
[CollectionBuilder(typeof(VendorSet), nameof(Of))]
public sealed class VendorSet : IEnumerable<Vendor>
{
    private readonly ImmutableArray<Vendor> _ready;
    private readonly Func<IEnumerable<string>> _otherTypes;
    private readonly Func<string, Vendor?> _other;

    /// <summary>Creates a set.</summary>
    /// <param name="ready">Vendors that are there already.</param>
    /// <param name="otherTypes">Returns the types of the others.</param>
    /// <param name="other">Makes one of the others by its type; null for a type that none of them has.</param>
    public VendorSet(ImmutableArray<Vendor> ready, Func<IEnumerable<string>> otherTypes, Func<string, Vendor?> other) =>
        (_ready, _otherTypes, _other) = (ready, otherTypes, other);

    /// <summary>The types of all vendors, in order. None is made for it.</summary>
    public IEnumerable<string> Types => _ready.Select(v => v.Type).Concat(_otherTypes()).Order(StringComparer.Ordinal);

    /// <summary>Creates a set of vendors that are there already.</summary>
    /// <param name="vendors">The vendors.</param>
    public static VendorSet Of(ReadOnlySpan<Vendor> vendors) => new([.. vendors], () => [], _ => null);

    /// <summary>Creates a set of vendors that are there already.</summary>
    /// <param name="vendors">The vendors.</param>
    public static implicit operator VendorSet(ImmutableArray<Vendor> vendors) => Of(vendors.AsSpan());

    /// <summary>Finds a vendor by its type; null if there is none.</summary>
    /// <param name="type">The type, such as <c>clarifeye</c>.</param>
    public Vendor? Find(string type) => _ready.FirstOrDefault(v => v.Type == type) ?? _other(type);

    /// <summary>Returns the set with further vendors, which replace those with their types.</summary>
    /// <param name="further">The further vendors.</param>
    /// <param name="without">Types to leave out besides.</param>
    public VendorSet With(ImmutableArray<Vendor> further, IEnumerable<string> without)
    {
        HashSet<string> replaced = [.. without, .. further.Select(v => v.Type)];
        var byType = new Dictionary<string, Vendor>(StringComparer.Ordinal);
        foreach (var vendor in further)
            byType.TryAdd(vendor.Type, vendor);
        return new(
            [.. _ready.Where(v => !replaced.Contains(v.Type))],
            () => [.. _otherTypes().Where(t => !replaced.Contains(t)), .. further.Select(v => v.Type)],
            type =>
                byType.TryGetValue(type, out var found) ? found
                : replaced.Contains(type) ? null
                : _other(type)
        );
    }

    /// <inheritdoc/>
    public IEnumerator<Vendor> GetEnumerator() => Types.Select(t => Find(t)!).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
