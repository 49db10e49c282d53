using System.Diagnostics.Metrics;
using System.Globalization;
using Reconciler.Hosts.Passes;
using Reconciler.Telemetry;
using static Reconciler.Telemetry.ReconcilerMetrics;

namespace Reconciler.Hosts.Operator;

/// <summary>An operator's metrics: those of the worker, and those under the names that dashboards of controllers know.</summary>
internal sealed class OperatorMetrics(string shard, TimeProvider clock) : IDisposable
{
    private const string Controller = "projectmembership";

    /// <summary>What worker and operator share.</summary>
    public ReconcilerMetrics Common { get; } = new();

    /// <summary>The API server answered, or did not (0).</summary>
    public void ServerAnswered(string method, int status) =>
        Common.ServerAnswered(method, status == 0 ? "<error>" : status.ToString(CultureInfo.InvariantCulture));

    /// <summary>A pass over a membership ended.</summary>
    public void Passed(ProjectReconcile pass, TimeSpan took)
    {
        var provider = pass.Planned.Project.Provider.Id;
        Common.PassEnded(provider, pass.Outcome, took);
        foreach (var outcome in pass.Outcomes)
            Common.ActionEnded(provider, outcome.Action.Kind, outcome.Kind);
        Common.Reconciled(
            Controller,
            pass.Error is not null ? "error"
                : pass.State == ProjectState.Held ? "requeue"
                : "success",
            took
        );
    }

    /// <summary>A membership lost its finalizer though nobody let it go.</summary>
    public void FinalizerLost() => Common.FinalizerLost();

    /// <summary>Measures the loop whenever somebody looks.</summary>
    public void Observe(OperatorLoop loop, Func<bool> leads)
    {
        ReconcileGauges.Observe(Common, () => loop.Status, clock);
        Common.Observe(
            MetricCatalog.QueueDepth,
            () => [new Measurement<double>(loop.IsLeading ? loop.Due : 0, Label("name", Controller))]
        );
        Common.Observe(MetricCatalog.Leads, () => [new Measurement<double>(leads() ? 1 : 0, Label("name", shard))]);
    }

    public void Dispose() => Common.Dispose();
}
