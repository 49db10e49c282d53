using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Reviews;
using Reconciler.Hosting.Reconciling;
using Reconciler.Hosting.Web;

namespace Reconciler.Worker.Web;

/// <summary>One project: what is planned, what is held, who has access, what happened last.</summary>
/// <param name="Status">How it stands.</param>
/// <param name="Query">What was asked for.</param>
/// <param name="Now">When.</param>
internal sealed record ProjectPage(ProjectStatus Status, StatusQuery Query, DateTimeOffset Now)
{
    /// <summary>How many entries of the history a page shows.</summary>
    public const int MostHistory = 25;

    /// <summary>Its held plan; null where nothing is held.</summary>
    public HeldPlan? Held { get; init; }

    /// <summary>What was done in it.</summary>
    public ProjectHistory History { get; init; } = ProjectHistory.None;

    /// <summary>The page.</summary>
    public HttpAnswer Answer() => StatusPage.Of(new(Name, Query, Now, Refreshes: true, Templates.Project(this)));

    /// <summary>The project's name.</summary>
    public string Name => TextNames.Short(Status.Project.Id);

    /// <summary>The last plan; null where there is none.</summary>
    public ProjectPlan? Plan => Status.Planned?.Plan;

    /// <summary>Where the first page lists the projects of the same provider.</summary>
    public string ProviderLink => $"{new StatusQuery("/") { Search = Status.Project.Provider.Id }.Link}#projects";

    /// <summary>How often the last reconciles failed in a row, in words; empty for once.</summary>
    public string FailuresInWords => Status.Failures > 1 ? $", the {Ordinal(Status.Failures)} in a row" : "";

    /// <summary>The project's policy, in words.</summary>
    public string Policy
    {
        get
        {
            var p = Status.Project;
            return string.Join(
                ", ",
                new[]
                {
                    $"prune: {StatusWords.Of(p.Prune)}",
                    $"every {StatusWords.Length(p.Interval)}",
                    p.DryRun ? "dryRun: true" : "",
                    p.Suspended ? "suspend: true" : "",
                    p.IsDeleted ? "its document is deleted" : "",
                }.Where(t => t.Length > 0)
            );
        }
    }

    /// <summary>How many people there are, in words; empty where nothing is known.</summary>
    public string PeopleInWords =>
        Plan is not { } plan
            ? ""
            : string.Join(
                ", ",
                new[]
                {
                    StatusWords.Count(plan.Live.Members.Length, "member", "members"),
                    $"{StatusWords.Number(PlanTally.Of(plan).Waiting)} invited",
                    $"{StatusWords.Number(plan.Converged)} as declared",
                    plan.LeftAlone > 0 ? $"{StatusWords.Number(plan.LeftAlone)} not managed" : "",
                    plan.NotJudged > 0 ? $"{StatusWords.Number(plan.NotJudged)} not judged" : "",
                }.Where(t => t.Length > 0)
            );

    /// <summary>Everybody who has access, is invited or is declared.</summary>
    public IReadOnlyList<ReviewRow> People => StatusReview.Of([Status], Now, ReviewGrouping.Project).Rows;

    /// <summary>Whom an action is about.</summary>
    public static string Who(PlannedAction action) => action.Email.Length > 0 ? action.Email : action.Person.Label;

    /// <summary>The colour of an outcome, by the state that it stands for.</summary>
    public static ProjectState Tone(OutcomeKind kind) =>
        kind switch
        {
            OutcomeKind.Done => ProjectState.Converged,
            OutcomeKind.Failed => ProjectState.Failing,
            OutcomeKind.Manual => ProjectState.Held,
            _ => ProjectState.Suspended,
        };

    private static string Ordinal(int number)
    {
        var ending = (number % 100, number % 10) switch
        {
            (>= 11 and <= 13, _) => "th",
            (_, 1) => "st",
            (_, 2) => "nd",
            (_, 3) => "rd",
            _ => "th",
        };
        return number.ToString(CultureInfo.InvariantCulture) + ending;
    }
}
