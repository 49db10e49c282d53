using Reconciler.Engine.Planning;
using Reconciler.Engine.Reviews;
using Reconciler.Hosting.Reconciling;

namespace Reconciler.Worker.Web;

/// <summary>Who has what, as the last reconciles left it.</summary>
internal static class StatusReview
{
    /// <summary>The review of some projects.</summary>
    /// <param name="projects">The projects; those without a plan are left out.</param>
    /// <param name="now">When.</param>
    /// <param name="by">How the rows are ordered.</param>
    public static AccessReview Of(IEnumerable<ProjectStatus> projects, DateTimeOffset now, ReviewGrouping by) =>
        AccessReview.Of(
            new RunPlan([.. projects.Select(p => p.Planned).OfType<PlannedProject>()], now, HasOwnershipRecord: true),
            [],
            by
        );
}
