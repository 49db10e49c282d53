using System.Globalization;
using System.Text.RegularExpressions;

namespace Reconciler.Testing.Documentation;

/// <summary>A page of the documentation, with its blocks and the commands in them.</summary>
public sealed partial class MarkdownPage
{
    private const string FromSource = "dotnet run --project src/Reconciler -- ";
    private const string Prompt = "$ ";

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

    /// <summary>README and the pages of docs.</summary>
    public static IEnumerable<string> Documentation =>
        Paths.Where(p => p == "README.md" || p.StartsWith("docs/", StringComparison.Ordinal));

    /// <summary>Where it is, from the repository's root.</summary>
    public string Path { get; }

    public string Text { get; }

    public IReadOnlyList<FencedBlock> Blocks { get; }

    public static MarkdownPage Of(string path) => new(path);

    /// <summary>The commands of the program, also where they run it from its source.</summary>
    public IEnumerable<DocumentedCommand> Commands =>
        Blocks.SelectMany(CommandsOf).Where(c => c.Line.StartsWith("reconciler ", StringComparison.Ordinal));

    /// <summary>What stands in backticks within the text and begins with the program's name.</summary>
    public IEnumerable<string> CommandsInText =>
        InCode().Matches(Fence().Replace(Text, "")).Select(m => m.Groups["line"].Value.ReplaceLineEndings(" "));

    /// <summary>
    /// The command lines of a block, whatever program they run, each with its place and with the output that the page
    /// shows below it, where it does.
    /// </summary>
    public IEnumerable<DocumentedCommand> CommandsOf(FencedBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (!block.IsCommands)
            yield break;
        var comment = "";
        for (var i = 0; i < block.Lines.Count; i++)
        {
            var (first, line) = (i, block.Lines[i]);
            var shown = line.StartsWith(Prompt, StringComparison.Ordinal);
            if (line.StartsWith('#') || line.Length == 0)
                comment = line;
            if (block.IsConsole ? !shown : line.StartsWith('#') || line.Length == 0)
                continue;
            while (line.EndsWith('\\') && i + 1 < block.Lines.Count)
                line = line[..^1] + block.Lines[++i].TrimStart();
            var command = (shown ? line[Prompt.Length..] : line).Replace(
                FromSource,
                "reconciler ",
                StringComparison.Ordinal
            );
            var output = shown
                ? block.Lines.Skip(i + 1).TakeWhile(l => !l.StartsWith(Prompt, StringComparison.Ordinal)).ToList()
                : null;
            yield return new($"{Path}:{block.Line + first}", command, block.Section)
            {
                Code = ExpectedCode(comment, line),
                Output = output is { Count: > 0 } ? string.Join('\n', output) : null,
            };
            comment = "";
        }
    }

    private static int ExpectedCode(params string[] texts) =>
        texts
            .Select(t => Exits().Match(t))
            .Where(m => m.Success)
            .Select(m => int.Parse(m.Groups["code"].Value, CultureInfo.InvariantCulture))
            .FirstOrDefault();

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

    // A comment above or behind a command says how it ends, where that is not 0.
    [GeneratedRegex("#.*exits with (?<code>[0-9]+)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Exits();
}
