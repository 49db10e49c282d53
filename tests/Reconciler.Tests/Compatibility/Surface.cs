using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Reconciler.Help;
using Reconciler.Hosting.Telemetry;
using Reconciler.Testing;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests.Compatibility;

/// <summary>
/// What others rely on, a line for each thing: a field of a manifest with its type, an option, a code, a field of JSON,
/// a metric. A line that goes, or changes, may break what somebody has.
/// </summary>
internal static class Surface
{
    /// <summary>The lines of each part, by its name.</summary>
    public static IReadOnlyDictionary<string, Func<IEnumerable<string>>> Parts { get; } =
        new Dictionary<string, Func<IEnumerable<string>>>(StringComparer.Ordinal)
        {
            ["commands"] = () => CommandParts.WithBelow(CommandLines.Root()).SelectMany(Commands),
            ["exit-codes"] = () =>
                typeof(ExitCode)
                    .GetFields()
                    .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.GetRawConstantValue()} {f.Name}")),
            ["json"] = JsonFields,
            ["manifests"] = ManifestFields,
            ["metrics"] = () =>
                MetricCatalog.All.Select(m => $"{m.Name} {m.Type} {string.Join(",", m.Labels)}".TrimEnd()),
        };

    private static IEnumerable<string> Commands(Command command)
    {
        var path = CommandParts.PathOf(command);
        return CommandParts
            .OptionsOf(command)
            .SelectMany(o =>
                CommandParts
                    .NamesOf(o)
                    .Select(n => CommandParts.IsFlag(o) ? $"{path} {n}" : $"{path} {n} VALUE")
                    .Concat(CommandParts.WordsOf(o).Select(w => $"{path} {o.Name} {w}"))
            )
            .Concat(CommandParts.SynopsisOf(command).Select(w => $"{path} {w}"))
            .Prepend(path);
    }

    private static IEnumerable<string> ManifestFields() =>
        Directory
            .EnumerateFiles(Repository.At("schemas"), "*.json")
            // It holds the other kinds once more.
            .Where(f => Path.GetFileName(f) != "reconciler.json")
            .SelectMany(f => SchemaFields(File.ReadAllText(f), Path.GetFileNameWithoutExtension(f)))
            .Distinct(StringComparer.Ordinal);

    /// <summary>
    /// What a schema takes. What it does not ask for stands there as well: a field that is required all at once, a
    /// pattern for what was any text, and an end of what might be added break manifests that were right.
    /// </summary>
    internal static IEnumerable<string> SchemaFields(string json, string name)
    {
        var schema = JsonNode.Parse(json)!.AsObject();
        return SchemaFields(schema, schema, name, []);
    }

    private static IEnumerable<string> SchemaFields(
        JsonObject root,
        JsonObject schema,
        string path,
        HashSet<string> within
    )
    {
        if (schema["$ref"]?.GetValue<string>() is { } name)
        {
            var target = name.Split('/').Skip(1).Aggregate((JsonNode)root, (n, part) => n[part]!);
            // A type that holds itself is told once.
            return within.Contains(name) ? [] : SchemaFields(root, target.AsObject(), path, [.. within, name]);
        }

        var required = schema["required"]?.AsArray().Select(r => r!.GetValue<string>()).ToHashSet() ?? [];
        return
        [
            .. Words(schema["type"]).Select(t => $"{path}: {t}"),
            .. Words(schema["enum"]).Concat(Words(schema["const"])).Select(v => $"{path} = {v}"),
            .. schema["properties"] is null ? (string[])[] : [$"{path} asks for {Listed(required)}"],
            .. IsFree(schema) ? [$"{path} may be any text"] : (string[])[],
            .. schema["properties"] is not null && schema["additionalProperties"] is null
                ? [$"{path} may have other fields"]
                : (string[])[],
            .. Below("properties")
                .SelectMany(p =>
                    SchemaFields(root, p.Value!.AsObject(), $"{path}.{p.Key}", within)
                        .Concat(required.Contains(p.Key) ? [] : [$"{path}.{p.Key} may be left out"])
                ),
            .. Inner("items", "[]"),
            .. Inner("additionalProperties", ".*"),
            .. new[] { "anyOf", "allOf", "oneOf" }
                .SelectMany(w => schema[w]?.AsArray() ?? [])
                .SelectMany(s => SchemaFields(root, s!.AsObject(), path, within)),
        ];

        IEnumerable<KeyValuePair<string, JsonNode?>> Below(string word) => schema[word]?.AsObject() ?? [];

        IEnumerable<string> Inner(string word, string sign) =>
            schema[word] is JsonObject inner ? SchemaFields(root, inner, path + sign, within) : [];
    }

    private static string Listed(HashSet<string> fields) =>
        fields.Count == 0 ? "nothing" : string.Join(", ", fields.Order(StringComparer.Ordinal));

    private static bool IsFree(JsonObject schema) =>
        schema["type"]?.ToString() == "string" && schema["enum"] is null && schema["pattern"] is null;

    private static IEnumerable<string> Words(JsonNode? node) =>
        node switch
        {
            null => [],
            JsonArray many => many.Select(w => w?.ToString() ?? "null"),
            _ => [node.ToString()],
        };

    // Every document that a golden case prints.
    private static IEnumerable<string> JsonFields() =>
        Directory
            .EnumerateFiles(Repository.At("tests/Reconciler.Tests/Golden"), "expected.txt", SearchOption.AllDirectories)
            .SelectMany(f => PrintedJson.Of(File.ReadAllText(f)))
            .SelectMany(d => PrintedJson.Fields(d.Document, d.Command))
            .Distinct(StringComparer.Ordinal);
}
