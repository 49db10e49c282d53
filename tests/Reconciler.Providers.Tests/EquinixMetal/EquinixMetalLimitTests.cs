using Reconciler.Core.Ports;
using Reconciler.Testing;

namespace Reconciler.Providers.Tests.EquinixMetal;

/// <summary>The vendor's X-RateLimit headers, obeyed before it refuses.</summary>
public class EquinixMetalLimitTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task When_the_allowance_is_used_up_the_next_request_waits_for_the_reset_and_none_is_refused()
    {
        await using var bench = await EquinixMetalBench.StartAsync(limit: new(2, 30), clock: _clock);
        await bench.ReadAsync();
        var reading = bench.ReadAsync();
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(31));
        Assert.Equal(2, bench.Server.Requests.Length);
        _clock.Advance(TimeSpan.FromSeconds(31));
        await reading;
        Assert.All(bench.Server.Requests, r => Assert.Equal(200, r.Status));
    }

    [Fact]
    public async Task A_reset_that_is_more_than_a_minute_away_fails_the_reading_without_a_request()
    {
        await using var bench = await EquinixMetalBench.StartAsync(limit: new(2, 3600), clock: _clock);
        await bench.ReadAsync();
        var failure = await EquinixMetalBench.RefusedAsync(() => bench.ReadAsync());
        Assert.Equal((ProviderFault.RateLimited, TimeSpan.FromSeconds(3601)), (failure.Fault, failure.RetryAfter));
        Assert.Contains(
            "was not sent: the vendor's limit of requests is used up",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(2, bench.Server.Requests.Length);
    }

    [Fact]
    public async Task Many_requests_side_by_side_stay_within_the_allowance()
    {
        await using var bench = await EquinixMetalBench.StartAsync(limit: new(10, 30), clock: _clock);
        await bench.ReadAsync();
        var all = Enumerable.Range(0, 8).Select(_ => bench.ReadAsync()).ToArray();
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(31));
        await Eventually.Async(() => bench.Server.Requests.Length >= 10);
        var done = Task.WhenAll(all);
        while (!done.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(31));
            // An answer that was under way while the clock moved tells of another reset, which is waited for as well.
            await Task.WhenAny(
                done,
                Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken)
            );
        }

        await done;
        Assert.Equal(18, bench.Server.Requests.Length);
        Assert.All(bench.Server.Requests, r => Assert.Equal(200, r.Status));
    }

    [Fact]
    public async Task Waiting_for_the_reset_ends_with_a_cancellation()
    {
        await using var bench = await EquinixMetalBench.StartAsync(limit: new(2, 30), clock: _clock);
        await bench.ReadAsync();
        using var cancel = new CancellationTokenSource();
        var listing = bench.Own.ListAsync(cancel.Token);
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(31));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listing);
    }
}
