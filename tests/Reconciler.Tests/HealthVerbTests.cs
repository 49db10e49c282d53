using Reconciler.Testing;
using Reconciler.Testing.Hosts;
using Reconciler.Testing.Providers.Http;

namespace Reconciler.Tests;

/// <summary><c>health</c>, against a server on a real socket: what a container's health check relies on.</summary>
public sealed class HealthVerbTests
{
    [Fact]
    public async Task A_worker_that_says_it_is_well_exits_with_0()
    {
        await using var worker = new StubVendor(
            StubVendor.Answer(200, "text/plain", "ready\nprovider default/a: reachable\n")
        );

        var (code, output) = await AskAsync($"{worker.Url}/readyz");

        Assert.Equal((ExitCode.Done, $"ready{Environment.NewLine}provider default/a: reachable"), (code, output));
        Assert.StartsWith("GET /api/v1/readyz HTTP/1.1\r\n", Assert.Single(worker.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_is_not_well_exits_with_1_and_says_why()
    {
        await using var worker = new StubVendor(
            StubVendor.Answer(503, "text/plain", "stuck: the scheduler is silent for 61 s")
        );

        Assert.Equal(
            (ExitCode.Failed, $"error: {worker.Url} answered 503: stuck: the scheduler is silent for 61 s"),
            await AskAsync(worker.Url.AbsoluteUri)
        );
    }

    [Theory]
    [InlineData(204)]
    [InlineData(302)]
    [InlineData(404)]
    public async Task Any_other_answer_is_no_yes(int status)
    {
        await using var elsewhere = new StubVendor(StubVendor.Json(200, "{}"));
        await using var worker = new StubVendor(StubVendor.Empty(status, $"Location: {elsewhere.Url}"));

        Assert.Equal(
            (ExitCode.Failed, $"error: {worker.Url} answered {status}"),
            await AskAsync(worker.Url.AbsoluteUri)
        );
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Where_nothing_listens_nothing_is_well()
    {
        var worker = new StubVendor(StubVendor.Silence);
        await worker.DisposeAsync();

        var (code, output) = await AskAsync(worker.Url.AbsoluteUri);

        Assert.Equal(ExitCode.Failed, code);
        Assert.StartsWith($"error: {worker.Url} cannot be asked: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_says_nothing_is_given_four_seconds()
    {
        await using var worker = new StubVendor(StubVendor.Silence);
        var clock = new FakeClock();
        var asked = AskAsync(worker.Url.AbsoluteUri, clock);
        await Eventually.Async(() => worker.Requests.Count == 1);

        await clock.SomebodyWaits(TimeSpan.FromSeconds(4));
        clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal((ExitCode.Failed, $"error: {worker.Url} gave no answer within 4 s"), await asked);
    }

    [Fact]
    public async Task An_answer_cannot_write_to_the_terminal()
    {
        await using var worker = new StubVendor(StubVendor.Answer(503, "text/plain", "\u001b[2Jwell"));

        Assert.EndsWith(
            "answered 503: \\u001b[2Jwell",
            (await AskAsync(worker.Url.AbsoluteUri)).Output,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("127.0.0.1:8080")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/healthz")]
    public async Task What_is_no_URL_is_refused(string url)
    {
        var (code, output) = await AskAsync(url);

        Assert.Equal(
            (ExitCode.Usage, $"error: --url {url}: expected a URL such as http://127.0.0.1:8080/healthz"),
            (code, output)
        );
    }

    private static async Task<(int Code, string Output)> AskAsync(string url, TimeProvider? clock = null)
    {
        using var output = new StringWriter();
        var environment = CommandLines.Environment(output) with { Clock = clock ?? TimeProvider.System };
        var code = await Cli.RunAsync(["health", "--url", url], environment, TestContext.Current.CancellationToken);
        return (code, output.ToString().TrimEnd());
    }
}
