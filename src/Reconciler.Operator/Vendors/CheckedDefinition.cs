using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Vendors;

/// <summary>A VendorDefinition of the cluster, checked as those of a folder are.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Vendor">The vendor that it describes; null where something is wrong with it.</param>
/// <param name="Problems">What is wrong, each with the field.</param>
internal sealed record CheckedDefinition(ClusterResource Resource, Vendor? Vendor, ImmutableArray<string> Problems)
{
    // All problems belong into the condition, and the schema of conditions allows somewhat more.
    private const int LongestMessage = 30_000;

    /// <summary>The vendor's name in manifests.</summary>
    public string Name => Resource.Metadata.Name;

    /// <summary>Reads and checks a resource.</summary>
    public static CheckedDefinition Of(ClusterResource resource)
    {
        try
        {
            var document = new ClusterDocument(ManifestKind.VendorDefinition, resource);
            var problems = new Problems();
            problems.Include(document.Problems);
            // The other parts of a definition with a problem are checked as well, so that all is reported at once.
            var vendor = document.Set.Readable<VendorDefinition>() is [var definition]
                ? VendorDefinitions.Check(definition, problems)
                : null;
            var found = problems.Sorted.Where(p => p.Severity == Severity.Error).Select(Text).Distinct();
            return new(resource, problems.HasErrors ? null : vendor, [.. found]);
        }
        catch (Exception unforeseen)
        {
            // A bug over one definition must not stop the watching of all.
            return new(resource, null, [$"cannot be checked: {unforeseen.GetType().Name}: {unforeseen.Message}"]);
        }
    }

    /// <summary>Composes the conditions.</summary>
    /// <param name="isTaken">Whether the program knows a vendor of this name by itself, which may not be
    /// replaced.</param>
    public Conditions ConditionsOf(bool isTaken)
    {
        var taken = isTaken
            ? $"metadata.name: is {Name}, which the program knows by itself; expected another name, "
                + $"or an operator that runs with --override-vendor {Name}"
            : null;
        var all = taken is null ? Problems : Problems.Insert(0, taken);
        if (!all.IsEmpty)
            return Conditions.Stalled(
                Problems.IsEmpty ? StatusReasons.NameTaken : StatusReasons.Invalid,
                string.Join("; ", all)
            ) with
            {
                Longest = LongestMessage,
            };
        return Vendor is null
            ? Conditions.Stalled(StatusReasons.Invalid, "it cannot be read")
            : Conditions.Good(StatusReasons.Accepted, $"AccessProviders can name it, with type: {Name}");
    }

    // A resource does not name itself in its own status.
    private static string Text(Problem problem) => problem.ToString()[$"{problem.Position}: ".Length..];
}
