using System.Globalization;
using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>Writes a copy of an open state as a state file.</summary>
internal static class StateBackup
{
    /// <summary>
    /// Writes the copy under a temporary name first, so that a file with the final name is always complete.
    /// </summary>
    /// <returns>The copy's whole path.</returns>
    public static string Write(IStateDatabase source, string target) =>
        Write(
            target,
            copy =>
            {
                if (source is FileDatabase)
                {
                    StateFile.Copy(source.Connection, copy);
                    return;
                }

                StateSchema.Current.Migrate(copy, target);
                using var snapshot = source.Connection.Begin(writes: false);
                StateCopy.Run(source.Connection, copy);
            }
        );

    /// <summary>Writes a file that did not exist, whole or not at all.</summary>
    /// <param name="target">The file.</param>
    /// <param name="fill">Fills it.</param>
    /// <returns>Its whole path.</returns>
    public static string Write(string target, Action<StateConnection> fill)
    {
        var full = Path.GetFullPath(target);
        if (Path.Exists(full))
            throw Taken(target);
        var unfinished = string.Create(CultureInfo.InvariantCulture, $"{full}.{Environment.ProcessId}.tmp");
        if (!StateFile.CreateNew(unfinished))
            throw Taken(unfinished);
        try
        {
            using (var copy = StateFile.OpenToWrite(unfinished, FileDatabase.DefaultBusyTimeout))
            {
                fill(copy);
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
