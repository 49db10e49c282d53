using System.Runtime.ExceptionServices;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Manifests.Files;
using Reconciler.Manifests.Yaml;

namespace Reconciler.Manifests;

/// <summary>What one file held, and its own problems.</summary>
/// <param name="Documents">Its documents.</param>
/// <param name="Problems">Every problem found in it.</param>
internal sealed record ReadFile(ReadDocuments Documents, Problems Problems)
{
    /// <summary>The SHA-256 of its bytes; empty where they could not be read, or another text was.</summary>
    public string Digest { get; init; } = "";
}

/// <summary>
/// Reads files, several at one time. Each is read on its own, so that what came of them can be put together in the
/// order of the files, and the result never depends on which was read first.
/// </summary>
internal static class FileReader
{
    /// <summary>Reads files; gives them back in their order.</summary>
    /// <param name="files">The files, each with its real path and the path to show.</param>
    /// <param name="clock">Measures how long a pipe takes.</param>
    /// <param name="edited">Texts to read instead of what files hold, by the paths to show; null for none.</param>
    public static IEnumerable<(string Real, ReadFile File)> Read(
        IReadOnlyList<(string Real, string Shown)> files,
        TimeProvider clock,
        IReadOnlyDictionary<string, string>? edited = null
    )
    {
        var texts = new StringTable();
        var read = new ReadFile[files.Count];
        // Pipes wait for their writers, who may write to one after the other.
        var isStream = files.Select(f => UserFile.IsStream(f.Real)).ToArray();
        for (var i = 0; i < files.Count; i++)
        {
            if (isStream[i])
                read[i] = One(i);
        }

        InParallel(
            files.Count,
            i =>
            {
                if (!isStream[i])
                    read[i] = One(i);
            }
        );
        return files.Zip(read, (f, r) => (f.Real, r));

        ReadFile One(int i) =>
            edited?.TryGetValue(files[i].Shown, out var text) == true
                ? ReadEdited(files[i].Shown, text, texts)
                : Read(files[i], texts, clock);
    }

    /// <summary>Reads the documents of one text.</summary>
    /// <param name="path">The name of the text in problems.</param>
    /// <param name="text">The text.</param>
    /// <param name="texts">Keeps texts that recur once.</param>
    /// <param name="into">Gets the documents.</param>
    /// <param name="problems">Gets every problem found.</param>
    public static void ReadText(string path, string text, StringTable texts, ReadDocuments into, Problems problems)
    {
        var documents = new List<Node>();
        if (!YamlTreeReader.Read(path, text, texts, problems, documents))
            into.MarkIncomplete();
        foreach (var document in documents)
            DocumentReader.Read(document, into, problems);
    }

    // At most one file for each processor is in memory as bytes and text.
    private static void InParallel(int count, Action<int> work)
    {
        try
        {
            Parallel.For(0, count, new() { MaxDegreeOfParallelism = Environment.ProcessorCount }, work);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }

    private static ReadFile ReadEdited(string shown, string text, StringTable texts)
    {
        var read = new ReadFile(new(), new());
        ReadText(shown, text, texts, read.Documents, read.Problems);
        return read;
    }

    private static ReadFile Read((string Real, string Shown) file, StringTable texts, TimeProvider clock)
    {
        var bytes = BytesOf(file.Real, clock, out var refusal);
        var read = new ReadFile(new(), new()) { Digest = bytes is null ? "" : SourceFile.DigestOf(bytes) };
        if (bytes is null)
            read.Problems.Error(new Position(file.Shown, 0, 0), refusal);
        else if (SourceText.Decode(file.Shown, bytes, read.Problems) is { } text)
        {
            ReadText(file.Shown, text, texts, read.Documents, read.Problems);
            return read;
        }

        read.Documents.MarkIncomplete();
        return read;
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
