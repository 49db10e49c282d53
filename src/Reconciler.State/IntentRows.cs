using System.Collections.Immutable;
using Reconciler.Core.Ledgers;

namespace Reconciler.State;

/// <summary>
/// Reads and writes rows whose order counts: the tables "intents" and "believed". The name of a table is never text
/// from outside. The caller holds a transaction.
/// </summary>
internal static class IntentRows
{
    /// <summary>Reads the rows of one project, or of all projects, as JSON in their order.</summary>
    public static ILookup<long, string> Read(StateConnection connection, string table, long? only) =>
        connection
            .RowsOf(
                $"SELECT project, body FROM {table}",
                "project",
                only,
                r => (Project: r.GetInt64(0), Body: r.GetString(1)),
                "ORDER BY project, position"
            )
            .ToLookup(i => i.Project, i => i.Body);

    /// <summary>
    /// Writes the difference: new rows come at the end, and an intent that left takes one row with it.
    /// </summary>
    public static void Write(
        StateConnection connection,
        string table,
        long project,
        ImmutableArray<WriteIntent> before,
        ImmutableArray<WriteIntent> after
    )
    {
        var kept = 0;
        var gone = new List<int>();
        for (var i = 0; i < before.Length; i++)
        {
            if (kept < after.Length && Equals(before[i], after[kept]))
                kept++;
            else
                gone.Add(i);
        }

        for (var i = gone.Count - 1; i >= 0; i--)
            connection.Run(
                $"""
                DELETE FROM {table} WHERE project = @project AND position = (
                    SELECT position FROM {table} WHERE project = @project ORDER BY position LIMIT 1 OFFSET @rank)
                """,
                ("@project", project),
                ("@rank", gone[i])
            );
        for (var i = kept; i < after.Length; i++)
            connection.Run(
                $"""
                INSERT INTO {table} (project, position, body) VALUES (@project,
                    (SELECT coalesce(max(position), -1) + 1 FROM {table} WHERE project = @project), @body)
                """,
                ("@project", project),
                ("@body", LedgerJson.Of(after[i]))
            );
    }
}
