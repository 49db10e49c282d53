using System.Text.Json.Nodes;
using Reconciler.Core.Manifests;
using Reconciler.Kubernetes.Client;
using Reconciler.Manifests.Loading;
using Reconciler.Manifests.Schemas.Crds;
using Reconciler.Operator.Schemas;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using Reconciler.Testing.Operator.Schemas;

namespace Reconciler.Operator.Tests.Schemas;

/// <summary>
/// What <c>kubectl explain</c> reads. Servers publish OpenAPI v3 from 1.24 on; OpenAPI v2 has no fields of a mapping
/// that keeps unknown ones, so that older servers explain nothing.
/// </summary>
public sealed class CrdExplainTests(KubeApiServer server)
{
    private static readonly ResourceType<JsonObject> Definitions = ResourceType.Untyped(
        "apiextensions.k8s.io",
        "v1",
        "customresourcedefinitions",
        "CustomResourceDefinition"
    );

    [Fact]
    public async Task The_server_keeps_the_description_of_every_field()
    {
        using var client = await CrdCluster.ClientAsync(server);
        var bundle = YamlTree
            .All(CrdFiles.Bundle([.. ProgramVendors.All], describes: false))
            .Select(d => d!.AsObject());
        foreach (var written in bundle)
        {
            var kept = await client.GetAsync(
                Definitions,
                new(null, (string)written["metadata"]!["name"]!),
                TestContext.Current.CancellationToken
            );
            var (expected, actual) = (Descriptions(written), Descriptions(kept));

            Assert.True(expected.Count > 5);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    [Trait("Needs", "NewerServer")]
    public async Task Kubectl_explain_shows_the_description_of_every_field()
    {
        using var client = await CrdCluster.ClientAsync(server);
        var (missing, _) = await CrdCluster.KubectlAsync(server, "get", "--raw", "/openapi/v3");
        Assert.SkipWhen(
            missing != 0,
            "This API server publishes no OpenAPI v3: name a folder with kube-apiserver 1.24 or newer, and kubectl "
                + "1.27 or newer, in KUBEBUILDER_ASSETS to run this test."
        );
        foreach (var kind in ManifestKind.All)
        {
            var definition = YamlTree
                .All(CrdFiles.Bundle([.. ProgramVendors.All], describes: false))
                .Single(d => (string)d!["spec"]!["names"]!["kind"]! == kind.Name)!
                .AsObject();
            foreach (var (path, description) in Descriptions(definition).Where(d => d.Path.Contains('.')))
            {
                var (code, output) = await CrdCluster.KubectlAsync(
                    server,
                    "explain",
                    $"{kind.Plural}.{CrdWriter.Group}.{path}"
                );

                Assert.True(code == 0, $"{path}: {output}");
                Assert.Contains(Words(description), Words(output), StringComparison.Ordinal);
            }
        }
    }

    // kubectl breaks lines where it likes.
    private static string Words(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static List<(string Path, string Description)> Descriptions(JsonObject definition) =>
        [
            .. Inside("", definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject())
                .Where(d => d.Description.Length > 0)
                .OrderBy(d => d.Path, StringComparer.Ordinal),
        ];

    private static IEnumerable<(string Path, string Description)> Inside(string path, JsonObject schema)
    {
        yield return (path, (string?)schema["description"] ?? "");
        var inner = (schema["properties"]?.AsObject() ?? [])
            .Where(p => !(path.Length == 0 && p.Key == "metadata"))
            .SelectMany(p => Inside(path.Length == 0 ? p.Key : $"{path}.{p.Key}", p.Value!.AsObject()));
        // What is below a list is explained by the list's own path.
        var items = (schema["items"] as JsonObject)?["properties"]?.AsObject() ?? [];
        foreach (var found in inner.Concat(items.SelectMany(p => Inside($"{path}.{p.Key}", p.Value!.AsObject()))))
            yield return found;
    }
}
