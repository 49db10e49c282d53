using System.Diagnostics.Metrics;
using Reconciler.Core.Planning;
using Reconciler.Telemetry;
using static Reconciler.Telemetry.ReconcilerMetrics;

namespace Reconciler.Hosts.Worker.Web;

/// <summary>What a worker's state comes to in numbers, measured whenever somebody looks.</summary>
internal static class WorkerGauges
{
    /// <summary>Adds them to the metrics.</summary>
    /// <param name="metrics">The metrics.</param>
    /// <param name="status">The state.</param>
    /// <param name="clock">Tells how old things are.</param>
    public static void Observe(ReconcilerMetrics metrics, Func<WorkerStatus> status, TimeProvider clock)
    {
        void Each(MetricDefinition metric, Func<WorkerStatus, IEnumerable<Measurement<double>>> measure) => metrics.Observe(metric, () => measure(status()));
        void One(MetricDefinition metric, Func<WorkerStatus, double?> measure) => Each(metric, s => measure(s) is { } value ? [new(value)] : []);

        Each(MetricCatalog.Projects, Projects);
        Each(MetricCatalog.PlansHeld, s => ByProvider(s, p => p.State == ProjectState.Held ? 1 : 0));
        Each(MetricCatalog.InvitationsWaiting, s => ByProvider(s, p => p.Planned?.Plan is { } plan ? Waiting.In(plan) : 0));
        Each(MetricCatalog.Findings, Findings);
        Each(MetricCatalog.ProviderReachable, s => s.Providers.Where(p => p.IsReachable is not null)
            .Select(p => new Measurement<double>(p.IsReachable == true ? 1 : 0, Label("provider", p.Provider.Id), Label("vendor", p.Provider.Vendor.Type))));
        Each(MetricCatalog.SourceRevision, s => s.Source.Revision is { } revision ? [new(1, Label("revision", revision))] : []);
        One(MetricCatalog.SourceLastSuccess, s => Seconds(s.Source.FetchedAt));
        One(MetricCatalog.SourceFailing, s => s.Source.FailingSince is null ? 0 : 1);
        One(MetricCatalog.SchedulerBeat, s => s.BeatAt == default ? null : Seconds(s.BeatAt));
        One(MetricCatalog.OldestPassAge, s => OldestAge(s, clock.GetUtcNow()));
        One(MetricCatalog.DueLag, s => DueLag(s, clock.GetUtcNow()));
    }

    private static IEnumerable<Measurement<double>> Projects(WorkerStatus status) =>
        from provider in status.Projects.GroupBy(p => p.Project.Provider.Id, StringComparer.Ordinal)
        from state in Enum.GetValues<ProjectState>()
        select new Measurement<double>(provider.Count(p => p.State == state), Label("provider", provider.Key), Label("state", Word(state)));

    private static IEnumerable<Measurement<double>> ByProvider(WorkerStatus status, Func<ProjectStatus, int> count) =>
        status.Projects.GroupBy(p => p.Project.Provider.Id, StringComparer.Ordinal).Select(g => new Measurement<double>(g.Sum(count), Label("provider", g.Key)));

    private static IEnumerable<Measurement<double>> Findings(WorkerStatus status) =>
        from provider in status.Projects.GroupBy(p => p.Project.Provider.Id, StringComparer.Ordinal)
        let found = provider.SelectMany(p => p.Planned?.Plan?.Findings ?? []).CountBy(f => f.Kind).ToDictionary()
        from kind in Enum.GetValues<FindingKind>()
        select new Measurement<double>(found.GetValueOrDefault(kind), Label("provider", provider.Key), Label("kind", Word(kind)));

    private static double? OldestAge(WorkerStatus status, DateTimeOffset now)
    {
        var ages = status.Projects.Where(p => p.State != ProjectState.Suspended).Select(p => (now - (p.PassedAt ?? status.Source.InForceSince ?? status.StartedAt)).TotalSeconds).ToList();
        return ages.Count == 0 ? null : Math.Max(0, ages.Max());
    }

    private static double DueLag(WorkerStatus status, DateTimeOffset now) =>
        status.Projects.Where(p => !p.IsRunning && p.NextAt is not null).Select(p => (now - p.NextAt!.Value).TotalSeconds).Append(0).Max();

    private static double? Seconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds() / 1000.0;
}
