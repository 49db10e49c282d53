using System.Globalization;
using Reconciler.Engine;

namespace Reconciler.Reports;

/// <summary>Shows on a terminal how far reading has come, on one line that is written over.</summary>
internal sealed class ReadingProgress(TextWriter error, bool isTerminal, int total)
{
    private readonly Lock _lock = new();
    private int _read;

    public void Read(PlannedProject project)
    {
        if (!isTerminal) return;
        lock (_lock) error.Write(string.Create(CultureInfo.InvariantCulture, $"\rreading {++_read}/{total} projects"));
    }

    public void Clear()
    {
        if (isTerminal && _read > 0) error.Write("\r\u001b[K");
    }
}
