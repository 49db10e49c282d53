namespace Reconciler.Worker.Tests.Web;

/// <summary>A worker that stands as the test says, and counts who wakes it.</summary>
internal sealed class FakeWorkerView(WorkerStatus status) : IWorkerView
{
    private int _wakes;

    public WorkerStatus Status { get; set; } = status;

    public int Wakes => Volatile.Read(ref _wakes);

    public void WakeSource() => Interlocked.Increment(ref _wakes);
}
