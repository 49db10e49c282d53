using System.Text.Json.Nodes;
using Reconciler.Core.Manifests;
using Reconciler.Core.Resolving;
using Reconciler.Kubernetes.Client;
using Reconciler.Manifests;
using Reconciler.Manifests.Loading;
using Reconciler.Manifests.Writing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Kubernetes.Servers;
using Reconciler.Testing.Sources;

namespace Reconciler.Operator.Tests.Schemas;

/// <summary>A resource means what a file means: whatever the reader takes, a real API server takes too.</summary>
public sealed class CrdReaderTests(KubeApiServer server)
{
    private const int Documents = 80;

    public static TheoryData<string> Kinds => [.. ManifestKind.All.Select(k => k.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_the_reader_accepts_the_server_accepts(string name)
    {
        using var client = await CrdCluster.ClientAsync(server);
        var kind = ManifestKind.All.Single(k => k.Name == name);
        for (var seed = 0; seed < Documents; seed++)
        {
            var document = new ManifestValues(new(seed)).Document(kind);
            Assert.Equal(
                [],
                Reading
                    .Text(YamlBlock.Write(document))
                    .Problems.Where(p => !p.Contains("mixes scripts", StringComparison.Ordinal))
            );

            var refusal = await CrdCluster.RefusalAsync(client, "default", (JsonObject)document.DeepClone());

            Assert.True(refusal is null, $"seed {seed}: {refusal}\n{YamlBlock.Write(document)}");
        }
    }

    // An AccessRole is access words alone, which the vendors judge.
    [Theory]
    [InlineData("AccessProvider")]
    [InlineData("ProjectMembership")]
    [InlineData("Team")]
    [InlineData("Person")]
    [InlineData("Guardrail")]
    public async Task What_the_server_refuses_the_reader_refuses(string name)
    {
        using var client = await CrdCluster.ClientAsync(server);
        var kind = ManifestKind.All.Single(k => k.Name == name);
        var (both, reader) = (0, 0);
        for (var seed = 0; seed < Documents; seed++)
        {
            var values = new ManifestValues(new(seed));
            var document = values.Document(kind);
            values.Disturb(document);

            var refusal = await CrdCluster.RefusalAsync(client, "default", (JsonObject)document.DeepClone());

            var refused = IsRefused(YamlBlock.Write(document));
            Assert.True(refusal is null || refused, $"seed {seed}: {refusal}\n{YamlBlock.Write(document)}");
            if (refused && refusal is not null)
                both++;
            if (refused)
                reader++;
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"of {Documents}, the reader refused {reader} and the server {both}"
        );
        Assert.True(both > 0, "nothing was disturbed");
    }

    // Where a token goes is judged when everything is resolved, so that a refused URL hides no other problem.
    private static bool IsRefused(string document)
    {
        var (set, problems) = (new ManifestSet(), new Problems());
        ManifestReader.ReadText("a.yaml", document, set, problems);
        if (problems.HasErrors)
            return true;
        Resolver.Resolve(set, new(ProgramVendors.All, DateTimeOffset.UnixEpoch), problems);
        return problems.Sorted.Any(p => p.ToString().Contains("spec.baseUrl: is ", StringComparison.Ordinal));
    }
}
