using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;

namespace Reconciler.Manifests.Loading;

/// <summary>A vendor that manifests may name.</summary>
/// <param name="Vendor">The vendor.</param>
/// <param name="Definition">
/// Its definition in a file of the runner; null for a vendor that the program knows by itself.
/// </param>
public sealed record KnownVendor(Vendor Vendor, VendorDefinition? Definition)
{
    /// <summary>Where it comes from: the place of its definition, or "built in".</summary>
    public string Origin =>
        Definition?.Origin.Position.ToString()
        ?? (Vendor.Description is null ? "built in" : "built in, described in YAML");
}

/// <summary>
/// Reads the runner's VendorDefinitions from a file or folder of their own. Among the manifests they are refused, since
/// a definition says where tokens go and what is a mail.
/// </summary>
public static class VendorFolder
{
    /// <summary>Returns the vendors that manifests may name.</summary>
    /// <param name="request">The request with the folder, and the vendors that definitions may replace.</param>
    /// <param name="builtIn">The vendors that the program knows by itself.</param>
    /// <param name="problems">Gets every problem found.</param>
    public static VendorSet Read(ManifestRequest request, VendorSet builtIn, Problems problems) =>
        OfFolder(request, builtIn, problems) is { } described
            ? builtIn.With([.. described.Select(k => k.Vendor)], request.OverriddenVendors)
            : builtIn;

    /// <summary>Returns the vendors that manifests may name, each with its definition.</summary>
    /// <param name="request">The request with the folder, and the vendors that definitions may replace.</param>
    /// <param name="builtIn">The vendors that the program knows by itself.</param>
    /// <param name="problems">Gets every problem found.</param>
    public static ImmutableArray<KnownVendor> Known(ManifestRequest request, VendorSet builtIn, Problems problems)
    {
        var described = OfFolder(request, builtIn, problems);
        var own = described is { } d ? builtIn.With([], [.. request.OverriddenVendors, .. d.Select(Name)]) : builtIn;
        return [.. own.Select(v => new KnownVendor(v, null)), .. described ?? []];

        static string Name(KnownVendor known) => known.Vendor.Type;
    }

    // Null without a folder.
    private static ImmutableArray<KnownVendor>? OfFolder(ManifestRequest request, VendorSet builtIn, Problems problems)
    {
        if (request.Vendors is { } path)
            return Described(request, [path], builtIn, problems);
        foreach (var name in request.OverriddenVendors)
            problems.Error(
                Position.None,
                $"{name} is to be overridden, and no definition replaces it; expected vendors with its definition"
            );
        return null;
    }

    /// <summary>Reads definitions from files and folders.</summary>
    /// <param name="request">The request, of which the folder and the vendors that may be replaced count.</param>
    /// <param name="paths">The files and folders.</param>
    /// <param name="builtIn">The vendors that the program knows by itself.</param>
    /// <param name="problems">Gets every problem found.</param>
    /// <returns>The vendors of the files without a problem, in the order of their names.</returns>
    public static ImmutableArray<KnownVendor> Described(
        ManifestRequest request,
        IReadOnlyList<string> paths,
        VendorSet builtIn,
        Problems problems
    )
    {
        var path = string.Join(", ", paths);
        var before = problems.ErrorCount;
        var manifests = ManifestReader.ReadAll(paths, [], problems, request.Folder);
        foreach (var other in manifests.All<Manifest>().Where(m => m is not VendorDefinition))
        {
            problems.Error(
                other.Metadata.Origin,
                $"stands among the VendorDefinitions of {path}; expected documents of the kind VendorDefinition only"
            );
        }

        // The other parts of a definition with a problem are checked as well, so that all is reported at once.
        var definitions = manifests.Readable<VendorDefinition>();
        if (definitions.Count == 0 && problems.ErrorCount == before)
            problems.Error(new Position(path, 0, 0), "holds no VendorDefinition; expected at least one");
        foreach (var twice in definitions.GroupBy(d => d.Metadata.Name).Where(g => g.Count() > 1))
            problems.Error(twice.Last().Metadata.Origin, "name", $"is {twice.Key}, which another definition has too");
        foreach (var replaced in request.OverriddenVendors.Where(n => definitions.All(d => d.Metadata.Name != n)))
            problems.Error(new Position(path, 0, 0), $"has no definition of {replaced}; --override-vendor names it");
        var checkedOnes = definitions
            .Select(d => (Definition: d, Vendor: Check(d, request, builtIn, problems)))
            .ToList();
        var broken = problems
            .Sorted.Where(p => p.Severity == Severity.Error)
            .Select(p => p.Position.Path)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. checkedOnes
                .Where(d => d.Vendor is not null && !broken.Contains(d.Definition.Origin.Position.Path))
                .Select(d => new KnownVendor(d.Vendor!, d.Definition)),
        ];
    }

    private static Vendor? Check(
        VendorDefinition definition,
        ManifestRequest request,
        VendorSet builtIn,
        Problems problems
    )
    {
        var name = definition.Metadata.Name;
        var vendor = VendorDefinitions.Check(definition, problems);
        if (request.OverriddenVendors.Contains(name) || builtIn.Find(name) is not { } own || IsSame(own, vendor))
            return vendor;
        problems.Error(
            definition.Metadata.Origin,
            "name",
            own.Description is null
                ? $"is {name}, which the program knows by itself; expected another name, or --override-vendor {name}"
                : $"is {name}, of which the program has another definition; "
                    + $"expected another name, or --override-vendor {name}"
        );
        return null;
    }

    // A copy of what the program has replaces nothing.
    private static bool IsSame(Vendor own, Vendor? other) =>
        own.Description is { } description && description.Digest == other?.Description?.Digest;

    /// <summary>Reports VendorDefinitions among the manifests as errors, with the place where they belong.</summary>
    /// <param name="manifests">The manifests.</param>
    /// <param name="problems">Gets the problems.</param>
    internal static void Refuse(ManifestSet manifests, Problems problems)
    {
        foreach (var definition in manifests.Readable<VendorDefinition>())
        {
            problems.Error(
                definition.Metadata.Origin,
                $"VendorDefinition {definition.Metadata.Name} stands among the manifests, and it says where tokens go; "
                    + "expected it in the runner's folder, which --vendors names"
            );
        }
    }
}
