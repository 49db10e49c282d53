using Reconciler.Hosting.Telemetry;
using Reconciler.Manifests.Schemas;
using static Reconciler.Manifests.Schemas.MarkdownText;

namespace Reconciler.Help;

/// <summary>The page that lists every metric, made from the definitions that the program measures by.</summary>
internal static class MetricsPage
{
    private static readonly string[] Columns = ["Metric", "Type", "Unit", "Labels", "Meaning"];

    /// <summary>The page.</summary>
    public static GeneratedFile Of() =>
        new(
            "docs/reference/metrics.md",
            new MarkdownText()
                .Heading(1, "Metrics")
                .Paragraph(
                    "<!-- Generated from the metrics' definitions; the test Generated_files_are_current says "
                        + "how to renew it. -->"
                )
                .Paragraph(
                    "`/metrics` shows them in the text format of Prometheus. With a collector configured, a worker "
                        + "sends the same over OTLP. No label holds a person or a project. [Scraping and "
                        + "alerts](../worker/web.md#metrics)."
                )
                .Paragraph(
                    "*Worker* and *Operator* at the beginning of a meaning say that only that host has the metric. "
                        + "A word of a label has underscores (`address_changed`) where JSON has capitals "
                        + "(`addressChanged`)."
                )
                .Table(Columns, MetricCatalog.All.Select(Row))
                .ToString()
        );

    private static IReadOnlyList<string> Row(MetricDefinition metric) =>
        [
            Code(metric.Name),
            metric.Type.ToString().ToLowerInvariant(),
            metric.Unit switch
            {
                "s" => "seconds",
                "By" => "bytes",
                _ => "",
            },
            string.Join(", ", metric.Labels.Select(Code)),
            Escape(metric.Help),
        ];
}
