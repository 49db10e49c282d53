using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Tests.Vendors;
using Reconciler.Testing.Kubernetes.Servers;
using Reconciler.Testing.Sources;

namespace Reconciler.Operator.Tests.Charts;

/// <summary>A real API server takes everything that the chart renders for its version.</summary>
public sealed partial class ChartServerTests(KubeApiServer plain, DescribedApiServer described)
{
    private static readonly ResourceType<JsonObject> Namespaces = ResourceType.Untyped(
        "",
        "v1",
        "namespaces",
        "Namespace"
    );

    private const string Space = "rendered-charts";

    public static TheoryData<string> Names => [.. Chart.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_server_takes_what_the_chart_renders(string name)
    {
        var server = name == "operator-vendors" ? described.Server : plain;
        using var admin = await server.ClientAsync();
        using var folder = new TemporaryFolder();
        var config = await server.KubeConfigAsync(folder.Path);
        var version = Chart.VersionOf(await admin.GetVersionAsync(TestContext.Current.CancellationToken));
        // An old server refuses rules in CEL, whatever a case asks for.
        var objects = await Chart.ObjectsAsync(name, version, "--set", "crds.cel=auto");
        // The documentation's readers make namespaces of the same names on this server.
        await EnsureAsync(admin, Space);
        await ChartRole.ApplyDefinitionsAsync(config, objects);
        // The server does not know ServiceMonitor, which only the Prometheus operator defines.
        var known = objects.Where(o => Chart.Text(o, "kind") != "ServiceMonitor").ToList();

        var said = (
            await KubeTools.KubectlAsync(
                Namespace().Replace(ChartRole.TextOf(known), $"namespace: {Space}"),
                "--kubeconfig",
                config,
                "apply",
                "--server-side",
                "--dry-run=server",
                "--force-conflicts",
                "--validate=strict",
                "--filename",
                "-"
            )
        ).Succeeded();

        Assert.Equal(
            known.Count,
            said.Split('\n').Count(l => l.EndsWith("serverside-applied (server dry run)", StringComparison.Ordinal))
        );
    }

    private static async Task EnsureAsync(ClusterClient admin, string space)
    {
        try
        {
            await admin.CreateAsync(
                Namespaces,
                null,
                new() { ["metadata"] = new JsonObject { ["name"] = space } },
                TestContext.Current.CancellationToken
            );
        }
        catch (KubernetesException there) when (there.IsAlreadyExists)
        {
            // Another case has made the namespace already.
        }
    }

    [GeneratedRegex("namespace: \"?[a-z0-9-]+\"?$", RegexOptions.Multiline, 60_000)]
    private static partial Regex Namespace();
}
