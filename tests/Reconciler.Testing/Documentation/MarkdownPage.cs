using System.Text.RegularExpressions;

namespace Reconciler.Testing.Documentation;

/// <summary>A fenced block of a page.</summary>
/// <param name="Language">What stands behind the opening fence.</param>
/// <param name="Section">The heading of the second level that it stands under; empty above the first.</param>
/// <param name="Line">The line of its first line of text, from 1.</param>
/// <param name="Lines">Its text.</param>
public sealed record FencedBlock(string Language, string Section, int Line, IReadOnlyList<string> Lines)
{
    public string Text => string.Join('\n', Lines) + "\n";

    /// <summary>Whether the block is manifests, whole ones.</summary>
    public bool IsManifest =>
        Language == "yaml" && Text.Contains("apiVersion: reconciler.dev/", StringComparison.Ordinal);
}

/// <summary>A page of the documentation, with its blocks and the commands in them.</summary>
public sealed partial class MarkdownPage
{
    private const string FromSource = "dotnet run --project src/Reconciler -- ";

    private MarkdownPage(string path)
    {
        Path = path;
        Text = File.ReadAllText(Repository.At(path));
        Blocks = [.. Read(Text.Split('\n'))];
    }

    /// <summary>Every page that a reader of the repository meets, from its root.</summary>
    public static IEnumerable<string> Paths =>
        Directory
            .EnumerateFiles(Repository.Root, "*.md")
            .Concat(
                new[] { "docs", "examples", "charts" }.SelectMany(f =>
                    Directory.EnumerateFiles(Repository.At(f), "*.md", SearchOption.AllDirectories)
                )
            )
            .Select(f => System.IO.Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    internal string Path { get; }

    public string Text { get; }

    public IReadOnlyList<FencedBlock> Blocks { get; }

    public static MarkdownPage Of(string path) => new(path);

    /// <summary>
    /// The command lines in the blocks, each with its place and with the output that the page shows below it, where it
    /// does.
    /// </summary>
    public IEnumerable<DocumentedCommand> Commands => Blocks.Where(b => b.Language != "yaml").SelectMany(CommandsOf);

    /// <summary>What stands in backticks within the text and begins with the program's name.</summary>
    public IEnumerable<string> CommandsInText =>
        InCode().Matches(Fence().Replace(Text, "")).Select(m => m.Groups["line"].Value.ReplaceLineEndings(" "));

    private IEnumerable<DocumentedCommand> CommandsOf(FencedBlock block)
    {
        for (var i = 0; i < block.Lines.Count; i++)
        {
            var (first, line) = (i, block.Lines[i]);
            while (line.EndsWith('\\') && i + 1 < block.Lines.Count)
                line = line[..^1] + block.Lines[++i].TrimStart();
            var shown = line.StartsWith("$ ", StringComparison.Ordinal);
            var command = (shown ? line[2..] : line).Replace(FromSource, "reconciler ", StringComparison.Ordinal);
            if (!command.StartsWith("reconciler ", StringComparison.Ordinal))
                continue;
            var output = shown
                ? block.Lines.Skip(i + 1).TakeWhile(l => !l.StartsWith("$ ", StringComparison.Ordinal)).ToList()
                : null;
            yield return new(
                $"{Path}:{block.Line + first}",
                command,
                block.Section,
                output is { Count: > 0 } ? string.Join('\n', output) : null
            );
        }
    }

    private static IEnumerable<FencedBlock> Read(string[] lines)
    {
        var section = "";
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("## ", StringComparison.Ordinal))
                section = lines[i][3..];
            var open = Fence().Match(lines[i]);
            if (!open.Success)
                continue;
            var (indent, start) = (open.Groups["indent"].Length, i + 1);
            var length = lines.Skip(start).TakeWhile(l => l.Trim() != open.Groups["fence"].Value).Count();
            if (start + length == lines.Length)
                throw new FormatException($"line {start}: the block is never closed");
            yield return new(
                open.Groups["language"].Value,
                section,
                start + 1,
                [.. lines.Skip(start).Take(length).Select(l => l.Length >= indent ? l[indent..] : l.TrimStart())]
            );
            i = start + length;
        }
    }

    [GeneratedRegex(
        "^(?<indent> *)(?<fence>```+)(?<language>[a-z]*)$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        60_000
    )]
    private static partial Regex Fence();

    [GeneratedRegex("(?<!`)`(?<line>reconciler [^`]+)`(?!`)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex InCode();
}

/// <summary>A command line of a page.</summary>
/// <param name="Place">File and line.</param>
/// <param name="Line">From the program's name on.</param>
/// <param name="Section">The heading that it stands under.</param>
/// <param name="Output">What the page shows as its output; null where it shows none.</param>
public sealed record DocumentedCommand(string Place, string Line, string Section, string? Output);
