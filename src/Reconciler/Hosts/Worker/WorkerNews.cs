using System.Globalization;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine;
using Reconciler.Reports;

namespace Reconciler.Hosts.Worker;

/// <summary>Says what happens: in the logs, each line with its pass's id, and to whoever wants to be told.</summary>
internal sealed class WorkerNews(ILogger logger, IWorkerEvents events, TimeProvider clock, Func<string, string> shown)
{
    // One failure may be a vendor's bad minute; two in a row are worth somebody's time.
    private const int FailuresToTell = 2;

    /// <summary>A pass begins: what is logged until the end of the scope carries its id.</summary>
    public IDisposable? PassBegins(string passId, int projects, Account account)
    {
        var scope = WorkerLog.InPass(logger, passId);
        WorkerLog.PassBegins(logger, projects, $"{account.VendorType} {account.BaseUrl}");
        return scope;
    }

    /// <summary>An action is over.</summary>
    public void Acted(ProjectPlan plan, ActionOutcome outcome)
    {
        var said = outcome.Message is null ? outcome.Kind.ToString().ToLowerInvariant() : $"{outcome.Kind.ToString().ToLowerInvariant()}: {outcome.Message}";
        var person = outcome.Action.Email.Length > 0 ? outcome.Action.Email : outcome.Action.Person.Label;
        WorkerLog.Acted(logger, plan.Project.Id, Audit.Word(outcome.Action.Kind), Clean(person), Clean(said));
        if (outcome is { Kind: OutcomeKind.Done, Action.GivesUp: true })
        {
            Tell(new(WorkerEventKind.GaveUp, plan.Project.Id, $"{person} never accepted the invitation, and it was given up", clock.GetUtcNow()) { Provider = plan.Project.Provider.Id });
        }
    }

    public void PassBroke(Exception unforeseen) => WorkerLog.PassBroke(logger, Clean($"{unforeseen.GetType().Name}: {unforeseen.Message}"));

    /// <summary>A project's pass is over.</summary>
    public void OfProject(Schedule.Entry entry, ProjectPass pass, ProjectStatus before, ProjectStatus now)
    {
        using var scope = WorkerLog.InPass(logger, now.PassId ?? "");
        var project = entry.Project;
        switch (now.State)
        {
            case ProjectState.Failing:
                WorkerLog.ProjectFailed(logger, project.Id, now.Failures, entry.NextAt.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture), Clean(now.Error ?? ""));
                var tellAtOnce = pass.Planned.Failure?.Fault is ProviderFault.Unauthorized or ProviderFault.Configuration;
                if (now.Failures >= FailuresToTell || tellAtOnce) Tell(Event(WorkerEventKind.Failing, project, now.Error ?? "failed"));
                break;
            case ProjectState.Held:
                var why = string.Join("; ", pass.Planned.Plan!.Holds.Select(h => h.Message));
                WorkerLog.ProjectHeld(logger, project.Id, pass.Planned.Plan.Digest, Clean(why));
                Tell(Event(WorkerEventKind.Held, project, why) with { Digest = pass.Planned.Plan.Digest });
                break;
            default:
                Say(project, pass, before, now);
                if (before.State is ProjectState.Failing or ProjectState.Held) Tell(Event(WorkerEventKind.Recovered, project, $"the project is {now.State.ToString().ToLowerInvariant()}"));
                break;
        }
    }

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
                WorkerLog.Broken(logger, broken.Revision.ShortId, TextNames.Count(errors.Count, "problem", "problems"), instead);
                foreach (var problem in errors) WorkerLog.ProblemFound(logger, Clean(problem.ToString()));
                Tell(new(WorkerEventKind.SourceFailing, source.Origin, $"revision {broken.Revision.ShortId} is broken, and {instead}: {TextNames.Count(errors.Count, "problem", "problems")}; the first: {errors[0]}", clock.GetUtcNow()));
                break;
            default:
                if (before.FailingSince is null || source.FailingSince is not null) break;
                WorkerLog.SourceRecovered(logger);
                Tell(new(WorkerEventKind.SourceRecovered, source.Origin, "the source is read again", clock.GetUtcNow()));
                break;
        }
    }

    // A line where something happened or changed; a thousand projects that stay as they are say nothing.
    private void Say(DesiredProject project, ProjectPass pass, ProjectStatus before, ProjectStatus now)
    {
        var done = pass.Outcomes.Count(o => o.Kind == OutcomeKind.Done);
        if (done == 0 && before.State == now.State) return;
        var details = done == 0 ? "" : $", {TextNames.Count(done, "change", "changes")}";
        WorkerLog.ProjectPassed(logger, project.Id, now.State.ToString().ToLowerInvariant(), details);
    }

    private WorkerEvent Event(WorkerEventKind kind, DesiredProject project, string message) => new(kind, project.Id, message, clock.GetUtcNow()) { Provider = project.Provider.Id };

    private void Tell(WorkerEvent happened) => events.Happened(happened);

    private string Clean(string text) => shown(TerminalText.Escape(text));
}
