using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Engine.Applying;

/// <summary>Checks during an apply whether the actions that took effect still keep the limits of the project.</summary>
/// <param name="plan">The plan, with what it was read from and what was approved.</param>
/// <param name="ledger">The ledger that the plan was made with.</param>
internal sealed class LimitCheck(ProjectPlan plan, LedgerSession ledger)
{
    /// <summary>The first limit that actions break and nobody approved; null where there is none.</summary>
    /// <param name="effective">The actions that take effect together.</param>
    public Hold? FirstHold(IReadOnlyList<PlannedAction> effective) => FirstHold(plan.Live, effective);

    /// <summary>The first limit that actions break and nobody approved; null where there is none.</summary>
    /// <param name="before">The project as it was before the actions.</param>
    /// <param name="effective">The actions that take effect together.</param>
    public Hold? FirstHold(LiveProject before, IReadOnlyList<PlannedAction> effective) =>
        Judge.Holds(plan.Project, before, effective, ledger.Memory).FirstOrDefault(h => !IsApproved(h));

    private bool IsApproved(Hold hold) => plan.Release is not null && plan.Holds.Any(hold.IsCoveredBy);
}
