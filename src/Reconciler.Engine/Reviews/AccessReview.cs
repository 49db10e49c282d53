using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Engine.Planning;

namespace Reconciler.Engine.Reviews;

/// <summary>The grouping of a review's rows.</summary>
public enum ReviewGrouping
{
    /// <summary>By person, over all projects.</summary>
    Person,

    /// <summary>By project.</summary>
    Project,

    /// <summary>By provider.</summary>
    Provider,
}

/// <summary>
/// Lists who has which access where, since when, until when and why. It is made from a plan, so that it is read and
/// checked in the same way as a run.
/// </summary>
/// <param name="At">The time when the projects were read.</param>
/// <param name="Projects">All projects, including those that were not read.</param>
/// <param name="Rows">The rows, in the order of the grouping.</param>
public sealed record AccessReview(
    DateTimeOffset At,
    ImmutableArray<ReviewProject> Projects,
    ImmutableArray<ReviewRow> Rows
)
{
    /// <summary>How long before its end a declaration is reported as ending soon.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    /// <summary>The grouping of the rows.</summary>
    public ReviewGrouping By { get; private init; } = ReviewGrouping.Project;

    /// <summary>Whether an audit trail was available, for the dates and plans of grants.</summary>
    public bool HasHistory { get; private init; }

    /// <summary>Where the review comes from; null where its reader knows.</summary>
    public ReviewProvenance? Provenance { get; init; }

    /// <summary>Makes the review of a run.</summary>
    /// <param name="plan">The plan of the run.</param>
    /// <param name="trail">The audit trail; empty where there is none.</param>
    /// <param name="by">The grouping of the rows.</param>
    /// <param name="meanings">What roles and groups permit, by project; null where nobody asked.</param>
    public static AccessReview Of(
        RunPlan plan,
        IReadOnlyCollection<AuditEntry> trail,
        ReviewGrouping by,
        IReadOnlyDictionary<ProjectKey, ImmutableArray<GrantMeaning>>? meanings = null
    )
    {
        var history = new GrantHistory(trail);
        var projects = plan.Projects.Select(p => (Planned: p, Shown: ProjectOf(p, meanings))).ToList();
        var rows = projects
            .Where(p => p.Planned.Plan is not null)
            .SelectMany(p => ReviewRows.Of(p.Planned, p.Shown, history, plan.At));
        var gone = plan
            .Deleted.Orphaned.Select(d => Gone(d, ReviewReading.Orphaned))
            .Concat(plan.Deleted.Unreachable.Select(d => Gone(d, ReviewReading.Stranded)));
        return new(plan.At, [.. projects.Select(p => p.Shown), .. gone], Sorted(rows, by))
        {
            By = by,
            HasHistory = trail.Count > 0,
        };
    }

    /// <summary>The rows by group, in order, each group with its key.</summary>
    public IEnumerable<IGrouping<string, ReviewRow>> Groups() =>
        Rows.GroupBy(
            r =>
                By switch
                {
                    ReviewGrouping.Person => r.Key,
                    ReviewGrouping.Provider => r.Project.Provider,
                    _ => $"{r.Project.Provider} {r.Project.Document} {r.Project.ProjectId}",
                },
            StringComparer.Ordinal
        );

    /// <summary>Whether a declaration ends within <see cref="Soon"/>.</summary>
    public bool EndsSoon(ReviewRow row) => row.Until is { } end && end - At <= Soon;

    private static ImmutableArray<ReviewRow> Sorted(IEnumerable<ReviewRow> rows, ReviewGrouping by) =>
        by switch
        {
            ReviewGrouping.Person =>
            [
                .. rows.OrderBy(r => r.Key, StringComparer.Ordinal)
                    .ThenBy(r => r.Project.Provider, StringComparer.Ordinal)
                    .ThenBy(r => r.Project.Document, StringComparer.Ordinal)
                    .ThenBy(r => r.Project.ProjectId, StringComparer.Ordinal),
            ],
            ReviewGrouping.Provider =>
            [
                .. rows.OrderBy(r => r.Project.Provider, StringComparer.Ordinal)
                    .ThenBy(r => r.Key, StringComparer.Ordinal)
                    .ThenBy(r => r.Project.Document, StringComparer.Ordinal)
                    .ThenBy(r => r.Project.ProjectId, StringComparer.Ordinal),
            ],
            _ =>
            [
                .. rows.OrderBy(r => r.Project.Provider, StringComparer.Ordinal)
                    .ThenBy(r => r.Project.Document, StringComparer.Ordinal)
                    .ThenBy(r => r.Project.ProjectId, StringComparer.Ordinal)
                    .ThenBy(r => r.Key, StringComparer.Ordinal),
            ],
        };

    private static ReviewProject ProjectOf(
        PlannedProject planned,
        IReadOnlyDictionary<ProjectKey, ImmutableArray<GrantMeaning>>? meanings
    )
    {
        var project = planned.Project;
        var reading = planned switch
        {
            { Failure: not null } => ReviewReading.Failed,
            { Plan: null } => ReviewReading.Suspended,
            _ => ReviewReading.Read,
        };
        return new(project.Id, project.Provider.Id, project.Provider.Vendor.Type, project.ProjectId, reading)
        {
            VendorName = planned.Plan?.Live.Name,
            Meanings =
                planned.Plan is { } plan && meanings?.TryGetValue(project.Key, out var known) == true
                    ? MeaningsReader.UsedIn(plan, known)
                    : [],
            Message = planned.Failure?.Message ?? (planned.Plan is null ? "suspend: true" : null),
        };
    }

    private static ReviewProject Gone(StoredLedger deleted, ReviewReading reading) =>
        new(deleted.Ledger!.Applied!.Document, "", deleted.Key.VendorType, deleted.Key.ProjectId, reading)
        {
            Message =
                reading == ReviewReading.Orphaned
                    ? "no manifest declares it any more; deletionPolicy: orphan, so everybody keeps their access"
                    : "no manifest declares it any more; it asks to revoke, but no AccessProvider connects "
                        + "to its account",
        };
}
