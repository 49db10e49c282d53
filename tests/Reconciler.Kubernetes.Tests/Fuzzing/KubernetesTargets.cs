using System.Text.Json;
using k8s.Models;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Kubernetes.Watching;
using Reconciler.Testing.Fuzzing;
using static Reconciler.Testing.Fuzzing.FuzzTarget;

namespace Reconciler.Kubernetes.Tests.Fuzzing;

/// <summary>What a cluster sends, and what a kubeconfig says.</summary>
public static class KubernetesTargets
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("reconciler-fuzz-").FullName;

    public static IReadOnlyList<FuzzTarget> All { get; } = [new("kubeconfig", ConfigAsync), new("watch", WatchAsync)];

    // Reading one runs no program; that happens when a credential is asked for.
    private static async Task ConfigAsync(byte[] input)
    {
        var file = Path.Combine(Folder, "config");
        await File.WriteAllBytesAsync(file, input);
        foreach (var allowsExec in (bool[])[true, false])
        {
            try
            {
                var connection = KubeConfig.Load(new() { Files = [file], AllowExec = allowsExec });
                Hold(connection.Server.Scheme is "https" or "http", "the server has no address");
                Hold(
                    !connection.SkipTlsVerify || connection.Authorities is null,
                    "an authority is named and nobody checks it"
                );
            }
            catch (ConfigurationException refused)
            {
                Hold(refused.Message.Length is > 0 and < 2_000, "the message is empty or endless");
            }
        }
    }

    private static async Task WatchAsync(byte[] input)
    {
        var type = ClientJson.Of<V1Lease>(ClientJson.Prepare(new(), null));
        var store = new Store<V1Lease>();
        using var stream = new MemoryStream(input);
        try
        {
            await foreach (var one in WatchStream.ReadAsync(type, stream, "a watch", CancellationToken.None))
            {
                Hold(Enum.IsDefined(one.Type), "an event is of no type");
                Hold(one.Item.Value is not null || one.Item.Problem is { Length: > 0 }, "an object is missing");
                store.Apply(one);
            }
        }
        catch (KubernetesException)
        {
            // The watch ends, and a new one begins.
        }

        List(type, input);
    }

    // The same bytes as an answer to a list, which is read as any answer of a cluster is.
    private static void List(System.Text.Json.Serialization.Metadata.JsonTypeInfo<V1Lease> type, byte[] input)
    {
        try
        {
            using var json = JsonDocument.Parse(input, ClientJson.Document);
            new Store<V1Lease>().Replace(ListPage.Read(type, json.RootElement).Items);
        }
        catch (Exception unreadable)
            when (unreadable
                    is JsonException
                        or FormatException
                        or KeyNotFoundException
                        or NotSupportedException
                        or InvalidOperationException
            )
        {
            // The client tells that the answer cannot be read.
        }
    }
}
