using System.Globalization;
using System.Text;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Sources;

/// <summary>Reads manifests from files: finds them, reads their text, binds their documents. All problems are collected.</summary>
internal static class ManifestReader
{
    /// <summary>Reads every manifest below files and folders.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="exclude">Patterns of what to leave out.</param>
    /// <param name="problems">Gets every problem found.</param>
    /// <param name="folder">The folder that relative paths start from.</param>
    public static ManifestSet ReadAll(IEnumerable<string> paths, IReadOnlyList<string> exclude, Problems problems, string folder = ".")
    {
        var set = new ManifestSet();
        var before = problems.ErrorCount;
        var files = new ManifestFiles(folder, exclude, problems).Find(paths);
        if (problems.ErrorCount != before) set.MarkIncomplete();
        foreach (var (real, shown) in files) ReadFile(real, shown, set, problems);
        return set;
    }

    /// <summary>Reads the documents of one text.</summary>
    /// <param name="path">The name of the text in problems.</param>
    /// <param name="text">The text.</param>
    /// <param name="into">Gets the manifests.</param>
    /// <param name="problems">Gets every problem found.</param>
    public static void ReadText(string path, string text, ManifestSet into, Problems problems)
    {
        using var reader = new StringReader(text);
        var documents = new List<Node>();
        if (!YamlTreeReader.Read(path, reader, problems, documents)) into.MarkIncomplete();
        foreach (var document in documents) DocumentReader.Read(document, into, problems);
    }

    private static void ReadFile(string path, string shown, ManifestSet into, Problems problems)
    {
        if (TextOf(path, out var refusal) is { } text)
        {
            ReadText(shown, text, into, problems);
            return;
        }

        problems.Error(new Position(shown, 0, 0), refusal);
        into.MarkIncomplete();
    }

    private static string? TextOf(string path, out string refusal)
    {
        refusal = "";
        try
        {
            // The length of what is opened: that of a path may be a link's own.
            using var file = File.OpenRead(path);
            using var text = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
            if (file.Length <= YamlLimits.Bytes) return text.ReadToEnd();
            refusal = string.Create(CultureInfo.InvariantCulture, $"is longer than {YamlLimits.Bytes / 1024 / 1024} MiB; expected several smaller files");
        }
        catch (DecoderFallbackException)
        {
            refusal = "is not UTF-8 text";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            refusal = $"cannot be read: {unreadable.Message}";
        }

        return null;
    }
}
