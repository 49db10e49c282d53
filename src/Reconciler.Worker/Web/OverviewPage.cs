using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Planning;
using Reconciler.Engine.Planning;
using Reconciler.Engine.Reviews;
using Reconciler.Hosting.Reconciling;
using Reconciler.Hosting.Web;
using Reconciler.Reports;

namespace Reconciler.Worker.Web;

/// <summary>The first page: what needs attention, then how everything stands.</summary>
/// <param name="Status">How things stand.</param>
/// <param name="Query">What was asked for.</param>
/// <param name="Now">When.</param>
internal sealed record OverviewPage(WorkerStatus Status, StatusQuery Query, DateTimeOffset Now)
{
    /// <summary>How many lines a list shows before it says how many more there are.</summary>
    public const int MostShown = 20;

    private const int MostPasses = 10;

    private static readonly ImmutableArray<ProjectState> Order =
    [
        ProjectState.Failing,
        ProjectState.Held,
        ProjectState.Drifted,
        ProjectState.New,
        ProjectState.Converged,
        ProjectState.Suspended,
        ProjectState.Elsewhere,
    ];

    /// <summary>The page.</summary>
    public HttpAnswer Answer() => StatusPage.Of(new("Status", Query, Now, Refreshes: true, Templates.Overview(this)));

    /// <summary>What matters most, in one line.</summary>
    public string Headline
    {
        get
        {
            var needy = Count(ProjectState.Failing) + Count(ProjectState.Held);
            return Status switch
            {
                { IsStopping: true } => "The worker is stopping",
                { StateTrouble: not null } => "The state file cannot be used",
                { Source.Revision: null } => "No revision of the manifests is in force yet",
                { Projects.IsEmpty: true } => "The manifests declare no project",
                _ when Count(ProjectState.Elsewhere) == Status.Projects.Length =>
                    "Other workers reconcile every project",
                _ when needy > 0 => $"{StatusWords.Count(needy, "project needs", "projects need")} attention",
                _ when Count(ProjectState.Drifted) + Count(ProjectState.New) > 0 => "Changes are on their way",
                _ when Count(ProjectState.Suspended) + Count(ProjectState.Elsewhere) == Status.Projects.Length =>
                    $"Nothing is known: every project{Here} is suspended",
                _ when Count(ProjectState.Suspended) > 0 =>
                    $"Every project{Here} that is not suspended has the declared access",
                _ => $"Every project{Here} has the declared access",
            };
        }
    }

    /// <summary>How many projects are in each state.</summary>
    public IEnumerable<StateTile> Tiles =>
        Order
            .Where(s => s != ProjectState.Elsewhere || Status.Rights is not null)
            .Select(s =>
            {
                var word = StatusWords.Of(s);
                var link = new StatusQuery("/") { State = word, IsStill = Query.IsStill }.Link;
                return new StateTile(word, Count(s), $"{link}#projects", Query.State == word);
            });

    /// <summary>Whether the loop that begins reconciles has said nothing for too long.</summary>
    public bool IsSilent => Status.BeatAt != default && Now - Status.BeatAt > Liveness.LongestSilence;

    /// <summary>The plans that limits hold.</summary>
    public IReadOnlyList<HeldPlan> Held =>
        [
            .. Status
                .Projects.Where(p => p.State == ProjectState.Held)
                .Select(p => HeldPlan.Of(p, Status, Now))
                .OfType<HeldPlan>(),
        ];

    /// <summary>The projects that were asked for, those that need attention first.</summary>
    public IReadOnlyList<ProjectStatus> Found =>
        [
            .. Status
                .Projects.Where(p =>
                    (Query.State.Length == 0 || StatusWords.Of(p.State) == Query.State)
                    && Array.TrueForAll(Query.Words, w => Searched(p).Contains(w, StringComparison.OrdinalIgnoreCase))
                )
                .OrderBy(p => Order.IndexOf(p.State)),
        ];

    /// <summary>The invitations that nobody accepted yet, the longest wait first.</summary>
    public IReadOnlyList<ReviewRow> Waiting =>
        [
            .. StatusReview
                .Of(Status.Projects, Now, ReviewGrouping.Project)
                .Rows.Where(r => r.State == ReviewState.Invited)
                .OrderByDescending(r => r.Waits),
        ];

    /// <summary>The projects whose reconciles ended last.</summary>
    public IReadOnlyList<ProjectStatus> LastPasses =>
        [.. Status.Projects.Where(p => p.PassedAt is not null).OrderByDescending(p => p.PassedAt).Take(MostPasses)];

    /// <summary>What is wrong with the newest revision of the manifests.</summary>
    public ProblemList Problems(Severity severity)
    {
        var problems = Status.Source.Problems.Where(p => p.Severity == severity).ToList();
        return new([.. problems.Take(MostShown)], Math.Max(0, problems.Count - MostShown));
    }

    /// <summary>What is planned for a project, in a few words; empty where nothing is.</summary>
    public static string Planned(ProjectStatus project) =>
        project.Planned?.Plan is { Actions.IsEmpty: false } plan
            ? $"{PlannedWords(plan)}{(plan.Project.DryRun ? " (dry run)" : "")}"
            : "";

    /// <summary>What was noticed in a project, in a few words; empty where nothing was.</summary>
    public static string Noticed(ProjectStatus project) =>
        project.Planned is { Plan: not null } planned
            ? new PlanSummary(new RunPlan([planned], default, HasOwnershipRecord: true)).FindingsInWords()
            : "";

    // Actions that a limit holds are counted apart, since they are not carried out.
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

    private static string Searched(ProjectStatus p) =>
        string.Join(
            '\n',
            p.Project.Id,
            p.Project.Provider.Id,
            p.Project.ProjectId,
            p.Project.Provider.Vendor.Name,
            p.Planned?.Plan?.Live.Name
        );

    // What other workers reconcile is not judged here.
    private string Here => Count(ProjectState.Elsewhere) > 0 ? " of this worker" : "";

    private int Count(ProjectState state) => Status.Projects.Count(p => p.State == state);
}

/// <summary>How many projects are in a state.</summary>
/// <param name="State">The state as a word.</param>
/// <param name="Count">How many.</param>
/// <param name="Link">Where they are listed.</param>
/// <param name="IsChosen">Whether the page lists these only.</param>
internal sealed record StateTile(string State, int Count, string Link, bool IsChosen)
{
    /// <summary>The count in words.</summary>
    public string Number => StatusWords.Number(Count);

    /// <summary>How the chosen tile is marked; null for the others.</summary>
    public string? Current => IsChosen ? "true" : null;

    /// <summary>The classes of the tile in the style: an empty one steps back.</summary>
    public string Look => Count == 0 ? $"{State} zero" : State;
}

/// <summary>Problems of the manifests.</summary>
/// <param name="Shown">The first ones.</param>
/// <param name="More">How many more there are.</param>
internal sealed record ProblemList(ImmutableArray<Problem> Shown, int More);
