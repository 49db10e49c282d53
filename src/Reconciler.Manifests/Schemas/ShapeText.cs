using System.Globalization;
using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Manifests.Schemas;

/// <summary>Describes shapes in the words of the reference page.</summary>
internal static class ShapeText
{
    /// <summary>The type of a value.</summary>
    /// <param name="shape">The value's shape.</param>
    public static string Type(ValueShape shape) =>
        shape switch
        {
            FlagShape => "true or false",
            NumberShape => "whole number",
            WordShape => "word",
            ListShape list => $"list of {Many(list.Item)}",
            MapShape { Value: AccessShape } => "access by vendor",
            MapShape map => $"mapping to {Many(map.Value)}",
            AccessShape => "access",
            TemplateShape => "JSON with placeholders",
            RecordShape => "mapping",
            _ => "text",
        };

    /// <summary>Describes the bounds of a value; empty if there are none worth mentioning.</summary>
    /// <param name="shape">The value's shape.</param>
    public static string Bounds(ValueShape shape) =>
        shape switch
        {
            TextShape { Bounds: { Pattern: not null, Expected: { } expected } }
                when expected.Contains("at most", StringComparison.Ordinal) => expected,
            TextShape { Bounds: { Pattern: not null } bounds } => string.Create(
                CultureInfo.InvariantCulture,
                $"{bounds.Expected}, at most {bounds.MaxLength} characters"
            ),
            TextShape { Bounds: var bounds } => string.Create(
                CultureInfo.InvariantCulture,
                $"{bounds.MinLength} to {bounds.MaxLength} characters"
            ),
            FormShape form => form.Expected,
            NumberShape number => string.Create(
                CultureInfo.InvariantCulture,
                $"{number.Bounds.Min} to {number.Bounds.Max}"
            ),
            WordShape word => string.Join(", ", word.Words),
            ListShape list => Collection(list.Most, list.Item),
            MapShape { Value: not AccessShape } map => Collection(map.Most, map.Value),
            _ => "",
        };

    private static string Collection(int most, ValueShape item)
    {
        var each = item is RecordShape ? "" : Bounds(item);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"at most {most}{(each.Length == 0 ? "" : $"; each {each}")}"
        );
    }

    private static string Many(ValueShape shape) =>
        shape switch
        {
            RecordShape => "mappings",
            WordShape => "words",
            TextShape or FormShape => "texts",
            _ => Type(shape),
        };
}
