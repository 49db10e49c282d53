using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Reconciler.Testing.Telemetry;

/// <summary>One line of values.</summary>
public sealed record PrometheusSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>A metric with its lines.</summary>
public sealed record PrometheusMetric(string Name, string Help, string Type, List<PrometheusSample> Samples);

/// <summary>
/// Reads the text format strictly, from its description: whatever a lenient reader would let pass is refused.
/// </summary>
public static partial class PrometheusReader
{
    public static IReadOnlyDictionary<string, PrometheusMetric> Read(string text)
    {
        Assert.DoesNotContain('\r', text);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var metrics = new Dictionary<string, PrometheusMetric>(StringComparer.Ordinal);
        PrometheusMetric? current = null;
        foreach (var (line, next) in Pairs(text[..^1].Split('\n')))
        {
            Assert.DoesNotContain(line, char.IsControl);
            if (Help().Match(line) is { Success: true } help)
            {
                var type = Type().Match(next);
                Assert.True(
                    type.Success && type.Groups["name"].Value == help.Groups["name"].Value,
                    $"no type after {line}"
                );
                current = new(help.Groups["name"].Value, help.Groups["text"].Value, type.Groups["type"].Value, []);
                Assert.True(metrics.TryAdd(current.Name, current), $"{current.Name} comes twice");
            }
            else if (!Type().IsMatch(line))
            {
                Assert.NotNull(current);
                current.Samples.Add(Sample(line, current));
            }
        }

        foreach (var metric in metrics.Values)
            Check(metric);
        return metrics;
    }

    /// <summary>The value of the one series that has these labels; labels that are not named may be anything.</summary>
    public static double Value(
        this IReadOnlyDictionary<string, PrometheusMetric> metrics,
        string name,
        params (string Name, string Value)[] labels
    ) =>
        Assert
            .Single(
                metrics[name].Samples,
                s => s.Name == name && labels.All(l => s.Labels.GetValueOrDefault(l.Name) == l.Value)
            )
            .Value;

    private static IEnumerable<(string Line, string Next)> Pairs(string[] lines) =>
        lines.Select((l, i) => (l, i + 1 < lines.Length ? lines[i + 1] : ""));

    private static PrometheusSample Sample(string line, PrometheusMetric metric)
    {
        var match = Line().Match(line);
        Assert.True(match.Success, $"no line of the format: {line}");
        var name = match.Groups["name"].Value;
        string[] suffixes = metric.Type == "histogram" ? ["_bucket", "_sum", "_count"] : [""];
        Assert.Contains(name, suffixes.Select(s => metric.Name + s));
        return new(name, Labels(match.Groups["labels"].Value), Number(match.Groups["value"].Value));
    }

    private static Dictionary<string, string> Labels(string text)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match label in Label().Matches(text))
            Assert.True(
                labels.TryAdd(label.Groups["name"].Value, Unescape(label.Groups["value"].Value)),
                $"a label comes twice: {text}"
            );
        return labels;
    }

    private static string Unescape(string text)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
            plain.Append(
                text[i] != '\\' ? text[i]
                : text[++i] == 'n' ? '\n'
                : text[i]
            );
        return plain.ToString();
    }

    private static double Number(string text) =>
        text switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        };

    private static void Check(PrometheusMetric metric)
    {
        Assert.NotEmpty(metric.Samples);
        Assert.NotEmpty(metric.Help);
        var series = metric.Samples.Select(s =>
            s.Name + string.Join(',', s.Labels.OrderBy(l => l.Key, StringComparer.Ordinal))
        );
        Assert.Equal(metric.Samples.Count, series.Distinct(StringComparer.Ordinal).Count());
        if (metric.Type == "counter")
            Assert.All(metric.Samples, s => Assert.True(s.Value >= 0));
        if (metric.Type == "counter")
            Assert.EndsWith("_total", metric.Name, StringComparison.Ordinal);
        if (metric.Type == "histogram")
            CheckHistogram(metric);
    }

    private static void CheckHistogram(PrometheusMetric metric)
    {
        foreach (
            var series in metric.Samples.GroupBy(
                s => string.Join(',', s.Labels.Where(l => l.Key != "le").OrderBy(l => l.Key, StringComparer.Ordinal)),
                StringComparer.Ordinal
            )
        )
        {
            var buckets = series.Where(s => s.Name.EndsWith("_bucket", StringComparison.Ordinal)).ToList();
            var ends = buckets.Select(b => Number(b.Labels["le"])).ToList();
            Assert.Equal(ends.Distinct().Order(), ends);
            Assert.Equal(double.PositiveInfinity, ends[^1]);
            Assert.Equal(buckets.Select(b => b.Value).Order(), buckets.Select(b => b.Value));
            Assert.Equal(
                buckets[^1].Value,
                Assert.Single(series, s => s.Name.EndsWith("_count", StringComparison.Ordinal)).Value
            );
            Assert.Single(series, s => s.Name.EndsWith("_sum", StringComparison.Ordinal));
        }
    }

    [GeneratedRegex(
        "^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>(?:[^\\\\]|\\\\[\\\\n])*)$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Help();

    [GeneratedRegex(
        "^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Type();

    [GeneratedRegex(
        "^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(?<labels>[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|"
            + "\\\\[\\\\n\"])*\"(?:,[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|"
            + "\\\\[\\\\n\"])*\")*)\\})? (?<value>[+-]Inf|NaN|-?[0-9.]+(?:E[+-][0-9]+)?)$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Line();

    [GeneratedRegex(
        "(?<name>[a-zA-Z_][a-zA-Z0-9_]*)=\"(?<value>(?:[^\"\\\\]|\\\\[\\\\n\"])*)\"",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Label();
}
