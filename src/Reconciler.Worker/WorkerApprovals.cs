using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Manifests;
using Reconciler.Core.Ports;
using Reconciler.Engine.Planning;
using Reconciler.Hosting.Reconciling;
using Reconciler.Manifests.Loading;
using Reconciler.Reports;
using Reconciler.Worker.Settings;

namespace Reconciler.Worker;

/// <summary>
/// Reads the approvals of a worker beside its loop, and logs where one releases something or fits nothing.
/// </summary>
/// <param name="files">Where relative paths of the settings start.</param>
/// <param name="memory">When each approval was first seen.</param>
/// <param name="schedule">When each project is due.</param>
/// <param name="snapshots">How the projects stand.</param>
/// <param name="text">Makes texts safe for the log.</param>
/// <param name="logger">Where it is logged.</param>
/// <param name="clock">The time.</param>
public sealed class WorkerApprovals(
    WorkerFiles files,
    IApprovalMemory memory,
    Schedule schedule,
    WorkerSnapshotBuilder snapshots,
    LogText text,
    ILogger logger,
    TimeProvider clock
)
{
    private readonly Dictionary<GivenApproval, ApprovalFate> _logged = [];
    private volatile Approvals _now = Approvals.None;
    private volatile string? _folder;
    private string _trouble = "";

    /// <summary>What is approved, as last read.</summary>
    internal Approvals Now => _now;

    /// <summary>Reads the folder that settings name. What cannot be read is logged, and approves nothing.</summary>
    /// <returns>Whether something else is approved than before.</returns>
    internal async Task<bool> ReadAsync(WorkerSettings settings, CancellationToken cancellation)
    {
        var (before, now) = (_now, clock.GetUtcNow());
        try
        {
            var problems = new Problems();
            var request = WorkerDefaults.RequestOf(settings, files.Folder);
            _folder = request.Approvals;
            var documents = ApprovalFolder.Read(request, problems);
            var errors = problems.Sorted.Where(p => p.Severity == Severity.Error).Select(p => p.ToString()).ToList();
            LogTrouble(string.Join("; ", errors));
            _now = await ApprovalDocuments.OfAsync(documents, memory, writes: true, now, cancellation);
        }
        catch (LedgerException unread)
        {
            LogTrouble(unread.Message);
            _now = Approvals.None;
        }

        return !before.Given.AsSpan().SequenceEqual(_now.Given.AsSpan());
    }

    /// <summary>Makes every held project due, since another approval may release it; called by the loop.</summary>
    internal void ExpediteHeld()
    {
        var now = clock.GetUtcNow();
        foreach (var held in snapshots.Status.Projects.Where(p => p.State == ProjectState.Held))
            schedule.Expedite(held.Project.Key, now);
        Publish();
    }

    /// <summary>Publishes how the projects stand, and what became of each approval; called by the loop.</summary>
    internal void Publish()
    {
        snapshots.Publish(schedule.All);
        snapshots.SetApprovals(Uses(snapshots.Status.Projects), _folder);
    }

    private ImmutableArray<ApprovalUse> Uses(ImmutableArray<ProjectStatus> projects)
    {
        var now = Now;
        if (now.Given.IsEmpty)
            return [];
        var uses = now.Uses([.. projects.Select(p => p.Planned).OfType<PlannedProject>()], clock.GetUtcNow());
        // An approval may fit a project that was not read yet.
        if (projects.Any(p => p.State == ProjectState.New))
            return [.. uses.Where(u => u.Fate != ApprovalFate.FitsNothing)];
        foreach (var use in uses.Where(u => !_logged.TryGetValue(u.Approval, out var fate) || fate != u.Fate))
            LogUse(use);
        foreach (var gone in _logged.Keys.Except(now.Given).ToList())
            _logged.Remove(gone);
        return uses;
    }

    private void LogUse(ApprovalUse use)
    {
        _logged[use.Approval] = use.Fate;
        var sentence = text.Clean(ApprovalReport.Sentence(use));
        if (use.Fate is ApprovalFate.Releases or ApprovalFate.Waits)
            WorkerLog.Approved(logger, sentence);
        else
            WorkerLog.ApprovesNothing(logger, sentence);
    }

    private void LogTrouble(string trouble)
    {
        if (trouble.Length > 0 && trouble != _trouble)
            WorkerLog.ApprovalsUnread(logger, text.Clean(trouble));
        _trouble = trouble;
    }
}
