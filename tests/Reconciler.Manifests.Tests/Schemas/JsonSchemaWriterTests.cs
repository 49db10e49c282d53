using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Manifests.Schemas;
using Reconciler.Providers;

namespace Reconciler.Manifests.Tests.Schemas;

public sealed class JsonSchemaWriterTests
{
    private static readonly JsonSchemaWriter Writer = new(ProviderCatalog.Vendors);

    private static JsonObject Any => JsonNode.Parse(Writer.WriteAny())!.AsObject();

    [Fact]
    public void Every_field_has_a_description() =>
        Assert.All(
            Nodes(Any)
                .Where(n =>
                    n.Key == "properties"
                    && n.Path.Contains("definitions", StringComparison.Ordinal)
                    && !n.Path.Contains("anyOf", StringComparison.Ordinal)
                    && !n.Path.Contains("allOf", StringComparison.Ordinal)
                )
                .SelectMany(n => n.Value.AsObject()),
            field =>
                Assert.True(
                    field.Value!["$ref"] is not null || field.Value["description"]?.GetValue<string>().Length > 10,
                    $"{field.Value.GetPath()} has no description"
                )
        );

    [Fact]
    public void Every_default_is_shown()
    {
        var fields = ManifestKind
            .All.SelectMany(k => Fields(k.Shape, $"$.definitions.{k.Name}"))
            .Where(f => f.Field.Default is not null)
            .ToList();
        var nodes = Nodes(Any).ToDictionary(n => n.Path, n => n.Value, StringComparer.Ordinal);

        Assert.NotEmpty(fields);
        Assert.All(
            fields,
            f =>
            {
                var schema = nodes[f.Path];
                var shown = schema["default"]?.ToString() ?? schema["description"]!.GetValue<string>();
                Assert.Contains(f.Field.Default!, shown, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public void Only_what_a_manifest_could_write_is_a_default()
    {
        var defaults = Nodes(Any)
            .Where(n => n.Key == "default")
            .Select(n => n.Value.ToJsonString())
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            ["\"10m\"", "\"1h\"", "\"default\"", "\"orphan\"", "\"owned\"", "\"vendor\"", "10", "3", "8", "false"],
            defaults
        );
    }

    [Fact]
    public void Patterns_compile_and_fit_their_examples() =>
        Assert.All(
            Nodes(Any).Where(n => n.Value is JsonObject o && o["pattern"] is JsonValue && o["examples"] is JsonArray),
            n =>
            {
                var pattern = new Regex(
                    n.Value["pattern"]!.GetValue<string>(),
                    RegexOptions.ECMAScript,
                    TimeSpan.FromMinutes(1)
                );
                Assert.All(n.Value["examples"]!.AsArray(), e => Assert.Matches(pattern, e!.GetValue<string>()));
            }
        );

    [Fact]
    public void Every_mapping_of_fields_refuses_others() =>
        Assert.All(
            Nodes(Any)
                .Where(n =>
                    n.Value is JsonObject o && o["properties"] is JsonObject && o["type"] is not null && n.Path != "$"
                ),
            n => Assert.False(n.Value["additionalProperties"]!.GetValue<bool>(), n.Path)
        );

    [Fact]
    public void Every_reference_leads_to_a_definition()
    {
        var schemas = ManifestKind
            .All.Select(Writer.Write)
            .Append(Writer.WriteAny())
            .Select(t => JsonNode.Parse(t)!.AsObject());

        Assert.All(
            schemas,
            schema =>
                Assert.All(
                    Nodes(schema).Where(n => n.Key == "$ref"),
                    n =>
                        Assert.True(
                            schema["definitions"]!
                                .AsObject()
                                .ContainsKey(n.Value.GetValue<string>()["#/definitions/".Length..]),
                            n.Path
                        )
                )
        );
    }

    [Fact]
    public void Nothing_stands_beside_a_reference_since_draft_07_ignores_it() =>
        Assert.All(
            Nodes(Any).Where(n => n.Value is JsonObject o && o.ContainsKey("$ref")),
            n => Assert.Single(n.Value.AsObject())
        );

    [Fact]
    public void A_member_names_one_person_and_one_access()
    {
        var member = Any["definitions"]!["ProjectMembership"]!["properties"]!["spec"]!["properties"]!["members"]![
            "items"
        ]!;

        Assert.Equal(
            """[{"oneOf":[{"required":["email"]},{"required":["person"]},{"required":["login"]},{"required":["team"]},"""
                + """{"required":["userId"]}]},{"oneOf":[{"required":["role"]},{"required":["access"]}]}]""",
            member["allOf"]!.ToJsonString()
        );
    }

    [Fact]
    public void A_provider_has_at_most_one_place_of_its_authorities()
    {
        var spec = Any["definitions"]!["AccessProvider"]!["properties"]!["spec"]!;

        Assert.Equal("""[{"not":{"anyOf":[{"required":["caFile","caSecretRef"]}]}}]""", spec["allOf"]!.ToJsonString());
        Assert.Equal(
            ["confident-ai", "equinix-metal", "gorules"],
            spec["properties"]!["type"]!["enum"]!.AsArray().Select(n => n!.GetValue<string>())
        );
    }

    [Theory]
    [InlineData(null, "Reconciler manifest")]
    [InlineData("Team", "Team")]
    [InlineData("team", "Team")]
    [InlineData("projectmemberships", "ProjectMembership")]
    public void A_schema_is_found_by_its_kind(string? kind, string title)
    {
        var schema = SchemaOf.Kind(kind, ProviderCatalog.Vendors, out var refusal);

        Assert.Equal(title, JsonNode.Parse(schema!)!["title"]!.GetValue<string>());
        Assert.Empty(refusal);
    }

    [Fact]
    public void An_unknown_kind_has_no_schema_and_gets_a_suggestion()
    {
        Assert.Null(SchemaOf.Kind("Taem", ProviderCatalog.Vendors, out var refusal));
        Assert.EndsWith("did you mean \"Team\"?", refusal, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Path, FieldShape Field)> Fields(RecordShape record, string path) =>
        record.Fields.SelectMany(f =>
        {
            var at = $"{path}.properties.{f.Name}";
            var inner = f.Shape switch
            {
                RecordShape r => Fields(r, at),
                ListShape { Item: RecordShape r } => Fields(r, $"{at}.items"),
                _ => [],
            };
            return inner.Prepend((at, f));
        });

    private static IEnumerable<(string Path, string Key, JsonNode Value)> Nodes(JsonNode node)
    {
        yield return (node.GetPath(), node.Parent is JsonObject ? node.GetPropertyName() : "", node);
        var inner = node switch
        {
            JsonObject o => o.Select(p => p.Value),
            JsonArray a => a,
            _ => [],
        };
        foreach (var found in inner.Where(n => n is not null).SelectMany(n => Nodes(n!)))
            yield return found;
    }
}
