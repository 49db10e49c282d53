using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership;

namespace Reconciler.Manifests.Schemas.Crds;

/// <summary>
/// Writes the vendors' access as structural schemas. If the vendor is known, its fields are listed; if not, those of
/// all vendors are, so that the server refuses a wrong word at once. Unknown fields are kept, so that the operator can
/// report them.
/// </summary>
/// <param name="vendors">The vendors.</param>
/// <param name="rules">Whether rules in CEL are written.</param>
internal sealed class StructuralAccess(ImmutableArray<Vendor> vendors, bool rules)
{
    // As many fields as a VendorDefinition may describe.
    private const int MostFields = 20;

    /// <summary>Access in the words of any one vendor.</summary>
    /// <param name="schema">Gets the form.</param>
    public void FillAny(JsonObject schema)
    {
        Fill(
            schema,
            vendors
                .SelectMany(v => v.Access.Fields.Select(f => (v.Name, Field: f)))
                .GroupBy(f => f.Field.Name, StringComparer.Ordinal)
                .Select(Union)
        );
        var fields = vendors.SelectMany(v => v.Access.Fields).Where(f => !f.Descriptive).ToList();
        // A field that vendors write in two forms has no type in CEL, so the operator alone judges it.
        if (fields.GroupBy(f => f.Name, StringComparer.Ordinal).All(g => g.DistinctBy(f => f.Form).Count() == 1))
            Grants(schema, fields, rule: false);
    }

    /// <summary>Access, or the words of a rule, by the vendors' names.</summary>
    /// <param name="schema">Gets the form.</param>
    /// <param name="rule">Whether it is a rule, where a field may stand alone.</param>
    /// <param name="most">The most vendors.</param>
    public void FillByVendor(JsonObject schema, bool rule, int most)
    {
        Fill(schema, vendors.Select(v => (v.Type, Of(v, rule))));
        schema["maxProperties"] = most;
    }

    /// <summary>Access of which the operator alone knows the words.</summary>
    /// <param name="schema">Gets the form.</param>
    public static void FillOpen(JsonObject schema) =>
        (schema["type"], schema["maxProperties"], schema[Structural.Keeps]) = ("object", MostFields, true);

    /// <summary>Access by the vendors' names, of which the operator alone knows the words.</summary>
    /// <param name="schema">Gets the form.</param>
    /// <param name="most">The most vendors.</param>
    public static void FillOpen(JsonObject schema, int most)
    {
        var words = new JsonObject();
        FillOpen(words);
        (schema["type"], schema["maxProperties"], schema["additionalProperties"]) = ("object", most, words);
    }

    private JsonObject Of(Vendor vendor, bool rule)
    {
        var schema = new JsonObject
        {
            ["description"] = rule
                ? $"Words of {vendor.Name}; access that has any of them is concerned."
                : $"Access in the words of {vendor.Name}.",
        };
        Fill(schema, vendor.Access.Fields.Select(f => (f.Name, Field(f, f.Known))));
        if (!rule)
            schema.Requiring([.. vendor.Access.Fields.Where(f => f.Required).Select(f => f.Name)]);
        Grants(schema, vendor.Access.Fields.Where(f => rule || !f.Descriptive), rule);
        return schema;
    }

    private static void Fill(JsonObject schema, IEnumerable<(string Name, JsonObject Schema)> fields)
    {
        var properties = new JsonObject();
        foreach (var (name, field) in fields)
            properties[name] = field;
        (schema["type"], schema["properties"], schema[Structural.Keeps]) = ("object", properties, true);
    }

    // Access that grants nothing is an error, and a profile alone grants nothing.
    private void Grants(JsonObject schema, IEnumerable<AccessField> fields, bool rule)
    {
        if (rules)
            schema["x-kubernetes-validations"] = CrdRules.Granting([.. fields.DistinctBy(f => f.Name)], rule);
    }

    private static (string Name, JsonObject Schema) Union(IGrouping<string, (string Vendor, AccessField Field)> named)
    {
        var fields = named.Select(n => n.Field).ToList();
        var alike = fields.TrueForAll(f => f.Form == fields[0].Form);
        // A schema cannot hold two forms of one field, so the operator checks the form when the vendor is known.
        var schema = alike
            ? Field(
                fields[0] with
                {
                    Open = fields.Exists(f => f.Open || f.Known.IsEmpty),
                },
                [.. fields.SelectMany(f => f.Known).Distinct(StringComparer.Ordinal)]
            )
            : new() { ["description"] = "", [Structural.Keeps] = true };
        schema["description"] = FieldText.Sentences(
            named.Select(n => $"{n.Vendor}: {AccessText.Description(n.Field)}")
        );
        return (named.Key, schema);
    }

    private static JsonObject Field(AccessField field, ImmutableArray<string> known) =>
        field.Form switch
        {
            AccessForm.Flag => Structural.Flag(AccessText.Description(field)),
            AccessForm.Words => Structural.List(
                AccessText.Description(field),
                AccessVocabulary.MostWords,
                Word(new(), field, known)
            ),
            _ => Word(new() { ["description"] = AccessText.Description(field) }, field, known),
        };

    private static JsonObject Word(JsonObject schema, AccessField field, ImmutableArray<string> known)
    {
        schema["type"] = "string";
        if (!known.IsEmpty && !field.Open)
            schema["enum"] = ShapeSchemas.Array(known);
        else
            (schema["minLength"], schema["maxLength"]) = (1, AccessVocabulary.LongestWord);
        return schema;
    }
}
