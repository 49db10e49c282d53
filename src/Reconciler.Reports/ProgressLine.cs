using System.Globalization;
using Reconciler.Core.Text;

namespace Reconciler.Reports;

/// <summary>
/// How far some work has come, and how long the rest will take. On a terminal it stands on one line that is written
/// over.
/// </summary>
/// <param name="error">Where to.</param>
/// <param name="isTerminal">Whether a line can be written over there.</param>
/// <param name="total">How many there are to do.</param>
/// <param name="clock">Measures.</param>
internal sealed class ProgressLine(TextWriter error, bool isTerminal, int total, TimeProvider clock)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    private readonly long _start = clock.GetTimestamp();
    private int _done;
    private bool _isShown;

    private TimeSpan Elapsed => clock.GetElapsedTime(_start);

    /// <summary>Counts one more.</summary>
    public void Count() => _done++;

    /// <summary>
    /// Such as "reading 2/10 projects, about 32 s left". The time is guessed from what the others took, and only once
    /// that says something.
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
    /// Shows the text: over the last one on a terminal; elsewhere a line for each item that is over, once it takes
    /// long, so that a job's log shows that it goes on.
    /// </summary>
    /// <param name="text">How far it has come.</param>
    /// <param name="over">The item that is over; null for none.</param>
    public void Show(string text, string? over)
    {
        if (isTerminal)
            error.Write($"\r\u001b[K{text}");
        else if (over is not null && Elapsed >= Long)
            error.WriteLine($"{text}: {TerminalText.Escape(over)}");
        _isShown = isTerminal;
    }

    /// <summary>Takes the line away, so that something else can be printed.</summary>
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
