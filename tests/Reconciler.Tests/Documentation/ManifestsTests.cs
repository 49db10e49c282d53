using Reconciler.Testing;
using Reconciler.Testing.Documentation;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests.Documentation;

/// <summary>Every manifest of the documentation is valid, as <c>reconciler validate</c> says.</summary>
public sealed class ManifestsTests
{
    private const string Migrating = "docs/migrating.md";

    private static readonly StandingClock Clock = new(new(2026, 8, 1, 0, 0, 0, TimeSpan.Zero));

    public static TheoryData<string> Pages =>
        [.. MarkdownPage.Paths.Where(p => MarkdownPage.Of(p).Blocks.Any(b => b.IsManifest))];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_manifests_of_a_page_are_valid_together(string path)
    {
        // Each section of the page about migration is a world of its own; elsewhere a page is. A later block replaces
        // the file that it names again.
        foreach (
            var blocks in MarkdownPage
                .Of(path)
                .Blocks.Where(b => b.IsManifest)
                .GroupBy(b => path == Migrating ? b.Section : "", StringComparer.Ordinal)
        )
        {
            using var folder = new DocumentFolder();
            using var approvals = new DocumentFolder();
            using var vendors = new DocumentFolder();
            if (path == "README.md")
                folder.CopyFromExample("connections.yaml", "people.yaml", "roles.yaml", "teams.yaml");
            // Approvals and VendorDefinitions belong to the runner.
            foreach (var block in blocks)
            {
                var into =
                    block.Text.Contains("kind: Approval", StringComparison.Ordinal) ? approvals
                    : block.Text.Contains("kind: VendorDefinition", StringComparison.Ordinal) ? vendors
                    : folder;
                into.Write(block);
            }

            var (code, output) = await ValidateAsync(
                folder.Path,
                ["--approvals", approvals.Path, .. VendorsOf(vendors.Path)]
            );

            Assert.True(code == ExitCode.Done, $"{path}, {blocks.Key}:\n{output}");
            Assert.Contains("Valid: ", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Each_way_to_migrate_has_its_before_and_its_after()
    {
        var page = MarkdownPage.Of(Migrating);
        foreach (var tool in (string[])["From Peribolos", "From safe-settings", "From Terraform"])
        {
            var blocks = page.Blocks.Where(b => b.Section == tool).ToList();
            Assert.Contains(
                blocks,
                b => b.IsManifest && b.Text.Contains("kind: ProjectMembership", StringComparison.Ordinal)
            );
            Assert.Contains(blocks, b => b is { Language: "yaml" or "hcl", IsManifest: false });
        }
    }

    private static string[] VendorsOf(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Any() ? ["--vendors", folder] : [];

    private static async Task<(int Code, string Output)> ValidateAsync(string folder, string[] runner)
    {
        using var output = new StringWriter { NewLine = "\n" };
        // acme.example is the host that the page about GoRules gives to a customer.
        var code = await Cli.RunAsync(
            ["validate", ".", "--allow-host", "acme.example", .. runner, "--allow-empty"],
            CommandLines.Environment(output) with
            {
                Folder = folder,
                Clock = Clock,
            },
            TestContext.Current.CancellationToken
        );
        return (code, output.ToString());
    }
}
