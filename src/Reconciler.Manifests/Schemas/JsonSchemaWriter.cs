using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Membership;

namespace Reconciler.Manifests.Schemas;

/// <summary>
/// Writes JSON Schemas of the manifests, for editors. They use draft-07, because yaml-language-server, which most
/// editors use for YAML, supports it best and every validator still reads it.
/// </summary>
/// <param name="vendors">The vendors whose access words are offered.</param>
public sealed class JsonSchemaWriter(ImmutableArray<Vendor> vendors)
{
    private const string Draft = "http://json-schema.org/draft-07/schema#";

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        IndentSize = 2,
        NewLine = "\n",
        // Relaxed escaping is safe here, because the files are never embedded in a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly ShapeSchemas _shapes = new();

    /// <summary>The schema of one kind of document.</summary>
    /// <param name="kind">The kind.</param>
    internal string Write(ManifestKind kind)
    {
        var schema = new JsonObject { ["$schema"] = Draft };
        foreach (var (name, value) in Document(kind).ToList())
            schema[name] = value?.DeepClone();
        return Text(WithAccess(schema, [kind]));
    }

    /// <summary>The schema of any document of the group.</summary>
    internal string WriteAny()
    {
        var kinds = ManifestKind.All;
        var schema = new JsonObject
        {
            ["$schema"] = Draft,
            ["title"] = "Reconciler manifest",
            ["description"] =
                "A document of the group reconciler.dev: who has which access in the projects of SaaS vendors.",
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["apiVersion"] = ApiVersion(),
                ["kind"] = new JsonObject
                {
                    ["description"] = "The kind of document.",
                    ["enum"] = ShapeSchemas.Array(kinds.Select(k => k.Name)),
                },
            },
            ["required"] = ShapeSchemas.Array(["apiVersion", "kind"]),
            // Use one "if" per kind instead of oneOf, so that an editor reports what is wrong with this document, not
            // that it matches none of the schemas.
            ["allOf"] = new JsonArray([.. kinds.Select(IfThen)]),
        };
        return Text(WithAccess(schema, kinds));
    }

    /// <summary>The schema of a file that is one mapping, and no document of the group.</summary>
    /// <param name="title">What an editor calls it.</param>
    /// <param name="shape">The mapping's shape.</param>
    public string Write(string title, RecordShape shape)
    {
        var schema = new JsonObject { ["$schema"] = Draft, ["title"] = title };
        foreach (var (name, value) in _shapes.Of(shape).ToList())
            schema[name] = value?.DeepClone();
        return Text(schema);
    }

    private static JsonObject IfThen(ManifestKind kind) =>
        new()
        {
            ["if"] = new JsonObject
            {
                ["properties"] = new JsonObject { ["kind"] = new JsonObject { ["const"] = kind.Name } },
                ["required"] = ShapeSchemas.Array(["kind"]),
            },
            ["then"] = ShapeSchemas.Reference(kind.Name),
        };

    private JsonObject WithAccess(JsonObject schema, ImmutableArray<ManifestKind> kinds)
    {
        var definitions = new JsonObject();
        if (kinds.Length > 1)
        {
            foreach (var kind in kinds)
                definitions[kind.Name] = Document(kind);
        }

        AccessSchemas.Define(vendors, kinds.Select(k => k.Shape), definitions);
        if (definitions.Count > 0)
            schema["definitions"] = definitions;
        return schema;
    }

    private JsonObject Document(ManifestKind kind)
    {
        var properties = new JsonObject
        {
            ["apiVersion"] = ApiVersion(),
            ["kind"] = new JsonObject { ["description"] = "The kind of document.", ["const"] = kind.Name },
        };
        foreach (var field in kind.Shape.Fields)
            properties[field.Name] = _shapes.Of(field);
        AllowServerFields((JsonObject)properties["metadata"]!["properties"]!);
        if (kind.Type == typeof(AccessProvider))
            OfferVendors((JsonObject)properties["spec"]!["properties"]!);
        properties["status"] = new JsonObject
        {
            ["description"] = "What the operator observed; ignored where manifests are read.",
        };
        return new()
        {
            ["title"] = kind.Name,
            ["description"] = kind.Shape.Summary,
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = ShapeSchemas.Array([
                "apiVersion",
                "kind",
                .. kind.Shape.Fields.Where(f => f.IsRequired).Select(f => f.Name),
            ]),
            ["additionalProperties"] = false,
        };
    }

    private static void AllowServerFields(JsonObject metadata)
    {
        foreach (var name in DocumentReader.ServerMetadata)
            metadata[name] = new JsonObject { ["description"] = "Set by the server; ignored." };
    }

    private void OfferVendors(JsonObject spec)
    {
        var type = (JsonObject)spec["type"]!;
        foreach (var bound in new[] { "minLength", "maxLength", "examples" })
            type.Remove(bound);
        type["enum"] = ShapeSchemas.Array(vendors.Select(v => v.Type));
        spec["baseUrl"]!["examples"] = ShapeSchemas.Array(vendors.SelectMany(v => v.PublishedUrls));
    }

    private static JsonObject ApiVersion() =>
        new() { ["description"] = "The format's version.", ["const"] = Manifest.ApiVersion };

    private static string Text(JsonObject schema) => schema.ToJsonString(Layout) + "\n";
}
