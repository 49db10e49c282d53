using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using YamlDotNet.Core;

namespace Reconciler.Manifests.Yaml;

/// <summary>
/// Reads the documents of a YAML text. Where one is broken, reading starts again at the next, so that one reading
/// reports the problems of all of them.
/// </summary>
public sealed class YamlTreeReader
{
    private readonly string _path;
    private readonly Problems _problems;
    private readonly YamlNodeReader _nodes;
    private int _restarts = 20;
    private bool _isWhole = true;

    private YamlTreeReader(string path, StringTable texts, Problems problems) =>
        (_path, _problems, _nodes) = (path, problems, new(path, texts, problems));

    /// <summary>
    /// Reads every document of a text. One that cannot be read does not hide the problems of those after it.
    /// </summary>
    /// <param name="path">The name of the text in problems.</param>
    /// <param name="text">The text.</param>
    /// <param name="problems">Gets every problem found.</param>
    /// <param name="documents">Gets the documents that can be read.</param>
    /// <returns>Whether all of the text could be read.</returns>
    public static bool Read(string path, string text, Problems problems, List<Node> documents) =>
        Read(path, text, new(), problems, documents);

    /// <summary>Reads every document of a text, one of several that share the texts that recur.</summary>
    internal static bool Read(string path, string text, StringTable texts, Problems problems, List<Node> documents)
    {
        if (!SourceText.IsText(path, text, problems))
            return false;
        var lines = new Lazy<YamlLines>(() => new(text));
        if (YamlFault.MayHoldConflict(text) && YamlFault.Conflicts(lines.Value).ToList() is { Count: > 0 } conflicts)
        {
            foreach (var conflict in conflicts)
                problems.Error(new Position(path, conflict.Line + 1, 1), conflict.Message);
            return false;
        }

        var reader = new YamlTreeReader(path, texts, problems);
        var rest = new Stack<(int From, int To)>([(0, int.MaxValue)]);
        while (rest.TryPop(out var part))
            reader.ReadPart(part, text, lines, documents, rest);
        return reader._isWhole;
    }

    /// <summary>
    /// Reads the documents of some lines. If one cannot be read, those before and after it are read separately.
    /// </summary>
    private void ReadPart(
        (int From, int To) part,
        string text,
        Lazy<YamlLines> lines,
        List<Node> documents,
        Stack<(int From, int To)> rest
    )
    {
        var (nodes, count) = (_nodes.Nodes, documents.Count);
        if (
            TryRead(
                part.From,
                part == (0, int.MaxValue) ? text : lines.Value.Text(part.From, part.To),
                lines,
                documents,
                out var isOver
            )
            is not { } finding
        )
            return;
        _isWhole = false;
        _problems.Error(new Position(_path, finding.Line + 1, finding.Column + 1), finding.Message);
        if (isOver || --_restarts < 0)
            return;
        var next = lines.Value.NextDocument(Math.Max(part.From, finding.Line));
        if (next < Math.Min(part.To, lines.Value.Count))
            rest.Push((next, part.To));
        // The parser reads ahead, so it may have failed before it returned all of the document before.
        var document = lines.Value.DocumentOf(finding.Line);
        if (document <= part.From)
            return;
        documents.RemoveRange(count, documents.Count - count);
        _nodes.Nodes = nodes;
        rest.Push((part.From, document));
    }

    private YamlFinding? TryRead(int line, string text, Lazy<YamlLines> lines, List<Node> documents, out bool isOver)
    {
        using var reader = new StringReader(text);
        isOver = false;
        try
        {
            _nodes.ReadDocuments(new Parser(reader), line, documents);
            return null;
        }
        catch (RefusedException refused)
        {
            isOver = refused.IsLimit;
            var at = refused.Position.Line - 1;
            return (refused.MayBeTemplate ? YamlFault.Template(lines.Value, at, at) : null) ?? Finding(refused);
        }
        catch (YamlException broken)
        {
            var (start, end) = (_nodes.At(broken.Start), _nodes.At(broken.End));
            return YamlFault.Of(
                lines.Value,
                (start.Line - 1, start.Column - 1),
                Math.Max(start.Line, end.Line) - 1,
                (broken.InnerException ?? broken).Message
            );
        }
        // For some broken texts, such as a bracket that is never closed, the parser throws exceptions of its own code.
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            var last = _nodes.Last;
            return YamlFault.Of(lines.Value, (last.Line - 1, last.Column - 1), last.Line - 1, null);
        }
    }

    private static YamlFinding Finding(RefusedException refused) =>
        new(refused.Position.Line - 1, refused.Position.Column - 1, refused.Message);
}
