using System.Text.Json.Nodes;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Kubernetes.Client;
using Reconciler.Manifests.Schemas.Crds;
using Reconciler.Operator.Schemas;
using Reconciler.Testing;
using Reconciler.Testing.Kubernetes.Servers;
using Reconciler.Testing.Operator.Schemas;
using Reconciler.Testing.Sources;

namespace Reconciler.Operator.Tests.Schemas;

/// <summary>The bundle and what kubectl makes of it, on a real API server.</summary>
public sealed class CrdBundleTests(KubeApiServer server)
{
    private static readonly ResourceType<JsonObject> Definitions = ResourceType.Untyped(
        "apiextensions.k8s.io",
        "v1",
        "customresourcedefinitions",
        "CustomResourceDefinition"
    );

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_definition_is_established_and_structural()
    {
        using var client = await CrdCluster.ClientAsync(server);
        foreach (var kind in ManifestKind.All)
        {
            var definition = await client.GetAsync(
                Definitions,
                new(null, $"{kind.Plural}.{CrdWriter.Group}"),
                Cancellation
            );

            Assert.Equal(
                ["Established True", "NamesAccepted True"],
                definition["status"]!["conditions"]!
                    .AsArray()
                    .Select(c => $"{c!["type"]} {c["status"]}")
                    .Order(StringComparer.Ordinal)
            );
        }
    }

