using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Reconciler.Kubernetes.Tests.Servers;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Kubernetes.Tests.Watching;

/// <summary>What can go wrong between a reflector and its server.</summary>
internal enum Fault
{
    GoneInHead,
    GoneInStream,
    CutInsideEvent,
    HalfOpen,
    TooManyRequests,
    ServerError,
    EmptyClose,
    EarlyEnd,
}

/// <summary>
/// A proxy that lets no request through unharmed until its faults are used up: each one fails in its head, or after a
/// few events of its stream. Bookmarks never come through. For every client (told by its User-Agent) it notes how long
/// it waited after each fault.
/// </summary>
internal sealed class ChaosProxy : IAsyncDisposable
{
    private static readonly Fault[] Faults = Enum.GetValues<Fault>();
    private readonly ConcurrentDictionary<string, long> _failedAt = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<TimeSpan> _waits = [];
    private readonly ConcurrentDictionary<Fault, int> _made = new();
    private readonly HttpMessageInvoker _upstream;
    private readonly Uri _target;
    private readonly Random _random = new(20261122);
    private TestServer? _server;
    private TcpRelay? _relay;
    private int _left;
    private int _requests;

    private ChaosProxy(Uri target, HttpMessageInvoker upstream, int faults) =>
        (_target, _upstream, _left) = (target, upstream, faults);

    public Uri Address => new($"https://127.0.0.1:{_relay!.Port}/");

    /// <summary>How many faults were made, of each kind.</summary>
    public IReadOnlyDictionary<Fault, int> Made => _made;

    public bool IsQuiet => Volatile.Read(ref _left) <= 0;

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>How long clients waited after faults that they saw at once.</summary>
    public IReadOnlyCollection<TimeSpan> Waits => _waits;

    public static async Task<ChaosProxy> StartAsync(
        Uri target,
        HttpMessageInvoker upstream,
        int faults,
        TestCertificates authority
    )
    {
        var proxy = new ChaosProxy(target, upstream, faults);
        proxy._server = await TestServer.StartAsync(proxy.AnswerAsync, authority.Server("127.0.0.1"));
        proxy._relay = new(proxy._server.Address.Port);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        _relay!.Dispose();
        await _server!.DisposeAsync();
        _upstream.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var client = context.Request.Headers.UserAgent.ToString();
        Interlocked.Increment(ref _requests);
        if (_failedAt.TryRemove(client, out var failed))
            _waits.Add(TimeProvider.System.GetElapsedTime(failed));
        var watch = context.Request.Query.ContainsKey("watch");
        var fault = Next(watch);
        if (fault is { } head && await FailAtOnceAsync(context, head, client, watch))
            return;
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri(_target, $"{context.Request.Path}{context.Request.QueryString}")
        );
        if (context.Request.Headers.Authorization is [{ } authorization])
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await _upstream.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        if (watch)
            await context.Response.StartAsync(context.RequestAborted);
        await using var stream = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        if (watch)
            await PassEventsAsync(context, stream, fault, client);
        else
            await stream.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    // Half of the lists get through, so that there is something to watch from.
    private Fault? Next(bool watch)
    {
        lock (_random)
        {
            if (_left <= 0)
                return null;
            var fault = Faults[_random.Next(Faults.Length)];
            if (
                !watch
                && (
                    fault is Fault.GoneInStream or Fault.CutInsideEvent or Fault.EmptyClose or Fault.EarlyEnd
                    || _random.Next(2) == 0
                )
            )
                return null;
            _left--;
            _made.AddOrUpdate(fault, 1, (_, count) => count + 1);
            return fault;
        }
    }

    private async Task<bool> FailAtOnceAsync(HttpContext context, Fault fault, string client, bool watch)
    {
        switch (fault)
        {
            case Fault.GoneInHead:
                return await RefuseAsync(context, 410, "Expired", client);
            case Fault.TooManyRequests:
                return await RefuseAsync(context, 429, "TooManyRequests", client);
            case Fault.ServerError:
                return await RefuseAsync(context, 500, "InternalError", client);
            case Fault.EmptyClose:
                _failedAt[client] = TimeProvider.System.GetTimestamp();
                return true;
            case Fault.HalfOpen when !watch || context.Connection.RemotePort % 2 == 0:
                await FreezeAsync(context);
                return true;
            default:
                return false;
        }
    }

    private async Task<bool> RefuseAsync(HttpContext context, int code, string reason, string client)
    {
        context.Response.StatusCode = code;
        _failedAt[client] = TimeProvider.System.GetTimestamp();
        await context.Response.WriteAsync(MemoryApiServer.Failure(code, reason).Body.ToJsonString());
        return true;
    }

    private async Task FreezeAsync(HttpContext context)
    {
        _relay!.Freeze(context.Connection.RemotePort);
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private async Task PassEventsAsync(HttpContext context, Stream stream, Fault? fault, string client)
    {
        int passing;
        lock (_random)
            passing = _random.Next(4);
        using var reader = new StreamReader(stream);
        while (true)
        {
            var (reading, quiet) = (
                reader.ReadLineAsync(context.RequestAborted).AsTask(),
                Task.Delay(100, context.RequestAborted)
            );
            // A cut inside an event needs an event to cut; all other faults may also come while the stream is quiet.
            if (
                fault is not (null or Fault.CutInsideEvent)
                && (passing == 0 || await Task.WhenAny(reading, quiet) == quiet)
            )
                break;
            if (await reading is not { } line)
                return;
            if (line.Contains("\"BOOKMARK\"", StringComparison.Ordinal))
                continue;
            var bytes = Encoding.UTF8.GetBytes(line + "\n");
            if (fault == Fault.CutInsideEvent && passing == 0)
            {
                await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                break;
            }

            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            passing--;
        }

        await EndAsync(context, fault!.Value, client);
    }

    private async Task EndAsync(HttpContext context, Fault fault, string client)
    {
        // A client that has left by itself sees no fault, and waits for none.
        context.RequestAborted.ThrowIfCancellationRequested();
        if (fault == Fault.HalfOpen)
        {
            await FreezeAsync(context);
            return;
        }

        if (fault != Fault.EarlyEnd)
            _failedAt[client] = TimeProvider.System.GetTimestamp();
        if (fault == Fault.CutInsideEvent && client.Length % 2 == 0)
            context.Abort();
        if (fault != Fault.GoneInStream)
            return;
        var gone = new StringBuilder("{\"type\":\"ERROR\",\"object\":")
            .Append(MemoryApiServer.Failure(410, "Expired").Body.ToJsonString())
            .Append("}\n");
        await context.Response.WriteAsync(gone.ToString(), context.RequestAborted);
    }
}
