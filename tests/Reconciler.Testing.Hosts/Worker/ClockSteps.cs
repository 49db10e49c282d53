namespace Reconciler.Testing.Hosts.Worker;

/// <summary>Moves a test's clock while workers run on it.</summary>
public static class ClockSteps
{
    /// <summary>Lets time go by, from one timer to the next, so that whatever falls due is done at its time.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="time">How much time.</param>
    /// <param name="quiet">Waits until nothing is under way and nothing is due.</param>
    public static async Task LetPassAsync(this FakeClock clock, TimeSpan time, Func<Task> quiet)
    {
        await quiet();
        var end = clock.GetUtcNow() + time;
        while (clock.NextDue is { } next && next <= end)
        {
            clock.Advance(next - clock.GetUtcNow());
            await quiet();
        }

        clock.Advance(end - clock.GetUtcNow());
        await quiet();
    }
}
