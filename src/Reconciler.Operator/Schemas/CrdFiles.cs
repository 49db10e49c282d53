using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Schemas;
using Reconciler.Manifests.Schemas.Crds;
using Reconciler.Manifests.Writing;

namespace Reconciler.Operator.Schemas;

/// <summary>
/// The CustomResourceDefinitions as files: for the chart, with and without rules in CEL, with and without
/// VendorDefinitions, and all in one for kubectl.
/// </summary>
public static class CrdFiles
{
    /// <summary>All definitions in one file, without rules.</summary>
    internal const string BundlePath = "schemas/crds.yaml";

    private const string Note =
        "# Generated from the manifest types; the test Generated_files_are_current says how to renew it.\n";

    /// <summary>Makes every file.</summary>
    /// <param name="vendors">The vendors that manifests may name.</param>
    public static IEnumerable<GeneratedFile> All(ImmutableArray<Vendor> vendors)
    {
        yield return new(BundlePath, Bundle(vendors, describes: false));
        foreach (var describes in new[] { false, true })
        {
            foreach (var rules in new[] { false, true })
            {
                foreach (var kind in KindsOf(describes))
                    yield return new(
                        $"charts/reconciler/files/crds{(describes ? "-vendors" : "")}{(rules ? "-cel" : "")}/"
                            + $"{kind.Plural}.yaml",
                        Note + Text(kind, vendors, describes, rules)
                    );
            }
        }
    }

    /// <summary>All definitions, without rules: for <c>kubectl apply -f</c>, and for any server from 1.20 on.</summary>
    /// <param name="vendors">The vendors that manifests may name.</param>
    /// <param name="describes">
    /// Whether VendorDefinitions are a kind too. Then the server knows not all vendors, and leaves their words to the
    /// operator.
    /// </param>
    public static string Bundle(ImmutableArray<Vendor> vendors, bool describes) =>
        Note + string.Join("---\n", KindsOf(describes).Select(k => Text(k, vendors, describes, rules: false)));

    private static ImmutableArray<ManifestKind> KindsOf(bool describes) =>
        describes ? ManifestKind.OfFiles : ManifestKind.All;

    private static string Text(ManifestKind kind, ImmutableArray<Vendor> vendors, bool describes, bool rules) =>
        YamlBlock.Write(
            new CrdWriter(vendors) { KnowsAllVendors = !describes }.Of(kind, OperatorResources.Of(kind, vendors), rules)
        );
}
