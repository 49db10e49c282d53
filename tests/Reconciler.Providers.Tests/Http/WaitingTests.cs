using System.Globalization;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;
using Reconciler.Testing;
using Reconciler.Testing.Providers.Http;
using static Reconciler.Testing.Providers.Http.StubVendor;

namespace Reconciler.Providers.Tests.Http;

public class WaitingTests
{
    private static readonly TimeSpan HalfAMinute = TimeSpan.FromSeconds(30);
    private readonly FakeClock _clock = new();

    [Theory]
    [InlineData(Effect.Read)]
    [InlineData(Effect.Mails)]
    internal async Task Retry_After_is_waited_for_to_the_second(Effect effect)
    {
        await using var bench = Bench(Json(429, "{}", "Retry-After: 30"), Json(200, HttpBench.Ok));
        var sending = bench.SendAsync(effect);
        await _clock.SomebodyWaits(HalfAMinute);
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Single(bench.Requests);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("ana", await sending);
    }

    [Fact]
    public async Task Retry_After_may_be_a_date()
    {
        var date = (_clock.GetUtcNow() + HalfAMinute).ToString("R", CultureInfo.InvariantCulture);
        await using var bench = Bench(Json(429, "{}", $"Retry-After: {date}"), Json(200, HttpBench.Ok));
        var sending = bench.SendAsync(Effect.Read);
        await _clock.SomebodyWaits(HalfAMinute);
        _clock.Advance(HalfAMinute);
        Assert.Equal("ana", await sending);
    }

    [Fact]
    public async Task A_Retry_After_of_more_than_a_minute_is_handed_on_without_waiting()
    {
        await using var bench = Bench(Json(429, "{}", "Retry-After: 61"));
        var failure = await bench.FailAsync(Effect.Read);
        Assert.Equal((ProviderFault.RateLimited, TimeSpan.FromSeconds(61)), (failure.Fault, failure.RetryAfter));
        Assert.Single(bench.Requests);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_between_two_attempts()
    {
        using var cancel = new CancellationTokenSource();
        await using var bench = Bench(Json(429, "{}", "Retry-After: 30"));
        var sending = bench.SendAsync(Effect.Mails, cancel.Token);
        await _clock.SomebodyWaits(HalfAMinute);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Single(bench.Requests);
    }

    [Fact]
    public async Task Cancelling_after_a_lost_answer_does_not_hide_that_the_write_may_be_done()
    {
        using var cancel = new CancellationTokenSource();
        await using var bench = Bench(Json(503, "{}", "Retry-After: 30"));
        var sending = bench.SendAsync(Effect.IdempotentWrite, cancel.Token);
        await _clock.SomebodyWaits(HalfAMinute);
        await cancel.CancelAsync();
        Assert.Equal(ProviderFault.Ambiguous, (await Assert.ThrowsAsync<ProviderException>(() => sending)).Fault);
    }

    [Fact]
    public async Task Cancelling_does_not_reach_a_request_in_flight()
    {
        using var cancel = new CancellationTokenSource();
        var gate = new TaskCompletionSource();
        await using var bench = new HttpBench(
            new StubVendor(Json(201, HttpBench.Ok)) { Gate = gate.Task },
            settings => settings with { Clock = _clock }
        );
        var sending = bench.SendAsync(Effect.Mails, cancel.Token);
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(15));
        await bench.ArriveAsync(1);
        await cancel.CancelAsync();
        gate.SetResult();
        Assert.Equal("ana", await sending);
    }

    [Fact]
    public async Task Nothing_is_sent_for_a_caller_who_has_cancelled_already()
    {
        await using var bench = Bench(Json(200, HttpBench.Ok));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            bench.SendAsync(Effect.Read, new CancellationToken(canceled: true))
        );
        Assert.Empty(bench.Requests);
    }

    [Fact]
    public async Task A_request_without_an_answer_in_15_seconds_is_lost()
    {
        await using var bench = Bench(Silence);
        var sending = bench.FailAsync(Effect.Mails);
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(15));
        await bench.ArriveAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(15));
        var failure = await sending;
        Assert.Equal(ProviderFault.Ambiguous, failure.Fault);
        Assert.Contains("no answer within 15 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_beyond_the_rate_wait_for_their_turn()
    {
        await using var bench = new HttpBench(
            new StubVendor(Json(200, HttpBench.Ok)),
            settings => settings with { Clock = _clock, RequestsPerSecond = 2 }
        );
        await bench.SendAsync(Effect.Read);
        await bench.SendAsync(Effect.Read);
        var third = bench.SendAsync(Effect.Read);
        var fourth = bench.SendAsync(Effect.Read);
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(0.5));
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(1));
        Assert.Equal(2, bench.Requests.Count);
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        await third;
        Assert.False(fourth.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        await fourth;
    }

    [Fact]
    public async Task No_more_requests_are_in_flight_than_the_provider_allows()
    {
        var gate = new TaskCompletionSource();
        await using var bench = new HttpBench(
            new StubVendor(Json(200, HttpBench.Ok)) { Gate = gate.Task },
            settings => settings with { MaxConcurrency = 3 }
        );
        var all = Enumerable.Range(0, 10).Select(_ => bench.SendAsync(Effect.Read)).ToArray();
        await bench.ArriveAsync(3);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(3, bench.Requests.Count);
        gate.SetResult();
        await Task.WhenAll(all);
        Assert.Equal(10, bench.Requests.Count);
    }

    private HttpBench Bench(params string[] answers) =>
        new(new StubVendor(answers), settings => settings with { Clock = _clock });
}
