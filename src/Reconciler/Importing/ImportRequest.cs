using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Loading;

namespace Reconciler.Importing;

/// <summary>What to import, and where to.</summary>
/// <param name="Manifests">The manifests that are there.</param>
internal sealed record ImportRequest(ManifestRequest Manifests)
{
    /// <summary>The AccessProvider's name; null where only one can be meant.</summary>
    public string? Provider { get; init; }

    /// <summary>The vendor's ids of projects; empty for all.</summary>
    public IReadOnlyList<string> Projects { get; init; } = [];

    /// <summary>
    /// Names that a person chose for documents, each as <c>ID=NAME</c>, or as <c>NAME</c> for the only project.
    /// </summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Whether every project is meant.</summary>
    public bool All { get; init; }

    /// <summary>The folder to write into; null for the first path.</summary>
    public string? Out { get; init; }

    /// <summary>Whether files that are there and no manifest of the run are replaced.</summary>
    public bool Force { get; init; }

    /// <summary>Whether nothing is written.</summary>
    public bool DryRun { get; init; }

    /// <summary>The folder of output as the user would name it.</summary>
    public string Folder
    {
        get
        {
            if (Out is not null)
                return Out;
            var first = Manifests.Paths[0];
            if (!File.Exists(Full(first)))
                return first;
            return Path.GetDirectoryName(first) is { Length: > 0 } folder ? folder : ".";
        }
    }

    /// <summary>The paths that a plan of what was written reads.</summary>
    public IEnumerable<string> PathsAfterwards
    {
        get
        {
            var covered = Manifests.Paths.Any(path =>
                $"{Full(Folder)}/".StartsWith($"{Full(path).TrimEnd('/')}/", StringComparison.Ordinal)
            );
            return covered ? Manifests.Paths : Manifests.Paths.Append(Folder);
        }
    }

    /// <summary>The connection that is meant.</summary>
    /// <param name="resolved">The manifests.</param>
    /// <param name="refusal">Why none is.</param>
    public DesiredProvider? Choose(ResolvedManifests resolved, out string refusal)
    {
        refusal = "";
        var names = resolved.Connections.Select(c => c.Name).ToList();
        var meant = resolved
            .Connections.Where(c => Provider is null || c.Name == Provider || c.Id == Provider)
            .ToList();
        if (meant.Count == 1)
            return meant[0];
        refusal =
            names.Count == 0
                ? "no manifest of the given paths is an AccessProvider; write one first, since it says where "
                    + "the vendor's API is and where the token is found"
            : meant.Count == 0
                ? $"no AccessProvider is named {ProblemText.Quote(Provider!)}{ProblemText.DidYouMean(Provider!, names)}"
            : "several providers could be meant; choose one with --provider: "
                + string.Join(", ", meant.Select(c => c.Id));
        return null;
    }

    private string Full(string path) => Path.GetFullPath(path, Path.GetFullPath(Manifests.Folder));
}
