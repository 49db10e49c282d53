using System.Text.Json;
using Microsoft.Data.Sqlite;
using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>Turns errors of the database and the file system into messages that say what to do.</summary>
internal static class StateErrors
{
    /// <summary>Runs work on a state file and translates its errors.</summary>
    /// <exception cref="LedgerException">It failed because of the file.</exception>
    public static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (Explain(failure) is { } why)
        {
            throw new LedgerException($"{path} {why}", failure);
        }
    }

    /// <summary>Explains a failure in words that follow the file's name; null if the file is not the cause.</summary>
    public static string? Explain(Exception failure) =>
        failure switch
        {
            SqliteException database => Explain(database),
            UnauthorizedAccessException => "cannot be used: permission was denied; run as the user who owns it",
            IOException io => $"cannot be used: {io.Message}",
            JsonException or FormatException or InvalidCastException =>
                $"holds something that Reconciler did not write ({failure.Message}); restore a backup, "
                    + "or move the file away to start without one",
            _ => null,
        };

    // https://www.sqlite.org/rescode.html
    private static string Explain(SqliteException failure) =>
        failure.SqliteErrorCode switch
        {
            5 or 6 => "is locked by another program that did not let go in time; try again once it has ended",
            13 => "cannot be written: the disk is full. Nothing was saved; make room and run again",
            8 => "cannot be written: the file or its folder is read-only",
            3 or 14 or 23 => "cannot be opened: the file or its folder cannot be read or written by this user",
            26 => "is no state file of Reconciler; name another file with --state",
            11 => "is damaged; restore a backup, or move the file away to start without one",
            10 => "cannot be read or written: the disk reports an error",
            _ => $"cannot be used: {failure.Message}",
        };
}
