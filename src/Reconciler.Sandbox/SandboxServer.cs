using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Sandbox.Server;

namespace Reconciler.Sandbox;

/// <summary>
/// Imitates the vendors' APIs in memory on 127.0.0.1. One server has any number of connections, each with its own state
/// and base URL, and one request log and one set of faults for all of them.
/// </summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private const int LargestBody = 1 << 20;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly KestrelServer kestrel;
    private readonly FrozenDictionary<string, SandboxConnection> connections;
    private readonly RequestLog log;
    private readonly FaultRules faults = new();
    private readonly LaggingAnswers lagging = new();
    private readonly CancellationTokenSource stopping = new();

    private SandboxServer(SandboxOptions options)
    {
        connections = Open(options).ToFrozenDictionary(connection => connection.Name, StringComparer.Ordinal);
        log = new RequestLog(options.KeptRequests);
        kestrel = Kestrel(options.Port);
    }

    /// <summary>The address of the server, without a slash at the end.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The connections, ordered by name.</summary>
    public IEnumerable<SandboxConnection> Connections =>
        connections.Values.OrderBy(connection => connection.Name, StringComparer.Ordinal);

    /// <summary>The requests in the log, oldest first, without control calls.</summary>
    public ImmutableArray<SandboxRequest> Requests => log.All();

    /// <summary>The number of requests, by connection and method.</summary>
    public ImmutableArray<SandboxRequestCount> RequestCounts => log.Counts();

    /// <summary>The number of requests other than GET.</summary>
    public long NonGetCount => log.Count(method => method is not "GET");

    /// <summary>Starts a server; throws <see cref="SandboxException"/> for an invalid seed.</summary>
    public static async Task<SandboxServer> StartAsync(
        SandboxOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var server = new SandboxServer(options);
        try
        {
            var controls = new ControlApi(server);
            var pipeline = new Pipeline(
                server.connections,
                server.faults,
                server.lagging,
                server.log,
                options,
                controls,
                server.stopping.Token
            );
            await server.kestrel.StartAsync(new PipelineHost(pipeline), cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        server.Url = server.kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return server;
    }

    /// <summary>Finds a connection; throws where the name is unknown.</summary>
    public SandboxConnection Connection(string name) =>
        connections.TryGetValue(name, out var connection)
            ? connection
            : throw new SandboxException(
                $"there is no connection '{name}'; there are: {string.Join(", ", connections.Keys)}"
            );

    /// <summary>The base URL that a client uses for a connection.</summary>
    public string BaseUrl(string connection) => Url + Connection(connection).Root;

    /// <summary>The number of requests with a method.</summary>
    public long Count(string method) =>
        log.Count(counted => counted.Equals(method, StringComparison.OrdinalIgnoreCase));

    /// <summary>Clears the request log and its counts.</summary>
    public void ForgetRequests() => log.Clear();

    /// <summary>Activates a fault. Of several that match a request, the oldest applies.</summary>
    public void Inject(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        faults.Add(fault);
    }

    /// <summary>Removes all faults.</summary>
    public void ClearFaults()
    {
        faults.Clear();
        lagging.Clear();
    }

    /// <summary>Stops at once, and drops requests in progress.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        using var timeout = new CancellationTokenSource(Farewell);
        await kestrel.StopAsync(timeout.Token);
        kestrel.Dispose();
        stopping.Dispose();
    }

    /// <summary>The active faults, with the number of requests that each applied to.</summary>
    internal ImmutableArray<(Fault Fault, int Hits)> Faults() => faults.All();

    // The problems of all connections are told at once.
    private static List<SandboxConnection> Open(SandboxOptions options)
    {
        var (opened, problems) = (new List<SandboxConnection>(), new List<string>());
        foreach (var seed in ConnectionSeed.Split(options.Seed, new(options.Described)))
        {
            try
            {
                opened.Add(new(seed, options.Clock));
            }
            catch (SandboxException wrong)
            {
                problems.Add(wrong.Message);
            }
        }

        return problems.Count > 0 ? throw new SandboxException(string.Join('\n', problems)) : opened;
    }

    // Kestrel alone, without a host, a container, console output or signal handlers.
    private static KestrelServer Kestrel(int port)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = LargestBody;
        options.Listen(IPAddress.Loopback, port);
        var sockets = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions()),
            NullLoggerFactory.Instance
        );
        return new KestrelServer(Options.Create(options), sockets, NullLoggerFactory.Instance);
    }
}
