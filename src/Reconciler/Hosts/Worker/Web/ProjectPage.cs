using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Reviews;
using Reconciler.Hosts.Passes;
using Reconciler.Hosts.Web;
using Reconciler.Reports;
using static Reconciler.Hosts.Worker.Web.StatusParts;

namespace Reconciler.Hosts.Worker.Web;

/// <summary>One project: what is planned, what is held, who has access, what happened last.</summary>
/// <param name="project">How it stands.</param>
/// <param name="query">What was asked for.</param>
/// <param name="now">When.</param>
internal sealed class ProjectPage(ProjectStatus project, StatusQuery query, DateTimeOffset now)
{
    private static readonly string[] ActionColumns = ["Person", "Action", "Access", "Why", "What comes of it"];
    private static readonly string[] OutcomeColumns = ["Person", "Action", "Outcome", "Message"];
    private static readonly string[] FindingColumns = ["Person", "Noticed", "Message"];
    private static readonly string[] PeopleColumns = ["Person", "State", "Access", "Until", "Waits", "Why", "Noticed"];

    /// <summary>The page.</summary>
    public HttpAnswer Answer()
    {
        var name = TextNames.Short(project.Project.Id);
        return StatusPage.Of(
            name,
            Html.Of(
                $"""
                <nav aria-label="Way back" class="way"><a href="/">Status</a> › <a href="/?q={Uri.EscapeDataString(
                    project.Project.Provider.Id
                )}#projects">{TextNames.Short(project.Project.Provider.Id)}</a></nav>
                <h1>{name} {Badge(project.State)}</h1>
                {Alerts()}
                {Held()}
                {Loosened()}
                {Facts()}
                {Plan()}
                {Result()}
                {Findings()}
                {People()}
                """
            ),
            query,
            now,
            refreshes: true
        );
    }

    /// <summary>What became of a plan's actions, in a few words; empty where none were due.</summary>
    public static string Outcomes(ProjectResult? result) =>
        result is null
            ? ""
            : string.Join(
                ", ",
                result
                    .Outcomes.CountBy(o => o.Kind)
                    .OrderBy(o => o.Key)
                    .Select(o => StatusWords.Count(o.Value, StatusWords.Of(o.Key), StatusWords.Of(o.Key)))
            );

    private Html Alerts()
    {
        var alerts = new List<Html>();
        if (project.Error is { } error)
            alerts.Add(
                Html.Of(
                    $"<strong>The last pass failed</strong>{(project.Failures > 1 ? $", the {Ordinal(project.Failures)} in a row" : "")}: {error}"
                )
            );
        if (project.Result?.NotRemembered is { } lost)
            alerts.Add(Html.Of($"<strong>The ledger could not be written:</strong> {lost}"));
        return Html.Join(alerts.Select(a => Html.Of($"<div class=\"alert\" role=\"note\">{a}</div>")));
    }

    private Html Held()
    {
        if (project.Planned?.Plan is not { Holds.IsEmpty: false } plan)
            return Html.None;
        if (plan.Release is { } release)
            return Html.Of(
                $"<section class=\"card\" aria-labelledby=\"held\"><h2 id=\"held\">Released once</h2><p>Limits would hold this plan; {release.By} lets it pass.</p><ul>{plan.Holds.Select(h => Html.Of($"<li>{h.Message}</li>"))}</ul></section>"
            );
        return Html.Of(
            $"<section class=\"card held\" aria-labelledby=\"held\"><h2 id=\"held\">Held</h2>{Holds(plan)}</section>"
        );
    }

    private Html Loosened()
    {
        if (project.Planned?.Plan is not { LimitChange.Texts: { IsEmpty: false } texts })
            return Html.None;
        return Html.Of(
            $"""
            <section class="card" aria-labelledby="loosened"><h2 id="loosened">Limits loosened</h2>
            <p>The limits last applied counted in this pass; once a pass holds nothing and leaves nothing out, the new ones count.</p>
            <ul>{texts.Select(t => Html.Of($"<li>{t}</li>"))}</ul></section>
            """
        );
    }

    private Html Facts()
    {
        var p = project.Project;
        var plan = project.Planned?.Plan;
        (string Term, Html Value)[] facts =
        [
            ("Vendor", Html.Of($"{p.Provider.Vendor.Name}, provider {TextNames.Short(p.Provider.Id)}")),
            (
                "Project at the vendor",
                Html.Of($"{(plan?.Live.Name is { } name ? $"“{name}” " : "")}<code>{p.ProjectId}</code>")
            ),
            ("Declared at", Html.Of($"<code>{p.Declared.ToString()}</code>")),
            (
                "Policy",
                Html.Of(
                    $"prune: {StatusWords.Of(p.Prune)}, every {StatusWords.Length(p.Interval)}{(p.DryRun ? ", dryRun: true" : "")}{(p.Suspended ? ", suspend: true" : "")}{(p.IsDeleted ? ", its document is deleted" : "")}"
                )
            ),
            (
                "People",
                plan is null
                    ? Html.None
                    : Html.Of(
                        $"{StatusWords.Count(plan.Live.Members.Length, "member", "members")}, {PlanTally.Of(plan).Waiting} invited, {plan.Converged} as declared{(plan.LeftAlone > 0 ? $", {plan.LeftAlone} left alone" : "")}{(plan.NotJudged > 0 ? $", {plan.NotJudged} not judged" : "")}"
                    )
            ),
            (
                "Last pass",
                project.PassedAt is null
                    ? Html.None
                    : Html.Of(
                        $"{When(project.PassedAt, now)}{(project.Took is { } took ? $", took {StatusWords.Length(took)}" : "")}{(project.PassId is { } id ? Html.Of($", <code>{id}</code> in the logs") : Html.None)}"
                    )
            ),
            (
                "Next pass",
                project.IsRunning
                    ? Html.Of(
                        $"<span class=\"running\">under way</span>{(project.RunningSince is { } since ? Html.Of($" since {When(since, now)}") : Html.None)}"
                    )
                : project.NextAt is null ? Html.None
                : Due(project.NextAt, now)
            ),
        ];
        return Html.Of(
            $"<section aria-label=\"The project\"><dl>{facts.Where(f => !f.Value.IsEmpty).Select(f => Html.Of($"<dt>{f.Term}</dt><dd>{f.Value}</dd>"))}</dl></section>"
        );
    }

