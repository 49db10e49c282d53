using Reconciler.Core.Ports;
using Reconciler.Providers.Http;
using Reconciler.Testing.Providers.Http;
using static Reconciler.Testing.Providers.Http.StubVendor;

namespace Reconciler.Providers.Tests.Http;

/// <summary>Each request has an id that a person can quote to the vendor.</summary>
public sealed class RequestIdTests
{
    [Fact]
    public async Task Each_attempt_carries_an_id_of_its_own_and_the_failure_names_the_last_ones()
    {
        await using var bench = new HttpBench(
            new StubVendor(Json(503, "{}")),
            settings => settings with { RequestIds = null }
        );
        var failure = await bench.FailAsync(Effect.Read);
        var sent = bench.Requests.Select(IdOf).ToList();
        Assert.Equal(4, sent.Distinct().Count());
        Assert.All(sent, id => Assert.True(Guid.TryParseExact(id, "D", out _), id));
        Assert.Equal(sent, bench.Seen.Select(s => s.RequestId));
        Assert.EndsWith($"answered 503, at attempt 4 (request {sent[^1]})", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Request-Id: 77f-2", "77f-2")]
    [InlineData("x-request-id: r-1", null)]
    [InlineData("X-Correlation-Id: c 1", "c 1")]
    [InlineData("CF-Ray: 8f0c-FRA", "8f0c-FRA")]
    [InlineData("X-Request-Id: a\tb", "a b")]
    [InlineData("X-Request-Id: for-S3CR3T-t0ken", "for-***")]
    [InlineData("X-Other: 1", null)]
    public async Task The_vendors_own_id_is_told_where_it_is_another_one(string header, string? shown)
    {
        await using var bench = new HttpBench(Json(400, "{}", header));
        var failure = await bench.FailAsync(Effect.Mails);
        Assert.EndsWith(
            shown is null ? "answered 400 (request r-1)" : $"answered 400 (request r-1, the vendor's {shown})",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(shown, Assert.Single(bench.Seen).VendorRequestId);
    }

    [Fact]
    public async Task A_vendors_id_of_any_length_is_cut()
    {
        await using var bench = new HttpBench(Json(400, "{}", $"X-Request-Id: {new string('x', 4000)}"));
        Assert.EndsWith(
            $"the vendor's {new string('x', 80)}…)",
            (await bench.FailAsync(Effect.Read)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_answer_that_is_not_the_apis_names_its_request_too()
    {
        await using var bench = new HttpBench(
            Answer(200, "text/html", "<h1>Sign in</h1>", "X-Request-Id: gate-9"),
            Json(200, "{"),
            Json(200, HttpBench.Ok)
        );
        Assert.EndsWith(
            "instead of JSON (request r-1, the vendor's gate-9)",
            (await bench.FailAsync(Effect.Read)).Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith("(request r-1)", (await bench.FailAsync(Effect.Read)).Message, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<ProviderException>(() =>
            SendAsync(bench, new("success: false", $"no {HttpBench.Token}"))
        );
        Assert.Equal("GET /projects/p1/ answered success: false: no *** (request r-1)", refused.Message);
        var unreadable = await Assert.ThrowsAsync<ProviderException>(() =>
            SendAsync(bench, new("answered without data"))
        );
        Assert.Equal("GET /projects/p1/ answered without data (request r-1)", unreadable.Message);
    }

    [Fact]
    public async Task A_request_that_never_left_has_no_id_to_ask_about()
    {
        var gone = new StubVendor(HangUp);
        await gone.DisposeAsync();
        await using var bench = new HttpBench(gone);
        var failure = await bench.FailAsync(Effect.Mails);
        Assert.DoesNotContain("(request", failure.Message, StringComparison.Ordinal);
        Assert.All(
            bench.Seen,
            s => Assert.StartsWith("was not sent: no connection to 127.0.0.1", s.Fate, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_lost_answer_can_be_asked_about()
    {
        await using var bench = new HttpBench(BrokenOff);
        Assert.EndsWith(
            "; it may have been done (request r-1)",
            (await bench.FailAsync(Effect.Mails)).Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith("lost its connection", Assert.Single(bench.Seen).Fate, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_to_a_host_that_is_named_after_the_token_does_not_show_it()
    {
        await using var bench = new HttpBench(
            Empty(302, $"Location: https://{HttpBench.Token.ToUpperInvariant()}.example/x")
        );
        var failure = await bench.FailAsync(Effect.Read);
        Assert.Contains(
            "a redirect to https://***.example, which is not followed",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(HttpBench.Token, failure.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    private static Task<Echo> SendAsync(HttpBench bench, Objection objection) =>
        bench.Http.SendAsync(
            bench.Request(Effect.Read),
            EchoJson.Default.Echo,
            TestContext.Current.CancellationToken,
            _ => objection
        );

    private static string IdOf(string request) =>
        request.Split("\r\n").Single(l => l.StartsWith("X-Request-Id: ", StringComparison.OrdinalIgnoreCase))[
            "X-Request-Id: ".Length..
        ];
}
