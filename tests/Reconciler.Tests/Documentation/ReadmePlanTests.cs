using System.Text.RegularExpressions;
using Reconciler.Sandbox;
using Reconciler.Testing.Documentation;
using Reconciler.Verbs;

namespace Reconciler.Tests.Documentation;

/// <summary>The plan in the README is the one that the demo's pull request leads to, letter for letter.</summary>
public sealed partial class ReadmePlanTests
{
    [Fact]
    public async Task The_readme_shows_the_plan_that_the_program_prints()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var sandbox = await SandboxServer.StartAsync(DemoStory.Vendors(TimeProvider.System), cancellation);
        using var folder = new DocumentFolder();
        var shown = MarkdownPage
            .Of("README.md")
            .Commands.Where(c => c.Output is not null && CommandLines(c).StartsWith("plan ", StringComparison.Ordinal))
            .ToList();
        Assert.Equal("reconciler plan people", Assert.Single(shown).Line);

        Write(folder, DemoStory.Before);
        await RunAsync(folder, sandbox, "reconciler apply people --yes", cancellation);
        foreach (var (connection, project) in DemoStory.Inviting)
            sandbox.Connection(connection).Accept(project, DemoStory.Invited);
        Write(folder, DemoStory.After);
        var printed = await RunAsync(folder, sandbox, shown[0].Line, cancellation);
        Assert.Null(ShownOutput.Difference(Neutral(shown[0].Output!), Neutral(printed)));
    }

    /// <summary>
    /// Every other output in the README is compared by <see cref="CommandsTests"/>: its command needs no vendor.
    /// </summary>
    [Fact]
    public void No_other_output_of_the_readme_needs_a_vendor() =>
        Assert.All(
            MarkdownPage.Of("README.md").Commands.Where(c => c.Output is not null).Select(CommandLines),
            line => Assert.Matches("^(plan people|validate .*)$", line)
        );

    private static string CommandLines(DocumentedCommand command) =>
        string.Join(' ', Reconciler.Testing.Hosts.CommandLines.WordsOf(command.Line));

    private static void Write(DocumentFolder folder, IReadOnlyDictionary<string, string> files)
    {
        var people = Directory.CreateDirectory(Path.Combine(folder.Path, "people"));
        foreach (var (name, text) in files)
            File.WriteAllText(Path.Combine(people.FullName, name), text);
    }

    private static async Task<string> RunAsync(
        DocumentFolder folder,
        SandboxServer sandbox,
        string line,
        CancellationToken cancellation
    )
    {
        using var output = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = output,
            Error = output,
            In = TextReader.Null,
            Variable = n => n == DemoStory.Variable ? DemoStory.Token : null,
            Folder = folder.Path,
        };
        var at = DemoStory.Projects.SelectMany(p =>
            (string[])["--base-url", $"{p.Connection}={sandbox.BaseUrl(p.Connection)}"]
        );
        var code = await Cli.RunAsync(
            [.. Reconciler.Testing.Hosts.CommandLines.WordsOf(line), .. at],
            environment,
            cancellation
        );
        Assert.True(code == ExitCode.Done, $"{line} exits with {code}\n{output}");
        return output.ToString();
    }

    // A digest covers the sandbox's address, which has another port each time.
    private static string Neutral(string text) => Digest().Replace(text, "sha256:…");

    [GeneratedRegex("sha256:[0-9a-f]{64}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Digest();
}
