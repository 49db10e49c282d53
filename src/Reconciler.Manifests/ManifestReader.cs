using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Manifests.Files;
using Reconciler.Manifests.Yaml;

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
    public static ManifestReading Read(
        IEnumerable<string> paths,
        IReadOnlyList<string> exclude,
        Problems problems,
        string folder,
        TimeProvider clock
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
        foreach (var (real, shown) in ManifestFiles.Ordered(found))
        {
            var (documents, errors, skipped) = (set.Count, problems.ErrorCount, set.Skipped);
            ReadFile(real, shown, set, problems, clock);
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
            ]
        );
    }

    /// <summary>Reads the documents of one text.</summary>
    /// <param name="path">The name of the text in problems.</param>
    /// <param name="text">The text.</param>
    /// <param name="into">Gets the manifests.</param>
    /// <param name="problems">Gets every problem found.</param>
    public static void ReadText(string path, string text, ManifestSet into, Problems problems)
    {
        var documents = new List<Node>();
        if (!YamlTreeReader.Read(path, text, problems, documents))
            into.MarkIncomplete();
        foreach (var document in documents)
            DocumentReader.Read(document, into, problems);
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

    private static void ReadFile(string path, string shown, ManifestSet into, Problems problems, TimeProvider clock)
    {
        if (BytesOf(path, clock, out var refusal) is not { } bytes)
            problems.Error(new Position(shown, 0, 0), refusal);
        else if (SourceText.Decode(shown, bytes, problems) is { } text)
        {
            ReadText(shown, text, into, problems);
            return;
        }

        into.MarkIncomplete();
    }

    private static byte[]? BytesOf(string path, TimeProvider clock, out string refusal)
    {
        refusal = "";
        try
        {
            return UserFile.ReadNamed(path, YamlLimits.Bytes, clock);
        }
        catch (UnfitFileException unfit)
        {
            refusal = unfit.IsTooLong ? $"{unfit.What}; expected several smaller files" : unfit.What;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            refusal = $"cannot be read: {unreadable.Message}";
        }

        return null;
    }
}

/// <summary>The manifests that were read.</summary>
/// <param name="Manifests">The documents.</param>
/// <param name="Paths">Each path that was named.</param>
public sealed record ManifestReading(ManifestSet Manifests, ImmutableArray<ReadPath> Paths);

/// <summary>A named path, and the kinds of documents in it.</summary>
/// <param name="Found">What lies there.</param>
/// <param name="Declares">Whether it held a document of our group, even a broken one.</param>
/// <param name="HoldsOthers">Whether it held documents of other groups.</param>
public sealed record ReadPath(FoundPath Found, bool Declares, bool HoldsOthers);
