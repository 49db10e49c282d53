using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Reconciler.Testing.Providers.Http;

/// <summary>
/// A server on a bare socket that answers with given bytes in turn, the last of them again and again, and closes the
/// connection after each: it can break off where no server framework would.
/// </summary>
public sealed class StubVendor : IAsyncDisposable
{
    /// <summary>No answer: the connection stays open.</summary>
    public const string Silence = "silence";

    /// <summary>No answer: the connection is closed.</summary>
    public const string HangUp = "";

    /// <summary>The beginning of an answer, and then a closed connection.</summary>
    public const string BrokenOff = "HTTP/1.1 200 X\r\n";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string[] _answers;
    private readonly Task _loop;
    private int _served;

    public StubVendor(params string[] answers)
    {
        _answers = answers;
        _listener.Start();
        _loop = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/api/v1");

    /// <summary>The requests as they came: request line, headers and body.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Where it is set, answers wait for it.</summary>
    public Task? Gate { get; init; }

    /// <summary>Where it is set, the server speaks TLS with it.</summary>
    public X509Certificate2? Certificate { get; init; }

    public static string Json(int status, string body, params string[] headers) =>
        Answer(status, "application/json", body, headers);

    public static string Answer(int status, string type, string body, params string[] headers) =>
        $"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nContent-Length: "
        + $"{Encoding.UTF8.GetByteCount(body)}\r\n{Lines(headers)}Connection: close\r\n\r\n{body}";

    public static string Empty(int status, params string[] headers) =>
        $"HTTP/1.1 {status} X\r\n{(status == 204 ? "" : "Content-Length: 0\r\n")}{Lines(headers)}Connection: close\r\n\r\n";

    /// <summary>An answer that promises more than it holds.</summary>
    public static string Truncated(int status, string body) =>
        $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {body.Length + 100}\r\nConnection: close\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        if (_loop.IsCompleted)
            return;
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    private static string Lines(string[] headers) => string.Concat(headers.Select(header => header + "\r\n"));

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
            catch (Exception end)
                when (end is OperationCanceledException or SocketException or InvalidOperationException)
            {
                // Stopped, or a client that was gone before it was accepted.
            }
        }

        await Task.WhenAll(open);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var stream = await OpenAsync(client);
            var request = await ReadAsync(stream);
            if (request.Length == 0)
                return;
            Requests.Enqueue(request);
            var answer = _answers[Math.Min(Interlocked.Increment(ref _served), _answers.Length) - 1];
            if (answer == Silence)
                await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
            if (Gate is not null)
                await Gate.WaitAsync(_stop.Token);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _stop.Token);
        }
        catch (Exception end)
            when (end
                    is OperationCanceledException
                        or IOException
                        or AuthenticationException
                        or InvalidOperationException
                        or SocketException
            )
        {
            // The client gave up, or the test is over.
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (Certificate is null)
            return client.GetStream();
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = Certificate },
            _stop.Token
        );
        return tls;
    }

    private async Task<string> ReadAsync(Stream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0)
                return text.ToString();
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            var all = text.ToString();
            var end = all.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
                continue;
            var length = all.Split("\r\n")
                .FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                ?.Split(':')[1];
            if (all.Length - end - 4 >= int.Parse(length ?? "0", System.Globalization.CultureInfo.InvariantCulture))
                return all;
        }
    }
}
