using System.CommandLine;
using System.Text.RegularExpressions;
using Reconciler.Help;

namespace Reconciler.Testing.Hosts;

/// <summary>Command lines as they stand in documents, parsed by the real command line.</summary>
public static partial class CommandLines
{
    public static RootCommand Root() => Cli.Root(Environment(TextWriter.Null));

    public static CliEnvironment Environment(TextWriter output) =>
        new()
        {
            Out = output,
            Error = output,
            In = TextReader.Null,
            Variable = _ => null,
        };

    /// <summary>
    /// What the command line says against a line; the program's name and a shell's redirections are left out.
    /// </summary>
    public static IReadOnlyList<string> ErrorsOf(string line) =>
        [.. ErrorsOf(WordsOf(line)).Select(e => $"{line}: {e}")];

    /// <summary>What the command line says against words.</summary>
    public static IReadOnlyList<string> ErrorsOf(IReadOnlyList<string> words) =>
        UsageCheck.Problems(Root().Parse(words, UsageCheck.Parser), words);

    /// <summary>The words after the program's name, up to what is the shell's.</summary>
    public static string[] WordsOf(string line)
    {
        var words = Word()
            .Matches(line)
            .Select(m => m.Value.Replace("\"", "", StringComparison.Ordinal))
            .SkipWhile(w => !w.EndsWith("reconciler", StringComparison.Ordinal))
            .Skip(1);
        return
        [
            .. words
                .TakeWhile(w => w is not ("|" or "||" or "&&" or ";" or ">" or ">>" or "#") && !w.StartsWith('>'))
                .Select(w => w.TrimEnd(')')),
        ];
    }

    [GeneratedRegex("(?:\"[^\"]*\"|\\S)+", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Word();
}
