namespace Reconciler.Testing.Hosts.Worker;

/// <summary>The test's time, with timers that run as the machine's do.</summary>
public sealed class HybridClock(FakeClock clock) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();
}
