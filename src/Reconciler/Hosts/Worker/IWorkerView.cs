namespace Reconciler.Hosts.Worker;

/// <summary>What the listeners of a worker may see and do: they look, and one of them wakes a fetch.</summary>
internal interface IWorkerView
{
    /// <summary>How things stand now.</summary>
    WorkerStatus Status { get; }

    /// <summary>Asks for a fetch as soon as it may be; many calls make one fetch. It never waits and never throws.</summary>
    void WakeSource();
}
