using System.Text.RegularExpressions;
using Reconciler.Help;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Documentation;
using Reconciler.Testing.Hosts.Documentation;

namespace Reconciler.Tests.Documentation;

/// <summary>
/// The commands of README and docs are typed into a shell, in the order of their page, and end as the page says.
/// </summary>
[Trait("Runs", "Program")]
public sealed partial class PlayedPagesTests
{
    // Raise this number only together with a reason that stands in the list.
    private const int UnplayedCommands = 62;

    private const string Metal = "docs/providers/equinix-metal.md";
    private const string Boards = "docs/vendors/describe-your-vendor.md";
    private const string Tokens =
        "RECONCILER_CLARIFEYE_TOKEN,RECONCILER_CONFIDENT_AI_TOKEN,"
        + "RECONCILER_EQUINIX_METAL_TOKEN,RECONCILER_METAL_TOKEN";

    // What the token's user can answer, one each for accept and decline.
    private const string Invitations = """
        - id: 7f5e1a90-0000-4d0c-9d21-8b0a4f3c2d01
          provider: equinix-metal
          organization: 7f5e1a90-52b1-4d0c-9d21-8b0a4f3c2d11
          invitations:
          - {email: bot@example.com, access: {roles: [admin]}}
        - id: 7f5e1a90-0000-4d0c-9d21-8b0a4f3c2d02
          provider: equinix-metal
          organization: 7f5e1a90-52b1-4d0c-9d21-8b0a4f3c2d11
          invitations:
          - {email: bot@example.com, access: {roles: [admin]}}

        """;

    private static readonly string[] Languages = ["sh", "bash", "console", "yaml", "json", "hcl", "nginx", "text"];

    public static TheoryData<string> Pages => [.. WithCommands.Except(OfOthers, StringComparer.Ordinal)];

    public static TheoryData<string> All => [.. MarkdownPage.Documentation];

    private static IEnumerable<string> WithCommands =>
        MarkdownPage.Documentation.Where(p => MarkdownPage.Of(p).Blocks.Any(b => b.IsCommands));

    private static IEnumerable<string> OfOthers => PageRegister.OwnTests.Keys.Concat(PageRegister.InCluster);

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Whoever_types_what_a_page_says_gets_what_it_shows(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The pages are for the shell bash.");
        var page = MarkdownPage.Of(path);
        await using var sandbox = await SandboxServer.StartAsync(
            new() { Seed = Seed(path) },
            TestContext.Current.CancellationToken
        );
        await using var boards = await BoardsServer.StartAsync();
        using var shell = new ReaderShell();
        foreach (var name in Tokens.Split(','))
            shell.Variables[name] = "anything";
        shell.Words.Add(("/var/lib/reconciler", $"{shell.Folder}/.reconciler"));
        await PrepareAsync(path, page, shell, sandbox);
        if (path == Boards)
        {
            Directory.Delete(Path.Combine(shell.Folder, "vendors"), recursive: true);
            shell.Words.Add((BoardsServer.PublicUrl, boards.Url));
            shell.Connect([("boards", boards.Url)]);
        }

        var played = await shell.PlayAsync(page);

        Assert.Equal(page.Blocks.SelectMany(page.CommandsOf).Count(c => PageRegister.IsPlayed(path, c)), played.Count);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_block_says_what_it_holds_and_commands_stand_only_where_they_are_played(string path) =>
        Assert.All(
            MarkdownPage.Of(path).Blocks,
            block =>
            {
                Assert.True(Languages.Contains(block.Language), $"{path}:{block.Line}: ```{block.Language}");
                if (block.IsCommands)
                    Assert.NotEmpty(MarkdownPage.Of(path).CommandsOf(block));
                // The page of commands shows how each is written, which nobody types.
                else if (block.Language == "text" && path != CommandPage.Path)
                    Assert.DoesNotContain(block.Lines, Typed().IsMatch);
            }
        );

    [Fact]
    public void What_no_test_plays_stands_on_its_page_and_has_a_reason()
    {
        Assert.All(
            PageRegister.Unplayed,
            unplayed =>
            {
                var page = MarkdownPage.Of(unplayed.Page);
                Assert.Contains(page.Blocks.SelectMany(page.CommandsOf), unplayed.Is);
                Assert.True(unplayed.Reason.Length > 10, unplayed.ToString());
            }
        );
        Assert.Equal(UnplayedCommands, PageRegister.Unplayed.Count);
    }

    [Fact]
    public void Every_page_with_commands_has_a_test_that_plays_it()
    {
        Assert.Empty(OfOthers.Except(WithCommands, StringComparer.Ordinal));
        Assert.All(
            PageRegister.OwnTests,
            page =>
                Assert.Contains(
                    Directory.EnumerateFiles(Repository.At("tests"), $"{page.Value}.cs", SearchOption.AllDirectories),
                    f => File.ReadAllText(f).Contains($"\"{page.Key}\"", StringComparison.Ordinal)
                )
        );
    }

    private static SandboxSeed Seed(string path) =>
        SandboxSeed.Parse(
            path == Metal
                ? $"projects:\n{Invitations}"
                : File.ReadAllText(Repository.At("examples/sandbox/seed.yaml")) + Invitations
        );

    private static async Task PrepareAsync(string path, MarkdownPage page, ReaderShell shell, SandboxServer sandbox)
    {
        foreach (var (id, project) in ((string, string)[])[("1f2e3d4c", "01"), ("9a8b7c6d", "02")])
        {
            var invitations = sandbox
                .Connection("equinix-metal")
                .Invitations($"7f5e1a90-0000-4d0c-9d21-8b0a4f3c2d{project}");
            shell.Words.Add((id, invitations[0].Id));
        }

        if (path == Metal)
        {
            shell.Connect([("metal", sandbox.BaseUrl("equinix-metal"))]);
            Directory.CreateDirectory(Path.Combine(shell.Folder, "people"));
            await File.WriteAllTextAsync(
                Path.Combine(shell.Folder, "people", "metal.yaml"),
                page.Blocks.First(b => b.IsManifest).Text,
                TestContext.Current.CancellationToken
            );
            return;
        }

        shell.CopyExample("examples/acme", "people");
        shell.CopyExample("examples/acme", "last-applied");
        shell.Connect(
            ((string[])["clarifeye-eu", "confident-ai-eu", "equinix-metal"]).Select(c => (c, sandbox.BaseUrl(c)))
        );
        File.Copy(Repository.At("examples/acme/guardrails.yaml"), Path.Combine(shell.Folder, "limits.yaml"));
        await File.WriteAllTextAsync(
            Path.Combine(shell.Folder, "worker.yaml"),
            "source: {folder: {path: people}}\n",
            TestContext.Current.CancellationToken
        );
        // These pages look at what an apply has left behind.
        if (path is "docs/state.md" or "docs/worker/running.md" or "docs/upgrading.md")
            Assert.Equal(0, (await shell.TypeAsync("reconciler apply people")).Code);
    }

    [GeneratedRegex(@"^\s*(\$ |(reconciler|kubectl|helm|docker|dotnet) [a-z])", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Typed();
}
