using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Text;
using Reconciler.Engine.Reviews;
using Reconciler.Hosting.Web;
using Reconciler.Reports.Review;

namespace Reconciler.Worker.Web;

/// <summary>Who has what, person by person, with a search over everything that is shown.</summary>
/// <param name="status">How things stand.</param>
/// <param name="query">What was asked for.</param>
/// <param name="now">When.</param>
internal sealed class PeoplePage(WorkerStatus status, StatusQuery query, DateTimeOffset now)
{
    /// <summary>The page.</summary>
    public HttpAnswer Answer()
    {
        var review = StatusReview.Of(status.Projects, now, ReviewGrouping.Person);
        var rows = review.Rows.Where(r => query.People.Fits(r, review) && IsWanted(r)).ToImmutableArray();
        var list = new PeopleList(query, Summary(review, rows), Unread(review), rows)
        {
            Providers = [.. status.Providers.Select(p => p.Provider.Id)],
        };
        return StatusPage.Of(new("Who has what", query, now, Refreshes: false, Templates.People(list)));
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

    private static string Summary(AccessReview review, ImmutableArray<ReviewRow> rows)
    {
        var people = rows.Select(r => r.Key).Distinct(StringComparer.Ordinal).Count();
        var projects = rows.Select(r => r.Project).Distinct().Count();
        var members = rows.Count(r => r.State == ReviewState.Member);
        var invited = rows.Count(r => r.State == ReviewState.Invited);
        return string.Concat(
            $"{StatusWords.Count(people, "person", "people")} in {StatusWords.Count(projects, "project", "projects")}",
            rows.Length == review.Rows.Length
                ? ""
                : $" (of {StatusWords.Count(review.Rows.Length, "row", "rows")} in all)",
            $": {StatusWords.Count(members, "membership", "memberships")}, {invited} invited.",
            " As the last reconcile of each project left it."
        );
    }

    private ImmutableArray<string> Unread(AccessReview review) =>
        [
            .. review
                .Projects.Where(p => p.Reading != ReviewReading.Read)
                .Select(p => p.Document)
                .Concat(status.Projects.Where(p => p.Planned is null).Select(p => p.Project.Id))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
}

/// <summary>The people that were asked for.</summary>
/// <param name="Query">What was asked for.</param>
/// <param name="Summary">How many they are, in words.</param>
/// <param name="Unread">The projects that no reconcile has read: a reader must know whom the list leaves out.</param>
/// <param name="Rows">What each has, person by person.</param>
internal sealed record PeopleList(
    StatusQuery Query,
    string Summary,
    ImmutableArray<string> Unread,
    ImmutableArray<ReviewRow> Rows
)
{
    /// <summary>The providers that a reader may ask for.</summary>
    public ImmutableArray<string> Providers { get; init; } = [];

    /// <summary>Which columns the rows need.</summary>
    public ReviewColumns Columns { get; } = ReviewColumns.Of(Rows);

    /// <summary>The filters by name.</summary>
    public Choice States => Choice.Of("state", "all", PeopleFilter.States.Select(s => (s, s)), Query.State);

    /// <summary>The filter of providers.</summary>
    public Choice OfProvider =>
        Choice.Of("provider", "all", Providers.Select(p => (p, TextNames.Short(p))), Query.People.Provider);

    /// <summary>The filter of what manifests say.</summary>
    public Choice Standings =>
        Choice.Of("standing", "anything", PeopleFilter.Standings.Select(s => (s, s)), Query.People.Standing);

    /// <summary>The filter of what a reviewer looks at first.</summary>
    public Choice Risks => Choice.Of("risk", "everything", PeopleFilter.Risks, Query.People.Risk);

    /// <summary>How many days an invitation must have waited, as it was asked for.</summary>
    public string WaitsOver => Query.People.WaitsOver?.ToString(CultureInfo.InvariantCulture) ?? "";
}
