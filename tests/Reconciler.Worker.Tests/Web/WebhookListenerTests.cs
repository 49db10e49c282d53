using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Hosting.Telemetry;
using Reconciler.Hosting.Web;
using Reconciler.Testing;
using Reconciler.Testing.Telemetry;
using Reconciler.Worker.Web;

namespace Reconciler.Worker.Tests.Web;

public sealed class WebhookListenerTests : IAsyncLifetime
{
    private const string Secret = "correct horse battery staple";
    private const string Push = """{"ref":"refs/heads/main"}""";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("webhook-");
    private readonly FakeWorkerView _worker = new(WorkerSample.Status());
    private readonly FakeTimeProvider _clock = new(FakeClock.Morning);
    private readonly ReconcilerMetrics _metrics = new();
    private readonly WebhookListener _listener;
    private readonly HttpClient _http = new();

    public WebhookListenerTests()
    {
        File.WriteAllText(SecretFile, Secret + "\n");
        _listener = new(
            new(new(IPAddress.Loopback, 0), SecretFile) { Path = "/hooks/push" },
            _worker,
            _metrics,
            _clock
        );
    }

    private string SecretFile => Path.Combine(_folder.FullName, "secret");

    public async ValueTask InitializeAsync()
    {
        await _listener.StartAsync(TestContext.Current.CancellationToken);
        _http.BaseAddress = new(_listener.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _listener.DisposeAsync();
        _metrics.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_push_that_GitHub_signed_wakes_a_fetch()
    {
        Assert.Equal(
            HttpStatusCode.Accepted,
            await SendAsync(Push, ("X-Hub-Signature-256", Sign(Push)), ("X-GitHub-Event", "push"))
        );
        Assert.Equal(1, _worker.Wakes);
        Assert.Equal(1, Calls("accepted"));
    }

    [Fact]
    public async Task The_signature_is_as_GitHub_documents_it()
    {
        // The example of https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
        await File.WriteAllTextAsync(SecretFile, "It's a Secret to Everybody", TestContext.Current.CancellationToken);
        Assert.Equal(
            HttpStatusCode.Accepted,
            await SendAsync(
                "Hello, World!",
                ("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
            )
        );
    }

    [Fact]
    public async Task A_push_with_the_token_of_GitLab_wakes_a_fetch()
    {
        Assert.Equal(
            HttpStatusCode.Accepted,
            await SendAsync(Push, ("X-Gitlab-Token", Secret), ("X-Gitlab-Event", "Push Hook"))
        );
        Assert.Equal(1, _worker.Wakes);
    }

    [Fact]
    public async Task A_ping_is_answered_and_wakes_nothing()
    {
        Assert.Equal(
            HttpStatusCode.OK,
            await SendAsync(Push, ("X-Hub-Signature-256", Sign(Push)), ("X-GitHub-Event", "ping"))
        );
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Push, ("X-GitHub-Event", "ping")));
        Assert.Equal((0, 1, 1), (_worker.Wakes, Calls("ping"), Calls("refused")));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("X-Hub-Signature-256", "")]
    [InlineData("X-Hub-Signature-256", "sha256=")]
    [InlineData("X-Hub-Signature-256", "sha256=00")]
    [InlineData("X-Hub-Signature-256", "sha256=zz7107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("X-Hub-Signature-256", "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("X-Hub-Signature", "sha1=7571")]
    [InlineData("X-Gitlab-Token", "")]
    [InlineData("X-Gitlab-Token", "correct horse battery staplf")]
    [InlineData("X-Gitlab-Token", "correct horse battery")]
    [InlineData("Authorization", "Bearer correct horse battery staple")]
    public async Task Whoever_does_not_know_the_secret_is_refused_without_a_reason(string? header, string? value)
    {
        using var answer = await PostAsync(Push, header is null ? [] : [(header, value!)]);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("unauthorized\n", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal((0, 1), (_worker.Wakes, Calls("refused")));
    }

    [Fact]
    public async Task A_signature_of_another_body_or_two_proofs_at_once_are_refused()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Push + " ", ("X-Hub-Signature-256", Sign(Push))));
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await SendAsync(Push, ("X-Hub-Signature-256", Sign(Push)), ("X-Gitlab-Token", Secret))
        );
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await SendAsync(Push, ("X-Hub-Signature-256", Sign(Push)), ("X-Hub-Signature-256", Sign(Push)))
        );
        Assert.Equal(0, _worker.Wakes);
    }

    [Fact]
    public async Task A_rotated_secret_counts_at_once_and_one_that_is_gone_lets_nobody_in()
    {
        const string Next = "another secret of enough length";
        await File.WriteAllTextAsync(SecretFile, Next, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Push, ("X-Gitlab-Token", Secret)));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Push, ("X-Gitlab-Token", Next)));
        await File.WriteAllTextAsync(SecretFile, "", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(Push, ("X-Gitlab-Token", "")));
        File.Delete(SecretFile);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(Push, ("X-Gitlab-Token", Next)));
        Assert.Equal(2, Calls("unavailable"));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1024)]
    public async Task A_body_of_a_mebibyte_is_read_and_no_byte_more(bool chunked, int framing)
    {
        // The server counts the framing of chunks towards the limit of the body.
        var most = new string('x', WebhookListener.LongestBody - framing);
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(most, chunked, ("X-Hub-Signature-256", Sign(most))));
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            await SendAsync(
                new string('x', WebhookListener.LongestBody + 1),
                chunked,
                ("X-Hub-Signature-256", Sign(most))
            )
        );
        Assert.Equal((1, 1), (_worker.Wakes, Calls("too_large")));
    }

    [Fact]
    public async Task Many_pushes_within_ten_seconds_wake_one_fetch_at_once_and_one_at_their_end()
    {
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Push, ("X-Gitlab-Token", Secret)));
        Assert.Equal(1, _worker.Wakes);
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(1, _worker.Wakes);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(2, _worker.Wakes);

        await SendAsync(Push, ("X-Gitlab-Token", Secret));
        Assert.Equal(2, _worker.Wakes);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(3, _worker.Wakes);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(3, _worker.Wakes);
        await SendAsync(Push, ("X-Gitlab-Token", Secret));
        Assert.Equal(4, _worker.Wakes);
    }

    [Fact]
    public async Task After_the_end_nothing_is_woken()
    {
        await SendAsync(Push, ("X-Gitlab-Token", Secret));
        await SendAsync(Push, ("X-Gitlab-Token", Secret));
        await _listener.StopAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _worker.Wakes);
    }

    [Fact]
    public async Task Only_a_POST_to_its_path_is_a_call()
    {
        using var get = await _http.GetAsync(
            new Uri("/hooks/push", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(
            (HttpStatusCode.MethodNotAllowed, "POST"),
            (get.StatusCode, string.Join(' ', get.Content.Headers.Allow))
        );
        foreach (var path in new[] { "/", "/hooks/push/", "/hooks/Push", "/metrics" })
        {
            using var content = new StringContent(Push);
            content.Headers.Add("X-Gitlab-Token", Secret);
            using var answer = await _http.PostAsync(
                new Uri(path, UriKind.Relative),
                content,
                TestContext.Current.CancellationToken
            );
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        Assert.Equal(0, _worker.Wakes);
    }

    [Theory]
    [InlineData(null, "cannot be read from")]
    [InlineData("", "fewer than 16 characters")]
    [InlineData("fifteen letters", "fewer than 16 characters")]
    public async Task It_does_not_start_without_a_secret_of_some_length(string? secret, string reason)
    {
        var file = Path.Combine(_folder.FullName, "other");
        if (secret is not null)
            await File.WriteAllTextAsync(file, secret, TestContext.Current.CancellationToken);
        await using var listener = new WebhookListener(
            new(new(IPAddress.Loopback, 0), file),
            _worker,
            _metrics,
            _clock
        );
        var refused = await Assert.ThrowsAsync<ListenerException>(() =>
            listener.StartAsync(TestContext.Current.CancellationToken)
        );
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told()
    {
        await using var second = new WebhookListener(
            new(IPEndPoint.Parse(new Uri(_listener.Url).Authority), SecretFile),
            _worker,
            _metrics,
            _clock
        );
        var refused = await Assert.ThrowsAsync<ListenerException>(() =>
            second.StartAsync(TestContext.Current.CancellationToken)
        );
        Assert.StartsWith("nothing can listen on 127.0.0.1:", refused.Message, StringComparison.Ordinal);
    }

    private static string Sign(string body) =>
        $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(body)))}";

    private int Calls(string result) =>
        (int)
            PrometheusReader
                .Read(_metrics.ToPrometheusText())
                .Value("reconciler_webhook_calls_total", ("result", result));

    private Task<HttpStatusCode> SendAsync(string body, params (string Name, string Value)[] headers) =>
        SendAsync(body, chunked: false, headers);

    private async Task<HttpStatusCode> SendAsync(
        string body,
        bool chunked,
        params (string Name, string Value)[] headers
    )
    {
        using var answer = await PostAsync(body, headers, chunked);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> PostAsync(
        string body,
        (string Name, string Value)[] headers,
        bool chunked = false
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/push")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = body.Length > WebhookListener.LongestBody;
        foreach (var header in headers.GroupBy(h => h.Name, StringComparer.Ordinal))
            Assert.True(request.Headers.TryAddWithoutValidation(header.Key, header.Select(h => h.Value)), header.Key);
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
