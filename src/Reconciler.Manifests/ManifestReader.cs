using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Manifests;

/// <summary>
/// Reads manifests from files: finds them, reads their text, binds their documents. All problems are collected.
/// </summary>
public static class ManifestReader
{
    private const int MostNames = 3;

    /// <summary>Reads every manifest below files and folders.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="exclude">Patterns of what to leave out.</param>
    /// <param name="problems">Gets every problem found.</param>
    /// <param name="folder">The folder that relative paths start from.</param>
    /// <param name="clock">Measures how long a pipe takes; null for the system's clock.</param>
    public static ManifestSet ReadAll(
        IEnumerable<string> paths,
        IReadOnlyList<string> exclude,
        Problems problems,
        string folder = ".",
        TimeProvider? clock = null
    ) => Read(paths, exclude, problems, folder, clock ?? TimeProvider.System).Manifests;

    /// <summary>Reads every manifest below files and folders, and returns what each of them held.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="exclude">Patterns of what to leave out.</param>
    /// <param name="problems">Gets every problem found, and a warning where files are passed over.</param>
    /// <param name="folder">The folder that relative paths start from.</param>
    /// <param name="clock">Measures how long a pipe takes.</param>
    /// <param name="edited">Texts that are read instead of what files hold, by their paths; null for none.</param>
    public static ManifestReading Read(
        IEnumerable<string> paths,
        IReadOnlyList<string> exclude,
        Problems problems,
        string folder,
        TimeProvider clock,
        IReadOnlyDictionary<string, string>? edited = null
    )
    {
        var set = new ManifestSet();
        var before = problems.ErrorCount;
        var found = new ManifestFiles(folder, exclude, problems).FindEach(paths);
        if (problems.ErrorCount != before)
            set.MarkIncomplete();
        var (declaring, foreign) = (
            new HashSet<string>(StringComparer.Ordinal),
            new HashSet<string>(StringComparer.Ordinal)
        );
        var (ordered, files) = (ManifestFiles.Ordered(found), new List<SourceFile>());
        foreach (var ((real, file), (_, shown)) in FileReader.Read(ordered, clock, edited).Zip(ordered))
        {
            files.Add(new(shown, file.Digest));
            var (documents, errors, skipped) = (set.Count, problems.ErrorCount, set.Skipped);
            problems.Include(file.Problems);
            set.Add(file.Documents, problems);
            if (set.Count != documents || problems.ErrorCount != errors)
                declaring.Add(real);
            if (set.Skipped != skipped)
                foreign.Add(real);
        }

        foreach (var path in found.Where(p => !p.PassedOver.IsEmpty))
            problems.Warning(new Position(path.Path, 0, 0), PassedOver(path.PassedOver));
        return new(
            set,
            [
                .. found.Select(p => new ReadPath(
                    p,
                    p.Files.Any(f => declaring.Contains(f.Real)),
                    p.Files.Any(f => foreign.Contains(f.Real))
                )),
            ],
            [.. files]
        );
    }

    /// <summary>Reads the documents of one text.</summary>
    /// <param name="path">The name of the text in problems.</param>
    /// <param name="text">The text.</param>
    /// <param name="into">Gets the manifests.</param>
    /// <param name="problems">Gets every problem found.</param>
    public static void ReadText(string path, string text, ManifestSet into, Problems problems)
    {
        var read = new ReadDocuments();
        FileReader.ReadText(path, text, new(), read, problems);
        into.Add(read, problems);
    }

    private static string PassedOver(ImmutableArray<string> files)
    {
        var shown =
            string.Join(", ", files.Take(MostNames))
            + (
                files.Length > MostNames
                    ? string.Create(CultureInfo.InvariantCulture, $" and {files.Length - MostNames} more")
                    : ""
            );
        var count =
            files.Length == 1 ? "1 file is" : string.Create(CultureInfo.InvariantCulture, $"{files.Length} files are");
        return $"{count} passed over ({shown}): only *.yaml and *.yml are read; rename what is a manifest, "
            + $"and name the rest in {ManifestFiles.IgnoreFile}";
    }
}

/// <summary>The manifests that were read.</summary>
/// <param name="Manifests">The documents.</param>
/// <param name="Paths">Each path that was named.</param>
/// <param name="Files">Each file that was read, in order.</param>
public sealed record ManifestReading(
    ManifestSet Manifests,
    ImmutableArray<ReadPath> Paths,
    ImmutableArray<SourceFile> Files
);

/// <summary>A named path, and the kinds of documents in it.</summary>
/// <param name="Found">What lies there.</param>
/// <param name="Declares">Whether it held a document of our group, even a broken one.</param>
/// <param name="HoldsOthers">Whether it held documents of other groups.</param>
public sealed record ReadPath(FoundPath Found, bool Declares, bool HoldsOthers);
