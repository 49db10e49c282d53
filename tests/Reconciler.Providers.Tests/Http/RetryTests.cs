using Reconciler.Core.Ports;
using Reconciler.Providers.Http;
using Reconciler.Testing.Providers.Http;
using static Reconciler.Testing.Providers.Http.StubVendor;

namespace Reconciler.Providers.Tests.Http;

public class RetryTests
{
    [Theory]
    [InlineData("503")]
    [InlineData("429")]
    [InlineData("hang-up")]
    [InlineData("truncated")]
    internal async Task A_read_is_tried_again_until_it_is_answered(string fault)
    {
        await using var bench = new HttpBench(Fault(fault), Fault(fault), Fault(fault), Json(200, HttpBench.Ok));
        Assert.Equal("ana", await bench.SendAsync(Effect.Read));
        Assert.Equal(4, bench.Requests.Count);
        Assert.Equal([1, 2, 3, 4], bench.Seen.Select(seen => seen.Attempt));
    }

    [Theory]
    [InlineData(Effect.Read)]
    [InlineData(Effect.IdempotentWrite)]
    [InlineData(Effect.Mails)]
    [InlineData(Effect.Transfers)]
    internal async Task A_token_that_was_rotated_after_it_was_read_is_read_again_and_the_request_sent_once_more(
        Effect effect
    )
    {
        var tokens = new Queue<string>(["old-t0ken", "new-t0ken"]);
        await using var bench = new HttpBench(
            new StubVendor(Fault("401"), Json(200, HttpBench.Ok)),
            s => s with { Token = _ => ValueTask.FromResult(tokens.Dequeue()) }
        );
        Assert.Equal("ana", await bench.SendAsync(effect));
        Assert.Contains("old-t0ken", bench.Requests.First(), StringComparison.Ordinal);
        Assert.Contains("new-t0ken", bench.Requests.Last(), StringComparison.Ordinal);
        Assert.Equal(2, bench.Requests.Count);
    }

