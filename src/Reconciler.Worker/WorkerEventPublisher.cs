using Microsoft.Extensions.Logging;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;
using Reconciler.Core.Text;
using Reconciler.Hosting.Reconciling;
using Reconciler.Sources;

namespace Reconciler.Worker;

/// <summary>Logs the state of the source, and publishes events of the source and of reconciles.</summary>
/// <param name="logger">Where it is logged.</param>
/// <param name="text">Makes texts safe for the log.</param>
/// <param name="events">Receives the events.</param>
/// <param name="state">The state file: while it is lost, that is told, and not each project that fails by it.</param>
/// <param name="clock">The time.</param>
public sealed class WorkerEventPublisher(
    ILogger logger,
    LogText text,
    IWorkerEvents events,
    WatchedState state,
    TimeProvider clock
) : IReconcileEvents
{
    /// <inheritdoc/>
    public void Held(DesiredProject project, string why, string digest) =>
        events.Happened(Event(WorkerEventKind.Held, project, why) with { Digest = digest });

    /// <inheritdoc/>
    public void Failing(DesiredProject project, string why)
    {
        if (state.Trouble is null)
            events.Happened(Event(WorkerEventKind.Failing, project, why));
    }

    /// <inheritdoc/>
    public void Recovered(DesiredProject project, ProjectState state)
    {
        var message = $"the project is {state.ToString().ToLowerInvariant()}";
        events.Happened(Event(WorkerEventKind.Recovered, project, message));
    }

    /// <inheritdoc/>
    public void GaveUp(DesiredProject project, string person)
    {
        var message = $"{person} never accepted the invitation, and it was given up";
        events.Happened(Event(WorkerEventKind.GaveUp, project, message));
    }

    /// <summary>Logs why the state file cannot be used, and publishes it where it could be used before.</summary>
    internal void StateLost(string path, string trouble, bool isNew)
    {
        WorkerLog.StateLost(logger, text.Clean(trouble));
        if (isNew)
            events.Happened(new(WorkerEventKind.StateLost, path, trouble, clock.GetUtcNow()));
    }

    /// <summary>Logs and publishes that the state file can be used again.</summary>
    internal void StateBack(string path)
    {
        WorkerLog.StateBack(logger, path);
        events.Happened(
            new(WorkerEventKind.StateRecovered, path, "the state file can be used again", clock.GetUtcNow())
        );
    }

    /// <summary>Logs which source is followed.</summary>
    internal void Following(string origin, string stateFile) => WorkerLog.Follows(logger, text.Mask(origin), stateFile);

    /// <summary>Logs that the worker stops.</summary>
    internal void Stopping() => WorkerLog.Stops(logger);

    /// <summary>Logs that a revision is in force now.</summary>
    internal void InForce(SourceRevision revision, IReadOnlyCollection<Schedule.Entry> entries) =>
        WorkerLog.InForce(logger, revision.ShortId, entries.Count, entries.Count(e => e.IsExpedited));

    /// <summary>Logs projects whose documents are gone and for which nothing can be done.</summary>
    internal void Deleted(DeletedProjects deleted)
    {
        if (deleted.NotJudged.Length is > 0 and var unsure)
            WorkerLog.NotJudged(logger, unsure);
        foreach (var unreachable in deleted.Unreachable)
            WorkerLog.Unreachable(logger, unreachable.Ledger?.Applied?.Document ?? unreachable.Key.ProjectId);
    }

    /// <summary>Logs and publishes the result of a fetch.</summary>
    internal void SourceFetched(Fetched fetched, SourceStatus before, SourceStatus source)
    {
        switch (fetched)
        {
            case Fetched.Failed failed:
                WorkerLog.SourceFailed(logger, text.Clean(failed.Message));
                if (state.Trouble is null)
                    Publish(WorkerEventKind.SourceFailing, source, failed.Message);
                break;
            case Fetched.Broken broken:
                SourceBroken(broken, source);
                break;
            default:
                if (before.FailingSince is null || source.FailingSince is not null)
                    break;
                WorkerLog.SourceRecovered(logger);
                Publish(WorkerEventKind.SourceRecovered, source, "the source is read again");
                break;
        }
    }

    private void SourceBroken(Fetched.Broken broken, SourceStatus source)
    {
        var errors = source.Problems.Where(p => p.Severity == Severity.Error).ToList();
        var count = TextNames.Count(errors.Count, "problem", "problems");
        var instead = source.Revision is null ? "nothing is in force yet" : "the last good one stays in force";
        WorkerLog.Broken(logger, broken.Revision.ShortId, count, instead);
        foreach (var problem in errors)
            WorkerLog.ProblemFound(logger, text.Clean(problem.ToString()));
        Publish(
            WorkerEventKind.SourceFailing,
            source,
            $"revision {broken.Revision.ShortId} is broken, and {instead}: {count}; the first: {errors[0]}"
        );
    }

    private void Publish(WorkerEventKind kind, SourceStatus source, string message) =>
        events.Happened(new(kind, source.Origin, message, clock.GetUtcNow()));

    private WorkerEvent Event(WorkerEventKind kind, DesiredProject project, string message) =>
        new(kind, project.Id, message, clock.GetUtcNow()) { Provider = project.Provider.Id };
}
