using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Manifests.Loading;

/// <summary>
/// Reads the manifests together with the AccessProviders that the runner names, in a folder of their own.
/// </summary>
internal static class ConnectionFolder
{
    // An AccessProvider among the manifests could send a token elsewhere, so it is refused where the runner names them.
    public static ManifestReading Read(ManifestRequest request, TimeProvider clock, Problems problems)
    {
        if (request.Connections is not { } connections)
            return ManifestReader.Read(request.Paths, request.Exclude, problems, request.Folder, clock, request.Edited);
        var reading = ManifestReader.Read(
            [.. request.Paths, connections],
            request.Exclude,
            problems,
            request.Folder,
            clock,
            request.Edited
        );
        var paths = reading.Paths.Select(p => p.Found).ToArray();
        var theirs = paths[^1].Files.Select(f => f.Real).ToHashSet(StringComparer.Ordinal);
        var shown = ManifestFiles
            .Ordered(paths)
            .Where(f => theirs.Contains(f.Real))
            .Select(f => f.Shown)
            .ToHashSet(StringComparer.Ordinal);
        var providers = reading
            .Manifests.Readable<AccessProvider>()
            .ToLookup(p => shown.Contains(p.Metadata.Origin.Position.Path));
        if (!providers[true].Any() && !reading.Manifests.MayLack<AccessProvider>())
            problems.Error(new Position(connections, 0, 0), "holds no AccessProvider; expected at least one");
        foreach (var provider in providers[false])
        {
            problems.Error(
                provider.Metadata.Origin,
                $"AccessProvider {provider.Id} stands among the manifests; "
                    + $"with --connections the only ones are those of {connections}"
            );
        }

        return reading with
        {
            Paths = reading.Paths[..^1],
        };
    }
}
