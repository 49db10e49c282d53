using Reconciler.Core.Text;
using Reconciler.Engine.Reviews;
using Reconciler.Hosts.Web;
using Reconciler.Reports.Review;
using static Reconciler.Hosts.Worker.Web.StatusParts;

namespace Reconciler.Hosts.Worker.Web;

/// <summary>Who has what, person by person, with a search over everything that is shown.</summary>
/// <param name="status">How things stand.</param>
/// <param name="query">What was asked for.</param>
/// <param name="now">When.</param>
internal sealed class PeoplePage(WorkerStatus status, StatusQuery query, DateTimeOffset now)
{
    private static readonly string[] Columns = ["Project", "State", "Access", "Until", "Waits", "Why", "Noticed"];
    private static readonly string[] States =
    [
        "member",
        "invited",
        "absent",
        "admin",
        "unmanaged",
        "leaving",
        "left alone",
    ];

    /// <summary>The page.</summary>
    public HttpAnswer Answer()
    {
        var review = Review(status.Projects, now, ReviewGrouping.Person);
        var rows = review.Rows.Where(IsWanted).ToList();
        return StatusPage.Of(
            "Who has what",
            Html.Of(
                $"""
                <h1>Who has what</h1>
                <p>{Sentence(review, rows)}</p>
                {Unread(review)}
                <form class="filter" action="/people" role="search">
                <label class="wide">Search <input type="search" name="q" value="{query.Search}" placeholder="person, project, access, reason…" autocomplete="off" spellcheck="false"></label>
                <label>State <select name="state"><option value="">any</option>{States.Select(Option)}</select></label>
                <button>Search</button>
                </form>
                {(
                    rows.Count == 0
                        ? Html.Of($"<p>Nobody fits.</p>")
                        : Table(
                            "Who has what",
                            Columns,
                            Page(rows, query).GroupBy(r => r.Key, StringComparer.Ordinal).Select(Group)
                        )
                )}
                {Pages(query, rows.Count, "rows")}
                """
            ),
            query,
            now,
            refreshes: false
        );
    }

    private bool IsWanted(ReviewRow row)
    {
        if (query.State.Length > 0 && !ReviewWords.State(row).Split(", ").Contains(query.State, StringComparer.Ordinal))
            return false;
        if (query.Search.Length == 0)
            return true;
        var text = string.Join(
            '\n',
            [
                row.Person,
                row.Account,
                ReviewWords.Project(row.Project),
                row.Project.ProjectId,
                row.Project.VendorName,
                row.Project.Vendor,
                ReviewWords.State(row),
                row.Access.ToString(),
                row.Reason,
                .. row.Declared,
                .. row.Findings.Select(f => f.Message),
                row.Change,
            ]
        );
        return Array.TrueForAll(query.Words, w => text.Contains(w, StringComparison.OrdinalIgnoreCase));
    }

    private static string Sentence(AccessReview review, List<ReviewRow> rows)
    {
        var people = StatusWords.Count(
            rows.Select(r => r.Key).Distinct(StringComparer.Ordinal).Count(),
            "person",
            "people"
        );
        var projects = StatusWords.Count(rows.Select(r => r.Project).Distinct().Count(), "project", "projects");
        var invited = rows.Count(r => r.State == ReviewState.Invited);
        var found =
            rows.Count == review.Rows.Length
                ? ""
                : $" (of {StatusWords.Count(review.Rows.Length, "row", "rows")} in all)";
        return $"{people} in {projects}{found}: {StatusWords.Count(rows.Count(r => r.State == ReviewState.Member), "membership", "memberships")}, {invited} invited. As the last pass of each project left it.";
    }

    // Whoever reads a list of people must know whom it leaves out.
    private Html Unread(AccessReview review)
    {
        var unread = review
            .Projects.Where(p => p.Reading != ReviewReading.Read)
            .Select(p => p.Document)
            .Concat(status.Projects.Where(p => p.Planned is null).Select(p => p.Project.Id))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (unread.Count == 0)
            return Html.None;
        return Html.Of(
            $"<p class=\"note\"><strong>Not in this list</strong>, because no pass has read them: {Html.Join(unread.Select(id => Html.Of($"<a href=\"{StatusQuery.Project(id)}\">{TextNames.Short(id)}</a>")), ", ")}</p>"
        );
    }

    private static Html Group(IGrouping<string, ReviewRow> person)
    {
        var head = Html.Of(
            $"<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{Columns.Length}\">{person.First().Person} <span class=\"quiet\">{StatusWords.Count(person.Count(), "project", "projects")}</span></th></tr>"
        );
        return Html.Of(
            $"{head}{person.Select(r => StatusParts.Row(r, Html.Of($"<a href=\"{StatusQuery.Project(r.Project.Document)}\">{ReviewWords.Project(r.Project)}</a>"), "Project"))}"
        );
    }

    private Html Option(string state) =>
        state == query.State ? Html.Of($"<option selected>{state}</option>") : Html.Of($"<option>{state}</option>");
}
