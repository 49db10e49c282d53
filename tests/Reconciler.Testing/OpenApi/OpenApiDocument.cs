using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Reconciler.Testing.OpenApi;

/// <summary>
/// A vendor's OpenAPI document: finds the operation that a request is for. Paths are relative to the base URL.
/// </summary>
public sealed record OpenApiDocument(JsonNode Root)
{
    private static readonly ConcurrentDictionary<string, Lazy<OpenApiDocument>> Loaded = new();

    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head", "options"];

    /// <summary>
    /// For documents that name less than the vendor sends: a property that no schema names is fine then.
    /// </summary>
    internal bool AllowUndeclared { get; init; }

    public static OpenApiDocument Load(string file) =>
        Loaded
            .GetOrAdd(
                file,
                static path =>
                    new(() =>
                    {
                        using var text = File.OpenText(path);
                        return new(YamlJson.Parse(text) ?? throw new InvalidOperationException($"{path} is empty"));
                    })
            )
            .Value;

    /// <summary>Every operation, as (method, path template).</summary>
    public IEnumerable<(string Method, string Template)> Operations() =>
        Paths()
            .SelectMany(path =>
                (path.Value as JsonObject ?? [])
                    .Where(item => Methods.Contains(item.Key))
                    .Select(item => (item.Key.ToUpperInvariant(), path.Key))
            );

    /// <summary>The operation with the most literal segments that fits; null where the document has none.</summary>
    public OpenApiOperation? Find(string method, string path)
    {
        var segments = path.Split('/');
        var fitting = Paths()
            .Where(candidate =>
                candidate.Value?[method.ToLowerInvariant()] is JsonObject && Fits(candidate.Key.Split('/'), segments)
            )
            .OrderBy(candidate => candidate.Key.Split('/').Count(IsVariable))
            .FirstOrDefault();
        return fitting.Value is JsonObject item
            ? new OpenApiOperation(this, fitting.Key, item, item[method.ToLowerInvariant()]!.AsObject())
            : null;
    }

    internal JsonObject? Resolve(JsonNode? node) => SchemaCheck.Resolve(Root, node);

    internal IReadOnlyList<string> Check(JsonNode? schema, JsonNode? value, string where) =>
        SchemaCheck.Problems(Root, schema, value, where, AllowUndeclared);

    internal static bool IsVariable(string segment) => segment.StartsWith('{') && segment.EndsWith('}');

    private JsonObject Paths() => Root["paths"]!.AsObject();

    private static bool Fits(string[] template, string[] segments) =>
        template.Length == segments.Length
        && template
            .Zip(segments)
            .All(pair => IsVariable(pair.First) ? pair.Second.Length > 0 : pair.First == pair.Second);
}
