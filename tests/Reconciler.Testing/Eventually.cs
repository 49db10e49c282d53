namespace Reconciler.Testing;

/// <summary>Waits for what other threads do, and fails where it does not come.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static async Task Async(Func<bool> holds, Func<string>? instead = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(start) < Deadline,
                $"what the test waits for did not come{(instead is null ? "" : $": {instead()}")}"
            );
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
