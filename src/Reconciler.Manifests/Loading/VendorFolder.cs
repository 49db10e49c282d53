using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;

namespace Reconciler.Manifests.Loading;

/// <summary>A vendor that manifests may name.</summary>
/// <param name="Vendor">The vendor.</param>
/// <param name="Definition">Its definition; null for a vendor that the program knows by itself.</param>
public sealed record KnownVendor(Vendor Vendor, VendorDefinition? Definition)
{
    /// <summary>Where it comes from: the place of its definition, or "built in".</summary>
    public string Origin => Definition?.Origin.Position.ToString() ?? "built in";
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
    public static ImmutableArray<Vendor> Read(
        ManifestRequest request,
        ImmutableArray<Vendor> builtIn,
        Problems problems
    ) => [.. Known(request, builtIn, problems).Select(k => k.Vendor)];

    /// <summary>Returns the vendors that manifests may name, each with its definition.</summary>
    /// <param name="request">The request with the folder, and the vendors that definitions may replace.</param>
    /// <param name="builtIn">The vendors that the program knows by itself.</param>
    /// <param name="problems">Gets every problem found.</param>
    public static ImmutableArray<KnownVendor> Known(
        ManifestRequest request,
        ImmutableArray<Vendor> builtIn,
        Problems problems
    )
    {
        if (request.Vendors is null)
        {
            foreach (var name in request.OverriddenVendors)
                problems.Error(
                    Position.None,
                    $"{name} is to be overridden, and no definition replaces it; expected vendors with its definition"
                );
        }

        return
        [
            .. builtIn
                .Where(v => request.Vendors is null || !request.OverriddenVendors.Contains(v.Type))
                .Select(v => new KnownVendor(v, null)),
            .. request.Vendors is { } path ? Described(request, [path], builtIn, problems) : [],
        ];
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
        ImmutableArray<Vendor> builtIn,
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
        ImmutableArray<Vendor> builtIn,
        Problems problems
    )
    {
        var name = definition.Metadata.Name;
        var isTaken = builtIn.Any(v => v.Type == name) && !request.OverriddenVendors.Contains(name);
        if (isTaken)
        {
            problems.Error(
                definition.Metadata.Origin,
                "name",
                $"is {name}, which the program knows by itself; expected another name, or --override-vendor {name}"
            );
        }

        return VendorDefinitions.Check(definition, problems) is { } vendor && !isTaken ? vendor : null;
    }

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
