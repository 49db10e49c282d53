using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Reconciler.Hosting.Web;

/// <summary>
/// One address with one answerer behind it: bare Kestrel, without host, container, console or signal handlers. What a
/// caller may cost is bounded: connections, headers, bodies, and how long each request may take as a whole.
/// </summary>
public sealed class KestrelListener : IAsyncDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly IPEndPoint _address;
    private readonly Application _application;
    private readonly KestrelServer _kestrel;
    private bool _isStopped;

    /// <summary>Makes one that listens once it is started.</summary>
    /// <param name="address">Where.</param>
    /// <param name="longestBody">The largest body that is read, in bytes.</param>
    /// <param name="answer">Answers each request.</param>
    /// <param name="logs">Where failures are logged; null for nowhere.</param>
    public KestrelListener(IPEndPoint address, long longestBody, RequestDelegate answer, ILoggerFactory? logs)
        : this(address, longestBody, answer, logs, ListenerBounds.Default) { }

    internal KestrelListener(
        IPEndPoint address,
        long longestBody,
        RequestDelegate answer,
        ILoggerFactory? logs,
        ListenerBounds bounds
    )
    {
        (_address, _application) = (address, new(answer, bounds.Request));
        var connections = new ListenerConnections(bounds.Connections);
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        options.Limits.MaxConcurrentUpgradedConnections = 0;
        options.Limits.MaxRequestBodySize = longestBody;
        options.Limits.MaxRequestLineSize = 4 * 1024;
        options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        options.Limits.MaxRequestHeaderCount = 64;
        options.Limits.RequestHeadersTimeout = bounds.Headers;
        options.Limits.KeepAliveTimeout = bounds.Idle;
        options.ConfigureEndpointDefaults(listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection => connections.ServeAsync(connection, next));
        });
        // Every address: of both families, or of IPv4 where the machine has no IPv6.
        if (address.Address.Equals(IPAddress.IPv6Any))
            options.ListenAnyIP(address.Port);
        else
            options.Listen(address);
        var factory = logs ?? NullLoggerFactory.Instance;
        _kestrel = new(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), factory),
            factory
        );
    }

    /// <summary>
    /// Where it listens, without a slash at the end; empty until it is started. A port that was asked for as 0 is known
    /// here.
    /// </summary>
    public string Url { get; private set; } = "";

    /// <summary>Begins to listen.</summary>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="ListenerException">
    /// The address is taken, is none of this machine's, or may not be used.
    /// </exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            await _kestrel.StartAsync(_application, cancellation);
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            throw new ListenerException($"nothing can listen on {_address}: {refused.Message}", refused);
        }

        Url = _kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First().TrimEnd('/');
    }

    /// <summary>Lets the requests under way end, for a moment, and stops.</summary>
    public async Task StopAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        using var timeout = new CancellationTokenSource(Farewell);
        await _kestrel.StopAsync(timeout.Token);
        _kestrel.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private sealed class Application(RequestDelegate answer, TimeSpan longest) : IHttpApplication<Exchange>
    {
        public Exchange CreateContext(IFeatureCollection contextFeatures) => new(contextFeatures, longest);

        public Task ProcessRequestAsync(Exchange context) => answer(context.Http);

        public void DisposeContext(Exchange context, Exception? exception) => context.Dispose();
    }

    /// <summary>One request, from its headers until its answer is sent.</summary>
    private sealed class Exchange : IDisposable
    {
        private readonly OpenConnection? _connection;
        private readonly CancellationTokenSource _deadline;

        public Exchange(IFeatureCollection features, TimeSpan longest)
        {
            Http = new DefaultHttpContext(features);
            _connection = features.Get<OpenConnection>();
            _connection?.Begin(ProbePaths.IsProbe(Http.Request));
            // Kestrel bounds how slow a body may come, which is hours for a large one; this bounds the request.
            _deadline = new(longest);
            _deadline.Token.Register(Http.Abort);
        }

        public HttpContext Http { get; }

        public void Dispose()
        {
            _deadline.Dispose();
            _connection?.End();
        }
    }
}
