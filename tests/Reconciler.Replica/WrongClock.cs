namespace Reconciler.Replica;

/// <summary>A wall clock that is wrong; time passes as it does.</summary>
internal sealed class WrongClock(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
}
