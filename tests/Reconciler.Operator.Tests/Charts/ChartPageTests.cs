using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Reconciler.Testing;
using Reconciler.Testing.Documentation;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Operator.Tests.Charts;

/// <summary>
/// <c>values.yaml</c>, its schema and the chart's page say the same, and the page about installing says what works.
/// </summary>
public sealed class ChartPageTests
{
    private const string Update = "RECONCILER_UPDATE_GENERATED";
    private const string Page = "charts/reconciler/README.md";
    private const string Installing = "docs/kubernetes/install.md";
    private const string Start =
        "<!-- Generated from values.yaml; the test Generated_table_of_values_is_current says how to renew it. -->\n\n";
    private const string End = "\n<!-- The end of what is generated. -->\n";
    private static readonly string[] OfWorker =
    [
        "source",
        "allowEnv",
        "baseUrls",
        "exclude",
        "vendors",
        "overrideVendors",
        "notifications",
        "telemetry",
    ];
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TheoryData<string> Blocks =>
        [
            .. MarkdownPage
                .Of(Installing)
                .Blocks.Where(b => b.Lines[0].StartsWith("# values", StringComparison.Ordinal))
                .Select(b => b.Text),
        ];

    private static IReadOnlyList<ChartValue> Values =>
        ValuesFile.Read(File.ReadAllText(Path.Combine(Chart.Root, "values.yaml")));

    [Fact]
    public async Task Generated_table_of_values_is_current()
    {
        var path = Repository.At(Page);
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var (start, end) = (
            text.IndexOf(Start, StringComparison.Ordinal) + Start.Length,
            text.IndexOf(End, StringComparison.Ordinal)
        );
        Assert.True(start >= Start.Length && end >= start, "the page has no place for the table");

        await HoldAsync(path, $"{text[..start]}{Table()}{text[end..]}");
    }

    [Fact]
    public async Task Generated_parts_of_the_values_schema_are_current()
    {
        var path = Path.Combine(Chart.Root, "values.schema.json");
        var schema = (JsonObject)
            JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
        foreach (var value in Values)
        {
            var property = (JsonObject)
                value.Path.Split('.').Aggregate((JsonNode)schema, (node, key) => node["properties"]![key]!);
            property["description"] = value.Comment;
        }

        schema["definitions"] = Definitions();

        await HoldAsync(path, schema.ToJsonString(Indented) + "\n");
    }

    [Fact]
    public void Every_value_stands_in_the_schema_and_nothing_else_does()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Chart.Root, "values.schema.json")))!;
        var values = Assert.Single(Chart.Parse(File.ReadAllText(Path.Combine(Chart.Root, "values.yaml"))));

        Compare("", schema, values);
    }

    [Fact]
    public void The_chart_has_the_version_of_the_program()
    {
        var chart = Assert.Single(Chart.Parse(File.ReadAllText(Path.Combine(Chart.Root, "Chart.yaml"))));
        var version = Chart.Text(chart, "version");
        // The rest of the program's version comes from the tag that is built.
        var minimum = XDocument
            .Load(Repository.At("Directory.Build.props"))
            .Descendants("MinVerMinimumMajorMinor")
            .Single()
            .Value;

        Assert.StartsWith($"{minimum}.", version, StringComparison.Ordinal);
        Assert.Equal(version, Chart.Text(chart, "appVersion"));
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Values_of_the_page_about_installing_can_be_rendered(string values)
    {
        using var folder = new DocumentFolder();
        var file = Path.Combine(folder.Path, "values.yaml");
        await File.WriteAllTextAsync(file, values, TestContext.Current.CancellationToken);

        var rendered = (await Chart.TemplateAsync(file, "1.30.0")).Succeeded();

        Assert.Contains("kind: Deployment", rendered, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_about_installing_lists_the_rights_of_the_chart()
    {
        var page = MarkdownPage.Of(Installing).Text;
        var rules = Chart
            .Parse(File.ReadAllText(Path.Combine(Chart.Cases, "operator-defaults", "expected-1.30.yaml")))
            .Where(o =>
                Chart.Text(o, "kind") is "Role" or "ClusterRole"
                && !Chart.Text(o, "metadata", "name").EndsWith("-approver", StringComparison.Ordinal)
            )
            .SelectMany(RoleRules.Of);

        Assert.All(
            rules,
            rule =>
                Assert.Contains(
                    page.Split('\n'),
                    line =>
                        line.StartsWith("| ", StringComparison.Ordinal)
                        && line.Contains($"`{rule.Resource}`", StringComparison.Ordinal)
                        && line.Split('|')[2].Split(',', StringSplitOptions.TrimEntries).Contains(rule.Verb)
                )
        );
    }

    private static void Compare(string path, JsonNode schema, YamlMappingNode values)
    {
        if (schema["properties"] is not JsonObject properties || (bool?)schema["additionalProperties"] != false)
            return;
        var keys = values.Children.Keys.Select(k => ((YamlScalarNode)k).Value!).ToList();
        // The schema may name two keys without a default: global, which Helm adds, and the claims of resources.
        Assert.Equal(
            keys.Order(StringComparer.Ordinal),
            properties
                .Select(p => p.Key)
                .Where(k => keys.Contains(k) || (k is not ("global" or "claims") && !IsOpen(path)))
                .Order(StringComparer.Ordinal)
        );
        foreach (var (key, value) in values.Children)
        {
            if (value is YamlMappingNode below)
                Compare($"{path}.{key}", properties[((YamlScalarNode)key).Value!]!, below);
        }
    }

    // The worker's settings are empty unless given.
    private static bool IsOpen(string path) => path == ".worker.settings";

    private static JsonObject Definitions()
    {
        var (guardrail, provider, worker) = (Schema("guardrail"), Schema("accessprovider"), Schema("worker"));
        var definitions = new JsonObject();
        foreach (
            var (name, definition) in new[] { guardrail, provider }.SelectMany(s =>
                s["definitions"] as JsonObject ?? []
            )
        )
            definitions[name] = definition!.DeepClone();
        definitions["guardrailSpec"] = guardrail["properties"]!["spec"]!.DeepClone();
        var spec = provider["properties"]!["spec"]!.DeepClone();
        // The chart cannot know the vendors that the worker's definitions describe.
        ((JsonObject)spec["properties"]!["type"]!).Remove("enum");
        definitions["accessProviderSpec"] = spec;
        definitions["worker"] = new JsonObject(
            OfWorker.Select(name => KeyValuePair.Create(name, (JsonNode?)worker["properties"]![name]!.DeepClone()))
        );
        return definitions;
    }

    private static JsonNode Schema(string name) =>
        JsonNode.Parse(File.ReadAllText(Repository.At($"schemas/{name}.json")))!;

    private static string Table()
    {
        var table = new StringBuilder("| Value | Default | Meaning |\n| --- | --- | --- |\n");
        foreach (var value in Values.Where(v => v.Default is not null))
            table.Append($"| `{value.Path}` | `{Cell(value.Default!)}` | {Cell(value.Comment)} |\n");
        return table.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static async Task HoldAsync(string path, string expected)
    {
        if (Environment.GetEnvironmentVariable(Update) == "1")
            await File.WriteAllTextAsync(path, expected, TestContext.Current.CancellationToken);
        Assert.True(
            await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken) == expected,
            $"{Path.GetRelativePath(Repository.Root, path)} differs from what is generated; run\n"
                + $"  {Update}=1 dotnet test --filter Generated\nand commit what changes"
        );
    }
}
