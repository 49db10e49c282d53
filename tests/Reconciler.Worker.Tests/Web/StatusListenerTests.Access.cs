using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Reconciler.Hosting.Web;
using Reconciler.Worker.Web;

namespace Reconciler.Worker.Tests.Web;

/// <summary>Who may read it.</summary>
public sealed partial class StatusListenerTests
{
    private const string Token = "a token of enough characters";

    private string TokenFile => Path.Combine(_folder.FullName, "token");

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1:8080", 200)]
    [InlineData("[::1]:9", 200)]
    [InlineData("LOCALHOST:1", 200)]
    [InlineData("evil.example", 421)]
    [InlineData("localhost.evil.example", 421)]
    [InlineData("127.0.0.1.evil.example:80", 421)]
    [InlineData("10.0.0.7", 421)]
    public async Task Without_a_token_it_answers_to_the_names_of_this_machine_only(string host, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/status.json");
        request.Headers.Host = host;
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
        if (status != 200)
            Assert.DoesNotContain(
                "example.com",
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
    }

    [Theory]
    [InlineData("Bearer", Token, 200)]
    [InlineData("bearer", Token, 200)]
    [InlineData("Basic", "anybody:" + Token, 200)]
    [InlineData("Basic", ":" + Token, 200)]
    [InlineData("Bearer", Token + "x", 401)]
    [InlineData("Bearer", "", 401)]
    [InlineData("Basic", Token, 401)]
    [InlineData("Basic", Token + ":", 401)]
    [InlineData("Digest", Token, 401)]
    [InlineData(null, null, 401)]
    public async Task With_a_token_only_who_says_it_sees_anything(string? scheme, string? said, int status)
    {
        await using var listener = await GuardedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Local(listener)}/status.json");
        request.Headers.Host = "status.example";
        if (scheme is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue(
                scheme,
                scheme == "Basic" ? Convert.ToBase64String(Encoding.UTF8.GetBytes(said!)) : said
            );
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
        if (status == 401)
            Assert.Equal("Basic realm=\"Reconciler\", charset=\"UTF-8\"", answer.Headers.WwwAuthenticate.ToString());
        if (status == 401)
            Assert.Equal(
                "unauthorized\n",
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
            );
    }

    [Fact]
    public async Task A_token_that_is_rotated_counts_at_once_and_one_that_is_gone_lets_nobody_in()
    {
        await using var listener = await GuardedAsync();
        await File.WriteAllTextAsync(TokenFile, "another token, long enough\n", TestContext.Current.CancellationToken);
        Assert.Equal(401, await StatusOfAsync(listener, Token));
        Assert.Equal(200, await StatusOfAsync(listener, "another token, long enough"));
        File.Delete(TokenFile);
        Assert.Equal(503, await StatusOfAsync(listener, Token));
    }

    [Theory]
    [InlineData(":0")]
    [InlineData("0.0.0.0:0")]
    [InlineData("192.0.2.1:0")]
    public async Task It_does_not_start_where_others_reach_it_without_a_token(string address)
    {
        await using var listener = new StatusListener(new(ListenAddress.Parse(address)!), _worker, _clock);
        var refused = await Assert.ThrowsAsync<ListenerException>(() =>
            listener.StartAsync(TestContext.Current.CancellationToken)
        );
        Assert.Contains("set a token, or listen on 127.0.0.1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_does_not_start_with_a_token_that_is_too_short()
    {
        await File.WriteAllTextAsync(TokenFile, "short", TestContext.Current.CancellationToken);
        await using var listener = new StatusListener(
            new(new(IPAddress.Loopback, 0)) { TokenFile = TokenFile },
            _worker,
            _clock
        );
        await Assert.ThrowsAsync<ListenerException>(() => listener.StartAsync(TestContext.Current.CancellationToken));
    }

    private async Task<StatusListener> GuardedAsync()
    {
        await File.WriteAllTextAsync(TokenFile, Token + "\n", TestContext.Current.CancellationToken);
        var listener = new StatusListener(new(new(IPAddress.Any, 0)) { TokenFile = TokenFile }, _worker, _clock);
        await listener.StartAsync(TestContext.Current.CancellationToken);
        return listener;
    }

    // It listens on every address; a client has to name one.
    private static string Local(StatusListener listener) =>
        listener.Url.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);

    private async Task<int> StatusOfAsync(StatusListener listener, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Local(listener));
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}
