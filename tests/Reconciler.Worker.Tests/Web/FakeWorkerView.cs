using Reconciler.Core.Membership;

namespace Reconciler.Worker.Tests.Web;

/// <summary>A worker that stands as the test says, and counts who wakes it.</summary>
internal sealed class FakeWorkerView(WorkerStatus status) : IWorkerView
{
    private int _wakes;

    public WorkerStatus Status { get; set; } = status;

    /// <summary>What was done in every project.</summary>
    public ProjectHistory History { get; set; } = ProjectHistory.None;

    public int Wakes => Volatile.Read(ref _wakes);

    public Task<ProjectHistory> HistoryAsync(ProjectKey project, int most, CancellationToken cancellation) =>
        Task.FromResult(History);

    public void WakeSource() => Interlocked.Increment(ref _wakes);
}
