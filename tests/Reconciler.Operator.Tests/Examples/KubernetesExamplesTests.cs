using System.Text.RegularExpressions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;
using Reconciler.Kubernetes.Client;
using Reconciler.Manifests;
using Reconciler.Operator.Tests.Charts;
using Reconciler.Operator.Tests.Schemas;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using Reconciler.Testing.Sources;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Operator.Tests.Examples;

/// <summary>
/// <c>examples/kubernetes</c> and the one beside it for the sandbox: what the reader takes, and what a real API server
/// takes from a real kubectl.
/// </summary>
public sealed partial class KubernetesExamplesTests(KubeApiServer server)
{
    private const string Folder = "examples/kubernetes";
    private const string Sandbox = "examples/kubernetes-sandbox";

    private static readonly RunnerRules Rules = new(ProgramVendors.All, new(2026, 8, 1, 0, 0, 0, TimeSpan.Zero));

    public static TheoryData<string> Own =>
        [
            .. new[] { Folder, Sandbox }
                .SelectMany(f => Directory.EnumerateFiles(Repository.At(f), "*.yaml", SearchOption.AllDirectories))
                .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];

    [Fact]
    public void The_example_is_valid_and_names_its_Secret_as_the_operator_wants_it()
    {
        var (state, set) = Resolve(Folder, Rules);
        Assert.Equal("access/fraud-detection", Assert.Single(state.Projects).Id);
        Assert.True(state.Projects[0].DryRun);

        var secret = Assert.Single(Documents($"{Folder}/secret.yaml"));
        var reference = Assert.Single(set.All<AccessProvider>()).Spec.Credentials.Token.SecretRef!;
        Assert.Equal(
            (reference.Name, "true"),
            (Text(secret, "metadata", "name"), Text(secret, "metadata", "labels", "reconciler.dev/credential"))
        );
        Assert.NotEmpty(Text(secret, "stringData", reference.Key));
    }

    [Fact]
    public void The_example_for_the_sandbox_is_valid_where_its_host_is_allowed() =>
        Assert.Equal(
            "default/support-bot",
            Assert.Single(Resolve(Sandbox, Rules with { AllowedHosts = ["127.0.0.1"] }).State.Projects).Id
        );

    [Fact]
    public void The_kustomization_names_every_manifest_beside_it_but_the_Secret_with_its_placeholder() =>
        Assert.Equal(
            Directory
                .EnumerateFiles(Repository.At(Folder), "*.yaml")
                .Select(Path.GetFileName)
                .Where(f => f is not ("kustomization.yaml" or "approval.yaml" or "secret.yaml"))
                .Order(StringComparer.Ordinal),
            ((YamlSequenceNode)Documents($"{Folder}/kustomization.yaml").Single()["resources"])
                .Select(r => r.ToString())
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("-k", Folder)]
    [InlineData("-f", Sandbox)]
    public async Task A_real_API_server_takes_the_example(string option, string path)
    {
        using var client = await CrdCluster.ClientAsync(server);
        using var folder = new Reconciler.Testing.Sources.TemporaryFolder();
        var kubeconfig = await server.KubeConfigAsync(folder.Path);
        // A dry run keeps nothing, so the namespace that the other resources of the example need is made before.
        await KubeTools.KubectlAsync("", "--kubeconfig", kubeconfig, "create", "namespace", "access");

        var said = (
            await KubeTools.KubectlAsync(
                "",
                "--kubeconfig",
                kubeconfig,
                "apply",
                "--dry-run=server",
                option,
                Repository.At(path)
            )
        ).Succeeded();

        Assert.Contains("projectmembership.reconciler.dev/", said, StringComparison.Ordinal);
        Assert.All(
            said.Trim().Split('\n'),
            line => Assert.EndsWith("(server dry run)", line, StringComparison.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void A_file_can_be_read_and_uses_reserved_domains_and_hosts_only(string path)
    {
        Assert.NotEmpty(Documents(path));
        Assert.All(
            Host().Matches(File.ReadAllText(Repository.At(path))),
            m =>
                Assert.Matches(
                    @"^(127\.0\.0\.1|github\.com|eu\.app\.clarifeye\.ai|kubernetes\.default\.svc|(.+\.)?example(\.com)?)$",
                    m.Groups["host"].Value
                )
        );
    }

    [Fact]
    public void There_is_a_health_check_for_each_kind_that_has_a_status() =>
        Assert.Equal(
            [
                "resource.customizations.health.reconciler.dev_AccessProvider",
                "resource.customizations.health.reconciler.dev_ProjectMembership",
            ],
            ArgoHealth.Checks.Keys.Order(StringComparer.Ordinal)
        );

    private static (DesiredState State, ManifestSet Set) Resolve(string path, RunnerRules rules)
    {
        var problems = new Problems();
        var set = ManifestReader.ReadAll([Repository.At(path)], [], problems);
        var state = Resolver.Resolve(set, rules, problems);
        Assert.Empty(problems.Sorted);
        return (state, set);
    }

    private static List<YamlNode> Documents(string path)
    {
        var stream = new YamlStream();
        using var reader = File.OpenText(Repository.At(path));
        stream.Load(reader);
        return [.. stream.Documents.Select(d => d.RootNode)];
    }

    private static string Text(YamlNode node, params IEnumerable<string> path) =>
        path.Aggregate(node, (at, key) => at[key]).ToString();

    [GeneratedRegex(@"(?:https?://|[a-z]@)(?<host>[A-Za-z0-9.-]+)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Host();
}
