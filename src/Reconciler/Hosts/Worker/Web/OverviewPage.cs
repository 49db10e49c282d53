using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;
using Reconciler.Engine.Reviews;
using Reconciler.Hosts.Passes;
using Reconciler.Hosts.Web;
using Reconciler.Reports;
using Reconciler.Reports.Review;
using static Reconciler.Hosts.Worker.Web.StatusParts;

namespace Reconciler.Hosts.Worker.Web;

/// <summary>The first page: what needs attention, then how everything stands.</summary>
/// <param name="status">How things stand.</param>
/// <param name="query">What was asked for.</param>
/// <param name="now">When.</param>
internal sealed class OverviewPage(WorkerStatus status, StatusQuery query, DateTimeOffset now)
{
    private const int MostShown = 20;
    private static readonly ImmutableArray<ProjectState> Order =
    [
        ProjectState.Failing,
        ProjectState.Held,
        ProjectState.Drifted,
        ProjectState.New,
        ProjectState.Converged,
        ProjectState.Suspended,
    ];
    private static readonly string[] ProjectColumns =
    [
        "Project",
        "State",
        "People",
        "Planned",
        "Noticed",
        "Last pass",
        "Next",
    ];
    private static readonly string[] ProviderColumns = ["Provider", "Vendor", "State", "Last read", "Projects"];
    private static readonly string[] WaitingColumns = ["Person", "Project", "Access", "Waits"];
    private static readonly string[] PassColumns = ["When", "Project", "State", "Took", "Actions", "Id in the logs"];

    /// <summary>The page.</summary>
    public HttpAnswer Answer() =>
        StatusPage.Of(
            "Status",
            Html.Of(
                $"""
                {Headline()}
                {Alerts()}
                {HeldPlans()}
                {Approvals()}
                {Projects()}
                {Waits()}
                {Passes()}
                <div class="pair">{Source()}{Providers()}</div>
                """
            ),
            query,
            now,
            refreshes: true
        );

