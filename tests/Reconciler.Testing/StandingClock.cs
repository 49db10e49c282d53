namespace Reconciler.Testing;

/// <summary>
/// A clock whose time stands still until it is set, while timers run as they do: for tests that talk over the network.
/// </summary>
public sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Now.UtcTicks;
}
