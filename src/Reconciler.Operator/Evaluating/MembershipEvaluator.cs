using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;
using Reconciler.Hosting.Reconciling;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Evaluating;

/// <summary>Evaluates memberships: which state each is in. It works on what is cached, and asks nobody.</summary>
/// <param name="settings">Which memberships are this shard's, and how long a deletion waits for a successor.</param>
internal sealed class MembershipEvaluator(OperatorSettings settings)
{
    /// <summary>Evaluates a membership.</summary>
    /// <param name="document">The membership.</param>
    /// <param name="namespace">The resources of its namespace.</param>
    /// <param name="tracked">Its status.</param>
    /// <param name="resolve">Resolves its spec; called where that is needed.</param>
    /// <param name="rules">The rules of the runner.</param>
    public DesiredMembership Evaluate(
        ClusterDocument document,
        NamespaceResources @namespace,
        TrackedMembership tracked,
        Func<Resolution> resolve,
        RunnerRules rules
    )
    {
        var (resource, status) = (document.Resource, tracked.Status);
        var state = resource.DeletedAt is { } deleted
            ? Deleting(resource, @namespace, status, deleted + settings.DeletionGrace, rules)
            : Living(document, @namespace, status, resolve, rules);
        // A foreign shard's intents must not be taken over either, since it is sending them just now.
        if (IsInFlight(status, rules.Now))
            state = new MembershipState.Foreign(state, IsInFlight: true);
        else if (!settings.Selector.Matches(resource.Labels))
            state = new MembershipState.Foreign(state, IsInFlight: false);
        return new(document, @namespace, tracked, state);
    }

    /// <summary>
    /// Evaluates a membership that is gone from the cluster. Where the finalizer was removed while it was being
    /// deleted, by hand or by an operator, nothing is left to decide; else its deletion policy is carried out.
    /// </summary>
    /// <param name="last">Its last evaluation.</param>
    /// <param name="namespace">The resources of its namespace now.</param>
    /// <param name="rules">The rules of the runner.</param>
    /// <param name="since">When it was found gone.</param>
    public DesiredMembership EvaluateGone(
        DesiredMembership last,
        NamespaceResources @namespace,
        RunnerRules rules,
        DateTimeOffset since
    )
    {
        var status = last.Tracked.Status;
        var revokesAt = since + settings.DeletionGrace;
        var state =
            last.Resource.IsBeingDeleted || status.IsDeletionSeen || status.IsReleased
                ? new MembershipState.Deleting(revokesAt) { CanFinalize = true }
                : Deleting(last.Resource, @namespace, status, revokesAt, rules);
        return new(last.Document, @namespace, last.Tracked, state);
    }

    // Another shard's reconcile has written its intents: to settle them as after a crash would send them twice.
    private bool IsInFlight(MembershipStatus status, DateTimeOffset now) =>
        status.Shard is { } other
        && other != settings.Shard
        && status.Entries.Any(e => e.Ledger?.Intents.Any(i => now - i.At < ReconcileLimits.LongestReconcile) == true);

    private static MembershipState Living(
        ClusterDocument document,
        NamespaceResources @namespace,
        MembershipStatus status,
        Func<Resolution> resolve,
        RunnerRules rules
    )
    {
        if (status.Unreadable is { } broken)
            return new MembershipState.Stalled(StatusReasons.Invalid, broken);
        var resolution = resolve();
        if (resolution.Project is not { } project)
            return new MembershipState.Stalled(resolution.Reason, resolution.Message);
        if (project.Suspended)
            return new MembershipState.Suspended(project);
        var active = new MembershipState.Active(project);
        // Only once the present project was applied: a typo in an id must not remove anybody elsewhere. A dry run
        // removes nobody either.
        var former = status
            .Entries.Where(e =>
                e.Project != project.Key && e.HasGranted && !ProjectPlace.IsRenamed(e.Project, project.Key)
            )
            .ToList();
        if (
            former.Count == 0
            || project is not { DeletionPolicy: DeletionPolicy.Revoke, DryRun: false }
            || status.EntryOf(project.Key)?.Ledger is not { Applied: not null, TrustedCount: not null }
        )
            return active;
        var (revoked, unreachable) = Revocations.Of(document.Resource, @namespace, former, rules);
        return active with { Revoked = revoked, Unreachable = unreachable?.Project.ProjectId };
    }

    // The fields of the raw spec decide, so that deletionPolicy: orphan always helps, also where the document cannot be
    // read.
    private static MembershipState.Deleting Deleting(
        ClusterResource resource,
        NamespaceResources @namespace,
        MembershipStatus status,
        DateTimeOffset revokesAt,
        RunnerRules rules
    )
    {
        var deleting = new MembershipState.Deleting(revokesAt);
        var canFinalize = deleting with { CanFinalize = true };
        if (!resource.HasFinalizer && !status.IsGone)
            return canFinalize;
        if (status.Unreadable is { } broken)
            return resource.SpecWord("deletionPolicy") == "revoke" ? Blocked(deleting, broken) : canFinalize;
        var granted = status.Entries.Where(e => e.HasGranted).ToList();
        if (granted.Count == 0 || PolicyOf(resource, status, granted) == DeletionPolicy.Orphan)
            return canFinalize;
        if (Flag(resource, "suspend") || Flag(resource, "dryRun"))
            return Blocked(
                deleting,
                "it is deleted with deletionPolicy: revoke, and suspended or a dry run: "
                    + $"end that, or leave everybody in with: {Advice.Orphan(resource)}"
            );
        var (revoked, unreachable) = Revocations.Of(resource, @namespace, granted, rules);
        return unreachable is null
            ? deleting with
            {
                Revoked = revoked,
            }
            : Blocked(
                deleting,
                $"{Revocations.WhyUnreachable(unreachable, rules)}, or leave everybody in with: "
                    + Advice.Orphan(resource)
            );
    }

    private static MembershipState.Deleting Blocked(MembershipState.Deleting deleting, string message) =>
        deleting with
        {
            Obstacle = new(StatusReasons.CannotRevoke, message),
        };

    private static DeletionPolicy PolicyOf(
        ClusterResource resource,
        MembershipStatus status,
        List<ProjectLedgerEntry> granted
    ) =>
        resource.SpecWord("deletionPolicy") switch
        {
            "orphan" => DeletionPolicy.Orphan,
            "revoke" => DeletionPolicy.Revoke,
            // The ledger has the policy of the last reconcile, also where the AccessProvider set it.
            _ => (status.Current ?? granted[0]).Ledger?.Applied?.DeletionPolicy ?? DeletionPolicy.Orphan,
        };

    private static bool Flag(ClusterResource resource, string field) =>
        resource.Spec is { ValueKind: JsonValueKind.Object } spec
        && spec.TryGetProperty(field, out var flag)
        && flag.ValueKind == JsonValueKind.True;
}