    private Html Headline()
    {
        var all = status.Projects.Length;
        var needy = Count(ProjectState.Failing) + Count(ProjectState.Held);
        var title = status switch
        {
            { IsStopping: true } => "The worker is stopping",
            { Source.Revision: null } => "No revision of the manifests is in force yet",
            { Projects.IsEmpty: true } => "The manifests declare no project",
            _ when needy > 0 => $"{StatusWords.Count(needy, "project needs", "projects need")} attention",
            _ when Count(ProjectState.Drifted) + Count(ProjectState.New) > 0 => "Changes are on their way",
            _ when Count(ProjectState.Suspended) == all => "Nothing is known: every project is suspended",
            _ when Count(ProjectState.Suspended) > 0 => "Every project that is not suspended has the declared access",
            _ => "Every project has the declared access",
        };
        var tiles = Order.Select(s =>
            Html.Of(
                $"<li><a class=\"tile {StatusWords.Of(s)}{(Count(s) == 0 ? " zero" : "")}\" href=\"{(new StatusQuery("/") { State = StatusWords.Of(s), IsStill = query.IsStill }).Link}#projects\"{(query.State == StatusWords.Of(s) ? Html.Of($" aria-current=\"true\"") : Html.None)}><strong>{Count(s)}</strong> {StatusWords.Of(s)}</a></li>"
            )
        );
        return Html.Of(
            $"<h1>{title}</h1>{(all == 0 ? Html.None : Html.Of($"{Bar()}<ul class=\"tiles\" aria-label=\"Projects by state\">{tiles}</ul>"))}"
        );
    }

    // How the projects are spread over the states; the tiles below say the same in words.
    private Html Bar()
    {
        var (x, bars) = (0, new List<Html>());
        foreach (var state in Order.Where(s => Count(s) > 0))
        {
            bars.Add(
                Html.Of(
                    $"<rect class=\"{StatusWords.Of(state)}\" x=\"{Plain(x)}\" width=\"{Plain(Count(state))}\" height=\"1\"/>"
                )
            );
            x += Count(state);
        }

        return Html.Of(
            $"<svg class=\"bar\" viewBox=\"0 0 {Plain(x)} 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{bars}</svg>"
        );
    }

    private Html Alerts()
    {
        var alerts = new List<Html>();
        if (status.BeatAt != default && now - status.BeatAt > Liveness.LongestSilence)
            alerts.Add(
                Html.Of($"<strong>The scheduler is silent</strong> since {When(status.BeatAt, now)}: no pass begins.")
            );
        if (status.Source.Failure is { } failure)
            alerts.Add(
                Html.Of(
                    $"<strong>The source cannot be had</strong> since {When(status.Source.FailingSince, now)}: {failure}"
                )
            );
        if (status.Source.BrokenRevision is { } broken)
            alerts.Add(
                Html.Of(
                    $"<strong>Revision <code>{StatusWords.Short(broken)}</code> is broken</strong> and not put in force; {(status.Source.Revision is null ? "nothing is done until one is right" : "the last right one stays")}. {Problems(Severity.Error)}"
                )
            );
        foreach (var provider in status.Providers.Where(p => p.IsReachable == false))
            alerts.Add(
                Html.Of(
                    $"<strong>{TextNames.Short(provider.Provider.Id)} could not be read</strong> {When(provider.ReadAt, now)}: {provider.Error}"
                )
            );
        return Html.Join(alerts.Select(a => Html.Of($"<div class=\"alert\" role=\"note\">{a}</div>")));
    }

    private Html Problems(Severity severity)
    {
        var problems = status.Source.Problems.Where(p => p.Severity == severity).ToList();
        if (problems.Count == 0)
            return Html.None;
        var more = problems.Count > MostShown ? Html.Of($"<li>{problems.Count - MostShown} more</li>") : Html.None;
        return Html.Of(
            $"<ul>{problems.Take(MostShown).Select(p => Html.Of($"<li><code>{p.Position.ToString()}</code> {(p.Field.Length > 0 ? $"{p.Field}: " : "")}{p.Message}</li>"))}{more}</ul>"
        );
    }

    private Html Approvals()
    {
        if (status.Approvals.IsEmpty)
            return Html.None;
        var lines = status.Approvals.Take(MostShown).Select(u => Html.Of($"<li>{ApprovalReport.Sentence(u)}</li>"));
        return Html.Of(
            $"<section aria-labelledby=\"approvals\"><h2 id=\"approvals\">Approvals</h2><ul>{lines}</ul></section>"
        );
    }

    private Html HeldPlans()
    {
        var held = status.Projects.Where(p => p is { State: ProjectState.Held, Planned.Plan: not null }).ToList();
        if (held.Count == 0)
            return Html.None;
        var cards = held.Take(MostShown)
            .Select(p =>
                Html.Of(
                    $"<article class=\"card held\"><h3>{Name(p.Project)} <span class=\"quiet\">{p.Project.Provider.Name}</span></h3><p>{Planned(p)}</p>{Holds(p.Planned!.Plan!)}</article>"
                )
            );
        var more =
            held.Count > MostShown
                ? Html.Of(
                    $"<p>{held.Count - MostShown} more: see the <a href=\"/?state=held#projects\">held projects</a>.</p>"
                )
                : Html.None;
        return Html.Of($"<section aria-labelledby=\"held\"><h2 id=\"held\">Held plans</h2>{cards}{more}</section>");
    }

    private Html Projects()
    {
        if (status.Projects.IsEmpty)
            return Html.None;
        var words = query.Words;
        var found = status
            .Projects.Where(p =>
                (query.State.Length == 0 || StatusWords.Of(p.State) == query.State)
                && Array.TrueForAll(words, w => Searched(p).Contains(w, StringComparison.OrdinalIgnoreCase))
            )
            .OrderBy(p => Order.IndexOf(p.State))
            .ToList();
        var clear =
            query.Search.Length + query.State.Length > 0
                ? Html.Of(
                    $" <a href=\"{(query with { Search = "", State = "", Number = 1 }).Link}#projects\">all {status.Projects.Length}</a>"
                )
                : Html.None;
        return Html.Of(
            $"""
            <section aria-labelledby="projects">
            <div class="bar-of-section"><h2 id="projects">Projects</h2><p class="quiet">{StatusWords.Count(
                found.Count,
                "project",
                "projects"
            )}{(query.State.Length > 0 ? $", {query.State}" : "")}{clear}</p>
            <form action="/" role="search"><label><span class="hidden">Search projects</span><input type="search" name="q" value="{query.Search}" placeholder="project, provider, id" autocomplete="off" spellcheck="false"></label><button>Search</button></form></div>
            {(
                found.Count == 0
                    ? Html.Of($"<p>No project fits.</p>")
                    : Table("Projects", ProjectColumns, Page(found, query).Select(Row))
            )}
            {Pages(query, found.Count, "projects")}
            </section>
            """
        );
    }

    private Html Row(ProjectStatus p)
    {
        var noticed = p.Error is { } error
            ? Html.Of($"<span class=\"bad\">{error}</span>")
            : Html.Of($"{(p.Planned?.Plan is null ? "" : Findings(p))}");
        var next =
            p.IsRunning ? Html.Of($"<span class=\"running\">a pass is under way</span>")
            : p.State == ProjectState.Suspended ? Html.None
            : Due(p.NextAt, now);
        return Html.Of(
            $"<tr><th scope=\"row\" data-label=\"Project\"><div>{Name(p.Project)}<div class=\"quiet\">{p.Project.Provider.Name}</div></div></th>{Cell("State", Html.Of($"{Badge(p.State)}{(p.Failures > 1 ? Html.Of($"<div class=\"quiet\">{p.Failures} times in a row</div>") : Html.None)}"))}{Cell("People", People(p))}{Cell("Planned", Planned(p))}{Cell("Noticed", noticed)}{Cell("Last pass", When(p.PassedAt, now))}{Cell("Next", next)}</tr>"
        );
    }

    private static Html People(ProjectStatus p) =>
        p.Planned?.Plan is not { } plan
            ? Html.None
            : Html.Of(
                $"{StatusWords.Count(plan.Live.Members.Length, "member", "members")}{(PlanTally.Of(plan).Waiting is > 0 and var waiting ? Html.Of($"<div class=\"quiet\">{waiting} invited</div>") : Html.None)}"
            );

    private static Html Planned(ProjectStatus p) =>
        p.Planned?.Plan is not { Actions.IsEmpty: false } plan
            ? Html.None
            : Html.Of($"{PlannedWords(plan)}{(plan.Project.DryRun ? " (dry run)" : "")}");

    // What a limit holds is not on its way, so it is counted apart.
    private static string PlannedWords(ProjectPlan plan)
    {
        var free = Kinds(plan.Actions.Where(a => !plan.IsHeld(a)));
        var held = Kinds(plan.Actions.Where(plan.IsHeld));
        return string.Join("; ", new[] { free, held.Length > 0 ? $"held: {held}" : "" }.Where(t => t.Length > 0));
    }

    private static string Kinds(IEnumerable<PlannedAction> actions) =>
        string.Join(
            ", ",
            actions
                .CountBy(a => a.Kind)
                .Select(k => StatusWords.Count(k.Value, $"to {StatusWords.Of(k.Key)}", $"to {StatusWords.Of(k.Key)}"))
        );

    private static string Findings(ProjectStatus p) =>
        new PlanSummary(new RunPlan([p.Planned!], default, HasOwnershipRecord: true)).FindingsInWords();

    private Html Waits()
    {
        var waiting = Review(status.Projects, now, ReviewGrouping.Project)
            .Rows.Where(r => r.State == ReviewState.Invited)
            .OrderByDescending(r => r.Waits)
            .ToList();
        if (waiting.Count == 0)
            return Html.None;
        var rows = waiting
            .Take(MostShown)
            .Select(r =>
                Html.Of(
                    $"<tr><th scope=\"row\" data-label=\"Person\"><div>{Person(r.Person)}</div></th>{Cell("Project", Html.Of($"<a href=\"{StatusQuery.Project(r.Project.Document)}\">{ReviewWords.Project(r.Project)}</a>"))}{Cell("Access", Html.Of($"{r.Access.ToString()}"))}{Cell("Waits", Html.Of($"{StatusWords.Count(ReviewWords.Days(r.Waits) ?? 0, "day", "days")}{(r.Resends > 0 ? $", {StatusWords.Count(r.Resends, "reminder", "reminders")}" : "")}"))}</tr>"
                )
            );
        var all =
            waiting.Count > MostShown
                ? Html.Of($" <a href=\"/people?state=invited\">all {waiting.Count}</a>")
                : Html.None;
        return Html.Of(
            $"<section aria-labelledby=\"waiting\"><div class=\"bar-of-section\"><h2 id=\"waiting\">Waiting invitations</h2><p class=\"quiet\">the longest first{all}</p></div>{Table("Waiting invitations", WaitingColumns, rows)}</section>"
        );
    }

    private Html Passes()
    {
        var passes = status
            .Projects.Where(p => p.PassedAt is not null)
            .OrderByDescending(p => p.PassedAt)
            .Take(MostShown / 2)
            .ToList();
        if (passes.Count == 0)
            return Html.None;
        var rows = passes.Select(p =>
            Html.Of(
                $"<tr><th scope=\"row\" data-label=\"When\"><div>{When(p.PassedAt, now)}</div></th>{Cell("Project", Name(p.Project))}{Cell("State", Badge(p.State))}{Cell("Took", Html.Of($"{(p.Took is { } took ? StatusWords.Length(took) : "")}"))}{Cell("Actions", Html.Of($"{ProjectPage.Outcomes(p.Result)}"))}{Cell("Id in the logs", p.PassId is { } id ? Html.Of($"<code>{id}</code>") : Html.None)}</tr>"
            )
        );
        return Html.Of(
            $"<section aria-labelledby=\"passes\"><h2 id=\"passes\">Last passes</h2>{Table("Last passes", PassColumns, rows)}</section>"
        );
    }

    private Html Source()
    {
        var source = status.Source;
        var revision = source.Revision is { } id
            ? Html.Of($"<code>{StatusWords.Short(id)}</code>, since {When(source.InForceSince, now)}")
            : Html.Of($"none yet");
        var warnings = source.BrokenRevision is null ? Problems(Severity.Warning) : Html.None;
        return Html.Of(
            $"<section aria-labelledby=\"source\"><h2 id=\"source\">Source</h2><dl><dt>From</dt><dd>{source.Origin}</dd><dt>In force</dt><dd>{revision}</dd><dt>Last asked with success</dt><dd>{When(source.FetchedAt, now)}</dd><dt>Worker started</dt><dd>{When(status.StartedAt, now)}</dd></dl>{warnings}</section>"
        );
    }

    private Html Providers()
    {
        if (status.Providers.IsEmpty)
            return Html.None;
        var rows = status.Providers.Select(p =>
            Html.Of(
                $"<tr><th scope=\"row\" data-label=\"Provider\"><div>{TextNames.Short(p.Provider.Id)}</div></th>{Cell("Vendor", Html.Of($"{p.Provider.Vendor.Name}"))}{Cell("State", Reachable(p))}{Cell("Last read", When(p.ReadAt, now))}{Cell("Projects", Html.Of($"{status.Projects.Count(q => q.Project.Provider.Id == p.Provider.Id)}"))}</tr>"
            )
        );
        return Html.Of(
            $"<section aria-labelledby=\"providers\"><h2 id=\"providers\">Providers</h2>{Table("Providers", ProviderColumns, rows)}</section>"
        );
    }

    private static Html Reachable(ProviderStatus p) =>
        p.IsReachable switch
        {
            true => Html.Of($"<span class=\"badge converged\">reachable</span>"),
            false => Html.Of($"<span class=\"badge failing\">unreachable</span>"),
            null => Html.Of($"<span class=\"badge new\">not read yet</span>"),
        };

    private static string Searched(ProjectStatus p) =>
        $"{p.Project.Id}\n{p.Project.Provider.Id}\n{p.Project.ProjectId}\n{p.Project.Provider.Vendor.Name}\n{p.Planned?.Plan?.Live.Name}";

    private int Count(ProjectState state) => status.Projects.Count(p => p.State == state);

    private static string Plain(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
