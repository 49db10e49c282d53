using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Reconciler.Hosting.Telemetry;

/// <summary>
/// Sums up what one meter measures and writes it in the text format of Prometheus, version 0.0.4:
/// https://prometheus.io/docs/instrumenting/exposition_formats/. Series and labels are written in one order, so that
/// two looks can be compared.
/// </summary>
public sealed class PrometheusText : IDisposable
{
    /// <summary>The type of the text.</summary>
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    /// <summary>Listens to a meter from now on; what was measured before is not known.</summary>
    /// <param name="meter">The meter, and no other of its name.</param>
    public PrometheusText(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter, meter))
                return;
            var family = new MetricFamily(instrument);
            // The gate is not taken here: the runtime holds its own lock, also while it observes, so both could
            // deadlock.
            if (!_families.TryAdd(instrument.Name, family))
                throw new InvalidOperationException($"the metric {instrument.Name} is there already");
            listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, labels, family) => Add(family, value, labels));
        _listener.SetMeasurementEventCallback<double>((_, value, labels, family) => Add(family, value, labels));
        _listener.Start();
    }

    /// <summary>Everything that was measured.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        lock (_gate)
        {
            foreach (var (_, family) in _families)
                family.ForgetObserved();
            _listener.RecordObservableInstruments();
            foreach (var (_, family) in _families.OrderBy(f => f.Key, StringComparer.Ordinal))
                family.Write(text);
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    /// <summary>The labels of a series as the format has them, in braces; empty for none.</summary>
    /// <param name="labels">The labels.</param>
    internal static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (labels.IsEmpty)
            return "";
        var sorted = labels.ToArray();
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return string.Join(
            ',',
            sorted.Select(l => $"{l.Key}=\"{Value(Convert.ToString(l.Value, CultureInfo.InvariantCulture) ?? "")}\"")
        );
    }

    /// <summary>A number as the format has it.</summary>
    /// <param name="value">The number.</param>
    internal static string Number(double value) =>
        value switch
        {
            double.PositiveInfinity => "+Inf",
            double.NegativeInfinity => "-Inf",
            _ => value.ToString("R", CultureInfo.InvariantCulture),
        };

    // Control characters that the format cannot escape are replaced, since some readers stop at them.
    private static string Value(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => escaped.Append("\\\\"),
                '"' => escaped.Append("\\\""),
                '\n' => escaped.Append("\\n"),
                _ when Rune.IsControl(rune) => escaped.Append('\ufffd'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    private void Add(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var text = Labels(labels);
        lock (_gate)
            ((MetricFamily)family!).Add(text, value);
    }
}
