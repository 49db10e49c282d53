using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Engine;
using Reconciler.Hosts.Passes;
using Reconciler.Reports;

namespace Reconciler.Hosts.Operator;

/// <summary>
/// The Approvals of the cluster. Each releases holds of its own namespace only: who may create one there is what RBAC says. They end by the
/// server's time of their creation, which nobody can write.
/// </summary>
/// <param name="catalog">What the cluster holds.</param>
/// <param name="events">Tells what became of them.</param>
/// <param name="clock">The time.</param>
internal sealed class ClusterApprovals(ResourceCache catalog, OperatorEvents events, TimeProvider clock)
{
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);
    private readonly Dictionary<ProjectKey, PlannedProject> _planned = [];

    /// <summary>What is approved now.</summary>
    public Approvals Now()
    {
        var now = clock.GetUtcNow();
        return new([
            .. catalog
                .Approvals.Where(d => !d.Resource.IsBeingDeleted)
                .Select(d => Of(d, now))
                .OfType<GivenApproval>()
                .OrderBy(a => a.By, StringComparer.Ordinal),
        ]);
    }

    /// <summary>Notes how a project stands after a pass. Called by the loop.</summary>
    public void Passed(ProjectReconcile pass)
    {
        if (pass.Planned.Plan is not { } plan)
            return;
        // What it was held under, and what was released, is all that is asked for later.
        var ledger = pass.Remembered?.Ledger ?? pass.Planned.Memory.Ledger;
        var slim = plan with { Actions = [], Findings = [], HeldDigest = plan.HeldDigest, Live = new([], []) };
        _planned[pass.Planned.Project.Key] = pass.Planned with
        {
            Plan = slim,
            Memory = Recollection.None with { Ledger = ledger with { People = [] } },
        };
    }

    /// <summary>What is held where an Approval is new may pass now; what became of each is told, once. Called by the loop.</summary>
    /// <param name="schedule">When each project is due.</param>
    public void Look(Schedule schedule)
    {
        ImmutableArray<DesiredProject> asked =
        [
            .. schedule.Entries.Values.Where(e => !e.IsGone).Select(e => e.Project),
        ];
        foreach (var gone in _planned.Keys.Except(asked.Select(p => p.Key)).ToList())
            _planned.Remove(gone);
        foreach (var gone in _told.Keys.Except(catalog.Approvals.Select(d => d.Resource.Metadata.Uid ?? "")).ToList())
            _told.Remove(gone);
        foreach (var document in catalog.Approvals.Where(d => !d.Resource.IsBeingDeleted))
        {
            if (Of(document, clock.GetUtcNow()) is not { } approval)
                continue;
            var (uid, projects) = (document.Resource.Metadata.Uid ?? "", asked.Where(approval.MayRelease).ToList());
            var read = projects.Where(p => _planned.ContainsKey(p.Key)).Select(p => _planned[p.Key]).ToList();
            var use = new Approvals([approval]).Uses(read, clock.GetUtcNow())[0];
            // Until each project was read, one of them may be what an Approval fits.
            if (use.Fate == ApprovalFate.FitsNothing && read.Count < projects.Count(p => !p.Suspended))
                continue;
            if (!Tell(document, uid, use) || use.Fate != ApprovalFate.Waits)
                continue;
            foreach (var held in read.Where(p => p.Plan is { IsFree: false } plan && plan.HeldDigest == approval.Hold))
                schedule.Expedite(held.Project.Key, clock.GetUtcNow());
        }
    }

    // Whether it was news.
    private bool Tell(ClusterDocument document, string uid, ApprovalUse use)
    {
        // Used once the release was noted is no news after it was told to release.
        var word = use.Fate == ApprovalFate.Used ? ApprovalFate.Releases : use.Fate;
        var news = $"{word} {use.Approval.Hold}";
        if (_told.GetValueOrDefault(uid) == news)
            return false;
        _told[uid] = news;
        events.OfApproval(document.Resource, word, ApprovalReport.Sentence(use with { Fate = word }));
        return true;
    }

    // One that cannot be read approves nothing; the server has checked it, so that this is an old server or another version.
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
