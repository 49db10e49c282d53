using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;

namespace Reconciler.Hosts.Passes;

/// <summary>Hears of what somebody should look at; it never waits and never throws.</summary>
internal interface IPassEvents
{
    /// <summary>A limit holds a plan.</summary>
    void Held(DesiredProject project, string why, string hold);

    /// <summary>A project's passes fail.</summary>
    void Failing(DesiredProject project, string why);

    /// <summary>A project that failed, or was held, is well again.</summary>
    void Recovered(DesiredProject project, ProjectState state);

    /// <summary>Somebody never accepted, and the invitation was given up.</summary>
    void GaveUp(DesiredProject project, string person);
}

/// <summary>Says what happens in passes: in the logs, each line with its pass's id, and to whoever wants to be told.</summary>
/// <param name="logger">Where it is logged.</param>
/// <param name="events">Who wants to be told; null for nobody.</param>
/// <param name="shown">How a text is shown in the logs.</param>
internal sealed class PassNews(ILogger logger, IPassEvents? events, Func<string, string> shown)
{
    // One failure may be a vendor's bad minute; two in a row are worth somebody's time.
    private const int FailuresToTell = 2;

    /// <summary>A pass begins: what is logged until the end of the scope carries its id.</summary>
    public IDisposable? PassBegins(string passId, int projects, Account account)
    {
        var scope = PassLog.InPass(logger, passId);
        PassLog.PassBegins(logger, $"{account.VendorType} {account.BaseUrl}", projects);
        return scope;
    }

    /// <summary>An action is over.</summary>
    public void Acted(ProjectPlan plan, ActionOutcome outcome)
    {
        var said = outcome.Message is null
            ? outcome.Kind.ToString().ToLowerInvariant()
            : $"{outcome.Kind.ToString().ToLowerInvariant()}: {outcome.Message}";
        var person = outcome.Action.Email.Length > 0 ? outcome.Action.Email : outcome.Action.Person.Label;
        PassLog.Acted(logger, plan.Project.Id, Audit.Word(outcome.Action.Kind), Clean(person), Clean(said));
        if (outcome is { Kind: OutcomeKind.Done, Action.GivesUp: true })
            events?.GaveUp(plan.Project, person);
    }

    public void PassBroke(Exception unforeseen) =>
        PassLog.PassBroke(logger, Clean($"{unforeseen.GetType().Name}: {unforeseen.Message}"));

    /// <summary>A project's pass is over.</summary>
    public void OfProject(Schedule.Entry entry, ProjectPass pass, ProjectStatus before, ProjectStatus now)
    {
        using var scope = PassLog.InPass(logger, now.PassId ?? "");
        var project = entry.Project;
        if (
            pass.Planned.Plan?.LimitChange.Texts is { IsEmpty: false } texts
            && !IsSame(before.Planned?.Plan?.LimitChange.Texts, texts)
        )
        {
            PassLog.LimitsLoosened(logger, project.Id, Clean(string.Join("; ", texts)));
        }

        switch (now.State)
        {
            case ProjectState.Failing:
                PassLog.ProjectFailed(
                    logger,
                    project.Id,
                    now.Failures,
                    entry.NextAt.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
                    Clean(now.Error ?? "")
                );
                var tellAtOnce =
                    pass.Planned.Failure?.Fault is ProviderFault.Unauthorized or ProviderFault.Configuration;
                if (now.Failures >= FailuresToTell || tellAtOnce)
                    events?.Failing(project, now.Error ?? "failed");
                break;
            case ProjectState.Held:
                var why = string.Join("; ", pass.Planned.Plan!.Holds.Select(h => h.Message));
                PassLog.ProjectHeld(logger, project.Id, pass.Planned.Plan.HeldDigest!, Clean(why));
                events?.Held(project, why, pass.Planned.Plan.HeldDigest!);
                break;
            default:
                Say(project, pass, before, now);
                if (before.State is ProjectState.Failing or ProjectState.Held)
                    events?.Recovered(project, now.State);
                break;
        }
    }

    private static bool IsSame(ImmutableArray<string>? before, ImmutableArray<string> now) =>
        before is { } told && told.AsSpan().SequenceEqual(now.AsSpan());

    // A line where something happened or changed; a thousand projects that stay as they are say nothing.
    private void Say(DesiredProject project, ProjectPass pass, ProjectStatus before, ProjectStatus now)
    {
        var done = pass.Outcomes.Count(o => o.Kind == OutcomeKind.Done);
        if (done == 0 && before.State == now.State)
            return;
        var details = done == 0 ? "" : $", {TextNames.Count(done, "change", "changes")}";
        PassLog.ProjectPassed(logger, project.Id, now.State.ToString().ToLowerInvariant(), details);
    }

    private string Clean(string text) => shown(TerminalText.Escape(text));
}
