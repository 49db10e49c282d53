using Reconciler.Operator.Tests.Documentation;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Documentation;
using Reconciler.Testing.Sources;

namespace Reconciler.Operator.Tests.Vendors;

/// <summary>
/// <c>docs/operator/vendors.md</c>, played with a real kubectl at a real API server: it is not among the pages of the
/// other server, which knows no VendorDefinitions.
/// </summary>
[Collection(DescribedApiServer.Operators)]
public sealed class VendorPageTests(DescribedApiServer described)
{
    [Fact]
    public async Task Whoever_types_what_the_page_says_gets_what_it_shows()
    {
        var page = MarkdownPage.Of("docs/operator/vendors.md");
        var seed = await File.ReadAllTextAsync(
            Repository.At("examples/compose/seed.yaml"),
            TestContext.Current.CancellationToken
        );
        await using var scene = await OperatorScene.SetAsync(
            described.Server,
            SandboxSeed.Parse(seed),
            values: "vendorDefinitions: true"
        );
        using var folder = new TemporaryFolder();
        var example = MarkdownPage
            .Of("docs/vendors/describe-your-vendor.md")
            .Blocks.First(b => b.Lines[0] == "# vendors/boards.yaml");
        folder.Write("vendors/boards.yaml", example.Text);
        var kubeconfig = await described.Server.KubeConfigAsync(folder.Path);
        scene.Start(s => s with { VendorDefinitions = true });

        var commands = page.Blocks.SelectMany(page.CommandsOf).ToList();
        Assert.Equal(2, commands.Count);
        foreach (var command in commands)
            await OperatorFirstStepsTests.PlayAsync(
                command.Line,
                command.Output?.Split('\n') ?? [],
                folder.Path,
                kubeconfig,
                scene
            );
    }
}
