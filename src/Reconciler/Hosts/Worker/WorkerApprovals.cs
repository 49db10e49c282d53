using Reconciler.Manifests.Loading;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Manifests;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;
using Reconciler.Hosts.Passes;
using Reconciler.Hosts.Worker.Settings;
using Reconciler.Reports;

namespace Reconciler.Hosts.Worker;

/// <summary>The Approvals of a worker: read beside its loop, and said in the log where one releases something or is good for nothing.</summary>
/// <param name="parts">What the worker is put together from.</param>
internal sealed class WorkerApprovals(WorkerParts parts)
{
    private readonly Dictionary<GivenApproval, ApprovalFate> _told = [];
    private volatile Approvals _now = Approvals.None;
    private string _trouble = "";

    /// <summary>What is approved, as last read.</summary>
    public Approvals Now => _now;

    /// <summary>Reads the folder that settings name. What cannot be read is said, and approves nothing.</summary>
    /// <returns>Whether something else is approved than before.</returns>
    public async Task<bool> ReadAsync(WorkerSettings settings, CancellationToken cancellation)
    {
        var (before, now) = (_now, parts.Clock.GetUtcNow());
        try
        {
            var problems = new Problems();
            var documents = ApprovalFolder.Read(WorkerDefaults.RequestOf(settings, parts.Folder), problems);
            var errors = problems.Sorted.Where(p => p.Severity == Severity.Error).Select(p => p.ToString()).ToList();
            Say(string.Join("; ", errors));
            _now = await ApprovalDocuments.OfAsync(
                documents,
                parts.Store as IApprovalMemory,
                writes: true,
                now,
                cancellation
            );
        }
        catch (LedgerException unread)
        {
            Say(unread.Message);
            _now = Approvals.None;
        }

        return !before.Given.AsSpan().SequenceEqual(_now.Given.AsSpan());
    }

    /// <summary>Something else is approved: what is held may pass now. Called by the loop.</summary>
    public void HurryHeld(Schedule schedule, WorkerBoard board)
    {
        var now = parts.Clock.GetUtcNow();
        foreach (var held in board.Status.Projects.Where(p => p.State == ProjectState.Held))
            schedule.Hurry(held.Project.Key, now);
        Publish(schedule, board);
    }

    /// <summary>Shows how the projects stand, and what became of each approval. Called by the loop.</summary>
    public void Publish(Schedule schedule, WorkerBoard board)
    {
        board.Publish(schedule.Entries.Values.ToList());
        board.Show(Uses(board.Status.Projects));
    }

    /// <summary>What became of each approval, as far as the projects were read; what is new of it is logged.</summary>
    /// <param name="projects">How the projects stand.</param>
    private ImmutableArray<ApprovalUse> Uses(ImmutableArray<ProjectStatus> projects)
    {
        var now = Now;
        if (now.Given.IsEmpty)
            return [];
        var uses = now.Uses([.. projects.Select(p => p.Planned).OfType<PlannedProject>()], parts.Clock.GetUtcNow());
        // Until every project was read, one of them may be what it fits.
        if (projects.Any(p => p.State == ProjectState.New))
            return [.. uses.Where(u => u.Fate != ApprovalFate.FitsNothing)];
        foreach (var use in uses.Where(u => !_told.TryGetValue(u.Approval, out var told) || told != u.Fate))
        {
            _told[use.Approval] = use.Fate;
            var said = parts.Shown(TerminalText.Escape(ApprovalReport.Sentence(use)));
            if (use.Fate is ApprovalFate.Releases or ApprovalFate.Waits)
                WorkerLog.Approved(parts.Logger, said);
            else
                WorkerLog.ApprovesNothing(parts.Logger, said);
        }

        foreach (var gone in _told.Keys.Except(now.Given).ToList())
            _told.Remove(gone);
        return uses;
    }

    private void Say(string trouble)
    {
        if (trouble.Length > 0 && trouble != _trouble)
            WorkerLog.ApprovalsUnread(parts.Logger, parts.Shown(TerminalText.Escape(trouble)));
        _trouble = trouble;
    }
}
