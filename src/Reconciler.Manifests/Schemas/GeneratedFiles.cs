using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;

namespace Reconciler.Manifests.Schemas;

/// <summary>A file of the repository that is generated from code.</summary>
/// <param name="Path">From the repository's root, with slashes.</param>
/// <param name="Content">The whole text.</param>
public sealed record GeneratedFile(string Path, string Content);

/// <summary>
/// Generates everything in the repository that is derived from the manifest types. A test checks that the committed
/// files are current.
/// </summary>
public static class GeneratedFiles
{
    /// <summary>
    /// The schema of any document among the manifests. A VendorDefinition is none: it has a schema of its own.
    /// </summary>
    public const string AnySchema = "schemas/reconciler.json";

    /// <summary>Makes every file.</summary>
    /// <param name="vendors">The vendors that manifests may name.</param>
    public static IEnumerable<GeneratedFile> All(ImmutableArray<Vendor> vendors)
    {
        var schemas = new JsonSchemaWriter(vendors);
        yield return new(AnySchema, schemas.WriteAny());
        foreach (var kind in ManifestKind.OfFiles)
            yield return new($"schemas/{kind.Name.ToLowerInvariant()}.json", schemas.Write(kind));
        yield return new("docs/reference/manifests.md", new ReferencePage(vendors).Write());
        yield return new(VendorReferencePage.Path, VendorReferencePage.Write());
        yield return new("docs/reference/providers.md", new CapabilityPage(vendors).Write());
    }
}

/// <summary>Finds the schema that <c>show schema [KIND]</c> prints.</summary>
public static class SchemaOf
{
    /// <summary>The schema of a kind, or of any document.</summary>
    /// <param name="kind">The kind's name, in any case, or its plural; null for any document.</param>
    /// <param name="vendors">The vendors that manifests may name.</param>
    /// <param name="refusal">What is wrong with the name; empty if it is valid.</param>
    /// <returns>The schema's text; null if there is no such kind.</returns>
    public static string? Kind(string? kind, ImmutableArray<Vendor> vendors, out string refusal)
    {
        refusal = "";
        var writer = new JsonSchemaWriter(vendors);
        if (kind is null)
            return writer.WriteAny();
        var known = ManifestKind.OfFiles.FirstOrDefault(k =>
            kind.Equals(k.Name, StringComparison.OrdinalIgnoreCase)
            || kind.Equals(k.Plural, StringComparison.OrdinalIgnoreCase)
        );
        if (known is not null)
            return writer.Write(known);
        var names = ManifestKind.OfFiles.Select(k => k.Name).ToList();
        refusal =
            $"{ProblemText.Quote(kind)} is no kind; "
            + $"expected one of {string.Join(", ", names)}{ProblemText.DidYouMean(kind, names)}";
        return null;
    }
}
