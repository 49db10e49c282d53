using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;

namespace Reconciler.Manifests.Loading;

/// <summary>
/// The VendorDefinitions that are part of the program: the files of the repository's folder <c>vendors</c>. Each is read
/// and checked when it is first asked for.
/// </summary>
public static class VendorCatalogue
{
    private const string Folder = "vendors/";
    private const string Ending = ".yaml";

    private static readonly FrozenDictionary<string, Lazy<Vendor>> Definitions = Assembly
        .GetManifestResourceNames()
        .Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
        .Select(n => n[Folder.Length..^Ending.Length])
        .ToFrozenDictionary(t => t, t => new Lazy<Vendor>(() => Read(t)), StringComparer.Ordinal);

    /// <summary>The types of the vendors, in order. No definition is read for it.</summary>
    public static IEnumerable<string> Types => Definitions.Keys.Order(StringComparer.Ordinal);

    private static Assembly Assembly => typeof(VendorCatalogue).Assembly;

    /// <summary>The vendors of the program: those with a provider of their own, and those of the catalogue.</summary>
    /// <param name="own">The vendors with a provider of their own.</param>
    public static VendorSet Beside(ImmutableArray<Vendor> own) => new(own, () => Types, Find);

    /// <summary>Finds a vendor by its type; null if the catalogue does not have it.</summary>
    /// <param name="type">The type, such as <c>redmine</c>.</param>
    public static Vendor? Find(string type) => Definitions.GetValueOrDefault(type)?.Value;

    private static Vendor Read(string type)
    {
        var path = $"{Folder}{type}{Ending}";
        using var text = new StreamReader(Assembly.GetManifestResourceStream(path)!);
        var (manifests, problems) = (new ManifestSet(), new Problems());
        ManifestReader.ReadText(path, text.ReadToEnd(), manifests, problems);
        var vendor = VendorDefinitions.Check(manifests.Readable<VendorDefinition>().Single(), problems);
        // A test reads every definition, so no program that was released has a wrong one.
        return vendor is not null && vendor.Type == type && !problems.HasErrors
            ? vendor
            : throw new InvalidOperationException(
                $"{path} of the program is no definition of {type}: {string.Join("; ", problems.Sorted)}"
            );
    }
}
