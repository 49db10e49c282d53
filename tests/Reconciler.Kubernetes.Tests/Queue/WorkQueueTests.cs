using Reconciler.Kubernetes.Queue;
using Reconciler.Testing;

namespace Reconciler.Kubernetes.Tests.Queue;

public sealed class WorkQueueTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new(_clock, new Always(0.5));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_waits_once_however_often_it_is_added()
    {
        foreach (var key in (string[])["a", "b", "a", "a"])
            _queue.Add(key);
        Assert.Equal(2, _queue.Count);
        Assert.Equal(("a", "b"), (await _queue.TakeAsync(Cancellation), await _queue.TakeAsync(Cancellation)));
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task A_key_added_while_it_is_worked_on_comes_again_afterwards_and_not_before()
    {
        _queue.Add("a");
        await _queue.TakeAsync(Cancellation);
        _queue.Add("a");
        _queue.Add("a");
        Assert.Equal(0, _queue.Count);
        _queue.Done("a");
        Assert.Equal(1, _queue.Count);
        await _queue.TakeAsync(Cancellation);
        _queue.Done("a");
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task No_key_is_worked_on_twice_at_once_and_the_last_addition_is_never_missed()
    {
        using var queue = new WorkQueue<int>();
        using var stop = new CancellationTokenSource();
        var (current, written, read, overlaps) = (new int[10], new int[10], new int[10], 0);
        var working = queue.RunAsync(
            8,
            async (key, _) =>
            {
                if (Interlocked.Increment(ref current[key]) != 1)
                    Interlocked.Increment(ref overlaps);
                Volatile.Write(ref read[key], Volatile.Read(ref written[key]));
                await Task.Yield();
                Interlocked.Decrement(ref current[key]);
                return null;
            },
            (_, failed) => Assert.Fail(failed.Message),
            stop.Token
        );
        Parallel.For(
            0,
            20_000,
            i =>
            {
                Interlocked.Increment(ref written[i % 10]);
                queue.Add(i % 10);
            }
        );
        await Eventually.Async(() => written.SequenceEqual(read));
        await stop.CancelAsync();
        await working;
        Assert.Equal(0, overlaps);
    }

    [Fact]
    public void A_later_addition_comes_at_its_time_and_an_earlier_one_wins()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.AddAfter("a", TimeSpan.FromSeconds(4));
        _queue.AddAfter("a", TimeSpan.FromSeconds(20));
        _clock.Advance(TimeSpan.FromSeconds(3.999));
        Assert.Equal(0, _queue.Count);
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Equal(1, _queue.Count);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public void Failures_wait_5_ms_doubled_up_to_15_minutes_until_they_are_forgotten()
    {
        TimeSpan[] expected =
        [
            .. Enumerable.Range(0, 20).Select(n => TimeSpan.FromSeconds(Math.Min(900, 0.005 * Math.Pow(2, n)))),
        ];
        foreach (var wait in expected)
        {
            _queue.AddRateLimited("a");
            Assert.Equal(1, _clock.Waiting(wait));
            _clock.Advance(wait);
            Assert.Equal(1, Taken());
        }

        Assert.Equal(20, _queue.Failures("a"));
        _queue.Forget("a");
        _queue.AddRateLimited("a");
        Assert.Equal(1, _clock.Waiting(TimeSpan.FromMilliseconds(5)));
    }

    [Fact]
    public void Many_that_fail_at_once_come_back_100_at_once_and_then_10_a_second()
    {
        for (var i = 0; i < 130; i++)
            _queue.AddRateLimited($"{i}");
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        Assert.Equal(100, _queue.Count);
        _clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromMilliseconds(5));
        Assert.Equal(110, _queue.Count);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(130, _queue.Count);
    }

    [Fact]
    public void Additions_that_are_no_retries_wait_for_no_bucket()
    {
        for (var i = 0; i < 5_000; i++)
            _queue.Add($"{i}");
        Assert.Equal(5_000, _queue.Count);
    }

    [Theory]
    [InlineData(0, 540)]
    [InlineData(0.5, 600)]
    [InlineData(1, 660)]
    public void An_interval_is_spread_by_a_tenth_and_forgets_the_failures(double chance, double seconds)
    {
        using var queue = new WorkQueue<string>(_clock, new Always(chance));
        queue.AddRateLimited("b");
        queue.AddInterval("b", TimeSpan.Zero);
        Assert.Equal(0, queue.Failures("b"));
        queue.AddInterval("a", TimeSpan.FromMinutes(10));
        Assert.Equal(1, _clock.Waiting(TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public async Task Work_that_fails_comes_again_and_work_with_an_interval_too()
    {
        var results = new Queue<Func<TimeSpan?>>([
            () => throw new InvalidOperationException("first"),
            () => TimeSpan.FromMinutes(1),
            () => null,
        ]);
        var failures = new List<string>();
        using var stop = new CancellationTokenSource();
        var working = _queue.RunAsync(
            1,
            (_, _) => Task.FromResult(results.Dequeue()()),
            (key, failed) => failures.Add($"{key}: {failed.Message}"),
            stop.Token
        );
        _queue.Add("a");
        await _clock.SomebodyWaits(TimeSpan.FromMilliseconds(5));
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        await _clock.SomebodyWaits(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _queue.Failures("a"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Async(() => results.Count == 0);
        await stop.CancelAsync();
        await working;
        Assert.Equal(["a: first"], failures);
    }

    [Fact]
    public void An_interval_longer_than_any_is_cut_like_a_delay()
    {
        using var queue = new WorkQueue<string>(_clock, new Always(1));
        queue.AddInterval("a", TimeSpan.MaxValue);
        Assert.Equal(1, _clock.Waiting(TimeSpan.FromDays(30)));
    }

    [Fact]
    public async Task Who_cannot_bear_being_told_of_a_failure_ends_all_work_instead_of_one_worker_after_the_other()
    {
        using var stop = new CancellationTokenSource();
        var working = _queue.RunAsync(
            3,
            (_, _) => throw new InvalidOperationException("first"),
            (_, _) => throw new InvalidOperationException("cannot log"),
            stop.Token
        );
        _queue.Add("a");
        var broken = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            working.WaitAsync(TimeSpan.FromSeconds(30), Cancellation)
        );
        Assert.Equal("cannot log", broken.Message);
        await stop.CancelAsync();
    }

    [Fact]
    public async Task Stopping_waits_for_the_work_that_has_begun()
    {
        var (begun, end) = (new TaskCompletionSource(), new TaskCompletionSource<TimeSpan?>());
        using var stop = new CancellationTokenSource();
        var working = _queue.RunAsync(
            2,
            (_, _) =>
            {
                begun.SetResult();
                return end.Task;
            },
            (_, _) => { },
            stop.Token
        );
        _queue.Add("a");
        await begun.Task.WaitAsync(Cancellation);
        await stop.CancelAsync();
        Assert.False(working.IsCompleted);
        end.SetResult(null);
        await working.WaitAsync(Cancellation);
    }

    public void Dispose() => _queue.Dispose();

    private int Taken()
    {
        var count = _queue.Count;
        for (var i = 0; i < count; i++)
            _queue.Done(_queue.TakeAsync(Cancellation).AsTask().GetAwaiter().GetResult());
        return count;
    }

    /// <summary>Chance that always falls the same way.</summary>
    private sealed class Always(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
