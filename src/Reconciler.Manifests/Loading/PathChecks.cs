using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Text;
using Reconciler.Manifests.Files;

namespace Reconciler.Manifests.Loading;

/// <summary>Refuses manifest paths that overlap the runner's own, and paths that hold no manifest.</summary>
internal static class PathChecks
{
    // A change of the manifests must not be able to replace the runner's own files.
    public static void RefuseOverlaps(ManifestRequest request, Problems problems)
    {
        foreach (var (option, path) in request.OutsideManifests)
        {
            if (ReviewedPaths.Clash(path, request.Paths, request.Folder) is not { } manifests)
                continue;
            var where =
                $"{ProblemText.Quote(path)} and the manifest path {ProblemText.Quote(manifests)} lie in one another";
            problems.Error(
                new Position(option, 0, 0),
                $"{where}, so a change of the manifests could change it too; expected a place apart from them, "
                    + "and manifests named by their own folder"
            );
        }
    }

    // An empty folder is more likely a failed checkout than a decision that nobody has access.
    public static void RefuseEmpty(ManifestRequest request, IReadOnlyCollection<ReadPath> paths, Problems problems)
    {
        if (request.AllowsEmpty)
            return;
        var nothing = !paths.Any(p => p.Declares);
        foreach (var path in paths.Where(p => !p.Declares && p.Found.IsWhole))
        {
            // A shell pattern may also match files of other API groups.
            if (path.HoldsOthers && path.Found.Kind != FileKind.Folder && !nothing)
                continue;
            var count = path.Found.Files.Length;
            var among =
                path.Found.Kind != FileKind.Folder || count == 0
                    ? ""
                    : $" in {TextNames.Count(count, "file", "files")}";
            var besides =
                request.Exclude.Count > 0 && path.Found.Kind == FileKind.Folder ? " besides what is excluded" : "";
            problems.Error(
                new Position(path.Found.Path, 0, 0),
                $"holds no document of {Manifest.ApiVersion}{among}{besides}; expected at least one, "
                    + $"or {request.AllowsEmptyBy} where none is meant"
            );
        }
    }
}
