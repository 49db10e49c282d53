using System.Diagnostics.Metrics;
using Reconciler.Core.Planning;
using Reconciler.Hosting.Telemetry;
using static Reconciler.Hosting.Telemetry.ReconcilerMetrics;

namespace Reconciler.Hosting.Reconciling;

/// <summary>Gauges over the newest <see cref="StatusSnapshot"/>, measured at each scrape.</summary>
public static class ReconcileGauges
{
    /// <summary>Registers the gauges.</summary>
    /// <param name="metrics">The metrics.</param>
    /// <param name="status">Returns the newest snapshot.</param>
    /// <param name="clock">The time, for ages.</param>
    public static void Observe(ReconcilerMetrics metrics, Func<StatusSnapshot> status, TimeProvider clock)
    {
        void Each(MetricDefinition metric, Func<StatusSnapshot, IEnumerable<Measurement<double>>> measure) =>
            metrics.Observe(metric, () => measure(status()));
        void One(MetricDefinition metric, Func<StatusSnapshot, double?> measure) =>
            Each(metric, s => measure(s) is { } value ? [new(value)] : []);

        Each(MetricCatalog.Projects, Projects);
        Each(MetricCatalog.PlansHeld, s => ByProvider(s, p => p.State == ProjectState.Held ? 1 : 0));
        Each(MetricCatalog.InvitationsWaiting, s => ByProvider(s, p => p.Tally?.Waiting ?? 0));
        Each(MetricCatalog.Findings, Findings);
        Each(
            MetricCatalog.ProviderReachable,
            s =>
                s.Providers.Where(p => p.IsReachable is not null)
                    .Select(p => new Measurement<double>(
                        p.IsReachable == true ? 1 : 0,
                        Label("provider", p.Provider.Id),
                        Label("vendor", p.Provider.Vendor.Type)
                    ))
        );
        One(MetricCatalog.SchedulerBeat, s => s.BeatAt == default ? null : s.BeatAt.ToUnixTimeMilliseconds() / 1000.0);
        One(MetricCatalog.OldestPassAge, s => OldestAge(s, clock.GetUtcNow()));
        One(MetricCatalog.DueLag, s => DueLag(s, clock.GetUtcNow()));
    }

    private static IEnumerable<Measurement<double>> Projects(StatusSnapshot status) =>
        from provider in status.Projects.GroupBy(p => p.Project.Provider.Id, StringComparer.Ordinal)
        from state in Enum.GetValues<ProjectState>()
        select new Measurement<double>(
            provider.Count(p => p.State == state),
            Label("provider", provider.Key),
            Label("state", Word(state))
        );

    private static IEnumerable<Measurement<double>> ByProvider(StatusSnapshot status, Func<ProjectStatus, int> count) =>
        status
            .Projects.GroupBy(p => p.Project.Provider.Id, StringComparer.Ordinal)
            .Select(g => new Measurement<double>(g.Sum(count), Label("provider", g.Key)));

    private static IEnumerable<Measurement<double>> Findings(StatusSnapshot status) =>
        from provider in status.Projects.GroupBy(p => p.Project.Provider.Id, StringComparer.Ordinal)
        from kind in Enum.GetValues<FindingKind>()
        select new Measurement<double>(
            provider.Sum(p => p.Tally?.Findings.GetValueOrDefault(kind) ?? 0),
            Label("provider", provider.Key),
            Label("kind", Word(kind))
        );

    private static double? OldestAge(StatusSnapshot status, DateTimeOffset now)
    {
        var ages = status
            .Projects.Where(p => p.State is not (ProjectState.Suspended or ProjectState.Elsewhere))
            .Select(p => (now - (p.PassedAt ?? p.KnownSince ?? status.StartedAt)).TotalSeconds)
            .ToList();
        return ages.Count == 0 ? null : Math.Max(0, ages.Max());
    }

    private static double DueLag(StatusSnapshot status, DateTimeOffset now) =>
        status
            .Projects.Where(p => !p.IsRunning && p.NextAt is not null)
            .Select(p => (now - p.NextAt!.Value).TotalSeconds)
            .Append(0)
            .Max();
}
