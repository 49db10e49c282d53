using System.Text;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Editing;
using Reconciler.Manifests.Files;
using Reconciler.Manifests.Loading;
using Reconciler.Manifests.Yaml;
using Reconciler.Sources.Git;

namespace Reconciler.Reviewing;

/// <summary>
/// Edits manifests in memory, and reads them again with the edits: they must ask for the same as before, without the
/// access that is revoked.
/// </summary>
/// <param name="loader">Reads the edited manifests.</param>
/// <param name="request">Which manifests.</param>
internal sealed class ManifestEdits(ManifestLoader loader, ManifestRequest request)
{
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    /// <summary>Takes entries out; null where a problem was found.</summary>
    /// <param name="before">The manifests as they are.</param>
    /// <param name="revocations">What is revoked by editing.</param>
    /// <param name="problems">Gets every problem found.</param>
    public IReadOnlyList<BranchFile>? Run(
        ResolvedManifests before,
        IReadOnlyCollection<Revocation> revocations,
        Problems problems
    )
    {
        var (files, texts) = (new List<BranchFile>(), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (
            var file in revocations.SelectMany(r => r.Entries).Distinct().GroupBy(e => e.Path, StringComparer.Ordinal)
        )
        {
            var path = Path.GetFullPath(file.Key, Path.GetFullPath(request.Folder));
            var bytes = UserFile.ReadRegular(path, YamlLimits.Bytes);
            if (Edited(file.Key, bytes, [.. file], before, problems) is not { } text)
                continue;
            texts[file.Key] = text;
            byte[] content = [.. bytes.AsSpan().StartsWith(Mark) ? Mark : [], .. Encoding.UTF8.GetBytes(text)];
            files.Add(new(path, content));
        }

        if (problems.HasErrors)
            return null;
        var after = loader.Load(request with { Edited = texts });
        foreach (var problem in after.Problems.Sorted.Where(p => p.Severity == Severity.Error))
            problems.Error(problem.Position, problem.Field, $"{problem.Message} (once the access is taken out)");
        if (!problems.HasErrors)
            Compare(before, after, revocations, problems);
        return problems.HasErrors ? null : files;
    }

    private static string? Edited(
        string shown,
        byte[] bytes,
        IReadOnlyCollection<Position> entries,
        ResolvedManifests before,
        Problems problems
    )
    {
        if (before.Files.FirstOrDefault(f => f.Path == shown)?.Digest != SourceFile.DigestOf(bytes))
            problems.Error(new Position(shown, 0, 0), "changes while it is read; try again");
        else if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            problems.Error(new Position(shown, 0, 0), "is UTF-16, which is not edited; save it as UTF-8");
        else if (SourceText.Decode(shown, bytes, problems) is { } text)
            return EntryRemoval.Run(text, entries, problems);
        return null;
    }

    // An alias may repeat an entry elsewhere, and another entry may still give the access.
    private static void Compare(
        ResolvedManifests before,
        ResolvedManifests after,
        IReadOnlyCollection<Revocation> revocations,
        Problems problems
    )
    {
        var gone = revocations.Select(r => (r.Project.Id, r.PersonKey)).ToHashSet();
        var now = after.State.Projects.ToDictionary(p => p.Id, StringComparer.Ordinal);
        foreach (var project in before.State.Projects)
        {
            var left = now.GetValueOrDefault(project.Id)?.Members ?? [];
            var wanted = project.Members.Where(m => !gone.Contains((project.Id, m.Person.Key))).ToList();
            foreach (var person in Different(wanted, left))
                problems.Error(
                    project.Declared,
                    $"would change what {person} has in this project, which the review does not ask for: "
                        + "edit this one by hand"
                );
        }
    }

    private static IEnumerable<string> Different(
        IReadOnlyCollection<DesiredMember> wanted,
        IReadOnlyCollection<DesiredMember> left
    )
    {
        var found = left.ToDictionary(m => m.Person.Key, StringComparer.Ordinal);
        foreach (var member in wanted)
        {
            if (!found.Remove(member.Person.Key, out var same) || !IsSame(member, same))
                yield return member.Person.Label;
        }

        foreach (var more in found.Values)
            yield return more.Person.Label;
    }

    private static bool IsSame(DesiredMember one, DesiredMember other) =>
        one.Access.Equals(other.Access) && one.ExpiresAt == other.ExpiresAt && one.Reason == other.Reason;
}
