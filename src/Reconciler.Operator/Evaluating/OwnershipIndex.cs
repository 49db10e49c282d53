using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Evaluating;

/// <summary>
/// Indexes who claims and who holds which project, over all namespaces, and decides once for all memberships:
/// <code>
/// living,  cannot be resolved                        Stalled
/// living,  another one claims its project first      Stalled: ProjectTaken
/// living,  another one holds the ledger              Transfers
/// living                                             Projects
/// deleted, a successor has its own ledger            Finalized
/// deleted, a successor has none yet                  Waiting, or Stalled where the successor is
/// deleted, gone from the server, before the end      Waiting: it may have been renamed
/// of the grace
/// deleted, people need not be removed                Finalized
/// deleted, they cannot be removed                    Stalled: CannotRevoke
/// deleted, another one declares the same place by    Stalled: CannotRevoke
/// another name of its vendor
/// deleted, before the end of the grace               Waiting
/// deleted                                            Projects, to be revoked
/// </code>
/// </summary>
internal sealed class OwnershipIndex
{
    private readonly ImmutableArray<DesiredMembership> _all;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<ProjectKey, DesiredMembership> _claims;
    private readonly ILookup<ProjectKey, DesiredMembership> _holders;
    private readonly ILookup<ProjectPlace, DesiredMembership> _places;
    private readonly List<DesiredProject> _projects = [];
    private readonly Dictionary<ProjectKey, DesiredMembership> _owners = [];
    private readonly List<(DesiredMembership, MembershipState.Stalled)> _stalled = [];
    private readonly List<DesiredMembership> _finalized = [];
    private readonly List<Transfer> _transfers = [];
    private readonly List<(DesiredMembership, ProjectKey)> _takenOver = [];
    private readonly List<(DesiredMembership, string?)> _waiting = [];

    /// <summary>Makes the index.</summary>
    /// <param name="all">Every membership, with its newest status.</param>
    /// <param name="now">The time.</param>
    public OwnershipIndex(ImmutableArray<DesiredMembership> all, DateTimeOffset now)
    {
        (_all, _now) = (all, now);
        _claims = all.SelectMany(m => m.Claims.Distinct().Select(key => (Key: key, Membership: m)))
            .GroupBy(c => c.Key)
            .ToDictionary(g => g.Key, g => g.Select(c => c.Membership).MinBy(m => m.RankFor(g.Key))!);
        _holders = all.SelectMany(m => m.Granted.Select(key => (Key: key, Membership: m)))
            .ToLookup(h => h.Key, h => h.Membership);
        _places = all.Where(m => !m.IsDeleting)
            .SelectMany(
                m => m.Project is { } project ? [project.Key] : m.Status.Entries.Select(e => e.Project),
                (membership, key) => (Key: key, Membership: membership)
            )
            .ToLookup(d => ProjectPlace.Of(d.Key), d => d.Membership);
    }

    /// <summary>Decides for this shard's memberships.</summary>
    public OwnershipDecision Decide()
    {
        foreach (var membership in _all.Where(m => !m.IsForeign).OrderBy(m => m.Document.Position))
        {
            if (membership.State is MembershipState.Deleting deleting)
                DecideDeleted(membership, deleting);
            else
                DecideLiving(membership);
        }

        return new()
        {
            Projects = [.. _projects],
            Owners = _owners.ToImmutableDictionary(),
            Stalled = [.. _stalled],
            Finalized = [.. _finalized],
            Transfers = [.. _transfers],
            TakenOver = [.. _takenOver],
            Waiting = [.. _waiting],
        };
    }

    private void DecideLiving(DesiredMembership membership)
    {
        if (membership.State is MembershipState.Stalled wrong)
            _stalled.Add((membership, wrong));
        else if (membership.Project is { } taken && !ReferenceEquals(_claims[taken.Key], membership))
            Stall(
                membership,
                StatusReasons.ProjectTaken,
                $"{NameOf(_claims[taken.Key], membership)} declares the project {taken.ProjectId} too, "
                    + "and has applied it or is older; expected one ProjectMembership per project: "
                    + "delete one of the two"
            );
        else if (membership.Project is { } project)
            Declare(membership, project);
        foreach (var former in RevokedBy(membership).Where(f => OtherNameOf(f) is null))
            Schedule(former, membership);
        foreach (var key in membership.Granted)
        {
            if (SuccessorOf(membership, key)?.HasRecordOf(key) == true || IsAdopted(membership, key))
                _takenOver.Add((membership, key));
        }
    }

    // The ledger comes first: without it a reconcile would take everybody for new, and mail them again.
    private void Declare(DesiredMembership membership, DesiredProject project)
    {
        var holder = membership.HasRecordOf(project.Key)
            ? null
            : _holders[project.Key].Where(h => !ReferenceEquals(h, membership)).MinBy(h => h.RankFor(project.Key));
        if (holder is null)
            Schedule(project, membership);
        else if (!holder.IsInFlight)
            _transfers.Add(new(holder, membership, project.Key));
    }

