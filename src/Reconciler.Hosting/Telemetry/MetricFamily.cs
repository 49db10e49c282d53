using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Reconciler.Hosting.Telemetry;

/// <summary>The series of one instrument.</summary>
/// <param name="instrument">The instrument; its name and its labels' names are ours and fit the format.</param>
internal sealed class MetricFamily(Instrument instrument)
{
    // The manifests limit how many labels there are; this limits the memory that a mistake could take.
    private const int MostSeries = 10_000;

    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly MetricType _type = TypeOf(instrument);
    private readonly double[] _buckets =
    [
        .. (instrument as Instrument<double>)?.Advice?.HistogramBucketBoundaries ?? [],
    ];

    /// <summary>Adds a value to the series that has these labels; one that is observed is its value.</summary>
    /// <param name="labels">The labels as text.</param>
    /// <param name="value">The value.</param>
    public void Add(string labels, double value)
    {
        if (!_series.TryGetValue(labels, out var series))
        {
            if (_series.Count == MostSeries)
                return;
            _series.Add(labels, series = new(new long[_buckets.Length + 1]));
        }

        if (instrument.IsObservable)
            series.Sum = value;
        else if (_type == MetricType.Counter)
            series.Sum += Math.Max(0, value);
        else
            series.Sum += value;
        if (_type == MetricType.Histogram)
            series.Counts[Bucket(value)]++;
    }

    /// <summary>Forgets what was observed: it is observed anew, and what is gone is gone.</summary>
    public void ForgetObserved()
    {
        if (instrument.IsObservable)
            _series.Clear();
    }

    /// <summary>Writes the series; nothing where there is none.</summary>
    public void Write(StringBuilder text)
    {
        if (_series.Count == 0)
            return;
        text.Append(
            CultureInfo.InvariantCulture,
            $"# HELP {instrument.Name} {Help(instrument.Description ?? "")}\n"
                + $"# TYPE {instrument.Name} {_type.ToString().ToLowerInvariant()}\n"
        );
        foreach (var (labels, series) in _series)
        {
            if (_type == MetricType.Histogram)
                WriteBuckets(text, labels, series);
            else
                WriteLine(text, "", labels, series.Sum);
        }
    }

    private static MetricType TypeOf(Instrument instrument) =>
        instrument switch
        {
            Counter<long> or Counter<double> or ObservableCounter<double> => MetricType.Counter,
            Histogram<double> => MetricType.Histogram,
            _ => MetricType.Gauge,
        };

    private static string Help(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings("\\n");

    private int Bucket(double value)
    {
        var i = 0;
        while (i < _buckets.Length && !(value <= _buckets[i]))
            i++;
        return i;
    }

    private void WriteBuckets(StringBuilder text, string labels, Series series)
    {
        var count = 0L;
        for (var i = 0; i < series.Counts.Length; i++)
        {
            var end = i < _buckets.Length ? PrometheusText.Number(_buckets[i]) : "+Inf";
            WriteLine(
                text,
                "_bucket",
                $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{end}\"",
                count += series.Counts[i]
            );
        }

        WriteLine(text, "_sum", labels, series.Sum);
        WriteLine(text, "_count", labels, count);
    }

    private void WriteLine(StringBuilder text, string suffix, string labels, double value)
    {
        text.Append(instrument.Name).Append(suffix);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(PrometheusText.Number(value)).Append('\n');
    }

    private sealed class Series(long[] counts)
    {
        public double Sum { get; set; }

        public long[] Counts => counts;
    }
}
