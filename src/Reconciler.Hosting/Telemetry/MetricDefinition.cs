using System.Collections.Immutable;

namespace Reconciler.Hosting.Telemetry;

/// <summary>What a metric's values mean to who reads them.</summary>
public enum MetricType
{
    /// <summary>Only ever goes up.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>How often values fell into ranges.</summary>
    Histogram,
}

/// <summary>A metric: the one place from which instruments, scrapes and the reference page are made.</summary>
/// <param name="Name">Its name, after the conventions of Prometheus.</param>
/// <param name="Type">Its type.</param>
/// <param name="Unit">Its base unit, as UCUM writes it; empty for a mere count.</param>
/// <param name="Help">What it means.</param>
/// <param name="Labels">
/// Its labels. None holds a person or a project, so that their number stays small and nothing personal gets out.
/// </param>
public sealed record MetricDefinition(
    string Name,
    MetricType Type,
    string Unit,
    string Help,
    params ImmutableArray<string> Labels
)
{
    /// <summary>The upper ends of a histogram's ranges.</summary>
    internal ImmutableArray<double> Buckets { get; init; } = [];
}
