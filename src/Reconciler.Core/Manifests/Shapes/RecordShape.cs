using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Manifests.Shapes;

/// <summary>One field of a mapping.</summary>
/// <param name="Name">Its name in manifests.</param>
/// <param name="Property">The property that holds it.</param>
/// <param name="Shape">Its value's shape.</param>
/// <param name="Required">Whether it is required.</param>
/// <param name="Default">The default, in words; null if there is none.</param>
public sealed record FieldShape(string Name, PropertyInfo Property, ValueShape Shape, bool Required, string? Default)
{
    /// <summary>Whether messages hide the value.</summary>
    public bool IsSecret { get; } = Property.GetCustomAttribute<SecretAttribute>() is not null;
}

/// <summary>A mapping with known fields.</summary>
public sealed class RecordShape : ValueShape
{
    private readonly Dictionary<string, FieldShape> _byName;

    internal RecordShape(Type type)
    {
        Type = type;
        Fields =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.GetCustomAttribute<NotAFieldAttribute>() is null && p.CanWrite)
                .OrderBy(p => p.DeclaringType == type ? 1 : 0)
                .Select(ToField),
        ];
        _byName = Fields.ToDictionary(f => f.Name, StringComparer.Ordinal);
        ExactlyOne = [.. type.GetCustomAttributes<ExactlyOneAttribute>().Select(a => a.Fields)];
        AtMostOne = [.. type.GetCustomAttributes<AtMostOneAttribute>().Select(a => a.Fields)];
        NotEmpty = type.GetCustomAttribute<NotEmptyAttribute>() is not null;
    }

    /// <summary>The record's type.</summary>
    public Type Type { get; }

    /// <summary>The fields, in the order of the type.</summary>
    public ImmutableArray<FieldShape> Fields { get; }

    /// <summary>Groups of fields of which exactly one must be present.</summary>
    public ImmutableArray<IReadOnlyList<string>> ExactlyOne { get; }

    /// <summary>Groups of fields of which at most one may be present.</summary>
    public ImmutableArray<IReadOnlyList<string>> AtMostOne { get; }

    /// <summary>Whether at least one field must be present.</summary>
    public bool NotEmpty { get; }

    /// <inheritdoc/>
    public override string Expected => $"a mapping with {string.Join(", ", Fields.Select(f => f.Name))}";

    /// <inheritdoc/>
    public override object? Read(Node node, Problems problems)
    {
        if (node is not MappingNode mapping)
            return Refuse(node, problems);
        var record = (ManifestPart)Activator.CreateInstance(Type)!;
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
            field.Property.SetValue(record, value);
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
            if (field.Required && mapping[field.Name] is null)
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

    private static FieldShape ToField(PropertyInfo property) =>
        new(
            JsonNamingPolicy.CamelCase.ConvertName(property.Name),
            property,
            ShapeOf.Property(property),
            property.GetCustomAttribute<RequiredMemberAttribute>() is not null,
            property.GetCustomAttribute<DefaultAttribute>()?.Text
        );
}
