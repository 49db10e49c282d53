using System.Globalization;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Manifests.Shapes;

/// <summary>A list of values of one shape.</summary>
/// <param name="item">The values' shape.</param>
/// <param name="most">The most entries.</param>
public abstract class ListShape(ValueShape item, int most) : ValueShape
{
    /// <summary>The values' shape.</summary>
    public ValueShape Item { get; } = item;

    /// <summary>The most entries.</summary>
    public int Most { get; } = most;

    /// <inheritdoc/>
    public override string Expected => "a list";
}

/// <summary>A list of values of one shape.</summary>
/// <typeparam name="T">The values' type.</typeparam>
/// <param name="item">The values' shape.</param>
/// <param name="most">The most entries.</param>
public sealed class ListShape<T>(ValueShape item, int most) : ListShape(item, most)
{
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

        var list = new List<T>(sequence.Items.Count);
        foreach (var entry in sequence.Items)
        {
            if (Item.Read(entry, problems) is { } value)
                list.Add((T)value);
        }

        return list;
    }
}

/// <summary>A mapping from names to values of one shape.</summary>
/// <param name="value">The values' shape.</param>
/// <param name="most">The most entries.</param>
public abstract class MapShape(ValueShape value, int most) : ValueShape
{
    /// <summary>The values' shape.</summary>
    public ValueShape Value { get; } = value;

    /// <summary>The most entries.</summary>
    public int Most { get; } = most;

    /// <inheritdoc/>
    public override string Expected => "a mapping";
}

/// <summary>A mapping from names to values of one shape.</summary>
/// <typeparam name="T">The values' type.</typeparam>
/// <param name="value">The values' shape.</param>
/// <param name="most">The most entries.</param>
public sealed class MapShape<T>(ValueShape value, int most) : MapShape(value, most)
{
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

        var map = new Dictionary<string, T>(mapping.Entries.Count, StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            if (Value.Read(entry.Value, problems) is { } read)
                map[entry.Name] = (T)read;
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

/// <summary>A JSON value with placeholders; checked later, with the call whose body it is.</summary>
public sealed class TemplateShape : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => "a mapping or list with placeholders, such as {email: \"{email}\"}";

    /// <inheritdoc/>
    public override object? Read(Node node, Problems problems) =>
        node is ScalarNode ? Refuse(node, problems) : new JsonTemplate(node);
}
