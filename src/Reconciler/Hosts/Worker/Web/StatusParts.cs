using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;
using Reconciler.Engine.Reviews;
using Reconciler.Hosts.Passes;
using Reconciler.Reports;
using Reconciler.Reports.Review;

namespace Reconciler.Hosts.Worker.Web;

/// <summary>What several pages show in the same way.</summary>
internal static class StatusParts
{
    /// <summary>How many rows a page has.</summary>
    public const int PageLength = 100;

    /// <summary>A time for programs.</summary>
    public static string Machine(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>How long ago something was, with the time itself; a dash for never.</summary>
    public static Html When(DateTimeOffset? at, DateTimeOffset now) =>
        at is not { } time
            ? Html.Of($"<span class=\"quiet\">–</span>")
            : Html.Of(
                $"<time datetime=\"{Machine(time)}\" title=\"{TerminalText.Minute(time)}\">{StatusWords.Distance(time, now)}</time>"
            );

    /// <summary>When something is due; what is late says so.</summary>
    public static Html Due(DateTimeOffset? at, DateTimeOffset now) =>
        at is { } time && now - time >= TimeSpan.FromSeconds(1)
            ? Html.Of(
                $"<time datetime=\"{Machine(time)}\" title=\"{TerminalText.Minute(time)}\">due for {StatusWords.Length(now - time)}</time>"
            )
            : When(at, now);

    /// <summary>A project's state; a colour never says it alone.</summary>
    public static Html Badge(ProjectState state) =>
        Html.Of($"<span class=\"badge {StatusWords.Of(state)}\">{StatusWords.Of(state)}</span>");

    /// <summary>A project's name as a link.</summary>
    public static Html Name(DesiredProject project) =>
        Html.Of($"<a href=\"{StatusQuery.Project(project.Id)}\">{TextNames.Short(project.Id)}</a>");

    /// <summary>Somebody, with the link to everything they have.</summary>
    public static Html Person(string person) =>
        Html.Of($"<a class=\"person\" href=\"{StatusQuery.Person(person)}\">{person}</a>");

    private static string Reach(HoldScope scope) =>
        scope switch
        {
            HoldScope.Removals => "Removals only: ",
            HoldScope.RemovalsAndMails => "Removals and mails only: ",
            _ => "",
        };

    /// <summary>The limits that hold a plan, and what lets it pass.</summary>
    public static Html Holds(ProjectPlan plan)
    {
        var messages = Html.Join(plan.Holds.Select(h => Html.Of($"<li>{Reach(h.Scope)}{h.Message}</li>")));
        return Html.Of(
            $"""
            <ul class="holds">{messages}</ul>
            <p>{How(plan)}</p>
            <pre tabindex="0" aria-label="The Approval that releases this hold">apiVersion: reconciler.dev/v1alpha1
            kind: Approval
            metadata: {Braces($"name: release-{TextNames.Short(plan.Project.Id).Replace('/', '-')}")}
            spec:
              hold: {plan.HeldDigest}
              reason: why this may happen</pre>
            """
        );
    }

    private static string Braces(string text) => $"{{{text}}}";

    // Who writes the document can write its annotation, so only limits among the same manifests are released by it.
    private static Html How(ProjectPlan plan) =>
        plan.Holds.All(h => h.IsOfManifests)
            ? Html.Of(
                $"To let exactly this pass, once, put this into the folder of Approvals (<code>approvals:</code> of the settings), or its digest into the annotation <code>reconciler.dev/approve</code> of <code>{plan.Project.Declared.ToString()}</code>:"
            )
            : Html.Of(
                $"To let exactly this pass, once, put this into the folder of Approvals (<code>approvals:</code> of the settings):"
            );

    /// <summary>What an action gives and takes.</summary>
    public static Html Grants(PlannedAction action) =>
        Html.Join(
            action
                .Added.Grants.Select(g => Html.Of($"<ins>+{g.Label}</ins>"))
                .Concat(action.Removed.Grants.Select(g => Html.Of($"<del>−{g.Label}</del>"))),
            " "
        );

    /// <summary>A column's cell, which names its column where columns do not fit.</summary>
    public static Html Cell(string label, Html content) =>
        content.IsEmpty
            ? Html.Of($"<td class=\"empty\" data-label=\"{label}\"></td>")
            : Html.Of($"<td data-label=\"{label}\"><div>{content}</div></td>");

    /// <summary>A table that becomes a list where it does not fit.</summary>
    public static Html Table(string caption, IEnumerable<string> columns, IEnumerable<Html> rows) =>
        Html.Of(
            $"""
            <div class="scroll"><table>
            <caption class="hidden">{caption}</caption>
            <thead><tr>{columns.Select(c => Html.Of($"<th scope=\"col\">{c}</th>"))}</tr></thead>
            <tbody>{rows}</tbody>
            </table></div>
            """
        );

    /// <summary>A row of a review: who, what, until when, why, and what comes next.</summary>
    public static Html Row(ReviewRow row, Html first, string firstLabel)
    {
        var state = Html.Join(
            ReviewWords
                .State(row)
                .Split(", ")
                .Select(w =>
                    Html.Of($"<span class=\"badge {w.Replace(" ", "-", StringComparison.Ordinal)}\">{w}</span>")
                ),
            " "
        );
        var noticed = row
            .Findings.Select(f => Html.Of($"{PlanSummary.Word(f.Kind)}: {f.Message}"))
            .Concat(row.Change.Length == 0 ? [] : [Html.Of($"{ReviewWords.Next(row)}")]);
        var why = (row.Reason is { Length: > 0 } reason ? [Html.Of($"{reason}")] : Array.Empty<Html>()).Concat(
            row.Declared.Select(d => Html.Of($"<code>{d}</code>"))
        );
        return Html.Of(
            $"<tr><th scope=\"row\" data-label=\"{firstLabel}\"><div>{first}</div></th>{Cell("State", state)}{Cell("Access", Html.Of($"{(row.Access.IsNone ? "" : row.Access.ToString())}"))}{Cell("Until", Until(row))}{Cell("Waits", Waits(row))}{Cell("Why", Lines(why))}{Cell("Noticed", Lines(noticed))}</tr>"
        );
    }

    /// <summary>Pieces, each on a line of its own.</summary>
    public static Html Lines(IEnumerable<Html> pieces) => Html.Join(pieces.Select(p => Html.Of($"<div>{p}</div>")));

    /// <summary>Which rows are shown, and the way to the others.</summary>
    /// <param name="query">What was asked for.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="of">What they are called.</param>
    public static Html Pages(StatusQuery query, int rows, string of)
    {
        var pages = Math.Max(1, (rows + PageLength - 1) / PageLength);
        var at = Math.Min(query.Number, pages);
        if (pages == 1)
            return Html.None;
        Html Turn(int to, string word, string rel) =>
            to < 1 || to > pages
                ? Html.Of($"<span class=\"quiet\">{word}</span>")
                : Html.Of($"<a rel=\"{rel}\" href=\"{(query with { Number = to }).Link}\">{word}</a>");
        return Html.Of(
            $"<nav class=\"pages\" aria-label=\"Pages of {of}\">{Turn(at - 1, "Previous", "prev")}<span>{of} {((at - 1) * PageLength) + 1} to {Math.Min(rows, at * PageLength)} of {rows}</span>{Turn(at + 1, "Next", "next")}</nav>"
        );
    }

    /// <summary>The rows of the page that was asked for; of the last one where there is no such page.</summary>
    public static IEnumerable<T> Page<T>(IReadOnlyList<T> rows, StatusQuery query)
    {
        var at = Math.Min(query.Number, Math.Max(1, (rows.Count + PageLength - 1) / PageLength));
        return rows.Skip((at - 1) * PageLength).Take(PageLength);
    }

    /// <summary>Who has what, as the last passes left it.</summary>
    public static AccessReview Review(IEnumerable<ProjectStatus> projects, DateTimeOffset now, ReviewGrouping by) =>
        AccessReview.Of(
            new RunPlan([.. projects.Select(p => p.Planned).OfType<PlannedProject>()], now, HasOwnershipRecord: true),
            [],
            by
        );

    private static Html Until(ReviewRow row) =>
        row.Until is { } until ? Html.Of($"{Reconciler.Core.Manifests.Values.Expiry.Words(until)}") : Html.None;

    private static Html Waits(ReviewRow row) =>
        ReviewWords.Days(row.Waits) is { } days ? Html.Of($"{StatusWords.Count(days, "day", "days")}") : Html.None;
}
