using System.Globalization;
using Reconciler.Core.Text;

namespace Reconciler.Reports;

/// <summary>
/// Shows how much of a task is done, and how long the rest will take. On a terminal it overwrites one line.
/// </summary>
/// <param name="error">The error output.</param>
/// <param name="isTerminal">Whether it is a terminal, where a line can be overwritten.</param>
/// <param name="total">The number of items.</param>
/// <param name="clock">The clock.</param>
internal sealed class ProgressLine(TextWriter error, bool isTerminal, int total, TimeProvider clock)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    private readonly long _start = clock.GetTimestamp();
    private int _done;
    private bool _isShown;

    private TimeSpan Elapsed => clock.GetElapsedTime(_start);

    /// <summary>Counts an item.</summary>
    public void Count() => _done++;

    /// <summary>
    /// Renders a text such as "reading 2/10 projects, about 32 s left". The time is estimated from the finished items,
    /// once there are enough of them.
    /// </summary>
    public string Text(string verb, string things)
    {
        var elapsed = Elapsed;
        var left =
            elapsed >= Long && _done > 0 && _done < total
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $", about {Length(elapsed / _done * (total - _done))} left"
                )
                : "";
        return string.Create(CultureInfo.InvariantCulture, $"{verb} {_done}/{total} {things}{left}");
    }

    /// <summary>
    /// Shows the text. A terminal overwrites the last one; elsewhere, a long task prints a line for each finished item,
    /// so that a job's log shows that it continues.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="over">The item that is finished; null for none.</param>
    public void Show(string text, string? over)
    {
        if (isTerminal)
            error.Write($"\r\u001b[K{text}");
        else if (over is not null && Elapsed >= Long)
            error.WriteLine($"{text}: {TerminalText.Escape(over)}");
        _isShown = isTerminal;
    }

    /// <summary>Clears the line, so that something else can be printed.</summary>
    public void Clear()
    {
        if (_isShown)
            error.Write("\r\u001b[K");
        _isShown = false;
    }

    private static string Length(TimeSpan time) =>
        time.TotalSeconds < 90
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} min");
}
