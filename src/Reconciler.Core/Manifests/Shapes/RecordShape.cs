using System.Collections.Immutable;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Manifests.Shapes;

/// <summary>One field of a mapping. The compiler's generator makes them from the properties of manifest types.</summary>
/// <param name="Name">Its name in manifests.</param>
/// <param name="Owner">The type that declares the property which holds it.</param>
/// <param name="Shape">Its value's shape.</param>
/// <param name="Set">Sets the property.</param>
public sealed record FieldShape(string Name, Type Owner, ValueShape Shape, Action<ManifestPart, object> Set)
{
    /// <summary>Whether it is required.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether messages hide the value.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The default, in words; null if there is none.</summary>
    public string? Default { get; init; }

    /// <summary>The property's summary, as plain text.</summary>
    public string Summary { get; init; } = "";
}

/// <summary>A mapping with known fields.</summary>
/// <param name="type">The record's type.</param>
/// <param name="summary">The type's summary, as plain text.</param>
/// <param name="make">Makes an empty one.</param>
/// <param name="fields">The fields, in the order of the type.</param>
public sealed class RecordShape(Type type, string summary, Func<ManifestPart> make, ImmutableArray<FieldShape> fields)
    : ValueShape
{
    private readonly Dictionary<string, FieldShape> _byName = fields.ToDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>The record's type.</summary>
    public Type Type { get; } = type;

    /// <summary>The type's summary, as plain text.</summary>
    public string Summary { get; } = summary;

    /// <summary>The fields, in the order of the type.</summary>
    public ImmutableArray<FieldShape> Fields { get; } = fields;

    /// <summary>Groups of fields of which exactly one must be present.</summary>
    public ImmutableArray<ImmutableArray<string>> ExactlyOne { get; init; } = [];

    /// <summary>Groups of fields of which at most one may be present.</summary>
    public ImmutableArray<ImmutableArray<string>> AtMostOne { get; init; } = [];

    /// <summary>Whether at least one field must be present.</summary>
    public bool NotEmpty { get; init; }

    /// <inheritdoc/>
    public override string Expected => $"a mapping with {string.Join(", ", Fields.Select(f => f.Name))}";

    /// <inheritdoc/>
    public override object? Read(Node node, Problems problems)
    {
        if (node is not MappingNode mapping)
            return Refuse(node, problems);
        var record = make();
        record.Origin = mapping;
        foreach (var entry in mapping.Entries)
            ReadField(record, entry, problems);
        CheckPresence(mapping, problems);
        return record;
    }

    private void ReadField(ManifestPart record, MappingEntry entry, Problems problems)
    {
        if (!_byName.TryGetValue(entry.Name, out var field))
        {
            Refuse(record.Origin, entry, problems);
            return;
        }

        if (field.IsSecret)
            entry.Value.Hide();

        if (field.Shape.Read(entry.Value, problems) is { } value)
            field.Set(record, value);
    }

    // Below credentials even a field's name may be a token, because {sk-live-123} is a mapping, so it is not shown.
    private void Refuse(MappingNode record, MappingEntry entry, Problems problems)
    {
        var free = _byName.Keys.Where(k => record[k] is null);
        var expected = $"expected {ProblemText.List(_byName.Keys)}{ProblemText.DidYouMean(entry.Name, free)}";
        if (entry.Key.IsSecret)
            problems.Error(entry.Key.Position, record.Path, $"has an unknown field; {expected}");
        else
            problems.Error(entry.Key, $"unknown field; {expected}");
    }

    private void CheckPresence(MappingNode mapping, Problems problems)
    {
        foreach (var field in Fields)
        {
            if (field.IsRequired && mapping[field.Name] is null)
                problems.Error(mapping, field.Name, $"is missing; expected {field.Shape.Expected}");
        }

        foreach (var group in ExactlyOne)
        {
            var present = group.Where(f => mapping[f] is not null).ToList();
            if (present.Count != 1)
                problems.Error(
                    mapping,
                    $"{(present.Count == 0 ? "none" : string.Join(" and ", present))} given; "
                        + $"expected exactly one of {string.Join(", ", group)}"
                );
        }

        foreach (var group in AtMostOne)
        {
            var present = group.Where(f => mapping[f] is not null).ToList();
            if (present.Count > 1)
                problems.Error(
                    mapping,
                    $"{string.Join(" and ", present)} given; expected at most one of {string.Join(", ", group)}"
                );
        }

        if (NotEmpty && mapping.Entries.Count == 0)
            problems.Error(
                mapping,
                $"is empty; expected at least one of {string.Join(", ", Fields.Select(f => f.Name))}"
            );
    }
}