    private Html Plan()
    {
        if (project.Planned?.Plan is not { } plan)
            return Html.None;
        var body = plan.Actions.IsEmpty
            ? Html.Of(
                $"<p>Nothing: {(plan.Findings.IsEmpty ? "the vendor has what the manifests ask for" : "what is left needs no write, or has no way to be written")}.</p>"
            )
            : Table("Planned actions", ActionColumns, plan.Actions.Select(a => Row(plan, a)));
        return Html.Of(
            $"<section aria-labelledby=\"plan\"><h2 id=\"plan\">Planned</h2>{body}{(plan.Actions.IsEmpty ? Html.None : Html.Of($"<p class=\"quiet\">Digest <code>{plan.Digest}</code></p>"))}</section>"
        );
    }

    private static Html Row(ProjectPlan plan, PlannedAction action)
    {
        var fate =
            plan.Project.DryRun ? "nothing: dry run"
            : plan.IsHeld(action) ? "held"
            : "the next pass does it";
        return Html.Of(
            $"<tr><th scope=\"row\" data-label=\"Person\"><div>{Person(Who(action))}</div></th>{Cell("Action", Kind(action))}{Cell("Access", Grants(action))}{Cell("Why", Html.Of($"{TextPlan.Why(action)}"))}{Cell("What comes of it", Html.Of($"{fate}{(action.Note is { } note ? Html.Of($"<div class=\"quiet\">{note}</div>") : Html.None)}"))}</tr>"
        );
    }

    private Html Result()
    {
        if (project.Result is not { Outcomes.IsEmpty: false } result)
            return Html.None;
        var rows = result.Outcomes.Select(o =>
            Html.Of(
                $"<tr><th scope=\"row\" data-label=\"Person\"><div>{Person(Who(o.Action))}</div></th>{Cell("Action", Kind(o.Action))}{Cell("Outcome", Html.Of($"<span class=\"badge {Tone(o.Kind)}\">{StatusWords.Of(o.Kind)}</span>{(o.IsOpen ? " not known yet" : o.IsPartlyDone ? " in part" : "")}"))}{Cell("Message", Html.Of($"{o.Message}"))}</tr>"
            )
        );
        return Html.Of(
            $"<section aria-labelledby=\"result\"><div class=\"bar-of-section\"><h2 id=\"result\">Last result</h2><p class=\"quiet\">{Outcomes(result)}</p></div>{Table("Outcomes", OutcomeColumns, rows)}</section>"
        );
    }

    private Html Findings()
    {
        if (project.Planned?.Plan is not { Findings.IsEmpty: false } plan)
            return Html.None;
        var rows = plan
            .Findings.OrderBy(f => f.Kind)
            .Select(f =>
                Html.Of(
                    $"<tr><th scope=\"row\" data-label=\"Person\"><div>{Person(f.Person)}</div></th>{Cell("Noticed", Html.Of($"{PlanSummary.Word(f.Kind)}"))}{Cell("Message", Html.Of($"{f.Message}"))}</tr>"
                )
            );
        return Html.Of(
            $"<section aria-labelledby=\"noticed\"><h2 id=\"noticed\">Noticed</h2>{Table("Findings", FindingColumns, rows)}</section>"
        );
    }

    private Html People()
    {
        if (project.Planned?.Plan is null)
            return Html.None;
        var rows = Review([project], now, ReviewGrouping.Project).Rows;
        var body = rows.IsEmpty
            ? Html.Of($"<p>Nobody.</p>")
            : Table(
                "People",
                PeopleColumns,
                Page(rows, query).Select(r => StatusParts.Row(r, Person(r.Person), "Person"))
            );
        return Html.Of(
            $"<section aria-labelledby=\"people\"><h2 id=\"people\">People</h2>{body}{Pages(query, rows.Length, "people")}</section>"
        );
    }

    private static string Ordinal(int number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{number}{(number % 100 is >= 11 and <= 13 ? "th" : (number % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" })}"
        );

    private static string Who(PlannedAction action) => action.Email.Length > 0 ? action.Email : action.Person.Label;

    private static Html Kind(PlannedAction action) =>
        Html.Of(
            $"<span class=\"kind {StatusWords.Of(action.Kind)}\">{TextPlan.Mark(action.Kind)} {StatusWords.Of(action.Kind)}</span>"
        );

    private static string Tone(OutcomeKind kind) =>
        kind switch
        {
            OutcomeKind.Done => "converged",
            OutcomeKind.Failed => "failing",
            OutcomeKind.Manual => "held",
            _ => "suspended",
        };
}