    [Theory]
    [InlineData("503", Effect.Read, ProviderFault.Unavailable, 4)]
    [InlineData("503", Effect.IdempotentWrite, ProviderFault.Ambiguous, 4)]
    [InlineData("503", Effect.Mails, ProviderFault.Ambiguous, 1)]
    [InlineData("503", Effect.Transfers, ProviderFault.Ambiguous, 1)]
    [InlineData("hang-up", Effect.Read, ProviderFault.Unavailable, 4)]
    [InlineData("hang-up", Effect.IdempotentWrite, ProviderFault.Ambiguous, 4)]
    [InlineData("hang-up", Effect.Mails, ProviderFault.Ambiguous, 1)]
    [InlineData("hang-up", Effect.Transfers, ProviderFault.Ambiguous, 1)]
    [InlineData("truncated", Effect.Read, ProviderFault.Unavailable, 4)]
    [InlineData("truncated", Effect.IdempotentWrite, ProviderFault.Ambiguous, 4)]
    [InlineData("truncated", Effect.Mails, ProviderFault.Ambiguous, 1)]
    [InlineData("429", Effect.Read, ProviderFault.RateLimited, 4)]
    [InlineData("429", Effect.IdempotentWrite, ProviderFault.RateLimited, 4)]
    [InlineData("429", Effect.Mails, ProviderFault.RateLimited, 4)]
    [InlineData("429", Effect.Transfers, ProviderFault.RateLimited, 4)]
    [InlineData("html", Effect.Read, ProviderFault.BadAnswer, 1)]
    [InlineData("html", Effect.IdempotentWrite, ProviderFault.Ambiguous, 1)]
    [InlineData("html", Effect.Mails, ProviderFault.Ambiguous, 1)]
    [InlineData("cut", Effect.Read, ProviderFault.BadAnswer, 1)]
    [InlineData("cut", Effect.Mails, ProviderFault.Ambiguous, 1)]
    [InlineData("empty", Effect.Read, ProviderFault.BadAnswer, 1)]
    [InlineData("missing member", Effect.Read, ProviderFault.BadAnswer, 1)]
    [InlineData("huge", Effect.Read, ProviderFault.BadAnswer, 1)]
    [InlineData("huge", Effect.Mails, ProviderFault.Ambiguous, 1)]
    [InlineData("huge, not announced", Effect.Read, ProviderFault.BadAnswer, 1)]
    [InlineData("400", Effect.Mails, ProviderFault.Refused, 1)]
    [InlineData("401", Effect.Read, ProviderFault.Unauthorized, 1)]
    [InlineData("403", Effect.IdempotentWrite, ProviderFault.Forbidden, 1)]
    [InlineData("404", Effect.Read, ProviderFault.NotFound, 1)]
    [InlineData("307", Effect.Mails, ProviderFault.BadAnswer, 1)]
    internal async Task A_fault_that_stays_is_told_by_what_it_may_have_done(
        string fault,
        Effect effect,
        ProviderFault told,
        int attempts
    )
    {
        await using var bench = new HttpBench(Fault(fault));
        var failure = await bench.FailAsync(effect);
        Assert.Equal(told, failure.Fault);
        Assert.Equal(attempts, bench.Requests.Count);
        Assert.StartsWith(
            $"{(effect is Effect.Read ? "GET" : "POST")} /projects/p1/ ",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_mail_refused_with_429_is_sent_once_the_vendor_has_time()
    {
        await using var bench = new HttpBench(Fault("429"), Json(201, HttpBench.Ok));
        Assert.Equal("ana", await bench.SendAsync(Effect.Mails));
    }

    [Fact]
    public async Task A_write_that_was_lost_once_and_then_throttled_stays_ambiguous()
    {
        await using var bench = new HttpBench(BrokenOff, Fault("429"));
        Assert.Equal(ProviderFault.Ambiguous, (await bench.FailAsync(Effect.IdempotentWrite)).Fault);
    }

    [Theory]
    [InlineData(Effect.Read)]
    [InlineData(Effect.Mails)]
    internal async Task A_refused_connection_was_never_a_request(Effect effect)
    {
        var gone = new StubVendor(HangUp);
        await using var bench = new HttpBench(gone);
        var request = bench.Request(effect);
        await gone.DisposeAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() =>
            bench.Http.SendAsync(request, TestContext.Current.CancellationToken)
        );
        Assert.Equal(ProviderFault.Unavailable, failure.Fault);
        Assert.Equal(4, bench.Seen.Count);
    }

    [Theory]
    [InlineData(Effect.Mails, 1)]
    [InlineData(Effect.Transfers, 1)]
    [InlineData(Effect.IdempotentWrite, 4)]
    internal async Task A_write_without_a_body_is_not_sent_again_by_the_runtime_behind_our_back(
        Effect effect,
        int attempts
    )
    {
        await using var bench = new HttpBench(HangUp);
        await Assert.ThrowsAsync<ProviderException>(() =>
            bench.Http.SendAsync(bench.Request(effect), TestContext.Current.CancellationToken)
        );
        Assert.Equal(attempts, bench.Requests.Count);
        Assert.Equal(attempts, bench.Seen.Count);
    }

    private static string Fault(string name) =>
        name switch
        {
            "hang-up" => BrokenOff,
            "truncated" => Truncated(200, """{"name":"a"""),
            "html" => Answer(200, "text/html; charset=utf-8", $"<h1>Please sign in, {HttpBench.Token}</h1>"),
            "cut" => Json(200, """{"name":"a"""),
            "empty" => Empty(204),
            "huge" =>
                $"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: {64 << 20}\r\nConnection: close\r\n\r\n",
            "huge, not announced" =>
                $"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{new string(' ', 33 << 20)}",
            "missing member" => Json(200, "{}"),
            "307" => Empty(307, "Location: http://elsewhere.invalid/x?t=1"),
            _ => Json(
                int.Parse(name, System.Globalization.CultureInfo.InvariantCulture),
                $$"""{"error":"Not with {{HttpBench.Token}}."}"""
            ),
        };
}
