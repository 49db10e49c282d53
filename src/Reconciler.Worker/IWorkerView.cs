using Reconciler.Core.Membership;

namespace Reconciler.Worker;

/// <summary>What the listeners of a worker may use: they read its status, and the webhook asks for a fetch.</summary>
internal interface IWorkerView
{
    /// <summary>The newest snapshot.</summary>
    WorkerStatus Status { get; }

    /// <summary>Reads what was done in a project; it never throws because of the state file.</summary>
    /// <param name="project">The project.</param>
    /// <param name="most">The most entries.</param>
    /// <param name="cancellation">Stops before anything is read.</param>
    Task<ProjectHistory> HistoryAsync(ProjectKey project, int most, CancellationToken cancellation);

    /// <summary>
    /// Asks for a fetch as soon as it may be; many calls make one fetch. It never waits and never throws.
    /// </summary>
    void WakeSource();
}
