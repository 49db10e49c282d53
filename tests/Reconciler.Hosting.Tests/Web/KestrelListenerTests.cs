using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Reconciler.Hosting.Web;

namespace Reconciler.Hosting.Tests.Web;

/// <summary>What callers who are slow, silent or many may cost a listener, over real sockets.</summary>
public sealed class KestrelListenerTests
{
    private const string Probe = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_idle_connections_do_not_keep_a_probe_out()
    {
        await using var listener = await StartAsync(ListenerBounds.Default);
        var idle = new List<TcpClient>();
        for (var i = 0; i < 120; i++)
        {
            idle.Add(await OpenAsync(listener));
            // Half of them have asked before, and are kept open for a next request.
            if (i % 2 == 0)
                Assert.Equal("200", await AskAsync(idle[i], Probe));
        }

        var (first, last) = (idle[0], idle[^1]);
        using var probe = await OpenAsync(listener);
        Assert.Equal("200", await AskAsync(probe, Probe));
        Assert.Equal("", await ReadAsync(first, Long));
        Assert.Equal("200", await AskAsync(last, Probe));
        idle.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task Slow_bodies_in_every_place_do_not_keep_a_probe_out_and_the_oldest_gives_way()
    {
        await using var listener = await StartAsync(new() { Connections = 3 });
        var slow = new List<TcpClient>();
        for (var i = 0; i < 3; i++)
        {
            slow.Add(await OpenAsync(listener));
            Assert.Equal("100", await AskAsync(slow[i], PostOf("Expect: 100-continue\r\n")));
        }

        using var probe = await OpenAsync(listener);
        Assert.Equal("200", await AskAsync(probe, Probe));
        Assert.Equal("", await ReadAsync(slow[0], Long));
        slow.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task A_body_that_comes_at_300_bytes_a_second_ends_with_the_time_of_its_request()
    {
        await using var listener = await StartAsync(new() { Request = 2 * Short });
        using var client = await OpenAsync(listener);
        await SendAsync(client, PostOf(""));
        var answer = ReadAsync(client, Long);
        var sent = 0;
        for (; !answer.IsCompleted && sent < 60; sent++)
        {
            await Task.Delay(100, Cancellation);
            try
            {
                await SendAsync(client, new string('x', 30));
            }
            catch (Exception closed) when (closed is IOException or InvalidOperationException)
            {
                break;
            }
        }

        Assert.Equal("", await answer);
        Assert.InRange(sent, 5, 59);
    }

    [Fact]
    public async Task An_answer_that_nobody_reads_ends_with_the_time_of_its_request()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listener = await StartAsync(
            new() { Request = Short },
            async context =>
            {
                try
                {
                    await HttpAnswer.Text(200, new string('x', 64 << 20)).WriteAsync(context);
                }
                finally
                {
                    ended.TrySetResult();
                }
            }
        );
        using var client = await OpenAsync(listener);
        await SendAsync(client, "GET /people HTTP/1.1\r\nHost: a\r\n\r\n");
        // Below the five seconds after which the server itself looks at the rate.
        await ended.Task.WaitAsync(4 * Short, Cancellation);
    }

    [Theory]
    [InlineData("GET /heal")]
    [InlineData("")]
    public async Task Headers_that_never_end_and_connections_without_a_request_are_closed(string sent)
    {
        await using var listener = await StartAsync(new() { Headers = Short, Idle = Short });
        using var client = await OpenAsync(listener);
        await SendAsync(client, sent);
        Assert.DoesNotContain("200", await ReadAsync(client, Long), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_is_kept_for_a_next_request_after_the_time_of_one()
    {
        await using var listener = await StartAsync(new() { Request = Short });
        using var client = await OpenAsync(listener);
        Assert.Equal("200", await AskAsync(client, Probe));
        await Task.Delay(2 * Short, Cancellation);
        Assert.Equal("200", await AskAsync(client, Probe));
    }

    private static async Task<KestrelListener> StartAsync(ListenerBounds bounds, RequestDelegate? answer = null)
    {
        var listener = new KestrelListener(
            new(IPAddress.Loopback, 0),
            longestBody: 1 << 20,
            answer ?? AnswerAsync,
            logs: null,
            bounds
        );
        await listener.StartAsync(Cancellation);
        return listener;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        await HttpAnswer.Text(200, "ok").WriteAsync(context);
    }

    private static string PostOf(string headers) =>
        $"POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n{headers}\r\n";

    private static async Task<TcpClient> OpenAsync(KestrelListener listener)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(listener.Url).Port, Cancellation);
        return client;
    }

    private static async Task SendAsync(TcpClient client, string text) =>
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Cancellation);

    // The status of the answer; empty where the connection is closed.
    private static async Task<string> AskAsync(TcpClient client, string request)
    {
        await SendAsync(client, request);
        var text = await ReadSomeAsync(client, Long);
        return text.Split(' ').ElementAtOrDefault(1) ?? "";
    }

    private static async Task<string> ReadAsync(TcpClient client, TimeSpan time)
    {
        var text = new StringBuilder();
        while (await ReadSomeAsync(client, time) is { Length: > 0 } some)
            text.Append(some);
        return text.ToString();
    }

    private static async Task<string> ReadSomeAsync(TcpClient client, TimeSpan time)
    {
        var buffer = new byte[8192];
        try
        {
            var read = await client.GetStream().ReadAsync(buffer, Cancellation).AsTask().WaitAsync(time, Cancellation);
            return Encoding.ASCII.GetString(buffer, 0, read);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
