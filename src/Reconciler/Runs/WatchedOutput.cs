using System.Text;

namespace Reconciler.Runs;

/// <summary>
/// The standard output, or the error output, as a run sees it. What cannot be written, on a full disk or into a closed
/// pipe, is remembered and not thrown: an apply that cannot print must still finish the action in flight and save what
/// it did.
/// </summary>
/// <param name="inner">Where the text goes.</param>
internal sealed class WatchedOutput(TextWriter inner) : TextWriter(inner.FormatProvider)
{
    /// <summary>Why nothing can be written any more; null while all is well.</summary>
    public IOException? Failure { get; private set; }

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    [System.Diagnostics.CodeAnalysis.AllowNull]
    public override string NewLine
    {
        get => inner.NewLine;
        set => inner.NewLine = value;
    }

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void WriteLine() => Try(inner.WriteLine);

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(inner.Flush);

    /// <inheritdoc/>
    public override Task WriteAsync(string? value) => Done(() => Write(value));

    /// <inheritdoc/>
    public override Task WriteLineAsync() => Done(WriteLine);

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value) => Done(() => WriteLine(value));

    /// <inheritdoc/>
    public override Task FlushAsync() => Done(Flush);

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Done(Flush);

    private static Task Done(Action write)
    {
        write();
        return Task.CompletedTask;
    }

    private void Try(Action write)
    {
        if (Failure is not null)
            return;
        try
        {
            write();
        }
        catch (IOException failure)
        {
            Failure = failure;
        }
    }
}
