using System.Text.Json.Nodes;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Kubernetes.Tests.Servers;
using Reconciler.Kubernetes.Watching;
using Reconciler.Testing;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Kubernetes.Tests.Watching;

/// <summary>
/// Reflectors behind a proxy that breaks every request, while objects come and go. No delete may be lost, and nothing
/// may spin.
/// </summary>
public sealed class WatchChaosTests(KubeApiServer real) : IDisposable
{
    private const string Collection = "/api/v1/namespaces/chaos/configmaps";
    private static readonly ResourceType<JsonObject> ConfigMaps = ResourceType.Untyped(
        "",
        "v1",
        "configmaps",
        "ConfigMap"
    );
    private static readonly BackoffOptions Waits = new()
    {
        First = TimeSpan.FromMilliseconds(4),
        Most = TimeSpan.FromMilliseconds(50),
    };
    private readonly TestCertificates _authority = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_faults_lose_no_delete_and_the_store_equals_the_server_afterwards()
    {
        var memory = new MemoryApiServer(history: 40);
        await using var server = await TestServer.StartAsync(memory.AnswerAsync);
        await using var proxy = await ChaosProxy.StartAsync(
            server.Address,
            new(new SocketsHttpHandler { MaxConnectionsPerServer = 1000 }),
            1000,
            _authority
        );
        var random = new Random(7);
        await FollowAsync(
            proxy,
            20,
            new() { Server = proxy.Address },
            "chaos",
            () =>
            {
                var name = $"m{random.Next(40)}";
                if (random.Next(3) == 0)
                    memory.Delete(Collection, name);
                else
                    memory.Put(Collection, name, $"{random.Next()} 😀");
                return Task.CompletedTask;
            },
            () => Task.FromResult(memory.Objects)
        );
        Assert.Equal(1000, proxy.Made.Values.Sum());
    }

    [Fact]
    public async Task The_same_holds_for_a_real_server()
    {
        using var client = await real.ClientAsync();
        var space = await KubeApiServer.NamespaceAsync(client);
        var invoker = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                MaxConnectionsPerServer = 1000,
                SslOptions =
                {
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                        real.Admin.Authorities!.Trust(certificate, chain, errors),
                },
            }
        );
        await using var proxy = await ChaosProxy.StartAsync(real.Admin.Server, invoker, 150, _authority);
        var random = new Random(8);
        await FollowAsync(
            proxy,
            5,
            real.Admin with
            {
                Server = proxy.Address,
            },
            space,
            async () =>
            {
                var key = new ObjectKey(space, $"m{random.Next(10)}");
                var map = new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "ConfigMap",
                    ["metadata"] = new JsonObject { ["name"] = key.Name },
                    ["data"] = new JsonObject { ["text"] = $"{random.Next()} 😀" },
                };
                if (random.Next(3) > 0)
                    await client.ApplyAsync(ConfigMaps, key, map, "chaos", force: false, Cancellation);
                else
                    await DeleteAsync(client, key);
            },
            async () =>
                (await client.ListAsync(ConfigMaps, new() { Namespace = space }, Cancellation)).Items.ToDictionary(
                    item => item.Key.Name,
                    item => $"{item.Metadata.Uid}@{item.Metadata.ResourceVersion}"
                )
        );
        Assert.Equal(150, proxy.Made.Values.Sum());
    }

    public void Dispose() => _authority.Dispose();

    private static async Task DeleteAsync(ClusterClient client, ObjectKey key)
    {
        try
        {
            await client.DeleteAsync(ConfigMaps, key, null, Cancellation);
        }
        catch (KubernetesException failed) when (failed.IsNotFound) { }
    }

    private async Task FollowAsync(
        ChaosProxy proxy,
        int count,
        ClusterConnection connection,
        string space,
        Func<Task> mutate,
        Func<Task<IReadOnlyDictionary<string, string>>> truth
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var clients = Enumerable
            .Range(1, count)
            .Select(i => new ClusterClient(
                connection with
                {
                    Authorities = Authorities.FromPem(_authority.AuthorityPem),
                },
                new()
                {
                    UserAgent = new string('c', i),
                    KeepAliveDelay = TimeSpan.FromSeconds(1),
                    KeepAliveTimeout = TimeSpan.FromSeconds(1),
                }
            ))
            .ToList();
        var reflectors = clients
            .Select(client => new Reflector<JsonObject>(
                client,
                ConfigMaps,
                new()
                {
                    Selection = new() { Namespace = space },
                    Backoff = Waits,
                    StreamInitialList = false,
                    TooShort = TimeSpan.FromSeconds(10),
                }
            ))
            .ToList();
        var mirrors = reflectors.Select(reflector => new Mirror(reflector.Store)).ToList();
        var running = reflectors.Select(reflector => reflector.RunAsync(stop.Token)).ToList();
        var start = TimeProvider.System.GetTimestamp();
        while (!proxy.IsQuiet)
        {
            await mutate();
            await Task.Delay(2, Cancellation);
            Assert.True(
                TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(100),
                $"only {proxy.Made.Values.Sum()} faults came about"
            );
            Assert.DoesNotContain(running, one => one.IsFaulted);
        }

        var expected = await truth();
        await Eventually.Async(() => mirrors.TrueForAll(mirror => Same(mirror.Alive, expected)));
        Assert.All(
            reflectors,
            reflector =>
                Assert.True(
                    Same(
                        reflector.Store.Items.ToDictionary(
                            item => item.Key.Name,
                            item => $"{item.Metadata.Uid}@{item.Metadata.ResourceVersion}"
                        ),
                        expected
                    )
                )
        );
        Assert.All(mirrors, mirror => Assert.Empty(mirror.Wrong));
        Assert.All(mirrors, mirror => Assert.Equal(mirror.Count.Added - mirror.Count.Deleted, expected.Count));
        Assert.All(
            Enum.GetValues<Fault>(),
            fault => Assert.True(proxy.Made.ContainsKey(fault), $"{fault} never happened")
        );
        // No hot loop: a wait after every fault (timers may fire a little early), and no more than a list and a watch
        // for each.
        Assert.DoesNotContain(proxy.Waits, wait => wait < Waits.First / 2);
        Assert.InRange(proxy.Requests, 1, (3 * proxy.Made.Values.Sum()) + (3 * count));
        await stop.CancelAsync();
        await Task.WhenAll(running).ContinueWith(_ => { }, TaskScheduler.Default);
        clients.ForEach(client => client.Dispose());
    }

    private static bool Same(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(pair => other.GetValueOrDefault(pair.Key) == pair.Value);
}
