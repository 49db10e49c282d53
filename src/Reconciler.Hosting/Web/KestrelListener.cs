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
/// caller may cost is bounded: connections, headers, bodies, and how long each may take.
/// </summary>
public sealed class KestrelListener : IAsyncDisposable
{
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly IPEndPoint _address;
    private readonly RequestDelegate _answer;
    private readonly KestrelServer _kestrel;
    private bool _isStopped;

    /// <summary>Makes one that listens once it is started.</summary>
    /// <param name="address">Where.</param>
    /// <param name="longestBody">The largest body that is read, in bytes.</param>
    /// <param name="answer">Answers each request.</param>
    /// <param name="logs">Where failures are logged; null for nowhere.</param>
    public KestrelListener(IPEndPoint address, long longestBody, RequestDelegate answer, ILoggerFactory? logs)
    {
        (_address, _answer) = (address, answer);
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        options.Limits.MaxConcurrentConnections = 100;
        options.Limits.MaxConcurrentUpgradedConnections = 0;
        options.Limits.MaxRequestBodySize = longestBody;
        options.Limits.MaxRequestLineSize = 4 * 1024;
        options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        options.Limits.MaxRequestHeaderCount = 64;
        options.Limits.RequestHeadersTimeout = HeadersTimeout;
        options.Limits.KeepAliveTimeout = 3 * HeadersTimeout;
        options.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http1);
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
            await _kestrel.StartAsync(new Application(_answer), cancellation);
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

    private sealed class Application(RequestDelegate answer) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => answer(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
            // A request holds nothing that would have to be disposed.
        }
    }
}
