using System.Diagnostics.Metrics;
using System.Globalization;
using Reconciler.Engine.Applying;
using Reconciler.Hosting.Reconciling;
using Reconciler.Hosting.Telemetry;
using Reconciler.Operator.Queue;
using Reconciler.Operator.Vendors;
using static Reconciler.Hosting.Telemetry.ReconcilerMetrics;

namespace Reconciler.Operator;

/// <summary>
/// Metrics of an operator: those of the worker, and those under the names that dashboards of controllers know.
/// </summary>
/// <param name="settings">The name of the shard.</param>
/// <param name="clock">The time.</param>
internal sealed class OperatorMetrics(OperatorSettings settings, TimeProvider clock) : IDisposable
{
    private const string Controller = "projectmembership";

    /// <summary>The metrics that worker and operator share.</summary>
    public ReconcilerMetrics Common { get; } = new();

    /// <summary>Counts an answer of the API server; 0 where there was none.</summary>
    public void ServerAnswered(string method, int status) =>
        Common.ServerAnswered(method, status == 0 ? "<error>" : status.ToString(CultureInfo.InvariantCulture));

    /// <summary>Counts the reconcile of a project and its actions.</summary>
    public void ReconcileEnded(ProjectReconcile reconcile, TimeSpan took)
    {
        var provider = reconcile.Planned.Project.Provider.Id;
        Common.PassEnded(provider, reconcile.Outcome, took);
        foreach (var outcome in reconcile.Outcomes)
            Common.ActionEnded(provider, outcome.Action.Kind, outcome.Kind);
        Common.Reconciled(
            Controller,
            reconcile.Error is not null ? "error"
                : reconcile.State == ProjectState.Held ? "requeue"
                : "success",
            took
        );
    }

    /// <summary>Counts a finalizer that no operator removed.</summary>
    public void FinalizerLost() => Common.FinalizerLost();

    /// <summary>Registers the gauges of the loop, measured at each scrape.</summary>
    /// <param name="snapshots">How the projects stand.</param>
    /// <param name="changes">Whether this replica works.</param>
    /// <param name="leadership">Whether it holds the Lease.</param>
    public void Observe(StatusSnapshotBuilder snapshots, ChangeQueue changes, Leadership leadership)
    {
        ReconcileGauges.Observe(Common, () => snapshots.Status, clock);
        Common.Observe(
            MetricCatalog.QueueDepth,
            () => [new Measurement<double>(changes.IsOpen ? Due(snapshots.Status) : 0, Label("name", Controller))]
        );
        Common.Observe(
            MetricCatalog.Leads,
            () =>
                [new Measurement<double>(leadership.IsElected ?? changes.IsOpen ? 1 : 0, Label("name", settings.Shard))]
        );
    }

    /// <summary>Registers the gauge of VendorDefinitions, measured at each scrape on every replica.</summary>
    /// <param name="vendors">The definitions.</param>
    /// <param name="rules">The vendors of the program.</param>
    public void Observe(ClusterVendors vendors, OperatorRules rules)
    {
        if (settings.VendorDefinitions)
            Common.Observe(
                MetricCatalog.VendorDefinitions,
                () =>
                {
                    var (ready, notReady) = vendors.Count(rules.BuiltIn);
                    return
                    [
                        new Measurement<double>(ready, Label("ready", "true")),
                        new Measurement<double>(notReady, Label("ready", "false")),
                    ];
                }
            );
    }

    /// <inheritdoc/>
    public void Dispose() => Common.Dispose();

    private int Due(StatusSnapshot status) => status.Projects.Count(p => !p.IsRunning && p.NextAt <= clock.GetUtcNow());
}
