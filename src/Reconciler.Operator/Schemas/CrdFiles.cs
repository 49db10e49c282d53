using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Schemas;
using Reconciler.Manifests.Schemas.Crds;
using Reconciler.Manifests.Writing;

namespace Reconciler.Operator.Schemas;

/// <summary>
/// The CustomResourceDefinitions as files: for the chart, with and without rules in CEL, and all in one for kubectl.
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
        yield return new(BundlePath, Bundle(vendors));
        foreach (var kind in ManifestKind.All)
        {
            yield return new(
                $"charts/reconciler/files/crds/{kind.Plural}.yaml",
                Note + Text(kind, vendors, rules: false)
            );
            yield return new(
                $"charts/reconciler/files/crds-cel/{kind.Plural}.yaml",
                Note + Text(kind, vendors, rules: true)
            );
        }
    }

    /// <summary>All definitions, without rules: for <c>kubectl apply -f</c>, and for any server from 1.20 on.</summary>
    /// <param name="vendors">The vendors that manifests may name.</param>
    public static string Bundle(ImmutableArray<Vendor> vendors) =>
        Note + string.Join("---\n", ManifestKind.All.Select(k => Text(k, vendors, rules: false)));

    private static string Text(ManifestKind kind, ImmutableArray<Vendor> vendors, bool rules) =>
        YamlBlock.Write(new CrdWriter(vendors).Of(kind, OperatorResources.Of(kind, vendors), rules));
}
