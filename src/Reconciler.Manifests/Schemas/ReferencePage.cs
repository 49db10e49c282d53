using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Membership;
using static Reconciler.Manifests.Schemas.MarkdownText;

namespace Reconciler.Manifests.Schemas;

/// <summary>The page that lists every field of every kind, and every vendor's access words.</summary>
/// <param name="vendors">The vendors.</param>
internal sealed class ReferencePage(ImmutableArray<Vendor> vendors)
{
    private static readonly string[] WordColumns = ["Field", "Written as", "Required", "Words", "Description"];

    private readonly FieldTable _fields = new();

    /// <summary>Writes the page.</summary>
    public string Write()
    {
        var page = new MarkdownText()
            .Heading(1, "Manifests")
            .Paragraph(
                "<!-- Generated from the manifest types; the test Generated_files_are_current says how to renew it. -->"
            )
            .Paragraph(
                "Every document has `apiVersion: reconciler.dev/v1alpha1`, a `kind` and `metadata`. "
                    + "A field that is absent is not managed; an empty list says explicitly *none*. "
                    + "Unknown fields are errors. "
                    + "`status` and what a server adds to `metadata` are ignored, so that the output of "
                    + "`kubectl get -o yaml` is a manifest too."
            )
            .Paragraph(
                "Editors check and complete manifests with `schemas/reconciler.json`; "
                    + "a file names it in its first line: "
                    + "`# yaml-language-server: $schema=../schemas/reconciler.json`."
            )
            .Paragraph(string.Join(" · ", ManifestKind.All.Select(k => k.Name).Append("Access words").Select(Link)));
        Metadata(page);
        foreach (var kind in ManifestKind.All)
            Kind(page, kind);
        page.Heading(2, "Access words")
            .Paragraph(
                "Access is written in each vendor's own words, below `access` of a member, and by the vendors' names "
                    + "in AccessRoles and Guardrails."
            );
        foreach (var vendor in vendors)
            Words(page, vendor);
        return page.ToString();
    }

    private static string Link(string heading) => $"[{heading}](#{heading.ToLowerInvariant().Replace(' ', '-')})";

    private void Metadata(MarkdownText page)
    {
        var metadata = ManifestKind.All[0].Shape.Fields.Single(f => f.Name == "metadata");
        page.Heading(2, "metadata")
            .Paragraph(Escape(FieldText.Description(metadata)))
            .Table(FieldTable.Columns, _fields.Rows((RecordShape)metadata.Shape, "metadata"));
    }

    private void Kind(MarkdownText page, ManifestKind kind)
    {
        var spec = kind.Shape.Fields.Single(f => f.Name == "spec");
        page.Heading(2, kind.Name)
            .Paragraph(Escape(kind.Shape.Summary))
            .Fence("yaml", ReferenceExamples.Of(kind))
            .Table(FieldTable.Columns, _fields.Rows((RecordShape)spec.Shape, "spec"));
        foreach (var rule in FieldTable.Rules((RecordShape)spec.Shape, "spec"))
            page.Paragraph(rule);
    }

    private static void Words(MarkdownText page, Vendor vendor)
    {
        page.Heading(3, vendor.Name).Paragraph($"Type {Code(vendor.Type)}. {Hosts(vendor)}");
        page.Table(
            WordColumns,
            vendor.Access.Fields.Select(f =>
                new[]
                {
                    Code(f.Name),
                    Escape(AccessText.Form(f)),
                    f.Required ? "yes" : "",
                    AccessText.Words(f, Code),
                    Escape(AccessText.Description(f)),
                }
            )
        );
    }

    private static string Hosts(Vendor vendor) =>
        vendor.PublishedUrls.IsEmpty
            ? "The vendor publishes no base URL: every customer has one of their own, which the runner allows with "
                + "`--allow-host`."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Base URL: {string.Join(" or ", vendor.PublishedUrls.Select(Code))}."
            );
}
