using System.Globalization;
using Reconciler.Engine;

namespace Reconciler.Reports;

/// <summary>
/// Shows how far reading has come: on a terminal on one line that is written over, elsewhere a line a project once it takes long, so that a
/// job's log shows that it goes on.
/// </summary>
internal sealed class ReadingProgress(TextWriter error, bool isTerminal, int total, TimeProvider clock)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly long _start = clock.GetTimestamp();
    private int _read;

    public void Read(PlannedProject project)
    {
        lock (_lock)
        {
            _read++;
            var elapsed = clock.GetElapsedTime(_start);
            if (isTerminal) error.Write($"\r\u001b[K{Text(elapsed)}");
            else if (elapsed >= Long) error.WriteLine($"{Text(elapsed)}: {TerminalText.Escape($"{project.Project.Provider.Name}: {TextNames.Short(project.Project.Id)}")}");
        }
    }

    public void Clear()
    {
        if (isTerminal && _read > 0) error.Write("\r\u001b[K");
    }

    // The time that is left is guessed from what the others took, and only once that says something.
    private string Text(TimeSpan elapsed)
    {
        var left = elapsed >= Long && _read < total ? string.Create(CultureInfo.InvariantCulture, $", about {Length(elapsed / _read * (total - _read))} left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"reading {_read}/{total} projects{left}");
    }

    private static string Length(TimeSpan time) => time.TotalSeconds < 90
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} min");
}
