using System.Collections.Immutable;
using Reconciler.Core.Describing;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Manifests.Loading;

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
    )
    {
        if (request.Vendors is not { } path)
        {
            if (request.OverriddenVendors.Count > 0)
                problems.Error(
                    Position.None,
                    "--override-vendor names a vendor that no definition replaces; expected --vendors with its definition"
                );
            return builtIn;
        }

        var before = problems.ErrorCount;
        var manifests = ManifestReader.ReadAll([path], [], problems, request.Folder);
        foreach (var other in manifests.All<Manifest>().Where(m => m is not VendorDefinition))
        {
            problems.Error(
                other.Metadata.Origin,
                $"stands among the VendorDefinitions of {path}; expected documents of the kind VendorDefinition only"
            );
        }

        var definitions = manifests.All<VendorDefinition>();
        if (definitions.Count == 0 && problems.ErrorCount == before)
            problems.Error(new Position(path, 0, 0), "holds no VendorDefinition; expected at least one");
        foreach (var twice in definitions.GroupBy(d => d.Metadata.Name).Where(g => g.Count() > 1))
            problems.Error(twice.Last().Metadata.Origin, "name", $"is {twice.Key}, which another definition has too");
        foreach (var replaced in request.OverriddenVendors.Where(n => definitions.All(d => d.Metadata.Name != n)))
            problems.Error(new Position(path, 0, 0), $"has no definition of {replaced}; --override-vendor names it");
        return [.. builtIn.Where(v => !request.OverriddenVendors.Contains(v.Type)), .. Described()];

        IEnumerable<Vendor> Described()
        {
            foreach (var definition in definitions)
            {
                var name = definition.Metadata.Name;
                if (!request.OverriddenVendors.Contains(name) && builtIn.Any(v => v.Type == name))
                    problems.Error(
                        definition.Metadata.Origin,
                        "name",
                        $"is {name}, which the program knows by itself; expected another name, "
                            + $"or --override-vendor {name}"
                    );
                else if (VendorDefinitions.Check(definition, problems) is { } vendor)
                    yield return vendor;
            }

            // What else is wrong with a document that has problems already is told as well.
            foreach (var broken in manifests.Readable<VendorDefinition>().Except(definitions))
                VendorDefinitions.Check(broken, problems);
        }
    }

    /// <summary>Reports VendorDefinitions among the manifests as errors, with the place where they belong.</summary>
    /// <param name="manifests">The manifests.</param>
    /// <param name="problems">Gets the problems.</param>
    internal static void Refuse(ManifestSet manifests, Problems problems)
    {
        foreach (var definition in manifests.All<VendorDefinition>())
        {
            problems.Error(
                definition.Metadata.Origin,
                $"VendorDefinition {definition.Metadata.Name} stands among the manifests, and it says where tokens go; "
                    + "expected it in the runner's folder, which --vendors or the worker's setting vendors names"
            );
        }
    }
}
