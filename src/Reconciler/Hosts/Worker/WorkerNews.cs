using Microsoft.Extensions.Logging;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;
using Reconciler.Hosts.Passes;

namespace Reconciler.Hosts.Worker;

/// <summary>Says how the source stands, in the logs, and tells the world of it and of passes.</summary>
internal sealed class WorkerNews(ILogger logger, IWorkerEvents events, TimeProvider clock, Func<string, string> shown)
    : IPassEvents
{
    /// <inheritdoc/>
    public void Held(DesiredProject project, string why, string digest) =>
        Tell(Event(WorkerEventKind.Held, project, why) with { Digest = digest });

    /// <inheritdoc/>
    public void Failing(DesiredProject project, string why) => Tell(Event(WorkerEventKind.Failing, project, why));

    /// <inheritdoc/>
    public void Recovered(DesiredProject project, ProjectState state) =>
        Tell(Event(WorkerEventKind.Recovered, project, $"the project is {state.ToString().ToLowerInvariant()}"));

    /// <inheritdoc/>
    public void GaveUp(DesiredProject project, string person) =>
        Tell(Event(WorkerEventKind.GaveUp, project, $"{person} never accepted the invitation, and it was given up"));

    /// <summary>The source was asked.</summary>
    public void OfSource(Fetched fetched, SourceStatus before, SourceStatus source)
    {
        switch (fetched)
        {
            case Fetched.Failed failed:
                WorkerLog.SourceFailed(logger, Clean(failed.Message));
                Tell(new(WorkerEventKind.SourceFailing, source.Origin, failed.Message, clock.GetUtcNow()));
                break;
            case Fetched.Broken broken:
                var errors = source.Problems.Where(p => p.Severity == Severity.Error).ToList();
                var instead = source.Revision is null ? "nothing is in force yet" : "the last good one stays in force";
                WorkerLog.Broken(
                    logger,
                    broken.Revision.ShortId,
                    TextNames.Count(errors.Count, "problem", "problems"),
                    instead
                );
                foreach (var problem in errors)
                    WorkerLog.ProblemFound(logger, Clean(problem.ToString()));
                Tell(
                    new(
                        WorkerEventKind.SourceFailing,
                        source.Origin,
                        $"revision {broken.Revision.ShortId} is broken, and {instead}: {TextNames.Count(errors.Count, "problem", "problems")}; the first: {errors[0]}",
                        clock.GetUtcNow()
                    )
                );
                break;
            default:
                if (before.FailingSince is null || source.FailingSince is not null)
                    break;
                WorkerLog.SourceRecovered(logger);
                Tell(
                    new(WorkerEventKind.SourceRecovered, source.Origin, "the source is read again", clock.GetUtcNow())
                );
                break;
        }
    }

    private WorkerEvent Event(WorkerEventKind kind, DesiredProject project, string message) =>
        new(kind, project.Id, message, clock.GetUtcNow()) { Provider = project.Provider.Id };

    private void Tell(WorkerEvent happened) => events.Happened(happened);

    private string Clean(string text) => shown(TerminalText.Escape(text));
}
