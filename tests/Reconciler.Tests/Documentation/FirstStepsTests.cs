using System.Text.RegularExpressions;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Documentation;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests.Documentation;

/// <summary>
/// <c>docs/first-steps.md</c>, played from top to bottom by somebody who does what it says, against the imitated
/// vendor.
/// </summary>
public sealed partial class FirstStepsTests
{
    private const string Connection = "confident-ai-eu";

    // Who is in the project before the page begins.
    private const string Seed = """
        token: first-token
        projects:
        - id: cm2v7k0d10001
          provider: confident-ai-eu
          name: Evals
          members:
          - {email: olga@example.com, access: {role: Owner}}
          - {email: bob@example.com, access: {role: Member}}
        """;

    [Fact]
    public async Task Whoever_follows_the_page_gets_what_it_shows()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var clock = new StandingClock(new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        await using var sandbox = await SandboxServer.StartAsync(
            new() { Seed = SandboxSeed.Parse(Seed), Clock = clock },
            cancellation
        );
        using var folder = new DocumentFolder();
        var page = MarkdownPage.Of("docs/first-steps.md");
        var (commands, played) = (page.Commands.ToList(), new List<string>());

        foreach (var block in page.Blocks)
        {
            if (block.IsManifest)
                folder.Write(block);
            foreach (var command in commands.Where(c => IsIn(block, c)))
            {
                if (
                    !command.Line.Contains("people/", StringComparison.Ordinal)
                    && !command.Line.StartsWith("reconciler state", StringComparison.Ordinal)
                )
                    continue;
                var (code, output) = await RunAsync(command.Line, folder, sandbox, clock, cancellation);
                Assert.True(code == ExitCode.Done, $"{command.Place}: {command.Line} exits with {code}\n{output}");
                AssertShown(command, output);
                played.Add(CommandLines.WordsOf(command.Line)[0]);
            }
        }

        Assert.Equal(["apply", "import", "plan", "state", "validate"], played.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(2, played.Count(v => v == "apply"));
    }

    private static bool IsIn(FencedBlock block, DocumentedCommand command)
    {
        var line = int.Parse(command.Place.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        return line >= block.Line && line < block.Line + block.Lines.Count;
    }

    private static async Task<(int Code, string Output)> RunAsync(
        string line,
        DocumentFolder folder,
        SandboxServer sandbox,
        TimeProvider clock,
        CancellationToken cancellation
    )
    {
        var words = CommandLines.WordsOf(line);
        // The reader has the vendor and can answer yes; the test has the sandbox and cannot.
        string[] at = words[0] is "plan" or "apply" or "import"
            ? ["--base-url", $"{Connection}={sandbox.BaseUrl(Connection)}"]
            : [];
        string[] yes = words[0] == "apply" && !words.Contains("--yes") ? ["--yes"] : [];
        using var output = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = output,
            Error = output,
            In = TextReader.Null,
            Variable = n => n == "RECONCILER_CONFIDENT_AI_TOKEN" ? "first-token" : null,
            Clock = clock,
            Folder = folder.Path,
        };
        var code = await Cli.RunAsync([.. words, .. at, .. yes], environment, cancellation);
        return (code, output.ToString());
    }

    // The page may leave lines out where it shows …; the rest is what is printed, from its first line to its last.
    private static void AssertShown(DocumentedCommand command, string output)
    {
        if (command.Output is not { } shown)
            return;
        var printed = Neutral(output).Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0).ToList();
        var parts = shown
            .Split('\n')
            .Select(l => l.TrimEnd())
            .Where(l => l.Length > 0)
            .Append("…")
            .Aggregate(
                new List<List<string>> { new() },
                (all, line) =>
                {
                    if (line == "…")
                        all.Add([]);
                    else
                        all[^1].Add(line);
                    return all;
                }
            );
        var isOpen = shown.TrimEnd().EndsWith('…');
        var at = 0;
        foreach (var (part, index) in parts.Select((p, i) => (p, i)).Where(p => p.p.Count > 0))
        {
            var found = Enumerable
                .Range(at, Math.Max(0, printed.Count - part.Count - at + 1))
                .Where(i => printed.Skip(i).Take(part.Count).SequenceEqual(part))
                .Select(i => (int?)i)
                .FirstOrDefault();
            Assert.True(
                found is not null && (index > 0 || found == 0),
                $"{command.Place}: the page shows\n{string.Join('\n', part)}\nand the program prints\n{output}"
            );
            at = found!.Value + part.Count;
        }

        Assert.True(
            isOpen || at == printed.Count,
            $"{command.Place}: the page ends before the program does:\n{output}"
        );
    }

    // The reader needs no --base-url, and a digest covers it.
    private static string Neutral(string output) => Digest().Replace(BaseUrl().Replace(output, ""), "sha256:…");

    [GeneratedRegex(" --base-url [^ \n]+", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex BaseUrl();

    [GeneratedRegex("sha256:[0-9a-f]{64}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Digest();
}
