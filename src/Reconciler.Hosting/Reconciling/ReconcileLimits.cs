namespace Reconciler.Hosting.Reconciling;

/// <summary>What a reconcile keeps to, for those who judge it from outside.</summary>
public static class ReconcileLimits
{
    /// <summary>
    /// How long one reconcile of one project may take. Requests and waits are bounded, so one that takes longer hangs.
    /// </summary>
    public static readonly TimeSpan LongestReconcile = TimeSpan.FromMinutes(30);
}
