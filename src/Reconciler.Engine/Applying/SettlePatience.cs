namespace Reconciler.Engine.Applying;

/// <summary>How long a run reads again what a list does not show yet, with pauses that grow.</summary>
/// <param name="grace">The longest time in all; nothing is waited for where it is zero.</param>
/// <param name="clock">The time.</param>
internal sealed class SettlePatience(TimeSpan grace, TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private TimeSpan _pause = First;

    /// <summary>How long was waited in all.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>Whether waiting was cut short.</summary>
    public bool IsInterrupted { get; private set; }

    /// <summary>Waits for the next reading; false once the time is over, or the run is interrupted.</summary>
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
