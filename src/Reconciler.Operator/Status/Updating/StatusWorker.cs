using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Reconciler.Hosting.Reconciling;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Evaluating;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Status.Updating;

/// <summary>
/// Writes beside the loop the statuses of memberships that are not reconciled: they are stalled, or their deletion
/// waits.
/// </summary>
/// <param name="writer">Writes statuses.</param>
/// <param name="background">Runs beside the loop.</param>
/// <param name="events">Records Events.</param>
/// <param name="settings">The name of this shard.</param>
/// <param name="text">Makes texts safe for the log.</param>
/// <param name="logger">Where stalls are logged.</param>
internal sealed class StatusWorker(
    StatusWriter writer,
    BackgroundWork background,
    OperatorEvents events,
    OperatorSettings settings,
    LogText text,
    ILogger logger
)
{
    /// <summary>Writes that a deletion waits.</summary>
    /// <param name="membership">The membership.</param>
    /// <param name="message">For what.</param>
    /// <param name="retry">Asks for another evaluation, should it fail.</param>
    public void Wait(DesiredMembership membership, string message, Action retry) =>
        Write(
            membership,
            new(StatusReasons.Progressing, message),
            StatusText.Waiting(membership.Resource, message, settings.Shard),
            retry,
            () => { }
        );

    /// <summary>Writes that nothing can be done.</summary>
    /// <param name="membership">The membership.</param>
    /// <param name="why">Why.</param>
    /// <param name="retry">Asks for another evaluation, should it fail.</param>
    public void Stall(DesiredMembership membership, MembershipState.Stalled why, Action retry)
    {
        var (reason, message) = why;
        var tracked = membership.Tracked;
        Write(
            membership,
            why,
            StatusText.Stalled(membership.Resource, reason, message, settings.Shard),
            retry,
            () =>
            {
                if (tracked.Status.LastEvent != (reason, message))
                    OperatorLog.Stalled(logger, tracked.Key.ToString(), reason, text.Clean(message));
                events.Stalled(tracked, reason, message);
            }
        );
    }

    /// <summary>Asks the server for a status of which an older one was observed than is known.</summary>
    /// <param name="tracked">The membership.</param>
    /// <param name="changed">Called where the server's status replaced what was known.</param>
    public void Check(TrackedMembership tracked, Action changed) =>
        background.Start(
            tracked.Key.ToString(),
            null,
            async () =>
            {
                await tracked.Turn.WaitAsync();
                try
                {
                    if (!await writer.CheckAsync(tracked, CancellationToken.None))
                        return;
                }
                finally
                {
                    tracked.Turn.Release();
                }

                changed();
            }
        );

    private void Write(
        DesiredMembership membership,
        MembershipState.Stalled why,
        Action<JsonObject, DateTimeOffset> compose,
        Action retry,
        Action written
    )
    {
        var (tracked, resource) = (membership.Tracked, membership.Resource);
        var notice = new StallNotice(
            why.Reason,
            why.Message,
            resource.Metadata.Generation,
            resource.Annotation(ClusterResource.RequestedAt)
        );
        if (tracked.Status.Stall == notice)
            return;
        background.Start(
            tracked.Key.ToString(),
            retry,
            async () =>
            {
                await tracked.Turn.WaitAsync();
                try
                {
                    // If the spec changed meanwhile, its own evaluation writes the status.
                    if (!ClusterResource.IsSameSpec(resource, tracked.Status.Latest))
                        return;
                    await writer.WriteAsync(tracked, compose, CancellationToken.None, resource);
                    tracked.Update(s => s with { Stall = notice });
                }
                finally
                {
                    tracked.Turn.Release();
                }

                written();
            }
        );
    }
}
