using System.Globalization;
using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>Writes a copy of an open state file.</summary>
internal static class StateBackup
{
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Writes the copy under a temporary name first, so that a file with the final name is always complete.
    /// </summary>
    /// <returns>The copy's whole path.</returns>
    public static string Write(StateConnection source, string target)
    {
        var full = Path.GetFullPath(target);
        if (Path.Exists(full))
            throw Taken(target);
        var unfinished = string.Create(CultureInfo.InvariantCulture, $"{full}.{Environment.ProcessId}.tmp");
        if (!StateFile.CreateNew(unfinished))
            throw Taken(unfinished);
        try
        {
            using (var copy = StateFile.OpenToWrite(unfinished, BusyTimeout))
            {
                StateFile.Copy(source, copy);
                // Without WAL the copy is a single file, which can be read anywhere.
                copy.Run("PRAGMA journal_mode = DELETE");
            }

            Move(unfinished, full, target);
            return full;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static void Move(string from, string to, string target)
    {
        try
        {
            File.Move(from, to, overwrite: false);
        }
        catch (IOException) when (Path.Exists(to))
        {
            throw Taken(target);
        }
    }

    private static LedgerException Taken(string target) =>
        new($"{target} exists already, and is not overwritten; name another file");
}
