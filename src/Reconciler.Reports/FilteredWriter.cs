using System.Text;

namespace Reconciler.Reports;

/// <summary>
/// Passes each text through a filter: for lines whose words nobody foresaw, such as errors and requests.
/// </summary>
/// <param name="inner">Where the filtered text goes.</param>
/// <param name="filter">Makes a text harmless.</param>
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
