using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Applying;

/// <summary>
/// Sends one batch of actions of a project and reads the vendor's answer. An action whose effect the answer does not
/// show is queued, to be confirmed by reading.
/// </summary>
/// <param name="plan">The plan of the project.</param>
/// <param name="writer">Writes to the project.</param>
/// <param name="account">The account of the project.</param>
/// <param name="ledger">The ledger, which records an intent before each write.</param>
/// <param name="refusals">Interprets the vendor's refusals.</param>
/// <param name="outcomes">Records the outcome of each action.</param>
/// <param name="cancellation">Stops between actions.</param>
internal sealed class BatchSender(
    ProjectPlan plan,
    IProjectWriter writer,
    AccountRun account,
    LedgerSession ledger,
    Refusals refusals,
    ActionOutcomes outcomes,
    CancellationToken cancellation
)
{
    private const string Unconfirmed = "the vendor did not confirm it, and reading the project shows no change";

    private readonly ConcurrentQueue<UnsureWrite> _unsure = new();

    // Set once no further write makes sense: the token is refused, the vendor asks to wait longer than a run lasts, or
    // the ledger cannot be written.
    private volatile string? _stopped;

    /// <summary>Takes the writes that reading must confirm, and empties the queue.</summary>
    public ImmutableArray<UnsureWrite> TakeUnsure()
    {
        var unsure = _unsure.ToImmutableArray();
        _unsure.Clear();
        return unsure;
    }

    /// <summary>Whether an action may be sent in this run.</summary>
    public bool MayGoOn(PlannedAction action) =>
        !cancellation.IsCancellationRequested
        && _stopped is null
        && account.Stopped is null
        && refusals.Objection(action) is null;

    /// <summary>
    /// Records the intents of actions that are about to be sent. False where the ledger cannot be written: the actions
    /// are then skipped, since a write that is not on record must not be sent.
    /// </summary>
    public async Task<bool> IntendAsync(ImmutableArray<PlannedAction> intended, ImmutableArray<PlannedAction> skipped)
    {
        if (await IntendAsync(intended))
            return true;
        outcomes.Finish(skipped, OutcomeKind.Skipped, _stopped);
        return false;
    }

    /// <summary>
    /// Records the intents of actions; false where the ledger cannot be written, and nothing may be sent.
    /// </summary>
    public async Task<bool> IntendAsync(ImmutableArray<PlannedAction> actions)
    {
        try
        {
            await ledger.IntendAsync(actions);
            return true;
        }
        catch (Exception refusal) when (refusal is LedgerException or LedgerConflictException)
        {
            _stopped ??= $"not tried: {refusal.Message}";
            return false;
        }
    }

    /// <summary>Sends a batch, and records its outcome or queues it to be confirmed.</summary>
    /// <param name="batch">The actions of one call.</param>
    /// <param name="mayRepeat">Whether an invitation may be sent once more where its answer is lost.</param>
    public async Task SendAsync(ImmutableArray<PlannedAction> batch, bool mayRepeat)
    {
        // Writes that are done are reported, but none is begun once the ledger cannot record it.
        if (ledger.Objection is { } trouble)
            _stopped ??= $"not tried: {trouble}";
        _stopped ??= account.Stopped;
        if (cancellation.IsCancellationRequested || _stopped is not null)
        {
            outcomes.Finish(
                batch,
                _stopped is null ? OutcomeKind.Interrupted : OutcomeKind.Skipped,
                _stopped ?? "not tried: interrupted"
            );
            return;
        }

        if (refusals.Objection(batch[0]) is { } objection)
        {
            foreach (var action in batch)
                outcomes.Finish(objection with { Action = action });
            return;
        }

        if (batch[0].IsReminder && !await IntendAsync(batch, batch))
            return;
        var turn = await account.EnterAsync();
        // The probe that this batch waited for may have stopped the whole account.
        if (account.Stopped is not null)
        {
            turn(null);
            await SendAsync(batch, mayRepeat);
            return;
        }

        await WriteAsync(batch, mayRepeat, turn);
    }

    /// <summary>
    /// Sends the second half of a replacement. It cannot be cancelled, since the person would be left without any
    /// invitation.
    /// </summary>
    public async Task InviteAnewAsync(PlannedAction action)
    {
        var invitation = action with { Kind = ActionKind.Invite, Invitation = null };
        try
        {
            Take([action], await writer.ApplyAsync(plan.Project, [invitation], CancellationToken.None));
        }
        catch (OperationCanceledException lost)
        {
            var unsent = new ProviderException(ProviderFault.Unavailable, lost.Message, lost);
            await FailAsync([action], WithoutInvitation(unsent), mayRepeat: false);
        }
        catch (ProviderException failure)
        {
            await FailAsync([action], WithoutInvitation(failure), mayRepeat: false);
        }
        catch (Exception unforeseen)
        {
            await FailAsync([action], Unforeseen(unforeseen), mayRepeat: false);
        }
    }

    private async Task WriteAsync(
        ImmutableArray<PlannedAction> batch,
        bool mayRepeat,
        Action<ProviderException?> answered
    )
    {
        try
        {
            var result = await writer.ApplyAsync(plan.Project, batch, cancellation);
            answered(null);
            Take(batch, result);
        }
        catch (OperationCanceledException)
        {
            answered(null);
            // Nothing was sent: the run is stopped, or lost the right to write while the request waited.
            if (ledger.Objection is { } lost)
                _stopped ??= $"not tried: {lost}";
            outcomes.Finish(
                batch,
                _stopped is null ? OutcomeKind.Interrupted : OutcomeKind.Skipped,
                _stopped ?? "not tried: interrupted"
            );
        }
        catch (ProviderException failure)
        {
            answered(failure);
            await FailAsync(batch, failure, mayRepeat);
        }
        catch (Exception unforeseen)
        {
            answered(null);
            await FailAsync(batch, Unforeseen(unforeseen), mayRepeat: false);
        }
    }

    // A bug in this program must not stop the other actions. Reading shows whether something was sent.
    private static ProviderException Unforeseen(Exception fault) =>
        new(ProviderFault.Ambiguous, $"not foreseen: {fault.GetType().Name}: {fault.Message}", fault);

    private static ProviderException WithoutInvitation(ProviderException failure) =>
        new(
            failure.Fault,
            $"the old invitation is revoked, and no new one is known to be out: {failure.Message}",
            failure
        )
        {
            RetryAfter = failure.RetryAfter,
            ForAnybody = failure.ForAnybody,
            IsPartlyDone = true,
        };

    private void Take(ImmutableArray<PlannedAction> batch, WriteResult result)
    {
        if (result == WriteResult.Confirmed)
        {
            outcomes.Finish(batch, OutcomeKind.Done, null);
            return;
        }

        foreach (var action in batch)
            _unsure.Enqueue(new(action, Unconfirmed) { IsAccepted = true, IsHalf = result == WriteResult.OnlyRevoked });
    }

    private async Task FailAsync(ImmutableArray<PlannedAction> batch, ProviderException failure, bool mayRepeat)
    {
        if (failure.Fault == ProviderFault.Ambiguous)
        {
            foreach (var action in batch)
                refusals.Doubt(action);
            foreach (var action in batch)
                Doubt(action, failure, mayRepeat && action.Kind is ActionKind.Invite or ActionKind.Replace);
            return;
        }

        if (failure.IsSettledByReading)
        {
            foreach (var action in batch)
                _unsure.Enqueue(
                    new(action, failure.Message) { Refusal = failure, IsHalf = action.Kind == ActionKind.Replace }
                );
            return;
        }

        // Each action is tried alone: one refused address must not fail the others, and free seats must be used.
        if (batch.Length > 1 && failure.Fault is ProviderFault.Refused or ProviderFault.Manual or ProviderFault.NoSeat)
        {
            foreach (var action in batch)
                await SendAsync([action], mayRepeat);
            return;
        }

        if (batch is [var one] && Refusals.NeedsReading(one, failure))
        {
            _unsure.Enqueue(new(one, failure.Message) { Refusal = failure });
            return;
        }

        if (failure.Fault is ProviderFault.Unauthorized or ProviderFault.RateLimited)
            _stopped ??= $"not tried: {failure.Message}";
        foreach (var action in batch)
            outcomes.Finish(refusals.Learn(action, failure));
    }

    // No reading shows when a mail was sent, so a reminder whose answer is lost counts as sent, and is never sent
    // twice.
    private void Doubt(PlannedAction action, ProviderException failure, bool mayRepeat)
    {
        if (action.Kind == ActionKind.Resend)
            outcomes.Finish(action, OutcomeKind.Done, failure.Message);
        else
            _unsure.Enqueue(
                new(action, failure.Message)
                {
                    MayRepeat = mayRepeat,
                    IsHalf = mayRepeat && action.Kind == ActionKind.Replace,
                }
            );
    }
}
