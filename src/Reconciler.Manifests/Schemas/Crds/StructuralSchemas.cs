using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Membership;

namespace Reconciler.Manifests.Schemas.Crds;

/// <summary>
/// Turns the shapes of manifests into the structural schemas of custom resources. They differ from the JSON Schemas in
/// three ways. Defaults are not keywords: a server that wrote them into the resource would turn "not managed" and "as
/// the provider says" into a value. Unknown fields are kept in every mapping: otherwise the server would drop them, and
/// an entry with <c>expiresAtt</c> would never expire. The operator reads them and refuses the resource. Fields that
/// exclude each other are left to rules in CEL and to the operator: what a server says of <c>oneOf</c> names no field.
/// </summary>
/// <param name="vendors">The vendors whose access words are known.</param>
/// <param name="rules">Whether rules in CEL are written.</param>
internal sealed class StructuralSchemas(ImmutableArray<Vendor> vendors, bool rules)
{
    private readonly StructuralAccess _access = new(vendors, rules);

    /// <summary>Whether there are no other vendors than the known ones.</summary>
    public bool KnowsAllVendors { get; init; } = true;

    /// <summary>A field's schema, with its description.</summary>
    /// <param name="field">The field.</param>
    public JsonObject Of(FieldShape field)
    {
        var schema = Described(FieldText.Whole(field, tellDefault: true));
        Fill(schema, field.Shape, field);
        // An unknown vendor is always an error, so the server lists the known ones.
        if (KnowsAllVendors && field.Owner == typeof(AccessProviderSpec) && field.Name == "type")
            Offer(schema, vendors.Select(v => v.Type));
        return schema;
    }

    private static JsonObject Described(string text) => text.Length == 0 ? [] : new() { ["description"] = text };

    private static void Offer(JsonObject schema, IEnumerable<string> words)
    {
        foreach (var bound in new[] { "minLength", "maxLength", "pattern" })
            schema.Remove(bound);
        schema["enum"] = ShapeSchemas.Array(words);
    }

    private void Fill(JsonObject schema, ValueShape shape, FieldShape owner)
    {
        switch (shape)
        {
            case RecordShape record:
                FillRecord(schema, record);
                break;
            // Lists are atomic, including members: an entry is identified by one of four keys, so the list cannot be a
            // map.
            case ListShape list:
                (schema["type"], schema["maxItems"], schema["x-kubernetes-list-type"], schema["items"]) = (
                    "array",
                    list.Most,
                    "atomic",
                    Inner(list.Item, owner)
                );
                break;
            case MapShape { Value: AccessShape } access when !KnowsAllVendors:
                StructuralAccess.FillOpen(schema, access.Most);
                break;
            case MapShape { Value: AccessShape } access:
                _access.FillByVendor(schema, ShapeSchemas.IsRule(owner), access.Most);
                break;
            case MapShape map:
                (schema["type"], schema["maxProperties"], schema["additionalProperties"]) = (
                    "object",
                    map.Most,
                    Inner(map.Value, owner)
                );
                break;
            case AccessShape when !KnowsAllVendors:
                StructuralAccess.FillOpen(schema);
                break;
            case AccessShape:
                _access.FillAny(schema);
                break;
            default:
                FillScalar(schema, shape);
                break;
        }
    }

    private static void FillScalar(JsonObject schema, ValueShape shape)
    {
        switch (shape)
        {
            case TextShape text:
                Structural.Fill(schema, text.Bounds);
                break;
            case FormShape form:
                (schema["type"], schema["maxLength"], schema["pattern"]) = (
                    "string",
                    FormShape.MaxLength,
                    form.Pattern
                );
                break;
            case FlagShape:
                schema["type"] = "boolean";
                break;
            case NumberShape number:
                (schema["type"], schema["minimum"], schema["maximum"]) = (
                    "integer",
                    number.Bounds.Min,
                    number.Bounds.Max
                );
                break;
            // A mapping or a list, which no single type tells; the operator checks it with the call.
            case TemplateShape:
                schema[Structural.Keeps] = true;
                break;
            case WordShape word:
                (schema["type"], schema["enum"]) = ("string", ShapeSchemas.Array(word.Words));
                break;
            default:
                throw new InvalidOperationException($"{shape.GetType().Name} has no schema");
        }
    }

    private JsonObject Inner(ValueShape shape, FieldShape owner)
    {
        var schema = Described(shape is RecordShape record ? record.Summary : "");
        Fill(schema, shape, owner);
        return schema;
    }

    private void FillRecord(JsonObject schema, RecordShape record)
    {
        var properties = new JsonObject();
        foreach (var field in record.Fields)
            properties[field.Name] = Of(field);
        (schema["type"], schema["properties"], schema[Structural.Keeps]) = ("object", properties, true);
        schema.Requiring([.. record.Fields.Where(f => f.IsRequired).Select(f => f.Name)]);
        if (record.NotEmpty)
            schema["minProperties"] = 1;
        if (rules && CrdRules.Of(record) is { Count: > 0 } found)
            schema["x-kubernetes-validations"] = found;
    }
}
