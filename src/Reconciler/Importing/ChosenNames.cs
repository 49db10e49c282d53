using System.Text.RegularExpressions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Importing;

/// <summary>Names that a person chose for the documents of an import.</summary>
internal static partial class ChosenNames
{
    /// <summary>Describes what is wrong with a word of the option <c>--name</c>; null where nothing is.</summary>
    /// <param name="word">The word, as <c>ID=NAME</c> or <c>NAME</c>.</param>
    /// <param name="projects">How many projects are named by their ids.</param>
    public static string? Problem(string word, int projects)
    {
        var (id, name) = Parts(word);
        if (name.Length > Metadata.LongestLabel || !Label().IsMatch(name))
            return $"--name {word}: {ProblemText.Quote(name)} is no document's name; expected lower-case letters, "
                + $"digits and dashes, at most {Metadata.LongestLabel}";
        return id is null && projects != 1
            ? $"--name {word}: expected ID=NAME, since {(projects == 0 ? "no" : "more than one")} --project is given"
            : null;
    }

    /// <summary>Returns the names by the vendors' ids of the projects.</summary>
    /// <exception cref="ProviderException">A name is given twice, or a document or no project has it.</exception>
    public static Dictionary<string, string> Of(
        ImportRequest request,
        DesiredProvider provider,
        ManifestSet manifests,
        IEnumerable<NamedPlace> places
    )
    {
        var ids = places
            .DistinctBy(p => provider.Vendor.NormalProject(p.Id))
            .ToDictionary(p => provider.Vendor.NormalProject(p.Id), p => p.Id, StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in request.Names)
        {
            var (given, name) = Parts(word);
            var id = provider.Vendor.NormalProject(given ?? request.Projects[0]);
            if (!ids.TryGetValue(id, out var place))
                throw Refused($"--name {word}: no project {ProblemText.Quote(id)} is imported");
            if (names.ContainsValue(name) || !names.TryAdd(place, name))
                throw Refused($"--name {word}: the project or the name is given twice");
            var taken = manifests
                .All<ProjectMembership>()
                .FirstOrDefault(p => p.Metadata.NamespaceOrDefault == provider.Namespace && p.Metadata.Name == name);
            if (taken is not null)
                throw Refused(
                    $"--name {word}: the ProjectMembership {name} is there already, at "
                        + $"{taken.Metadata.Origin.Position}"
                );
        }

        return names;
    }

    private static ProviderException Refused(string message) => new(ProviderFault.Configuration, message);

    private static (string? Id, string Name) Parts(string word) =>
        word.LastIndexOf('=') is var at and >= 0 ? (word[..at], word[(at + 1)..]) : (null, word);

    [GeneratedRegex(Metadata.Label, RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Label();
}
