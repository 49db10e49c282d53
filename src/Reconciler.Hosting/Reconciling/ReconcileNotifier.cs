using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;

namespace Reconciler.Hosting.Reconciling;

/// <summary>
/// Logs what happens in reconciles, each line with the id of its reconcile, and notifies where somebody should look.
/// </summary>
/// <param name="logger">Where it is logged.</param>
/// <param name="text">Makes texts safe for the log.</param>
/// <param name="events">Who is notified; null for nobody.</param>
public sealed class ReconcileNotifier(ILogger logger, LogText text, IReconcileEvents? events)
{
    // One failure may be a vendor's bad minute; two in a row are worth somebody's time.
    private const int FailuresToNotify = 2;

    /// <summary>Logs that a reconcile begins, and adds its id to every line until the scope is disposed.</summary>
    internal IDisposable? Started(string id, int projects, Account account)
    {
        var scope = ReconcileLog.BeginScope(logger, id);
        ReconcileLog.Started(logger, account.ToString(), projects);
        return scope;
    }

    /// <summary>Logs the outcome of an action, and notifies of an invitation that was given up.</summary>
    public void ActionCompleted(ProjectPlan plan, ActionOutcome outcome)
    {
        var kind = outcome.Kind.ToString().ToLowerInvariant();
        var result = outcome.Message is null ? kind : $"{kind}: {outcome.Message}";
        var person = outcome.Action.Email.Length > 0 ? outcome.Action.Email : outcome.Action.Person.Label;
        ReconcileLog.Acted(
            logger,
            plan.Project.Id,
            ActionWords.Of(outcome.Action.Kind),
            text.Clean(person),
            text.Clean(result)
        );
        if (outcome is { Kind: OutcomeKind.Done, Action.GivesUp: true })
            events?.GaveUp(plan.Project, person);
    }

    /// <summary>Logs an exception that ended a whole reconcile.</summary>
    public void Failed(Exception unforeseen) =>
        ReconcileLog.Failed(logger, text.Clean($"{unforeseen.GetType().Name}: {unforeseen.Message}"));

    /// <summary>Logs the new state of a project, and notifies where somebody should look.</summary>
    internal void Completed(Schedule.Entry entry, ProjectReconcile reconcile, ProjectStatus before, ProjectStatus now)
    {
        using var scope = ReconcileLog.BeginScope(logger, now.PassId ?? "");
        LogLoosenedLimits(reconcile, before);
        switch (now.State)
        {
            case ProjectState.Failing:
                Failing(entry, reconcile, now);
                break;
            case ProjectState.Held:
                Held(reconcile);
                break;
            default:
                LogChange(reconcile, before, now);
                if (before.State is ProjectState.Failing or ProjectState.Held)
                    events?.Recovered(entry.Project, now.State);
                break;
        }
    }

    private void Failing(Schedule.Entry entry, ProjectReconcile reconcile, ProjectStatus now)
    {
        var nextAt = entry.NextAt.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        ReconcileLog.ProjectFailed(logger, entry.Project.Id, now.Failures, nextAt, text.Clean(reconcile.Error ?? ""));
        // Neither a wrong token, nor a wrong setting, nor a misspelt role corrects itself.
        var isLasting =
            reconcile.Planned.Failure?.Fault
            is ProviderFault.Unauthorized
                or ProviderFault.Configuration
                or ProviderFault.Invalid;
        if (now.Failures >= FailuresToNotify || isLasting)
            events?.Failing(entry.Project, reconcile.Error ?? "failed");
    }

    private void Held(ProjectReconcile reconcile)
    {
        var (project, plan) = (reconcile.Planned.Project, reconcile.Planned.Plan!);
        var why = string.Join("; ", plan.Holds.Select(h => h.Message));
        ReconcileLog.ProjectHeld(logger, project.Id, plan.HeldDigest!, text.Clean(why));
        events?.Held(project, why, plan.HeldDigest!);
    }

    private void LogLoosenedLimits(ProjectReconcile reconcile, ProjectStatus before)
    {
        if (
            reconcile.Planned.Plan?.LimitChange.Texts is { IsEmpty: false } texts
            && !IsSame(before.Planned?.Plan?.LimitChange.Texts, texts)
        )
            ReconcileLog.LimitsLoosened(logger, reconcile.Planned.Project.Id, text.Clean(string.Join("; ", texts)));
    }

    // A thousand projects that stay as they are log nothing.
    private void LogChange(ProjectReconcile reconcile, ProjectStatus before, ProjectStatus now)
    {
        var done = reconcile.Outcomes.Count(o => o.Kind == OutcomeKind.Done);
        if (done == 0 && before.State == now.State)
            return;
        var details = done == 0 ? "" : $", {TextNames.Count(done, "change", "changes")}";
        var state = now.State.ToString().ToLowerInvariant();
        ReconcileLog.ProjectCompleted(logger, reconcile.Planned.Project.Id, state, details);
    }

    private static bool IsSame(ImmutableArray<string>? before, ImmutableArray<string> now) =>
        before is { } known && known.AsSpan().SequenceEqual(now.AsSpan());
}
