using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Shapes;
using static Reconciler.Manifests.Schemas.MarkdownText;

namespace Reconciler.Manifests.Schemas;

/// <summary>
/// The page that lists every field of a VendorDefinition. Its parts recur (each list has pages, each call has a proof),
/// so that each part has a section of its own, which fields link to.
/// </summary>
internal static class VendorReferencePage
{
    /// <summary>The page's place.</summary>
    public const string Path = "docs/reference/vendor-definition.md";

    private const string Suffix = "Definition";

    /// <summary>Writes the page.</summary>
    public static string Write()
    {
        var kind = ManifestKind.VendorDefinition;
        var spec = (RecordShape)kind.Shape.Fields.Single(f => f.Name == "spec").Shape;
        var page = new MarkdownText()
            .Heading(1, kind.Name)
            .Paragraph(
                "<!-- Generated from the manifest types; the test Generated_files_are_current says how to renew it. -->"
            )
            .Paragraph(Escape(kind.Shape.Summary))
            .Paragraph(
                "[Describe your vendor](../vendors/describe-your-vendor.md) explains the fields in the order in which "
                    + "one writes them. `reconciler vendors check FILE` checks a definition offline. Editors check and "
                    + "complete it with `schemas/vendordefinition.json`; a file names it in its first line: "
                    + "`# yaml-language-server: $schema=../schemas/vendordefinition.json`."
            )
            .Paragraph(
                "`metadata.name` is the vendor's name in manifests: `type` of an AccessProvider, and the key of its "
                    + "words in AccessRoles and Guardrails."
            )
            .Fence("yaml", ReferenceExamples.Of(kind));
        var parts = Parts(spec).DistinctBy(p => p.Type).ToList();
        page.Paragraph(string.Join(" · ", parts.Select(Link)));
        foreach (var part in parts)
            Section(page, part);
        return page.ToString();
    }

    private static void Section(MarkdownText page, RecordShape part)
    {
        page.Heading(2, NameOf(part))
            .Paragraph(Escape(part.Summary))
            .Table(FieldTable.Columns, part.Fields.Select(f => FieldTable.Row(f, part, f.Name, Type(f.Shape))));
        foreach (var group in part.ExactlyOne)
            page.Paragraph($"Exactly one of {string.Join(", ", group.Select(Code))} is given.");
        if (part.NotEmpty)
            page.Paragraph("At least one field is given.");
    }

    private static IEnumerable<RecordShape> Parts(RecordShape part) =>
        part.Fields.Select(f => Inner(f.Shape)).OfType<RecordShape>().SelectMany(Parts).Prepend(part);

    private static string Type(ValueShape shape) =>
        shape switch
        {
            RecordShape part => Link(part),
            ListShape { Item: RecordShape part } => $"list of {Link(part)}",
            MapShape { Value: RecordShape part } => $"mapping to {Link(part)}",
            _ => Escape(ShapeText.Type(shape)),
        };

    private static RecordShape? Inner(ValueShape shape) =>
        shape switch
        {
            RecordShape part => part,
            ListShape { Item: RecordShape part } => part,
            MapShape { Value: RecordShape part } => part,
            _ => null,
        };

    private static string Link(RecordShape part) => $"[{NameOf(part)}](#{NameOf(part).ToLowerInvariant()})";

    private static string NameOf(RecordShape part) =>
        part.Type == typeof(Core.Manifests.Kinds.VendorDefinitionSpec)
            ? "spec"
            : part.Type.Name.Replace(Suffix, "", StringComparison.Ordinal);
}
