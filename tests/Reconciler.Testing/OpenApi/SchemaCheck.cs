using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Reconciler.Testing.OpenApi;

/// <summary>
/// Judges a JSON value by a schema: the keywords of OpenAPI 3.0 and 3.1 that vendors use. Two liberties:
/// <c>oneOf</c> is read as <c>anyOf</c>, since real alternatives overlap ({error} is also an object without required
/// fields); and unless told otherwise a property that no part of the schema names is a problem, since schemas without
/// <c>required</c> would let every misspelt field pass.
/// </summary>
internal sealed class SchemaCheck(JsonNode root, bool allowUndeclared)
{
    private readonly List<string> problems = [];

    public static IReadOnlyList<string> Problems(
        JsonNode root,
        JsonNode? schema,
        JsonNode? value,
        string where,
        bool allowUndeclared
    )
    {
        var check = new SchemaCheck(root, allowUndeclared);
        check.Whole(schema, value, where);
        return check.problems;
    }

    /// <summary>Follows <c>$ref</c> inside of the document.</summary>
    public static JsonObject? Resolve(JsonNode root, JsonNode? node)
    {
        while (node is JsonObject holder && holder["$ref"]?.GetValue<string>() is { } reference)
        {
            var steps = reference.Split('/').Skip(1).Select(step => step.Replace("~1", "/").Replace("~0", "~"));
            node =
                steps.Aggregate((JsonNode?)root, (at, step) => at?[step])
                ?? throw new InvalidOperationException($"{reference} leads nowhere");
        }

        return node as JsonObject;
    }

    private void Whole(JsonNode? schema, JsonNode? value, string where)
    {
        Parts(schema, value, where);
        if (allowUndeclared || value is not JsonObject map || Declared(schema) is not { Count: > 0 } declared)
            return;
        foreach (var name in map.Select(member => member.Key).Where(name => !declared.Contains(name)))
            problems.Add($"{where}: '{name}' is not in the schema");
    }

    /// <summary>
    /// Everything but the undeclared properties: a part of an allOf does not know its siblings' ones.
    /// </summary>
    private void Parts(JsonNode? node, JsonNode? value, string where)
    {
        if (Resolve(root, node) is not { } schema)
            return;
        if (value is null)
        {
            if (!AllowsNull(schema))
                problems.Add($"{where}: must not be null");
            return;
        }

        Type(schema, value, where);
        Enumeration(schema, value, where);
        if (value is JsonObject map)
            Object(schema, map, where);
        else if (value is JsonArray list)
            Array(schema, list, where);
        else
            problems.AddRange(ScalarCheck.Problems(schema, value).Select(problem => $"{where}: {problem}"));
        Combinations(schema, value, where);
    }

    // Without a type anything goes, null too; an allOf or a list of alternatives must then allow it itself.
    private bool AllowsNull(JsonObject schema) =>
        schema["nullable"]?.GetValue<bool>() == true
        || Types(schema).Contains("null")
        || (
            Types(schema).Count == 0
            && Branches(schema, "allOf").All(part => Resolve(root, part) is not { } all || AllowsNull(all))
            && (
                Alternatives(schema).Count == 0
                || Alternatives(schema).Any(part => Resolve(root, part) is not { } one || AllowsNull(one))
            )
        );

    private void Type(JsonObject schema, JsonNode value, string where)
    {
        var types = Types(schema);
        if (types.Count > 0 && !types.Any(type => Is(type, value)))
            problems.Add($"{where}: {value.ToJsonString()} is no {string.Join(" or ", types)}");
    }

    private static bool Is(string type, JsonNode value) =>
        value.GetValueKind() switch
        {
            JsonValueKind.Object => type is "object",
            JsonValueKind.Array => type is "array",
            JsonValueKind.String => type is "string",
            JsonValueKind.True or JsonValueKind.False => type is "boolean",
            JsonValueKind.Number => type is "number"
                || (
                    type is "integer"
                    && decimal.TryParse(
                        value.ToJsonString(),
                        NumberStyles.Float,
                        CultureInfo.InvariantCulture,
                        out var number
                    )
                    && number == decimal.Truncate(number)
                ),
            _ => false,
        };

    private void Enumeration(JsonObject schema, JsonNode value, string where)
    {
        if (schema["enum"] is JsonArray known && !known.Any(one => JsonNode.DeepEquals(one, value)))
            problems.Add($"{where}: {value.ToJsonString()} is none of {known.ToJsonString()}");
        if (schema["const"] is { } only && !JsonNode.DeepEquals(only, value))
            problems.Add($"{where}: {value.ToJsonString()} is not {only.ToJsonString()}");
    }

    private void Object(JsonObject schema, JsonObject map, string where)
    {
        foreach (
            var name in Branches(schema, "required")
                .Select(name => name!.GetValue<string>())
                .Where(name => !map.ContainsKey(name))
        )
            problems.Add($"{where}: '{name}' is missing");
        var properties = schema["properties"] as JsonObject ?? [];
        foreach (var (name, value) in map)
        {
            if (properties.TryGetPropertyValue(name, out var property))
                Whole(property, value, $"{where}.{name}");
            else if (schema["additionalProperties"] is JsonObject other)
                Whole(other, value, $"{where}.{name}");
            else if (IsFalse(schema["additionalProperties"]))
                problems.Add($"{where}: '{name}' is not allowed");
        }
    }

