using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Planning;
using Reconciler.Hosting.Reconciling;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Resources;
using Reconciler.Reports;

namespace Reconciler.Operator.Providers;

/// <summary>
/// Reads the Approvals of the cluster. Each releases holds of its own namespace only, where RBAC says who may create
/// one. They expire by the server's time of their creation, which nobody can forge.
/// </summary>
/// <param name="cache">The resources.</param>
/// <param name="events">Records what became of them.</param>
/// <param name="clock">The time.</param>
internal sealed class ClusterApprovals(ResourceCache cache, OperatorEvents events, TimeProvider clock)
{
    private readonly Dictionary<string, string> _recorded = new(StringComparer.Ordinal);
    private readonly Dictionary<ProjectKey, PlannedProject> _planned = [];

    /// <summary>What is approved now.</summary>
    public Approvals Now()
    {
        var now = clock.GetUtcNow();
        return new([
            .. cache
                .Approvals.Where(d => !d.Resource.IsBeingDeleted)
                .Select(d => Of(d, now))
                .OfType<GivenApproval>()
                .OrderBy(a => a.By, StringComparer.Ordinal),
        ]);
    }

    /// <summary>Keeps the plan of a reconcile; called by the loop.</summary>
    public void ReconcileEnded(ProjectReconcile reconcile)
    {
        if (reconcile.Planned.Plan is not { } plan)
            return;
        // Only the digest of the hold and the released digests are needed later.
        var ledger = reconcile.Remembered?.Ledger ?? reconcile.Planned.Memory.Ledger;
        var trimmed = plan with { Actions = [], Findings = [], HeldDigest = plan.HeldDigest, Live = new([], []) };
        _planned[reconcile.Planned.Project.Key] = reconcile.Planned with
        {
            Plan = trimmed,
            Memory = LoadedLedger.None with { Ledger = ledger with { People = [] } },
        };
    }

    /// <summary>
    /// Makes projects due that a new Approval releases, and records once what became of each Approval; called by the
    /// loop.
    /// </summary>
    /// <param name="schedule">When each project is due.</param>
    public void Apply(Schedule schedule)
    {
        ImmutableArray<DesiredProject> asked =
        [
            .. schedule.Entries.Values.Where(e => !e.IsGone).Select(e => e.Project),
        ];
        foreach (var gone in _planned.Keys.Except(asked.Select(p => p.Key)).ToList())
            _planned.Remove(gone);
        foreach (var gone in _recorded.Keys.Except(cache.Approvals.Select(d => d.Resource.Metadata.Uid ?? "")).ToList())
            _recorded.Remove(gone);
        foreach (var document in cache.Approvals.Where(d => !d.Resource.IsBeingDeleted))
        {
            if (Of(document, clock.GetUtcNow()) is not { } approval)
                continue;
            var (uid, projects) = (document.Resource.Metadata.Uid ?? "", asked.Where(approval.MayRelease).ToList());
            var read = projects.Where(p => _planned.ContainsKey(p.Key)).Select(p => _planned[p.Key]).ToList();
            var use = new Approvals([approval]).Uses(read, clock.GetUtcNow())[0];
            // An Approval may fit a project that was not read yet.
            if (use.Fate == ApprovalFate.FitsNothing && read.Count < projects.Count(p => !p.Suspended))
                continue;
            if (!TryRecord(document, uid, use) || use.Fate != ApprovalFate.Waits)
                continue;
            foreach (var held in read.Where(p => p.Plan is { IsFree: false } plan && plan.HeldDigest == approval.Hold))
                schedule.Expedite(held.Project.Key, clock.GetUtcNow());
        }
    }

    private bool TryRecord(ClusterDocument document, string uid, ApprovalUse use)
    {
        // An Approval counts as used as soon as its release is in the ledger, so both are reported as the same news.
        var word = use.Fate == ApprovalFate.Used ? ApprovalFate.Releases : use.Fate;
        var outcome = $"{word} {use.Approval.Hold}";
        if (_recorded.GetValueOrDefault(uid) == outcome)
            return false;
        _recorded[uid] = outcome;
        events.OfApproval(document.Resource, word, ApprovalReport.Sentence(use with { Fate = word }));
        return true;
    }

    // The server checks Approvals, so one that cannot be read is of another version; it approves nothing.
    private static GivenApproval? Of(ClusterDocument document, DateTimeOffset now)
    {
        if (document.Manifest is not Approval manifest || document.Problems.HasErrors)
            return null;
        var name = $"the Approval {document.Resource.Namespace}/{document.Resource.Metadata.Name}";
        return ApprovalDocuments.Of(manifest, name, document.Resource.CreatedAt, now) with
        {
            Namespace = document.Resource.Namespace,
        };
    }
}
