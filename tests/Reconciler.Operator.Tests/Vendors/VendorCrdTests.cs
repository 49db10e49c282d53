using System.Text.Json.Nodes;
using Reconciler.Core.Manifests;
using Reconciler.Kubernetes.Client;
using Reconciler.Manifests.Schemas;
using Reconciler.Operator.Tests.Charts;
using Reconciler.Testing;
using Reconciler.Testing.Kubernetes.Servers;
using Reconciler.Testing.Operator.Schemas;
using Reconciler.Testing.Sources;

namespace Reconciler.Operator.Tests.Vendors;

/// <summary>The definition of the kind VendorDefinition, on a real API server and as the chart installs it.</summary>
public sealed class VendorCrdTests(DescribedApiServer described)
{
    private static readonly string Example = ReferenceExamples.Of(ManifestKind.VendorDefinition);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Definitions =>
        [
            .. Directory
                .EnumerateFiles(Repository.At("vendors"), "*.yaml")
                .Concat(Directory.EnumerateFiles(Repository.At("tests/Reconciler.Testing/Vendors"), "*.yaml"))
                .Select(f => Path.GetRelativePath(Repository.Root, f))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Definitions))]
    public async Task Every_definition_of_the_repository_is_taken_and_kept_as_it_is_written(string file)
    {
        using var client = await ClientAsync();
        var definition = YamlTree.One(await File.ReadAllTextAsync(Repository.At(file), Cancellation));

        var refusal = await RefusalAsync(client, definition);
        Assert.True(refusal is null, refusal);
        var kept = await client.CreateDryAsync(TypeOf("VendorDefinition"), null, definition, Cancellation);

        Assert.True(JsonNode.DeepEquals(definition["spec"], kept["spec"]), kept["spec"]!.ToJsonString());
        Assert.Equal(-1, (long?)kept["status"]!["observedGeneration"]);
    }

    [Theory]
    [InlineData("effect: idempotent", "effect: harmless", "supported values: \"idempotent\", \"mails\", \"transfers\"")]
    [InlineData("title:", "titel:", "spec.title: Required value")]
    [InlineData("- name: role", "- name: The role", "should match '^[a-z][A-Za-z0-9]*$'")]
    [InlineData("items: ", "paging: {by: page, query: [p], size: 20000}\n    items: ", "less than or equal to 10000")]
    public async Task The_server_refuses_at_once_what_the_schema_forbids(string right, string wrong, string says)
    {
        using var client = await ClientAsync();
        Assert.Contains(right, Example, StringComparison.Ordinal);
        var at = Example.IndexOf(right, StringComparison.Ordinal);
        var text = $"{Example[..at]}{wrong}{Example[(at + right.Length)..]}";

        var refusal = await RefusalAsync(client, YamlTree.One(text));

        Assert.Contains(says, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_namespace_has_VendorDefinitions()
    {
        using var client = await ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(client);

        var refused = await Assert.ThrowsAsync<KubernetesException>(() =>
            client.CreateAsync(TypeOf("VendorDefinition"), space, YamlTree.One(Example), Cancellation)
        );

        Assert.True(refused.IsNotFound, refused.ToString());
    }

    [Fact]
    public async Task Words_of_vendors_that_only_a_definition_knows_are_left_to_the_operator()
    {
        using var client = await ClientAsync();
        foreach (
            var document in (string[])
                [
                    "kind: AccessProvider\nspec: {type: redmine, baseUrl: https://r.example, credentials: "
                        + "{token: {secretRef: {name: a, key: b}}}}",
                    "kind: ProjectMembership\nspec: {provider: r, projectId: x, members: "
                        + "[{email: a@example.com, access: {permissions: Reporter, role: [a, b], may: true}}]}",
                    "kind: AccessRole\nspec: {access: {redmine: {roles: [Reporter]}, clarifeye: {role: x}}}",
                    "kind: Guardrail\nspec: {selector: {}, forbiddenAccess: {redmine: {roles: [Manager]}}}",
                ]
        )
        {
            var manifest = YamlTree.One($"apiVersion: reconciler.dev/v1alpha1\nmetadata: {{name: open}}\n{document}\n");

            Assert.Null(await RefusalAsync(client, manifest));
        }
    }

    [Fact]
    public async Task Kubectl_shows_title_and_readiness_under_the_short_name()
    {
        using var client = await ClientAsync();
        using var folder = new TemporaryFolder();
        var config = await described.Server.KubeConfigAsync(folder.Path);
        (await KubeTools.KubectlAsync(Example, "--kubeconfig", config, "apply", "--filename", "-")).Succeeded();

        var shown = (
            await KubeTools.KubectlAsync("", "--kubeconfig", config, "get", "vd", "--output", "wide")
        ).Succeeded();
        var all = (
            await KubeTools.KubectlAsync("", "--kubeconfig", config, "get", "reconciler", "--output", "name")
        ).Succeeded();

        Assert.Equal(
            "NAME TITLE READY AGE REASON DIGEST MESSAGE",
            string.Join(' ', shown.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        );
        Assert.Contains("vendordefinition.reconciler.dev/", all, StringComparison.Ordinal);
    }

    private static ResourceType<JsonObject> TypeOf(string kind) =>
        Schemas.CrdCluster.TypeOf(ManifestKind.OfFiles.Single(k => k.Name == kind));

    private static async Task<string?> RefusalAsync(ClusterClient client, JsonObject manifest)
    {
        try
        {
            var kind = (string)manifest["kind"]!;
            await client.CreateDryAsync(
                TypeOf(kind),
                kind == ManifestKind.VendorDefinition.Name ? null : "default",
                manifest,
                Cancellation
            );
            return null;
        }
        catch (KubernetesException refused) when (refused.Code is 400 or 422)
        {
            return refused.Message;
        }
    }

    private async Task<ClusterClient> ClientAsync()
    {
        var client = await described.Server.ClientAsync();
        using var folder = new TemporaryFolder();
        var version = Chart.VersionOf(await client.GetVersionAsync(Cancellation));
        await ChartRole.ApplyDefinitionsAsync(
            await described.Server.KubeConfigAsync(folder.Path),
            await Chart.ObjectsAsync("operator-vendors", version, "--set", "crds.cel=auto")
        );
        return client;
    }
}
