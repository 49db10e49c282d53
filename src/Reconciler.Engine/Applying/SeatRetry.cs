using Reconciler.Core.Actions;

namespace Reconciler.Engine.Applying;

/// <summary>Tries once more the actions that the vendor refused because the account had no free seat.</summary>
/// <param name="account">The account, which counts the seats that removals freed.</param>
/// <param name="limits">Checks that the action still keeps the limits.</param>
/// <param name="sender">Sends one batch.</param>
/// <param name="confirmer">Confirms unsure writes by reading.</param>
/// <param name="outcomes">Records the outcome of each action.</param>
internal sealed class SeatRetry(
    AccountRun account,
    LimitCheck limits,
    BatchSender sender,
    WriteConfirmer confirmer,
    ActionOutcomes outcomes
)
{
    /// <summary>
    /// Tries the actions that lack a seat again, provided that this run removed somebody from the account.
    /// </summary>
    public async Task RetryAsync()
    {
        outcomes.BeginLastTry();
        if (outcomes.WithoutSeat.Count == 0)
            return;
        var isFree = account.Freed > 0;
        if (isFree)
            account.Reopen();
        foreach (var action in outcomes.WithoutSeat)
        {
            if (!isFree || BreaksLimit(action) || !await sender.IntendAsync([action]))
                outcomes.Finish(outcomes.Of(action));
            else if (outcomes.IsRevoked(action) && sender.MayGoOn(action))
                await sender.InviteAnewAsync(action);
            else
                await sender.SendAsync([action], mayRepeat: true);
        }

        await confirmer.ConfirmAsync();
    }

    private bool BreaksLimit(PlannedAction action) => limits.FirstHold([.. outcomes.Done, action]) is not null;
}
