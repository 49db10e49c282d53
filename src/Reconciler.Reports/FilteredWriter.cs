using System.Text;

namespace Reconciler.Reports;

/// <summary>
/// Passes each text through a filter, for lines with unpredictable content, such as errors and requests.
/// </summary>
/// <param name="inner">The writer of the filtered text.</param>
/// <param name="filter">Filters a text, for example to mask addresses.</param>
public sealed class FilteredWriter(TextWriter inner, Func<string, string> filter) : TextWriter(inner.FormatProvider)
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => inner.Write(value);

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => inner.Write(value is null ? null : filter(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => inner.WriteLine(value is null ? null : filter(value));

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();
}
