using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Hosting.Reconciling;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Evaluating;

/// <summary>One project of a reconcile, with the membership that asks for it.</summary>
/// <param name="Entry">The project in the schedule.</param>
/// <param name="Membership">The membership.</param>
internal sealed record ScheduledProject(Schedule.Entry Entry, DesiredMembership Membership);

/// <summary>A membership, evaluated: its state, and which projects it claims.</summary>
/// <param name="Document">The membership.</param>
/// <param name="Namespace">The resources that it was evaluated with.</param>
/// <param name="Tracked">Its status, which changes.</param>
/// <param name="State">Its state.</param>
internal sealed record DesiredMembership(
    ClusterDocument Document,
    NamespaceResources Namespace,
    TrackedMembership Tracked,
    MembershipState State
)
{
    /// <summary>The resource.</summary>
    public ClusterResource Resource => Document.Resource;

    /// <summary>The status as of the evaluation, or of <see cref="Refreshed"/>.</summary>
    public MembershipStatus Status { get; private init; } = Tracked.Status;

    /// <summary>The state without regard to the shard.</summary>
    public MembershipState OwnState => State is MembershipState.Foreign foreign ? foreign.Own : State;

    /// <summary>Whether another shard works on it.</summary>
    public bool IsForeign => State is MembershipState.Foreign;

    /// <summary>
    /// Whether another shard may be in the middle of a reconcile, so that it is evaluated again in a while.
    /// </summary>
    public bool IsInFlight => State is MembershipState.Foreign { IsInFlight: true };

    /// <summary>Whether it declares nothing any more: it is being deleted, or gone.</summary>
    public bool IsDeleting => OwnState is MembershipState.Deleting;

    /// <summary>Whether the resource is gone from the cluster.</summary>
    public bool IsGone => Tracked.Status.IsGone;

    /// <summary>The project that it declares; null where it declares none, or something is wrong.</summary>
    public DesiredProject? Project =>
        OwnState switch
        {
            MembershipState.Active active => active.Project,
            MembershipState.Suspended suspended => suspended.Project,
            _ => null,
        };

    /// <summary>Projects whose people are to be removed: it is being deleted, or declared them before.</summary>
    public ImmutableArray<DesiredProject> Revoked =>
        OwnState switch
        {
            MembershipState.Active active => active.Revoked,
            MembershipState.Deleting deleting => deleting.Revoked,
            _ => [],
        };

    /// <summary>The projects in which it has let people in.</summary>
    public IEnumerable<ProjectKey> Granted => Status.Entries.Where(e => e.HasGranted).Select(e => e.Project);

    /// <summary>
    /// The projects that this membership claims. Of several claims to one project, <c>RankFor</c> decides. One that
    /// cannot be read keeps its ledgers' projects. Projects to be revoked are claimed from the start, so that a
    /// membership that declares one meanwhile keeps its people.
    /// </summary>
    public IEnumerable<ProjectKey> Claims =>
        (Project is null ? Status.Entries.Select(e => e.Project) : [Project.Key])
            .Concat(Revoked.Select(r => r.Key))
            .Concat(Project is { DeletionPolicy: DeletionPolicy.Revoke } ? Granted : [])
            .Concat(Status.UnreadProject is { } unread ? [unread] : []);

    /// <summary>With the newest status.</summary>
    public DesiredMembership Refreshed() => this with { Status = Tracked.Status };

    /// <summary>Whether it is the same object with the same spec.</summary>
    public bool IsSameAs(DesiredMembership before) =>
        ReferenceEquals(before.Tracked, Tracked) && before.Resource.Metadata.Generation == Resource.Metadata.Generation;

    /// <summary>Whether its ledger says that it let people into a project.</summary>
    public bool HasRecordOf(ProjectKey key) => Status.EntryOf(key)?.HasGranted == true;

    /// <summary>Whether it declares a project now. One that cannot be read counts as declaring what it had.</summary>
    public bool Declares(ProjectKey key) => !IsDeleting && (Project is null || Project.Key == key);

    /// <summary>
    /// Ranks the claims to a project, the owner first: who declares it now, then who has applied it, then the oldest,
    /// then the first uid, so that every shard decides alike.
    /// </summary>
    public (bool, bool, DateTimeOffset, string) RankFor(ProjectKey key) =>
        (
            !Declares(key),
            Status.UnreadProject != key && !HasRecordOf(key),
            Resource.CreatedAt ?? DateTimeOffset.MaxValue,
            Resource.Metadata.Uid ?? ""
        );
}
