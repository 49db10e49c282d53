using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Membership;

namespace Reconciler.Manifests.Schemas;

/// <summary>
/// Writes the vendors' access as definitions: <c>clarifeye</c> is access that is given, <c>clarifeye-rule</c> the words
/// of a rule, in which required fields may be absent.
/// </summary>
internal static class AccessSchemas
{
    /// <summary>The definition of access in the words of any one vendor.</summary>
    public const string AnyVendor = "access";

    private const string PerVendor = "accessByVendor";
    private const string RulePerVendor = "ruleByVendor";

    /// <summary>The definition of access, or of a rule, by the vendors' names.</summary>
    /// <param name="rule">Whether it is a rule.</param>
    public static string ByVendor(bool rule) => rule ? RulePerVendor : PerVendor;

    /// <summary>Adds the definitions that documents of some shapes refer to.</summary>
    /// <param name="vendors">The vendors.</param>
    /// <param name="shapes">The documents' shapes.</param>
    /// <param name="into">Gets the definitions.</param>
    public static void Define(ImmutableArray<Vendor> vendors, IEnumerable<RecordShape> shapes, JsonObject into)
    {
        var used = shapes.SelectMany(Uses).ToHashSet(StringComparer.Ordinal);
        if (used.Contains(AnyVendor))
            into[AnyVendor] = new JsonObject
            {
                ["anyOf"] = new JsonArray([.. vendors.Select(v => ShapeSchemas.Reference(Name(v, rule: false)))]),
            };
        if (used.Contains(PerVendor))
            into[PerVendor] = Keyed(vendors, rule: false);
        if (used.Contains(RulePerVendor))
            into[RulePerVendor] = Keyed(vendors, rule: true);
        if (used.Contains(AnyVendor) || used.Contains(PerVendor))
        {
            foreach (var vendor in vendors)
                into[Name(vendor, rule: false)] = Access(vendor);
        }

        if (!used.Contains(RulePerVendor))
            return;
        foreach (var vendor in vendors)
            into[Name(vendor, rule: true)] = Rule(vendor);
    }

    private static IEnumerable<string> Uses(RecordShape record) => record.Fields.SelectMany(f => Uses(f.Shape, f));

    private static IEnumerable<string> Uses(ValueShape shape, FieldShape owner) =>
        shape switch
        {
            AccessShape => [AnyVendor],
            MapShape { Value: AccessShape } => [ByVendor(ShapeSchemas.IsRule(owner))],
            ListShape list => Uses(list.Item, owner),
            MapShape map => Uses(map.Value, owner),
            RecordShape record => Uses(record),
            _ => [],
        };

    private static string Name(Vendor vendor, bool rule) => rule ? $"{vendor.Type}-rule" : vendor.Type;

    private static JsonObject Keyed(ImmutableArray<Vendor> vendors, bool rule)
    {
        var properties = new JsonObject();
        foreach (var vendor in vendors)
            properties[vendor.Type] = ShapeSchemas.Reference(Name(vendor, rule));
        return new()
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Access(Vendor vendor)
    {
        var schema = Words(vendor, $"Access in the words of {vendor.Name}.");
        var required = vendor.Access.Fields.Where(f => f.Required).Select(f => f.Name).ToList();
        if (required.Count > 0)
            schema["required"] = ShapeSchemas.Array(required);
        // Access that grants nothing is an error, and a profile alone grants nothing.
        var granting = vendor.Access.Fields.Where(f => !f.Descriptive).Select(Granting).ToArray();
        schema[granting.Length == 1 ? "allOf" : "anyOf"] = new JsonArray(granting);
        return schema;
    }

    private static JsonObject Rule(Vendor vendor)
    {
        var schema = Words(vendor, $"Words of {vendor.Name}; access that has any of them is concerned.");
        schema["anyOf"] = new JsonArray([.. vendor.Access.Fields.Select(Granting)]);
        return schema;
    }

    private static JsonObject Words(Vendor vendor, string description)
    {
        var properties = new JsonObject();
        foreach (var field in vendor.Access.Fields)
            properties[field.Name] = Field(field);
        return new()
        {
            ["description"] = description,
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }

    private static JsonNode Granting(AccessField field)
    {
        var schema = new JsonObject { ["required"] = ShapeSchemas.Array([field.Name]) };
        if (field.Form == AccessForm.Words)
            schema["properties"] = new JsonObject { [field.Name] = new JsonObject { ["minItems"] = 1 } };
        if (field.Form == AccessForm.Flag)
            schema["properties"] = new JsonObject { [field.Name] = new JsonObject { ["const"] = true } };
        return schema;
    }

    private static JsonObject Field(AccessField field)
    {
        var schema = new JsonObject { ["description"] = AccessText.Description(field) };
        switch (field.Form)
        {
            case AccessForm.Flag:
                schema["type"] = "boolean";
                break;
            case AccessForm.Words:
                (schema["type"], schema["items"]) = ("array", Word(field, new()));
                break;
            default:
                Word(field, schema);
                break;
        }

        return schema;
    }

    private static JsonObject Word(AccessField field, JsonObject schema)
    {
        schema["type"] = "string";
        if (!field.Known.IsEmpty && !field.Open)
            schema["enum"] = ShapeSchemas.Array(field.Known);
        else
            schema["minLength"] = 1;
        // Any word is allowed; an editor offers the examples.
        if (!field.Known.IsEmpty && field.Open)
            schema["examples"] = ShapeSchemas.Array(field.Known);
        return schema;
    }
}
