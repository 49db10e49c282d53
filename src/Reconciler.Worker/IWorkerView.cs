namespace Reconciler.Worker;

/// <summary>What the listeners of a worker may use: they read its status, and the webhook asks for a fetch.</summary>
internal interface IWorkerView
{
    /// <summary>The newest snapshot.</summary>
    WorkerStatus Status { get; }

    /// <summary>
    /// Asks for a fetch as soon as it may be; many calls make one fetch. It never waits and never throws.
    /// </summary>
    void WakeSource();
}
