using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reconciler.Testing.OpenApi;

/// <summary>
/// One operation: judges its requests and answers. Header and cookie parameters are not looked at; parameters in
/// deepObject style are only known by name.
/// </summary>
public sealed record OpenApiOperation(
    OpenApiDocument Document,
    string Template,
    JsonObject PathItem,
    JsonObject Operation
)
{
    /// <summary>What is wrong with path, query and body of a request.</summary>
    public IReadOnlyList<string> CheckRequest(string path, string query, string? contentType, string body)
    {
        var problems = new List<string>();
        var parameters = Parameters();
        foreach (
            var (segment, text) in Template
                .Split('/')
                .Zip(path.Split('/'))
                .Where(pair => OpenApiDocument.IsVariable(pair.First))
        )
            problems.AddRange(
                CheckParameter(parameters, "path", segment.Trim('{', '}'), [Uri.UnescapeDataString(text)])
            );
        var given = Query(query);
        foreach (var parameter in given)
            problems.AddRange(CheckParameter(parameters, "query", parameter.Key, [.. parameter]));
        problems.AddRange(
            parameters
                .Where(parameter =>
                    Is(parameter, "in", "query")
                    && IsTrue(parameter["required"])
                    && !given.Contains(parameter["name"]!.GetValue<string>())
                )
                .Select(parameter => $"the query lacks '{parameter["name"]}'")
        );
        problems.AddRange(CheckRequestBody(contentType, body));
        return problems;
    }

    /// <summary>What is wrong with an answer: its status, its type, its body.</summary>
    public IReadOnlyList<string> CheckResponse(int status, string? contentType, string body)
    {
        var responses = Operation["responses"];
        var code = status.ToString(CultureInfo.InvariantCulture);
        if (
            Document.Resolve(responses?[code] ?? responses?[code[..1] + "XX"] ?? responses?["default"])
            is not { } response
        )
            return [$"status {status} is not documented"];
        if (response["content"] is not JsonObject content)
            return body.Length == 0 ? [] : [$"status {status} is documented without a body"];
        return CheckContent(content, contentType, body, $"{status}");
    }

    private IReadOnlyList<string> CheckRequestBody(string? contentType, string body)
    {
        if (Document.Resolve(Operation["requestBody"]) is not { } documented)
            return body.Length == 0 ? [] : ["the request has a body; none is documented"];
        if (body.Length == 0)
            return IsTrue(documented["required"]) ? ["the request lacks its body"] : [];
        return CheckContent(documented["content"]!.AsObject(), contentType, body, "body");
    }

    private IReadOnlyList<string> CheckContent(JsonObject content, string? contentType, string body, string where)
    {
        var type = contentType?.Split(';')[0].Trim() ?? "";
        if ((content[type] ?? content["*/*"]) is not JsonObject media)
            return [$"{where}: the type '{type}' is not documented"];
        if (!type.EndsWith("json", StringComparison.Ordinal))
            return [];
        try
        {
            return Document.Check(media["schema"], JsonNode.Parse(body), where);
        }
        catch (JsonException)
        {
            return [$"{where}: is no JSON"];
        }
    }

    /// <summary>The operation's parameters, and the path's ones that it does not override.</summary>
    private List<JsonObject> Parameters() =>
        new[] { Operation, PathItem }
            .SelectMany(holder => holder["parameters"] as JsonArray ?? [])
            .Select(parameter => Document.Resolve(parameter)!)
            .DistinctBy(parameter => ($"{parameter["in"]}", $"{parameter["name"]}"))
            .ToList();

    private IEnumerable<string> CheckParameter(List<JsonObject> parameters, string place, string name, string[] values)
    {
        var parameter = parameters.Find(candidate =>
            Is(candidate, "in", place) && (Is(candidate, "name", name) || Is(candidate, "name", name.Split('[')[0]))
        );
        if (parameter is null)
            return [$"{place}: the parameter '{name}' is not documented"];
        if (Is(parameter, "style", "deepObject") || Document.Resolve(parameter["schema"]) is not { } schema)
            return [];
        if (!Is(schema, "type", "array"))
            return values.Length == 1
                ? Document.Check(schema, Value(schema, values[0]), $"{place}.{name}")
                : [$"{place}.{name}: given {values.Length} times"];
        // The default style is 'form', which repeats the parameter unless 'explode' is false.
        var joined = parameter["explode"] is { } explode && !explode.GetValue<bool>();
        var items = joined ? values.SelectMany(value => value.Split(',')) : values;
        return Document.Check(
            schema,
            new JsonArray([.. items.Select(item => Value(Document.Resolve(schema["items"]) ?? [], item))]),
            $"{place}.{name}"
        );
    }

    private static ILookup<string, string> Query(string query) =>
        query
            .TrimStart('?')
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToLookup(pair => Decode(pair[0]), pair => pair.Length == 2 ? Decode(pair[1]) : "");

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    // In a URL everything is text: read it as what the schema asks for, and leave it text where it is no such thing.
    private static JsonNode? Value(JsonObject schema, string text)
    {
        if (Is(schema, "type", "boolean") && bool.TryParse(text, out var flag))
            return flag;
        return
            (Is(schema, "type", "integer") || Is(schema, "type", "number"))
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : text;
    }

    private static bool Is(JsonObject holder, string member, string text) =>
        holder[member] is JsonValue value
        && value.GetValueKind() == JsonValueKind.String
        && value.GetValue<string>() == text;

    private static bool IsTrue(JsonNode? node) => node?.GetValueKind() == JsonValueKind.True;
}
