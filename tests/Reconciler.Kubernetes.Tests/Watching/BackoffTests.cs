using Reconciler.Kubernetes.Watching;
using Reconciler.Testing;

namespace Reconciler.Kubernetes.Tests.Watching;

public sealed class BackoffTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void Waits_double_from_800_ms_to_30_s()
    {
        var backoff = new Backoff(new() { Jitter = 0 }, _clock);
        Assert.Equal(
            [0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30],
            Enumerable.Range(0, 8).Select(_ => backoff.Next().TotalSeconds)
        );
    }

    [Fact]
    public void Chance_lengthens_each_wait_by_up_to_its_share()
    {
        for (var i = 0; i < 200; i++)
            Assert.InRange(new Backoff(new(), _clock).Next().TotalSeconds, 0.8, 1.6);
    }

    [Fact]
    public void Two_minutes_without_a_failure_begin_anew_and_less_does_not()
    {
        var backoff = new Backoff(new() { Jitter = 0 }, _clock);
        backoff.Next();
        backoff.Next();
        _clock.Advance(TimeSpan.FromSeconds(1.6 + 119.9));
        Assert.Equal(3.2, backoff.Next().TotalSeconds);
        _clock.Advance(TimeSpan.FromSeconds(3.2 + 120));
        Assert.Equal(0.8, backoff.Next().TotalSeconds);
    }
}
