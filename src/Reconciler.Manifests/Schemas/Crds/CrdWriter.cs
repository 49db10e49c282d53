using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Membership;

namespace Reconciler.Manifests.Schemas.Crds;

/// <summary>Writes CustomResourceDefinitions from the manifest types.</summary>
/// <param name="vendors">The vendors whose access words are known.</param>
public sealed class CrdWriter(ImmutableArray<Vendor> vendors)
{
    /// <summary>
    /// Whether there are no other vendors. If VendorDefinitions add some, the server leaves every vendor's words to the
    /// operator, since a definition may use the same fields in another way.
    /// </summary>
    public bool KnowsAllVendors { get; init; } = true;

    /// <summary>The group of all kinds.</summary>
    public static string Group => Manifest.ApiVersion.Split('/')[0];

    private static string Version => Manifest.ApiVersion.Split('/')[1];

    /// <summary>The definition of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="parts">What it has beside the fields of its manifest.</param>
    /// <param name="rules">Whether rules in CEL are written, for servers from 1.25 on.</param>
    public JsonObject Of(ManifestKind kind, CrdParts parts, bool rules) =>
        new()
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{kind.Plural}.{Group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = Group,
                ["names"] = new JsonObject
                {
                    ["kind"] = kind.Name,
                    ["listKind"] = $"{kind.Name}List",
                    ["plural"] = kind.Plural,
                    ["singular"] = kind.Name.ToLowerInvariant(),
                    ["shortNames"] = ShapeSchemas.Array([parts.ShortName]),
                    ["categories"] = ShapeSchemas.Array(["reconciler"]),
                },
                ["scope"] = kind.IsClusterScoped ? "Cluster" : "Namespaced",
                ["versions"] = new JsonArray(VersionOf(kind, parts, rules)),
            },
        };

    private JsonObject VersionOf(ManifestKind kind, CrdParts parts, bool rules)
    {
        var version = new JsonObject
        {
            ["name"] = Version,
            ["served"] = true,
            ["storage"] = true,
        };
        if (parts.Status is not null)
            version["subresources"] = new JsonObject { ["status"] = new JsonObject() };
        version["additionalPrinterColumns"] = new JsonArray([.. parts.Columns.Select(Column)]);
        version["schema"] = new JsonObject { ["openAPIV3Schema"] = Document(kind, parts, rules) };
        return version;
    }

    private JsonObject Document(ManifestKind kind, CrdParts parts, bool rules)
    {
        var fields = new List<(string, JsonObject)>
        {
            ("apiVersion", new() { ["description"] = "The format's version.", ["type"] = "string" }),
            ("kind", new() { ["description"] = "The kind of document.", ["type"] = "string" }),
            ("metadata", Metadata(kind)),
            ("spec", Schemas(rules).Of(kind.Shape.Fields.Single(f => f.Name == "spec"))),
        };
        if (parts.Status is { } status)
            fields.Add(("status", status()));
        var schema = Structural.Mapping(kind.Shape.Summary, fields).Requiring("spec");
        // Unknown fields at the root are kept, so that a misplaced one such as dryRun is reported.
        schema[Structural.Keeps] = true;
        return schema;
    }

    private StructuralSchemas Schemas(bool rules) => new(vendors, rules) { KnowsAllVendors = KnowsAllVendors };

    // In metadata, a schema may only restrict the name.
    private static JsonObject Metadata(ManifestKind kind)
    {
        var metadata = (RecordShape)kind.Shape.Fields.Single(f => f.Name == "metadata").Shape;
        var name = new JsonObject();
        Structural.Fill(name, ((TextShape)metadata.Fields.Single(f => f.Name == "name").Shape).Bounds);
        return new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["name"] = name },
        };
    }

    private static JsonObject Column(PrinterColumn column)
    {
        var written = new JsonObject { ["name"] = column.Name, ["type"] = column.Type };
        if (column.Description is { } description)
            written["description"] = description;
        if (column.Wide)
            written["priority"] = 1;
        written["jsonPath"] = column.Path;
        return written;
    }
}
