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
        var played = new List<string>();

        foreach (var block in page.Blocks)
        {
            if (block.IsManifest)
                folder.Write(block);
            foreach (var command in page.CommandsOf(block).Where(c => PageRegister.IsPlayed(page.Path, c)))
            {
                // The test's environment has the variables already.
                if (command.Line.StartsWith("export ", StringComparison.Ordinal))
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

    private static void AssertShown(DocumentedCommand command, string output)
    {
        if (command.Output is { } shown && ShownOutput.Difference(shown, Neutral(output)) is { } difference)
            Assert.Fail($"{command.Place}: {difference}");
    }

    // The reader needs no --base-url, and a digest covers it.
    private static string Neutral(string output) => Digest().Replace(BaseUrl().Replace(output, ""), "sha256:…");

    [GeneratedRegex(" --base-url [^ \n]+", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex BaseUrl();

    [GeneratedRegex("sha256:[0-9a-f]{64}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Digest();
}
