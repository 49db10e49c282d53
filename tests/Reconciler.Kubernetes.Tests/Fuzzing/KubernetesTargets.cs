using k8s.Models;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Testing.Fuzzing;

namespace Reconciler.Kubernetes.Tests.Fuzzing;

/// <summary>What a cluster, or who wrote the kubeconfig, sends.</summary>
public static class KubernetesTargets
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("reconciler-fuzz-").FullName;

    public static IReadOnlyList<FuzzTarget> All { get; } = [new("kubeconfig", ConfigAsync), new("watch", WatchAsync)];

    private static async Task ConfigAsync(byte[] input)
    {
        var file = Path.Combine(Folder, "config");
        await File.WriteAllBytesAsync(file, input);
        try
        {
            _ = KubeConfig.Load(new() { Files = [file], AllowExec = false });
        }
        catch (ConfigurationException)
        {
            // It says what is wrong with the file.
        }
    }

    private static async Task WatchAsync(byte[] input)
    {
        using var stream = new MemoryStream(input);
        var type = ClientJson.Of<V1Lease>(ClientJson.Prepare(new(), null));
        try
        {
            await foreach (var one in WatchStream.ReadAsync(type, stream, "a watch", CancellationToken.None))
                FuzzTarget.Hold(Enum.IsDefined(one.Type), "an event is of no type");
        }
        catch (KubernetesException)
        {
            // The watch ends, and a new one begins.
        }
    }
}
