using Reconciler.Operator.Tests.Charts;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Documentation;
using Reconciler.Testing.Hosts.Documentation;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Operator.Tests.Documentation;

/// <summary>
/// The commands of the pages about Kubernetes are typed into a shell, in the order of their page, at a real API server
/// with an operator beside the imitated vendor.
/// </summary>
[Trait("Runs", "Program")]
public sealed class ClusterPagesTests(KubeApiServer server)
{
    private const string Connection = "confident-ai-demo";
    private const string Example = "examples/kubernetes-sandbox/people.yaml";

    public static TheoryData<string> Pages => [.. PageRegister.InCluster];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Whoever_types_what_a_page_says_gets_what_it_shows(string path)
    {
        var page = MarkdownPage.Of(path);
        await using var scene = await SceneAsync();
        using var shell = await ShellAsync(scene);
        shell.Words.Add(("pm NAME", "pm support-bot"));
        if (path == "docs/operator/gitops.md")
        {
            // What Argo CD has brought along.
            await TypeAsync(shell, "kubectl create namespace argocd");
            await TypeAsync(shell, "kubectl -n argocd create configmap argocd-cm");
        }

        var played = await shell.PlayAsync(page);

        Assert.NotEmpty(played);
    }

    [Fact]
    public async Task The_example_is_applied_as_the_operators_page_says_and_the_token_stays()
    {
        var page = MarkdownPage.Of("docs/operator/README.md");
        await using var scene = await SceneAsync();
        using var shell = await ShellAsync(scene);
        var space = $"access-{scene.Space}";
        shell.Words.Add(("namespace access", $"namespace {space}"));
        shell.Words.Add(("-n access ", $"-n {space} "));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(shell.Folder, "examples/kubernetes"), "*.yaml"))
        {
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(
                file,
                text.Replace("namespace: access", $"namespace: {space}", StringComparison.Ordinal)
                    .Replace("name: access\n", $"name: {space}\n", StringComparison.Ordinal),
                TestContext.Current.CancellationToken
            );
        }

        foreach (
            var command in page
                .Blocks.SkipWhile(b => b.Section != OperatorFirstStepsTests.OwnProject)
                .SelectMany(page.CommandsOf)
        )
            await shell.PlayAsync(command);

        var token = await TypeAsync(
            shell,
            $"kubectl -n {space} get secret clarifeye-eu -o jsonpath={{.data.token}} | base64 -d"
        );
        Assert.Equal("anything", token.Trim());
    }

    private async Task<OperatorScene> SceneAsync()
    {
        KubeTools.Find("kubectl");
        var seed = await File.ReadAllTextAsync(
            Repository.At("examples/compose/seed.yaml"),
            TestContext.Current.CancellationToken
        );
        var scene = await OperatorScene.SetAsync(server, SandboxSeed.Parse(seed));
        scene.Start();
        return scene;
    }

    private async Task<ReaderShell> ShellAsync(OperatorScene scene)
    {
        var shell = new ReaderShell();
        shell.CopyExample("examples/acme", "people");
        var tools = Path.GetDirectoryName(KubeTools.Find("kubectl"));
        shell.Variables["PATH"] = $"{tools}{Path.PathSeparator}{shell.Variables["PATH"]}";
        shell.Variables["KUBECONFIG"] = await server.KubeConfigAsync(shell.Folder);
        var people = Path.Combine(shell.Folder, Example);
        var text = await File.ReadAllTextAsync(people, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            people,
            text.Replace(
                $"http://127.0.0.1:8765/{Connection}",
                scene.Sandbox.BaseUrl(Connection),
                StringComparison.Ordinal
            ),
            TestContext.Current.CancellationToken
        );
        await TypeAsync(shell, $"kubectl config set-context --current --namespace {scene.Space}");
        await TypeAsync(shell, $"kubectl apply -f {Example}");
        await TypeAsync(shell, "kubectl wait --for=condition=Ready pm/support-bot --timeout=90s");
        return shell;
    }

    private static async Task<string> TypeAsync(ReaderShell shell, string line)
    {
        var (code, said) = await shell.TypeAsync(line);
        Assert.True(code == 0, $"{line}\nexits with {code}\n{said}");
        return said;
    }
}
