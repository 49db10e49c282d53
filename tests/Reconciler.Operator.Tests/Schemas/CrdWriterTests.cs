using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Reconciler.Core.Manifests;
using Reconciler.Manifests.Loading;
using Reconciler.Operator.Schemas;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Operator.Schemas;

namespace Reconciler.Operator.Tests.Schemas;

public sealed class CrdWriterTests
{
    private static readonly string[] Words = ["allOf", "anyOf", "oneOf", "not"];

    private static readonly Dictionary<string, JsonObject> Files = CrdFiles
        .All([.. ProgramVendors.All])
        .Where(f => f.Path != CrdFiles.BundlePath)
        .ToDictionary(f => f.Path, f => YamlTree.One(f.Content), StringComparer.Ordinal);

    private static IEnumerable<(string Path, JsonObject Schema)> Schemas =>
        Files.SelectMany(f =>
            Inside($"{f.Key}: ", f.Value["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject())
        );

    [Fact]
    public void Every_node_has_a_type_or_keeps_what_it_finds() =>
        Assert.All(Schemas, s => Assert.True(TypeOf(s.Schema) is not null || IsAnything(s), s.Path));

    // A number or a text, which is bounded as a text.
    private static string? TypeOf(JsonObject schema) =>
        schema["x-kubernetes-int-or-string"]?.GetValue<bool>() == true ? "string" : (string?)schema["type"];

    // The body of a call is a mapping or a list, and the request's size bounds it.
    private static bool IsAnything((string Path, JsonObject Schema) found) =>
        found.Path.EndsWith(".body", StringComparison.Ordinal)
        && found.Schema["x-kubernetes-preserve-unknown-fields"]?.GetValue<bool>() == true;

    [Fact]
    public void Whatever_can_grow_has_a_bound() =>
        Assert.All(
            Schemas.Where(s => !IsAnything(s)),
            s =>
                Assert.True(
                    TypeOf(s.Schema) switch
                    {
                        "string" => s.Schema.ContainsKey("maxLength")
                            || s.Schema.ContainsKey("enum")
                            || s.Schema.ContainsKey("format")
                            || s.Path.EndsWith(" apiVersion", StringComparison.Ordinal)
                            || s.Path.EndsWith(" kind", StringComparison.Ordinal),
                        "array" => s.Schema.ContainsKey("maxItems") && s.Schema.ContainsKey("x-kubernetes-list-type"),
                        "integer" => s.Schema.ContainsKey("minimum"),
                        "object" => s.Schema.ContainsKey("properties")
                            || s.Schema.ContainsKey("maxProperties")
                            || s.Path.EndsWith(".applied", StringComparison.Ordinal),
                        var type => type == "boolean",
                    },
                    s.Path
                )
        );

    [Fact]
    public void No_default_is_written_into_what_people_write() =>
        Assert.All(
            Schemas.Where(s => !s.Path.EndsWith(" status", StringComparison.Ordinal)),
            s => Assert.False(s.Schema.ContainsKey("default"), s.Path)
        );

    [Fact]
    public void Unknown_fields_are_kept_wherever_people_write_and_dropped_from_statuses() =>
        Assert.All(
            Schemas.Where(s =>
                s.Schema["properties"] is not null && !s.Path.EndsWith(" metadata", StringComparison.Ordinal)
            ),
            s =>
                Assert.Equal(
                    !s.Path.Contains(" status", StringComparison.Ordinal),
                    s.Schema["x-kubernetes-preserve-unknown-fields"]?.GetValue<bool>() == true
                )
        );

    [Fact]
    public void Every_field_has_a_description() =>
        Assert.All(
            Schemas.Where(s =>
                !s.Path.EndsWith("[]", StringComparison.Ordinal)
                && !s.Path.EndsWith(".*", StringComparison.Ordinal)
                && !s.Path.Contains(" metadata", StringComparison.Ordinal)
            ),
            s => Assert.False(string.IsNullOrEmpty((string?)s.Schema["description"]), s.Path)
        );

    [Fact]
    public void Patterns_know_nothing_that_RE2_does_not() =>
        Assert.All(
            Schemas.Where(s => s.Schema["pattern"] is not null),
            s => Assert.IsType<Regex>(new Regex((string)s.Schema["pattern"]!, RegexOptions.NonBacktracking))
        );

    [Fact]
    public void Conditions_are_told_apart_by_type_and_members_are_one_list()
    {
        var schemas = Schemas.ToLookup(s => s.Path, s => s.Schema, StringComparer.Ordinal);
        var conditions = schemas["charts/reconciler/files/crds/projectmemberships.yaml:  status.conditions"].Single();
        var members = schemas["charts/reconciler/files/crds/projectmemberships.yaml:  spec.members"].Single();

        Assert.Equal(
            ("map", """["type"]"""),
            ((string)conditions["x-kubernetes-list-type"]!, conditions["x-kubernetes-list-map-keys"]!.ToJsonString())
        );
        Assert.Equal("atomic", (string)members["x-kubernetes-list-type"]!);
    }

    [Fact]
    public void Rules_are_all_that_the_second_variant_adds()
    {
        var rules = new List<string>();
        foreach (
            var (kind, folder) in ManifestKind
                .All.Select(k => (k, "crds"))
                .Concat(ManifestKind.OfFiles.Select(k => (k, "crds-vendors")))
        )
        {
            var (plain, ruled) = (
                Files[$"charts/reconciler/files/{folder}/{kind.Plural}.yaml"],
                (JsonObject)Files[$"charts/reconciler/files/{folder}-cel/{kind.Plural}.yaml"].DeepClone()
            );
            foreach (
                var (_, schema) in Inside("", ruled["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject())
                    .ToList()
            )
            {
                rules.AddRange((schema["x-kubernetes-validations"]?.AsArray() ?? []).Select(r => (string)r!["rule"]!));
                schema.Remove("x-kubernetes-validations");
            }

            Assert.True(JsonNode.DeepEquals(plain, ruled), kind.Name);
        }

        Assert.NotEmpty(rules);
    }

    [Fact]
    public void Nothing_is_said_in_words_that_name_no_field() =>
        Assert.All(Schemas, s => Assert.All(Words, w => Assert.False(s.Schema.ContainsKey(w), $"{s.Path}: {w}")));

    [Theory]
    [InlineData(false, "crds")]
    [InlineData(true, "crds-vendors")]
    public void The_bundle_has_every_kind_without_rules(bool describes, string folder)
    {
        var kinds = describes ? ManifestKind.OfFiles : ManifestKind.All;

        var bundle = YamlTree.All(CrdFiles.Bundle([.. ProgramVendors.All], describes)).ToList();

        Assert.Equal(
            kinds.Select(k => $"{k.Plural}.reconciler.dev"),
            bundle.Select(d => (string)d!["metadata"]!["name"]!)
        );
        Assert.All(
            kinds.Zip(bundle),
            k =>
                Assert.True(
                    JsonNode.DeepEquals(Files[$"charts/reconciler/files/{folder}/{k.First.Plural}.yaml"], k.Second)
                )
        );
    }

    [Fact]
    public void Only_a_VendorDefinition_belongs_to_no_namespace() =>
        Assert.All(
            Files,
            f =>
                Assert.Equal(
                    f.Key.EndsWith("/vendordefinitions.yaml", StringComparison.Ordinal) ? "Cluster" : "Namespaced",
                    (string)f.Value["spec"]!["scope"]!
                )
        );

    [Fact]
    public void Beside_VendorDefinitions_no_other_kind_bounds_the_words_of_vendors()
    {
        foreach (var kind in ManifestKind.All)
        {
            var (plain, open) = (
                Files[$"charts/reconciler/files/crds/{kind.Plural}.yaml"],
                Files[$"charts/reconciler/files/crds-vendors/{kind.Plural}.yaml"]
            );

            Assert.DoesNotContain("CAN_VIEW_DATA\"", Enums(open), StringComparison.Ordinal);
            Assert.DoesNotContain("clarifeye\"", Enums(open), StringComparison.Ordinal);
            Assert.True(
                JsonNode.DeepEquals(plain["spec"]!["names"], open["spec"]!["names"])
                    && JsonNode.DeepEquals(
                        plain["spec"]!["versions"]![0]!["additionalPrinterColumns"],
                        open["spec"]!["versions"]![0]!["additionalPrinterColumns"]
                    ),
                kind.Name
            );
        }

        static string Enums(JsonObject definition) =>
            string.Join(
                '\n',
                Inside("", definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject())
                    .Select(s => s.Schema["enum"]?.ToJsonString())
            );
    }

    [Fact]
    public void A_rule_judges_mappings_alone() =>
        Assert.All(
            Schemas.Where(s => s.Schema.ContainsKey("x-kubernetes-validations")),
            s => Assert.Equal("object", (string)s.Schema["type"]!)
        );

    private static IEnumerable<(string Path, JsonObject Schema)> Inside(string path, JsonObject schema)
    {
        yield return (path, schema);
        var inner = (schema["properties"]?.AsObject() ?? []).Select(p =>
            (Path: path.EndsWith(' ') ? $"{path} {p.Key}" : $"{path}.{p.Key}", Schema: p.Value!.AsObject())
        );
        if (schema["items"] is JsonObject items)
            inner = inner.Append(($"{path}[]", items));
        if (schema["additionalProperties"] is JsonObject values)
            inner = inner.Append(($"{path}.*", values));
        foreach (var found in inner.SelectMany(i => Inside(i.Path, i.Schema)))
            yield return found;
    }
}
