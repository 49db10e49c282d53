namespace Reconciler.Engine.Planning;

/// <summary>
/// Limits how long a run repeats a reading because a list does not show a write yet. The pauses grow.
/// </summary>
/// <param name="grace">The longest total wait; zero for no wait.</param>
/// <param name="clock">The clock.</param>
internal sealed class RecoveryDelays(TimeSpan grace, TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private TimeSpan _pause = First;

    /// <summary>The total time waited so far.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>Whether a wait was cancelled.</summary>
    public bool IsInterrupted { get; private set; }

    /// <summary>Waits before the next reading; false once the time is used up, or when the run is cancelled.</summary>
    public async Task<bool> WaitAsync(CancellationToken cancellation)
    {
        var pause = _pause < grace - Waited ? _pause : grace - Waited;
        if (pause <= TimeSpan.Zero)
            return false;
        try
        {
            await Task.Delay(pause, clock, cancellation);
        }
        catch (OperationCanceledException)
        {
            IsInterrupted = true;
            return false;
        }

        Waited += pause;
        _pause = _pause * 2 < Longest ? _pause * 2 : Longest;
        return true;
    }
}
