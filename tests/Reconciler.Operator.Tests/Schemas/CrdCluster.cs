using System.Diagnostics;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests;
using Reconciler.Kubernetes.Client;
using Reconciler.Manifests.Schemas.Crds;
using Reconciler.Operator.Schemas;
using Reconciler.Testing;
using Reconciler.Testing.Kubernetes.Servers;
using Reconciler.Testing.Sources;

namespace Reconciler.Operator.Tests.Schemas;

/// <summary>
/// The real API server with the definitions as people install them: by kubectl, from the file in the repository.
/// </summary>
internal static class CrdCluster
{
    private static readonly Lock Gate = new();
    private static Task? _installing;

    /// <summary>A client of the server that knows the definitions; skips the test where there is no server.</summary>
    public static async Task<ClusterClient> ClientAsync(KubeApiServer server)
    {
        var client = await server.ClientAsync();
        Task installing;
        lock (Gate)
            installing = _installing ??= InstallAsync(server);
        await installing.WaitAsync(TestContext.Current.CancellationToken);
        return client;
    }

    public static ResourceType<JsonObject> TypeOf(ManifestKind kind) =>
        ResourceType.Untyped(CrdWriter.Group, "v1alpha1", kind.Plural, kind.Name);

    public static ResourceType<JsonObject> TypeOf(string kind) => TypeOf(ManifestKind.All.Single(k => k.Name == kind));

    /// <summary>Asks the server to check an object, without keeping it.</summary>
    /// <returns>What it says against it; null where it takes it.</returns>
    public static async Task<string?> RefusalAsync(ClusterClient client, string space, JsonObject manifest)
    {
        try
        {
            await client.CreateDryAsync(
                TypeOf((string)manifest["kind"]!),
                space,
                manifest,
                TestContext.Current.CancellationToken
            );
            return null;
        }
        catch (KubernetesException refused) when (refused.Code is 400 or 422)
        {
            return refused.Message;
        }
    }

    /// <summary>Runs the real kubectl.</summary>
    public static async Task<(int Code, string Output)> KubectlAsync(KubeApiServer server, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo(
            Path.Combine(Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS")!, "kubectl"),
            ["--kubeconfig", await server.KubeConfigAsync(folder.Path), "--cache-dir", folder["cache"], .. arguments]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var kubectl = Process.Start(start)!;
        var texts = await Task.WhenAll(
            kubectl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            kubectl.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)
        );
        await kubectl.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (kubectl.ExitCode, string.Concat(texts));
    }

    private static async Task InstallAsync(KubeApiServer server)
    {
        var (applied, output) = await KubectlAsync(server, "apply", "-f", Repository.At(CrdFiles.BundlePath));
        Assert.True(applied == 0, output);
        (applied, output) = await KubectlAsync(
            server,
            [
                "wait",
                "--for=condition=Established",
                "--timeout=60s",
                .. ManifestKind.All.Select(k => $"crd/{k.Plural}.{CrdWriter.Group}"),
            ]
        );
        Assert.True(applied == 0, output);
    }
}
