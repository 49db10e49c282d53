using System.Collections;
using System.Globalization;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Manifests.Shapes;

/// <summary>A list of values of one shape.</summary>
/// <param name="itemType">The values' type.</param>
/// <param name="item">The values' shape.</param>
/// <param name="most">The most entries.</param>
public sealed class ListShape(Type itemType, ValueShape item, int most) : ValueShape
{
    /// <summary>The values' shape.</summary>
    public ValueShape Item { get; } = item;

    /// <summary>The most entries.</summary>
    public int Most { get; } = most;

    /// <inheritdoc/>
    public override string Expected => "a list";

    /// <inheritdoc/>
    public override object? Read(Node node, Problems problems)
    {
        if (node is not SequenceNode sequence)
            return Refuse(node, problems);
        if (sequence.Items.Count > Most)
        {
            // The entries are read as well, so that their problems are reported.
            problems.Error(
                node,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"has {sequence.Items.Count} entries; expected at most {Most}"
                )
            );
        }

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(itemType), sequence.Items.Count)!;
        foreach (var entry in sequence.Items)
        {
            if (Item.Read(entry, problems) is { } value)
                list.Add(value);
        }

        return list;
    }
}

/// <summary>A mapping from names to values of one shape.</summary>
/// <param name="valueType">The values' type.</param>
/// <param name="value">The values' shape.</param>
/// <param name="most">The most entries.</param>
public sealed class MapShape(Type valueType, ValueShape value, int most) : ValueShape
{
    /// <summary>The values' shape.</summary>
    public ValueShape Value { get; } = value;

    /// <summary>The most entries.</summary>
    public int Most { get; } = most;

    /// <inheritdoc/>
    public override string Expected => "a mapping";

    /// <inheritdoc/>
    public override object? Read(Node node, Problems problems)
    {
        if (node is not MappingNode mapping)
            return Refuse(node, problems);
        if (mapping.Entries.Count > Most)
        {
            problems.Error(
                node,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"has {mapping.Entries.Count} entries; expected at most {Most}"
                )
            );
        }

        var map = (IDictionary)
            Activator.CreateInstance(
                typeof(Dictionary<,>).MakeGenericType(typeof(string), valueType),
                StringComparer.Ordinal
            )!;
        foreach (var entry in mapping.Entries)
        {
            if (Value.Read(entry.Value, problems) is { } read)
                map[entry.Name] = read;
        }

        return map;
    }
}

/// <summary>Access in a vendor's own words; checked later, when the vendor is known.</summary>
public sealed class AccessShape : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => "a mapping of the vendor's access words, such as {permissions: [CAN_VIEW_DATA]}";

    /// <inheritdoc/>
    public override object? Read(Node node, Problems problems) =>
        node is MappingNode mapping ? new AccessWords(mapping) : Refuse(node, problems);
}
