using Reconciler.Core.Manifests.Shapes;
using static Reconciler.Manifests.Schemas.MarkdownText;

namespace Reconciler.Manifests.Schemas;

/// <summary>Writes the fields of a mapping, and of nested mappings, as rows of a reference page.</summary>
public sealed class FieldTable
{
    /// <summary>The rows' headings.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    ["Field", "Type", "Required", "Default", "Bounds", "Description"];

    /// <summary>A row for each field of a mapping.</summary>
    /// <param name="record">The mapping's shape.</param>
    /// <param name="path">Where the mapping stands.</param>
    internal IEnumerable<string[]> Rows(RecordShape record, string path) =>
        record.Fields.SelectMany(f => Rows(f, record, $"{path}.{f.Name}"));

    /// <summary>A field's row, and those of the fields inside it.</summary>
    /// <param name="field">The field.</param>
    /// <param name="record">The mapping that it stands in.</param>
    /// <param name="name">Its name, with the way to it.</param>
    public IEnumerable<string[]> Rows(FieldShape field, RecordShape record, string name)
    {
        yield return Row(field, record, name, Escape(ShapeText.Type(field.Shape)));
        if (Inner(field.Shape, name) is not var (inner, below))
            yield break;
        foreach (var row in Rows(inner, below))
            yield return row;
    }

    /// <summary>A field's row alone.</summary>
    /// <param name="field">The field.</param>
    /// <param name="record">The mapping that it stands in.</param>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type of its value, as Markdown.</param>
    internal static string[] Row(FieldShape field, RecordShape record, string name, string type) =>
        [
            Code(name),
            type,
            Required(field, record),
            field.Default is null ? ""
            : FieldText.IsLiteral(field) ? Code(field.Default)
            : Escape(field.Default),
            Escape(ShapeText.Bounds(field.Shape)),
            Escape(FieldText.Description(field)),
        ];

    /// <summary>Returns the rules between a mapping's fields, and those of nested mappings, as Markdown.</summary>
    /// <param name="record">The mapping's shape.</param>
    /// <param name="path">Where the mapping stands.</param>
    internal static IEnumerable<string> Rules(RecordShape record, string path)
    {
        foreach (var group in record.ExactlyOne)
            yield return $"{Code(path)} has exactly one of {Names(group)}.";
        foreach (var group in record.AtMostOne)
            yield return $"{Code(path)} has at most one of {Names(group)}.";
        if (record.NotEmpty)
            yield return $"{Code(path)}, where it stands, has at least one field.";
        foreach (var rule in record.Fields.SelectMany(f => Rules(f, $"{path}.{f.Name}")))
            yield return rule;
    }

    /// <summary>Returns the rules between the fields inside a field, as Markdown.</summary>
    /// <param name="field">The field.</param>
    /// <param name="name">Its name, with the way to it.</param>
    public static IEnumerable<string> Rules(FieldShape field, string name) =>
        Inner(field.Shape, name) is var (inner, below) ? Rules(inner, below) : [];

    private static string Required(FieldShape field, RecordShape record) =>
        field.IsRequired ? "yes"
        : record.ExactlyOne.Any(g => g.Contains(field.Name)) ? "one of several"
        : "";

    private static string Names(IEnumerable<string> fields) => string.Join(", ", fields.Select(Code));

    private static (RecordShape Shape, string Path)? Inner(ValueShape shape, string path) =>
        shape switch
        {
            RecordShape record => (record, path),
            ListShape { Item: RecordShape record } => (record, $"{path}[]"),
            MapShape { Value: RecordShape record } => (record, $"{path}.*"),
            _ => null,
        };
}
