using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Manifests.Schemas.Crds;

/// <summary>Builds the nodes of structural schemas: each has a type, and each of variable size has a bound.</summary>
public static class Structural
{
    /// <summary>The keyword that makes the server keep fields that the schema does not name.</summary>
    internal const string Keeps = "x-kubernetes-preserve-unknown-fields";

    /// <summary>Text.</summary>
    /// <param name="description">What it is.</param>
    /// <param name="most">The most characters.</param>
    public static JsonObject Text(string description, int most) =>
        new()
        {
            ["description"] = description,
            ["type"] = "string",
            ["maxLength"] = most,
        };

    /// <summary>An instant.</summary>
    /// <param name="description">What it is.</param>
    public static JsonObject Time(string description) =>
        new()
        {
            ["description"] = description,
            ["type"] = "string",
            ["format"] = "date-time",
        };

    /// <summary>How many, or how often.</summary>
    /// <param name="description">What it is.</param>
    public static JsonObject Count(string description) => Integer(description, 0);

    /// <summary>A whole number.</summary>
    /// <param name="description">What it is.</param>
    /// <param name="least">The least that it can be.</param>
    [SuppressMessage("Naming", "CA1720", Justification = "It is the name of the type in JSON Schema.")]
    public static JsonObject Integer(string description, int least) =>
        new()
        {
            ["description"] = description,
            ["type"] = "integer",
            ["format"] = "int64",
            ["minimum"] = least,
        };

    /// <summary>true or false.</summary>
    /// <param name="description">What it is.</param>
    public static JsonObject Flag(string description) => new() { ["description"] = description, ["type"] = "boolean" };

    /// <summary>A list that its writer replaces as a whole.</summary>
    /// <param name="description">What it is.</param>
    /// <param name="most">The most entries.</param>
    /// <param name="item">An entry.</param>
    public static JsonObject List(string description, int most, JsonObject item) =>
        new()
        {
            ["description"] = description,
            ["type"] = "array",
            ["maxItems"] = most,
            ["x-kubernetes-list-type"] = "atomic",
            ["items"] = item,
        };

    /// <summary>A mapping with known fields; the server drops others.</summary>
    /// <param name="description">What it is.</param>
    /// <param name="fields">Its fields.</param>
    public static JsonObject Mapping(string description, params IEnumerable<(string Name, JsonObject Schema)> fields)
    {
        var properties = new JsonObject();
        foreach (var (name, schema) in fields)
            properties[name] = schema;
        return new()
        {
            ["description"] = description,
            ["type"] = "object",
            ["properties"] = properties,
        };
    }

    /// <summary>A mapping with values of one kind under names that its writers choose.</summary>
    /// <param name="description">What it is.</param>
    /// <param name="most">The most names.</param>
    /// <param name="value">A value.</param>
    public static JsonObject Map(string description, int most, JsonObject value) =>
        new()
        {
            ["description"] = description,
            ["type"] = "object",
            ["maxProperties"] = most,
            ["additionalProperties"] = value,
        };

    /// <summary>A mapping whose fields its writer alone knows.</summary>
    /// <param name="description">What it is.</param>
    public static JsonObject Free(string description) =>
        new()
        {
            ["description"] = description,
            ["type"] = "object",
            [Keeps] = true,
        };

    /// <summary>Makes fields of a mapping required.</summary>
    /// <param name="schema">The mapping's schema.</param>
    /// <param name="required">The fields.</param>
    public static JsonObject Requiring(this JsonObject schema, params IReadOnlyList<string> required)
    {
        if (required.Count > 0)
            schema["required"] = ShapeSchemas.Array(required);
        return schema;
    }

    /// <summary>Text within a manifest's bounds.</summary>
    /// <param name="schema">Gets the bounds.</param>
    /// <param name="bounds">The bounds.</param>
    internal static void Fill(JsonObject schema, TextAttribute bounds)
    {
        if (bounds.AllowsNumber)
            schema["x-kubernetes-int-or-string"] = true;
        else
            schema["type"] = "string";
        if (bounds.MinLength > 0)
            schema["minLength"] = bounds.MinLength;
        // Some old API servers read an empty text as null, so null is allowed here. The operator refuses it.
        else
            schema["nullable"] = true;
        schema["maxLength"] = bounds.MaxLength;
        if (bounds.Pattern is { } pattern)
            schema["pattern"] = pattern;
        else if (!bounds.Lines)
            schema["pattern"] = OneLine;
    }

    // The control characters that the reader refuses, as an RE2 pattern.
    private const string OneLine = "^[^\\x00-\\x1f\\x7f-\\x9f]*$";
}
