using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Ports;
using Reconciler.Hosting.Reconciling;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Evaluating;
using Reconciler.Operator.Finalizing;
using Reconciler.Operator.Providers;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Status.Updating;

/// <summary>A project of a membership, and what became of its reconcile.</summary>
/// <param name="Project">The project.</param>
/// <param name="Reconcile">What became of it.</param>
internal sealed record ReconciledProject(ScheduledProject Project, ProjectReconcile Reconcile);

/// <summary>
/// Writes what became of a reconcile into the status of its membership, and removes the finalizer of one that is
/// revoked.
/// </summary>
/// <param name="writer">Writes statuses.</param>
/// <param name="forgetter">Forgets projects.</param>
/// <param name="providers">The statuses of AccessProviders.</param>
/// <param name="finalizers">Removes finalizers.</param>
/// <param name="events">Records Events.</param>
/// <param name="settings">The name of this shard.</param>
/// <param name="logger">Where failures are logged.</param>
internal sealed class StatusUpdater(
    StatusWriter writer,
    ProjectForgetter forgetter,
    ProviderStatuses providers,
    Finalizers finalizers,
    OperatorEvents events,
    OperatorSettings settings,
    ILogger logger
)
{
    /// <summary>Updates the status of a membership.</summary>
    /// <param name="tracked">The membership.</param>
    /// <param name="projects">What became of its projects.</param>
    /// <returns>Whether everything was written; where not, the reconcile counts as failed.</returns>
    public async Task<bool> UpdateAsync(TrackedMembership tracked, IReadOnlyList<ReconciledProject> projects)
    {
        foreach (var project in projects)
            providers.ReconcileEnded(project.Reconcile);
        bool isRevoked;
        await tracked.Turn.WaitAsync();
        try
        {
            if (!await UpdateInTurnAsync(tracked, projects))
                return false;
            var status = tracked.Status;
            isRevoked = (status.Latest.IsBeingDeleted || status.IsGone) && !status.HasGranted;
        }
        catch (Exception failed) when (failed is KubernetesException or StatusConflictException)
        {
            OperatorLog.NotWritten(logger, tracked.Key.ToString(), failed.Message);
            return false;
        }
        finally
        {
            tracked.Turn.Release();
        }

        return !isRevoked || await TryFinalizeAsync(tracked);
    }

    private async Task<bool> UpdateInTurnAsync(TrackedMembership tracked, IReadOnlyList<ReconciledProject> projects)
    {
        var resource = projects[0].Project.Membership.Resource;
        var trouble = await forgetter.ForgetAsync(tracked, projects);
        if (trouble is not null)
            projects = [.. projects.Select(p => p with { Reconcile = p.Reconcile with { Trouble = trouble } })];
        // If the spec changed during the reconcile, the text is skipped: the next reconcile writes it. The ledger is
        // saved all the same.
        var isOutdated = projects.All(p => p.Project.Entry.IsGone);
        var changes = isOutdated ? [] : Compose(tracked, resource, projects);
        if (!await WriteAsync(tracked, resource, changes, isOutdated))
            return false;
        if (changes.Count > 0)
            tracked.Update(s => s with { Stall = null });
        if (tracked.Status.TooLarge is { } refused)
            events.Stalled(tracked, StatusReasons.TooManyMembers, refused);
        else
            foreach (var project in projects)
                events.ReconcileEnded(tracked, resource, project.Reconcile);
        return trouble is null;
    }

    private List<Action<JsonObject, DateTimeOffset>> Compose(
        TrackedMembership tracked,
        ClusterResource resource,
        IReadOnlyList<ReconciledProject> projects
    )
    {
        var changes = projects
            .Where(p => !p.Project.Entry.IsGone)
            .Select(p => Compose(p.Project.Membership, p.Reconcile))
            .OfType<Action<JsonObject, DateTimeOffset>>()
            .ToList();
        changes.AddRange(tracked.Status.FormerTroubles.Values);
        // Another reconcile would change nothing: somebody must move the project, or declare fewer people.
        if (tracked.Status.TooLarge is { } full)
            changes.Add(StatusText.Stalled(resource, StatusReasons.TooManyMembers, full, settings.Shard));
        return changes;
    }

    private Action<JsonObject, DateTimeOffset>? Compose(DesiredMembership membership, ProjectReconcile reconcile)
    {
        var (resource, tracked, project) = (membership.Resource, membership.Tracked, reconcile.Planned.Project);
        if (project.Suspended)
            return StatusText.Suspended(resource, settings.Shard);
        if (project.IsDeleted && !resource.IsBeingDeleted)
        {
            var trouble = StatusText.Previous(reconcile, resource);
            tracked.Update(s =>
                s with
                {
                    FormerTroubles = trouble is null
                        ? s.FormerTroubles.Remove(project.Key)
                        : s.FormerTroubles.SetItem(project.Key, trouble),
                }
            );
            return null;
        }

        if (membership.Revoked.IsEmpty)
            tracked.Update(s => s with { FormerTroubles = s.FormerTroubles.Clear() });
        var text = StatusText.Of(reconcile, resource, settings.Shard);
        return membership.OwnState is MembershipState.Active { Unreachable: { } unreachable }
            ? text + StatusText.Unreachable(unreachable, resource)
            : text;
    }

    // More than a status can hold is not remembered, and the status says so, since nobody reads the log of an operator
    // for that. Open writes that are in the status already stay there, and are settled by reading.
    private async Task<bool> WriteAsync(
        TrackedMembership tracked,
        ClusterResource resource,
        List<Action<JsonObject, DateTimeOffset>> changes,
        bool isOutdated
    )
    {
        string reason,
            message;
        try
        {
            await writer.WriteAsync(tracked, Apply, CancellationToken.None);
            return true;
        }
        catch (LedgerException full)
        {
            (reason, message) = (StatusReasons.TooManyMembers, full.Message);
        }
        catch (KubernetesException refused) when (refused.Code is 413 or 422 || IsTooLarge(refused.Message))
        {
            // 422 is the answer of definitions of another version.
            reason = refused.Code == 422 ? StatusReasons.Invalid : StatusReasons.TooManyMembers;
            message = $"the server refuses its status: {refused.Message}";
        }

        OperatorLog.NotWritten(logger, tracked.Key.ToString(), message);
        tracked.Update(s => s.WithoutUnwritten(LedgerVersion.Next()));
        if (isOutdated)
            return false;
        tracked.Update(s => s with { Stall = null });
        await writer.WriteAsync(
            tracked,
            StatusText.Stalled(resource, reason, message, settings.Shard),
            CancellationToken.None,
            keepsLedger: true
        );
        events.Stalled(tracked, reason, message);
        return false;

        void Apply(JsonObject status, DateTimeOffset now)
        {
            foreach (var change in changes)
                change(status, now);
        }
    }

    // The API server passes on the message of etcd, or of its own connection to etcd.
    private static bool IsTooLarge(string message) =>
        message.Contains("too large", StringComparison.OrdinalIgnoreCase)
        || message.Contains("larger than max", StringComparison.OrdinalIgnoreCase);

    private async Task<bool> TryFinalizeAsync(TrackedMembership tracked)
    {
        try
        {
            await finalizers.RemoveFinalizerAsync(tracked, "everybody whom it let in is out");
            return true;
        }
        catch (KubernetesException failed)
        {
            OperatorLog.NotWritten(logger, tracked.Key.ToString(), failed.Message);
            return false;
        }
    }
}
