using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.State.Postgres;

namespace Reconciler.State;

/// <summary>Moves and restores states between files and PostgreSQL, whole or not at all.</summary>
public static class StateMove
{
    /// <summary>
    /// Copies a state to a place that holds none, and marks the first as moved: nobody goes on with it by mistake. The
    /// caller holds its right to write.
    /// </summary>
    /// <param name="source">The state, opened to write.</param>
    /// <param name="to">The place: a file that does not exist, or a schema that holds nothing.</param>
    /// <returns>How many rows of each kind arrived.</returns>
    /// <exception cref="LedgerException">
    /// There is nothing to move, something is there already, or what arrived differs. The state is then as it was.
    /// </exception>
    public static IReadOnlyList<(string Table, long Rows)> Move(StateStore source, string to) =>
        source.Alone(connection =>
        {
            using var transaction = connection.Begin(writes: true);
            StateIdentity.RefuseMoved(connection, source.Database.Name);
            if (StateCopy.IsEmpty(connection))
                throw new LedgerException($"{source.Database.Name} holds nothing, so there is nothing to move");
            if (source.Database is PostgresDatabase)
                PostgresSchema.KeepWritersOut(connection);
            source.Database.Fence(Accounts(connection));
            var counts = Fill(to, connection);
            StateIdentity.MarkMoved(connection, StatePlace.Name(to));
            if (source.Database.Commit(transaction) is { } unknown)
                throw unknown;
            return counts;
        });

    /// <summary>Copies a backup to a place that holds no state.</summary>
    /// <param name="backup">The file that a backup made.</param>
    /// <param name="to">The place: a file that does not exist, or a schema that holds nothing.</param>
    /// <returns>How many rows of each kind arrived.</returns>
    /// <exception cref="LedgerException">As for <see cref="Move"/>.</exception>
    public static IReadOnlyList<(string Table, long Rows)> Restore(string backup, string to)
    {
        using var source =
            StateStore.OpenExisting(backup, mayBeOutdated: true)
            ?? throw new LedgerException($"{backup} does not exist or is empty, so there is nothing to restore");
        return source.Alone(connection =>
        {
            using var snapshot = connection.Begin(writes: false);
            return Fill(to, connection);
        });
    }

    /// <summary>The accounts that a state has projects or entries of, each as the key of a project.</summary>
    internal static IEnumerable<ProjectKey> Accounts(StateConnection connection) =>
        connection.Rows(
            "SELECT vendor_type, base_url FROM projects UNION SELECT vendor_type, base_url FROM audit",
            r => new ProjectKey(r.GetString(0), r.GetString(1), "")
        );

    private static IReadOnlyList<(string Table, long Rows)> Fill(string to, StateConnection source)
    {
        if (StatePlace.IsServer(to))
            return FillServer(to, source);
        IReadOnlyList<(string, long)> counts = [];
        StateErrors.Guard(
            to,
            () =>
            {
                StateFile.PrepareFolder(Path.GetFullPath(to));
                return StateBackup.Write(
                    to,
                    copy =>
                    {
                        StateSchema.Current.Migrate(copy, to);
                        counts = StateCopy.Run(source, copy);
                    }
                );
            }
        );
        return counts;
    }

    private static IReadOnlyList<(string Table, long Rows)> FillServer(string to, StateConnection source)
    {
        using var target = StateStore.OpenOrCreate(to);
        return target.Alone(connection =>
        {
            using var transaction = connection.Begin(writes: true);
            PostgresSchema.KeepWritersOut(connection);
            if (!StateCopy.IsEmpty(connection))
                throw new LedgerException(
                    $"{target.Database.Name} holds a state already, and is not overwritten; name another schema"
                );
            var counts = StateCopy.Run(source, connection);
            PostgresSchema.NumberOn(connection);
            transaction.Commit();
            return counts;
        });
    }
}
