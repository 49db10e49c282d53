using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Manifests.Schemas;

/// <summary>Turns the shapes of manifests into JSON Schema.</summary>
public sealed class ShapeSchemas
{
    /// <summary>A field's schema, with its description and default.</summary>
    /// <param name="field">The field.</param>
    internal JsonObject Of(FieldShape field)
    {
        var literal = Default(field);
        var text = FieldText.Whole(field, tellDefault: literal is null);
        var schema = text.Length == 0 ? new JsonObject() : new JsonObject { ["description"] = text };
        if (literal is not null)
            schema["default"] = literal;
        Fill(schema, field.Shape, field);
        return schema;
    }

    /// <summary>A mapping's schema, with its description.</summary>
    /// <param name="record">The mapping's shape.</param>
    internal JsonObject Of(RecordShape record)
    {
        var schema = new JsonObject();
        if (record.Summary is { Length: > 0 } text)
            schema["description"] = text;
        FillRecord(schema, record);
        return schema;
    }

    /// <summary>A reference to a definition of the same schema.</summary>
    /// <param name="name">The definition's name.</param>
    internal static JsonObject Reference(string name) => new() { ["$ref"] = $"#/definitions/{name}" };

    /// <summary>Words as a JSON array.</summary>
    /// <param name="words">The words.</param>
    public static JsonArray Array(IEnumerable<string> words) => new([.. words.Select(w => (JsonNode)w)]);

    /// <summary>Returns the default as a value; null if it is only a phrase.</summary>
    /// <param name="field">The field.</param>
    internal static JsonNode? Default(FieldShape field) =>
        !FieldText.IsLiteral(field)
            ? null
            : field.Shape switch
            {
                FlagShape => bool.Parse(field.Default!),
                NumberShape => int.Parse(field.Default!, System.Globalization.CultureInfo.InvariantCulture),
                _ => field.Default,
            };

    /// <summary>
    /// Whether a field's access belongs to a rule, in which words may stand that grant nothing by themselves.
    /// </summary>
    /// <param name="field">The field.</param>
    public static bool IsRule(FieldShape field) => field.Owner != typeof(AccessRoleSpec);

    private void Fill(JsonObject schema, ValueShape shape, FieldShape owner)
    {
        switch (shape)
        {
            case TextShape text:
                FillText(schema, text);
                break;
            case FormShape form:
                FillForm(schema, form);
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
            case WordShape word:
                (schema["type"], schema["enum"]) = ("string", Array(word.Words));
                break;
            case RecordShape record:
                FillRecord(schema, record);
                break;
            case ListShape list:
                (schema["type"], schema["maxItems"], schema["items"]) = ("array", list.Most, Inner(list.Item, owner));
                break;
            case MapShape { Value: AccessShape }:
                FillAccess(schema, AccessSchemas.ByVendor(IsRule(owner)));
                break;
            case MapShape map:
                (schema["type"], schema["maxProperties"], schema["additionalProperties"]) = (
                    "object",
                    map.Most,
                    Inner(map.Value, owner)
                );
                break;
            case AccessShape:
                FillAccess(schema, AccessSchemas.AnyVendor);
                break;
            case TemplateShape:
                schema["type"] = Array(["object", "array"]);
                break;
            default:
                throw new InvalidOperationException($"{shape.GetType().Name} has no schema");
        }
    }

    private JsonObject Inner(ValueShape shape, FieldShape owner)
    {
        if (shape is RecordShape record)
            return Of(record);
        var schema = new JsonObject();
        Fill(schema, shape, owner);
        return schema;
    }

    // draft-07 ignores keywords beside a $ref, so the description is outside of it.
    private static void FillAccess(JsonObject schema, string definition) =>
        schema["allOf"] = new JsonArray(Reference(definition));

    private static void FillText(JsonObject schema, TextShape text)
    {
        schema["type"] = text.Bounds.AllowsNumber ? Array(["string", "integer"]) : "string";
        if (text.Bounds.MinLength > 0)
            schema["minLength"] = text.Bounds.MinLength;
        schema["maxLength"] = text.Bounds.MaxLength;
        if (text.Bounds.Pattern is { } pattern)
            schema["pattern"] = pattern;
        if (text.Bounds.Example is { } example)
            schema["examples"] = Array([example]);
    }

    private static void FillForm(JsonObject schema, FormShape form)
    {
        schema["type"] = "string";
        schema["maxLength"] = FormShape.MaxLength;
        schema["pattern"] = form.Pattern;
        schema["examples"] = Array([form.Example]);
    }

    private void FillRecord(JsonObject schema, RecordShape record)
    {
        var properties = new JsonObject();
        foreach (var field in record.Fields)
            properties[field.Name] = Of(field);
        schema["type"] = "object";
        schema["properties"] = properties;
        var required = record.Fields.Where(f => f.IsRequired).Select(f => f.Name).ToList();
        if (required.Count > 0)
            schema["required"] = Array(required);
        if (record.NotEmpty)
            schema["minProperties"] = 1;
        schema["additionalProperties"] = false;
        FillGroups(schema, record);
    }

    // Which fields of a mapping exclude each other.
    private static void FillGroups(JsonObject schema, RecordShape record)
    {
        var groups = record.ExactlyOne.Select(ExactlyOne).Concat(record.AtMostOne.Select(AtMostOne)).ToArray();
        if (groups.Length > 0)
            schema["allOf"] = new JsonArray(groups);
    }

    private static JsonNode ExactlyOne(ImmutableArray<string> fields) =>
        new JsonObject
        {
            ["oneOf"] = new JsonArray([.. fields.Select(f => new JsonObject { ["required"] = Array([f]) })]),
        };

    private static JsonNode AtMostOne(ImmutableArray<string> fields)
    {
        var pairs =
            from first in Enumerable.Range(0, fields.Length)
            from second in Enumerable.Range(first + 1, fields.Length - first - 1)
            select (JsonNode)new JsonObject { ["required"] = Array([fields[first], fields[second]]) };
        return new JsonObject { ["not"] = new JsonObject { ["anyOf"] = new JsonArray([.. pairs]) } };
    }
}
