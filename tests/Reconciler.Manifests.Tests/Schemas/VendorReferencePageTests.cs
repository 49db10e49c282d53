using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Manifests.Loading;
using Reconciler.Manifests.Schemas;
using Reconciler.Providers;

namespace Reconciler.Manifests.Tests.Schemas;

/// <summary>The schema and the reference page of VendorDefinitions.</summary>
public sealed partial class VendorReferencePageTests
{
    private static readonly string Page = VendorReferencePage.Write();

    private static readonly JsonObject Schema = JsonNode
        .Parse(SchemaOf.Kind("VendorDefinition", ProviderCatalog.Vendors, out _)!)!
        .AsObject();

    [Fact]
    public void Every_field_of_every_part_stands_on_the_page() =>
        Assert.All(
            Parts(ManifestKind.VendorDefinition.Shape).SelectMany(p => p.Fields).Where(f => f.Name != "spec"),
            f => Assert.Contains($"| `{f.Name}` |", Page, StringComparison.Ordinal)
        );

    [Fact]
    public void Every_link_within_the_page_leads_to_a_section()
    {
        var sections = Page.Split('\n')
            .Where(l => l.StartsWith("## ", StringComparison.Ordinal))
            .Select(l => l[3..].ToLowerInvariant())
            .ToHashSet(StringComparer.Ordinal);
        var links = Link().Matches(Page).Select(m => m.Groups["section"].Value).ToList();

        Assert.True(links.Count > sections.Count);
        Assert.All(links, l => Assert.Contains(l, sections));
    }

    [Fact]
    public void The_pages_example_is_a_valid_definition()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("vendors").FullName, "tickets.yaml");
        File.WriteAllText(file, ReferenceExamples.Of(ManifestKind.VendorDefinition));
        var problems = new Problems();

        var described = VendorFolder.Described(new([]), [file], ProviderCatalog.Vendors, problems);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);

        Assert.Empty(problems.Sorted);
        Assert.Equal("tickets", Assert.Single(described).Vendor.Type);
    }

    [Theory]
    [InlineData("VendorDefinition")]
    [InlineData("vendordefinitions")]
    public void The_schema_is_found_by_the_kind(string kind)
    {
        var schema = SchemaOf.Kind(kind, ProviderCatalog.Vendors, out var refusal);

        Assert.Empty(refusal);
        Assert.Equal("VendorDefinition", JsonNode.Parse(schema!)!["title"]!.GetValue<string>());
    }

    [Fact]
    public void Manifests_cannot_be_definitions_so_their_schema_has_no_such_kind() =>
        Assert.DoesNotContain(
            "VendorDefinition",
            SchemaOf.Kind(null, ProviderCatalog.Vendors, out _)!,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_body_is_any_mapping_or_list_and_every_other_mapping_refuses_unknown_fields()
    {
        var spec = Schema["properties"]!["spec"]!["properties"]!;
        var invite = spec["calls"]!["properties"]!["invite"]!;

        Assert.Equal("""["object","array"]""", invite["properties"]!["body"]!["type"]!.ToJsonString());
        Assert.Null(invite["properties"]!["body"]!["additionalProperties"]);
        Assert.False(invite["additionalProperties"]!.GetValue<bool>());
        Assert.Equal("""["POST","PUT","PATCH","DELETE"]""", invite["properties"]!["method"]!["enum"]!.ToJsonString());
    }

    private static IEnumerable<RecordShape> Parts(RecordShape part) =>
        part
            .Fields.Select(f =>
                f.Name == "metadata"
                    ? null
                    : f.Shape switch
                    {
                        RecordShape inner => inner,
                        ListShape { Item: RecordShape inner } => inner,
                        MapShape { Value: RecordShape inner } => inner,
                        _ => null,
                    }
            )
            .OfType<RecordShape>()
            .SelectMany(p => Parts(p).Prepend(p));

    [GeneratedRegex(@"\]\(#(?<section>[^)]+)\)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Link();
}