    [Fact]
    public async Task Applied_again_nothing_changes_and_server_side_apply_takes_it_too()
    {
        using var client = await CrdCluster.ClientAsync(server);

        // Other tests apply the chart's definitions to the same server: what came in between is applied over once more.
        var (again, output) = (0, "");
        for (
            var attempt = 0;
            attempt < 20
                && !output.Trim().Split('\n').All(line => line.EndsWith(" unchanged", StringComparison.Ordinal));
            attempt++
        )
            (again, output) = await CrdCluster.KubectlAsync(server, "apply", "-f", Repository.At(CrdFiles.BundlePath));
        var (serverSide, other) = await CrdCluster.KubectlAsync(
            server,
            "apply",
            "--server-side",
            "--dry-run=server",
            "--force-conflicts",
            "-f",
            Repository.At(CrdFiles.BundlePath)
        );

        Assert.True(again == 0 && serverSide == 0, output + other);
        Assert.All(output.Trim().Split('\n'), line => Assert.EndsWith(" unchanged", line, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Needs", "NewerServer")]
    public async Task A_server_that_knows_CEL_takes_every_rule_at_its_cost()
    {
        using var client = await CrdCluster.ClientAsync(server);
        // Builds of a server may tell no version, and those that know CEL publish OpenAPI v3.
        var (missing, _) = await CrdCluster.KubectlAsync(server, "get", "--raw", "/openapi/v3");
        Assert.SkipWhen(
            missing != 0,
            "This API server knows no CEL: name a folder with kube-apiserver 1.25 or newer in KUBEBUILDER_ASSETS to "
                + "run this test."
        );

        var (code, output) = await CrdCluster.KubectlAsync(
            server,
            "apply",
            "--server-side",
            "--dry-run=server",
            "--force-conflicts",
            "-f",
            Repository.At("charts/reconciler/files/crds-cel")
        );

        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task The_annotation_of_kubectl_stays_far_below_its_limit()
    {
        using var client = await CrdCluster.ClientAsync(server);
        foreach (var kind in ManifestKind.All)
        {
            var definition = await client.GetAsync(
                Definitions,
                new(null, $"{kind.Plural}.{CrdWriter.Group}"),
                Cancellation
            );

            Assert.InRange(
                (
                    (string)definition["metadata"]!["annotations"]!["kubectl.kubernetes.io/last-applied-configuration"]!
                ).Length,
                1,
                262_144 / 4
            );
        }
    }

    [Theory]
    [InlineData("pm", "NAME PROVIDER READY PLAN AGE REASON PROJECT MESSAGE")]
    [InlineData("ap", "NAME TYPE READY MEMBERSHIPS AGE BASE URL MESSAGE")]
    [InlineData("rteam", "NAME AGE")]
    [InlineData("ar", "NAME AGE CONFIDENT AI EQUINIX METAL GORULES")]
    [InlineData("rperson", "NAME EMAIL DEPARTED AGE")]
    [InlineData("rapproval", "NAME REASON EXPIRES AGE HOLD")]
    [InlineData("gr", "NAME REMOVALS PERCENT INVITATIONS ADMINS AGE BY PROVIDER WINDOW")]
    public async Task Kubectl_shows_columns_under_the_short_name(string name, string columns)
    {
        using var client = await CrdCluster.ClientAsync(server);
        var space = await KubeApiServer.NamespaceAsync(client);
        using var folder = new TemporaryFolder();
        var examples = folder.Write(
            "all.yaml",
            string.Join("---\n", ManifestKind.All.Select(Reconciler.Manifests.Schemas.ReferenceExamples.Of))
        );
        var (applied, said) = await CrdCluster.KubectlAsync(server, "apply", "-n", space, "-f", examples);
        Assert.True(applied == 0, said);

        var (_, output) = await CrdCluster.KubectlAsync(server, "get", name, "-n", space, "-o", "wide");
        var (_, category) = await CrdCluster.KubectlAsync(server, "get", "reconciler", "-n", space, "-o", "name");

        Assert.Equal(
            columns,
            string.Join(' ', output.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        );
        Assert.Equal(ManifestKind.All.Length, category.Trim().Split('\n').Length);
    }

    [Fact]
    public async Task Every_example_is_accepted()
    {
        using var client = await CrdCluster.ClientAsync(server);
        var space = await KubeApiServer.NamespaceAsync(client);
        var files = Directory
            .EnumerateFiles(Repository.At("examples"), "*.yaml", SearchOption.AllDirectories)
            .Where(f => File.ReadAllText(f).Contains(Manifest.ApiVersion, StringComparison.Ordinal));
        var manifests = files
            .SelectMany(f =>
                YamlTree
                    .All(File.ReadAllText(f))
                    .OfType<JsonObject>()
                    .Where(m => (string?)m["apiVersion"] == Manifest.ApiVersion)
                    .Select(m => (File: f, Manifest: m))
            )
            .ToList();

        Assert.All(ManifestKind.All, k => Assert.Contains(manifests, m => (string)m.Manifest["kind"]! == k.Name));
        foreach (var (file, manifest) in manifests)
        {
            // Some name the namespace that they are for.
            ((JsonObject)manifest["metadata"]!).Remove("namespace");
            var refusal = await CrdCluster.RefusalAsync(client, space, manifest);
            Assert.True(refusal is null, $"{file}: {refusal}");
        }
    }

    [Fact]
    public async Task A_mistyped_field_is_kept_so_that_the_reader_can_refuse_it()
    {
        using var client = await CrdCluster.ClientAsync(server);
        var space = await KubeApiServer.NamespaceAsync(client);
        var mistyped = YamlTree.One(
            """
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: typo}
            dryRun: true
            spec:
              provider: clarifeye-eu
              projectId: p
              invitation: {resendAfter: 72h}
              members:
              - {email: ana@example.com, access: {permissions: [CAN_VIEW_DATA], profil: x}, expiresAtt: 2026-12-31}
            """
        );

        await client.CreateAsync(CrdCluster.TypeOf("ProjectMembership"), space, mistyped, Cancellation);

        var kept = await client.GetAsync(CrdCluster.TypeOf("ProjectMembership"), new(space, "typo"), Cancellation);
        Assert.True(
            JsonNode.DeepEquals(
                YamlTree.One(
                    """
                    provider: clarifeye-eu
                    projectId: p
                    invitation: {resendAfter: 72h}
                    members:
                    - {email: ana@example.com, access: {permissions: [CAN_VIEW_DATA], profil: x}, expiresAtt: 2026-12-31}
                    """
                ),
                kept["spec"]
            ),
            kept["spec"]!.ToJsonString()
        );
        var problems = Reading.Text(kept.ToJsonString()).Problems;
        Assert.Contains(problems, p => p.Contains("dryRun: unknown field", StringComparison.Ordinal));
        Assert.Contains(
            problems,
            p =>
                p.Contains("members[0].expiresAtt: unknown field", StringComparison.Ordinal)
                && p.EndsWith("did you mean \"expiresAt\"?", StringComparison.Ordinal)
        );
        Assert.Contains(problems, p => p.Contains("invitation: unknown field", StringComparison.Ordinal));
    }
}