    private void DecideDeleted(DesiredMembership membership, MembershipState.Deleting deleting)
    {
        var successors = membership.Granted.Select(k => (Key: k, Owner: SuccessorOf(membership, k))).ToList();
        // A successor that became invalid before it took over may have dropped people of the project.
        var stalled = successors
            .Where(s => s.Owner is { Project: null } owner && !owner.HasRecordOf(s.Key))
            .Select(s => s.Owner)
            .FirstOrDefault();
        if (stalled is not null)
            CannotRevoke(
                membership,
                $"{NameOf(stalled, membership)} claims its project and is stalled: correct or delete that one first"
            );
        else if (successors.Exists(s => s.Owner?.HasRecordOf(s.Key) == false))
            _waiting.Add((membership, null));
        else if (successors.Count > 0 && successors.TrueForAll(s => s.Owner is not null))
            _finalized.Add(membership);
        else
            DecideUnsucceeded(membership, deleting);
    }

    private void DecideUnsucceeded(DesiredMembership membership, MembershipState.Deleting deleting)
    {
        var revoked = RevokedBy(membership).ToList();
        var isWithinGrace = _now < deleting.RevokesAt;
        if (deleting.CanFinalize && membership.IsGone && isWithinGrace)
            _waiting.Add((membership, null));
        // Where nothing is left to revoke, others own every project by now.
        else if (deleting.CanFinalize || (deleting.Obstacle is null && revoked.Count == 0))
            _finalized.Add(membership);
        else if (deleting.Obstacle is { } obstacle)
            _stalled.Add((membership, obstacle));
        else if (revoked.Select(OtherNameOf).FirstOrDefault(o => o is not null) is { } other)
            CannotRevoke(
                membership,
                $"{NameOf(other, membership)} declares its project too, with another type of AccessProvider: "
                    + $"delete that one first, or leave everybody in with: {Advice.Orphan(membership.Resource)}"
            );
        else if (StalledSuccessorOf(membership) is { } stalled)
            CannotRevoke(
                membership,
                $"ProjectMembership {stalled} declares its project too and is stalled: correct or delete that one first"
            );
        else if (isWithinGrace)
            _waiting.Add(
                (
                    membership,
                    $"being deleted: people are taken out at {LedgerStatus.Text(deleting.RevokesAt)}, "
                        + "unless another ProjectMembership declares the project before"
                )
            );
        else
            revoked.ForEach(r => Schedule(r, membership));
    }

    private IEnumerable<DesiredProject> RevokedBy(DesiredMembership membership) =>
        membership.Revoked.Where(r => ReferenceEquals(_claims[r.Key], membership));

    private DesiredMembership? OtherNameOf(DesiredProject revoked) =>
        _places[ProjectPlace.Of(revoked.Key)]
            .FirstOrDefault(m =>
                !IsNamedSo(m, revoked.Key) && revoked.Provider.Vendor.MayBe(m.Project?.Provider.Vendor)
            );

    // A ledger under another name of the vendor is not needed once there is one under the present name.
    private static bool IsAdopted(DesiredMembership membership, ProjectKey key) =>
        membership.Project is { DryRun: false } project
        && membership.OwnState is MembershipState.Active active
        && active.Renamed.Contains(key)
        && membership.HasRecordOf(project.Key);

    private static bool IsNamedSo(DesiredMembership membership, ProjectKey key) =>
        membership.Project is { } project
            ? project.Key.VendorType == key.VendorType
            : membership.Status.Entries.Any(e => e.Project == key);

    private DesiredMembership? SuccessorOf(DesiredMembership membership, ProjectKey key) =>
        _claims.GetValueOrDefault(key) is { } winner && !ReferenceEquals(winner, membership) && winner.Declares(key)
            ? winner
            : null;

    // A successor that cannot be read names the project all the same: to revoke now would remove people whom it
    // declares.
    private string? StalledSuccessorOf(DesiredMembership membership) =>
        _all.Where(m =>
                m is { IsDeleting: false, Project: null }
                && m.Resource.Namespace == membership.Resource.Namespace
                && m.Resource.SpecWord("provider") == membership.Resource.SpecWord("provider")
            )
            .FirstOrDefault(m =>
                m.Resource.SpecWord("projectId") is { } id && membership.Granted.Any(k => k.ProjectId == id)
            )
            ?.Resource.Metadata.Name;

    // Names of another namespace must not be shown in this one.
    private static string NameOf(DesiredMembership other, DesiredMembership reader) =>
        other.Resource.Namespace == reader.Resource.Namespace
            ? $"ProjectMembership {other.Resource.Metadata.Name}"
            : "a ProjectMembership of another namespace";

    private void Schedule(DesiredProject project, DesiredMembership membership)
    {
        if (_owners.TryAdd(project.Key, membership))
            _projects.Add(project);
    }

    private void Stall(DesiredMembership membership, string reason, string message) =>
        _stalled.Add((membership, new(reason, message)));

    private void CannotRevoke(DesiredMembership membership, string message) =>
        Stall(membership, StatusReasons.CannotRevoke, message);
}
