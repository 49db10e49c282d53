using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Importing;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Manifests;
using Reconciler.Manifests.Files;
using Reconciler.Manifests.Writing;

namespace Reconciler.Importing;

/// <summary>
/// Where imported manifests go: a folder for the connection, in it one file per project, and one each for the proposed
/// teams and roles. A file that the run has read as manifests is never written to: the next free name is taken.
/// </summary>
internal sealed class ImportPaths
{
    private readonly OutputFolder _folder;
    private readonly string _provider;
    private readonly HashSet<string> _read;

    public ImportPaths(ImportRequest request, DesiredProvider provider)
    {
        _folder = new(Path.GetFullPath(request.Folder, Path.GetFullPath(request.Manifests.Folder)));
        _provider = provider.Name;
        _read =
        [
            .. new ManifestFiles(request.Manifests.Folder, request.Manifests.Exclude, new Problems())
                .Find(request.Manifests.Paths)
                .Select(f => f.Real),
        ];
    }

    /// <summary>
    /// The draft's files. What others refer to comes first, so that an interruption leaves no reference without its
    /// target.
    /// </summary>
    public ImmutableArray<ManifestFile> Of(ImportDraft draft)
    {
        var text = new ManifestText(draft);
        var files = new List<ManifestFile>();
        if (text.Roles() is { } roles)
            files.Add(new(Free("roles"), roles));
        if (text.Teams() is { } teams)
            files.Add(new(Free("teams"), teams));
        files.AddRange(draft.Projects.Select(p => new ManifestFile(Of(p), text.Project(p))));
        return [.. files];
    }

    /// <summary>A project's file.</summary>
    public string Of(ProjectDraft project) => Free($"{ManifestText.Projects}/{project.Name}");

    private string Free(string name)
    {
        var path = $"{_provider}/{name}.yaml";
        for (var number = 2; _read.Contains(RealPath.Of(_folder.At(path)) ?? ""); number++)
            path = string.Create(CultureInfo.InvariantCulture, $"{_provider}/{name}-{number}.yaml");
        return path;
    }
}
