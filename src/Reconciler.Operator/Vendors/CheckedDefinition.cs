using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Vendors;

/// <summary>Who has the name of a VendorDefinition.</summary>
internal enum NameUse
{
    /// <summary>Nobody else, or a vendor of the program that it may replace.</summary>
    Free,

    /// <summary>The program, with the same definition.</summary>
    Copy,

    /// <summary>A vendor of the program that a provider in code serves.</summary>
    Taken,

    /// <summary>A vendor of the program that another definition describes.</summary>
    TakenByAnother,
}

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
    /// <param name="resource">The resource.</param>
    /// <param name="unreadable">Why its JSON cannot be read; null where it can.</param>
    public static CheckedDefinition Of(ClusterResource resource, string? unreadable = null)
    {
        if (unreadable is not null)
            return new(resource, null, [$"cannot be read: {unreadable}"]);
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

    /// <summary>Whether two states of a definition mean the same for those who name it.</summary>
    public static bool MeanTheSame(CheckedDefinition? one, CheckedDefinition? other) =>
        (one is null) == (other is null) && one?.Vendor?.DefinitionDigest == other?.Vendor?.DefinitionDigest;

    /// <summary>Composes the conditions.</summary>
    /// <param name="use">Whether its name is free.</param>
    public Conditions ConditionsOf(NameUse use)
    {
        var taken = use switch
        {
            NameUse.Taken => $"metadata.name: is {Name}, which the program knows by itself; {Instead}",
            NameUse.TakenByAnother =>
                $"metadata.name: is {Name}, of which the program has another definition; {Instead}",
            _ => null,
        };
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
            : Conditions.Good(
                StatusReasons.Accepted,
                $"AccessProviders can name it, with type: {Name}"
                    + (use == NameUse.Copy ? "; it is what the program has by itself, and changes nothing" : "")
            );
    }

    private string Instead =>
        $"expected another name, or an operator that runs with --override-vendor {Name} "
        + "(the chart's operator.overrideVendors)";

    // A resource does not name itself in its own status.
    private static string Text(Problem problem) => problem.ToString()[$"{problem.Position}: ".Length..];
}
