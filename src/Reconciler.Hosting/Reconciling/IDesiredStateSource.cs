namespace Reconciler.Hosting.Reconciling;

/// <summary>
/// Keeps the schedule's projects as they are desired: a worker from the revisions of its source, an operator from the
/// resources of its cluster. Every member is called by the loop alone.
/// </summary>
public interface IDesiredStateSource
{
    /// <summary>
    /// When the loop should call <see cref="Refresh"/> again; null where only a continuation brings something new.
    /// </summary>
    DateTimeOffset? NextAt { get; }

    /// <summary>Whether something is under way beside the loop that may change the desired state.</summary>
    bool IsBusy { get; }

    /// <summary>Begins to follow changes; called once, before the first <see cref="Refresh"/>.</summary>
    void Start();

    /// <summary>Brings the schedule up to date, or starts beside the loop what will. It never waits.</summary>
    /// <param name="stopping">Ends what is started.</param>
    void Refresh(CancellationToken stopping);

    /// <summary>Follows no more changes; ends once everything that was started beside the loop has ended.</summary>
    Task StopAsync();
}