    private void Array(JsonObject schema, JsonArray list, string where)
    {
        if (list.Count < schema["minItems"]?.GetValue<long>() || list.Count > schema["maxItems"]?.GetValue<long>())
            problems.Add($"{where}: {list.Count} items");
        if (
            schema["uniqueItems"]?.GetValue<bool>() == true
            && list.Select(item => item?.ToJsonString()).Distinct().Count() < list.Count
        )
            problems.Add($"{where}: an item is there twice");
        for (var i = 0; i < list.Count; i++)
            Whole(schema["items"], list[i], $"{where}[{i}]");
    }

    private void Combinations(JsonObject schema, JsonNode value, string where)
    {
        foreach (var part in Branches(schema, "allOf"))
            Parts(part, value, where);
        foreach (
            var alternatives in new[] { Branches(schema, "oneOf"), Branches(schema, "anyOf") }.Where(some =>
                some.Count > 0
            )
        )
        {
            var attempts = alternatives.Select(one => Problems(root, one, value, where, allowUndeclared)).ToList();
            if (attempts.TrueForAll(attempt => attempt.Count > 0))
                problems.Add(
                    $"{where}: fits no alternative ({string.Join("; ", attempts.MinBy(attempt => attempt.Count)!)})"
                );
        }
    }

    /// <summary>The properties that the schema names anywhere; null where it is open for others.</summary>
    private HashSet<string>? Declared(JsonNode? node)
    {
        if (Resolve(root, node) is not { } schema || schema["additionalProperties"] is { } other && !IsFalse(other))
            return null;
        var names = (schema["properties"] as JsonObject ?? []).Select(property => property.Key).ToHashSet();
        foreach (var part in Branches(schema, "allOf").Concat(Alternatives(schema)))
        {
            if (Declared(part) is not { } more)
                return null;
            names.UnionWith(more);
        }

        return names;
    }

    private static bool IsFalse(JsonNode? node) => node?.GetValueKind() == JsonValueKind.False;

    private static List<JsonNode?> Alternatives(JsonObject schema) =>
        [.. Branches(schema, "oneOf"), .. Branches(schema, "anyOf")];

    private static List<JsonNode?> Branches(JsonObject schema, string keyword) =>
        schema[keyword] is JsonArray list ? [.. list] : [];

    private static List<string> Types(JsonObject schema) =>
        schema["type"] switch
        {
            JsonArray several => [.. several.Select(type => type?.GetValue<string>() ?? "null")],
            JsonValue one => [one.GetValue<string>()],
            _ => [],
        };
}

/// <summary>Judges text and numbers: bounds, pattern, format. An unknown format says nothing.</summary>
internal static class ScalarCheck
{
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMinutes(1);

    public static IEnumerable<string> Problems(JsonObject schema, JsonNode value)
    {
        if (value.GetValueKind() == JsonValueKind.Number)
            return Number(schema, double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture));
        return value.GetValueKind() == JsonValueKind.String ? Text(schema, value.GetValue<string>()) : [];
    }

    private static IEnumerable<string> Number(JsonObject schema, double number)
    {
        if (number < Bound(schema, "minimum"))
            yield return $"{number} is less than the minimum";
        if (number > Bound(schema, "maximum"))
            yield return $"{number} is more than the maximum";
        if (schema["format"]?.GetValue<string>() is "int32" && Math.Abs(number) > int.MaxValue)
            yield return $"{number} is no int32";
    }

    private static IEnumerable<string> Text(JsonObject schema, string text)
    {
        if (text.Length < Bound(schema, "minLength") || text.Length > Bound(schema, "maxLength"))
            yield return $"'{text}' has {text.Length} characters";
        if (
            schema["pattern"]?.GetValue<string>() is { } pattern
            && !Regex.IsMatch(text, pattern, RegexOptions.ECMAScript, PatternTimeout)
        )
            yield return $"'{text}' does not match {pattern}";
        if (schema["format"]?.GetValue<string>() is { } format && !HasFormat(format, text))
            yield return $"'{text}' is no {format}";
    }

    private static double? Bound(JsonObject schema, string keyword) =>
        schema[keyword] is { } bound ? double.Parse(bound.ToJsonString(), CultureInfo.InvariantCulture) : null;

    private static bool HasFormat(string format, string text) =>
        format switch
        {
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "email" => Regex.IsMatch(text, @"^[^@\s]+@[^@\s]+\.[^@\s]+$", RegexOptions.None, PatternTimeout),
            "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
            "date" => DateOnly.TryParseExact(
                text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out _
            ),
            // RFC 3339: the offset is part of it.
            "date-time" => Regex.IsMatch(
                text,
                @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
                RegexOptions.ExplicitCapture,
                PatternTimeout
            ) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            _ => true,
        };
}
