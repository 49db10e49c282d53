using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.State.Postgres;

namespace Reconciler.State;

/// <summary>Opens, creates and copies state files.</summary>
public sealed partial class StateStore
{
    /// <summary>Opens a state for writing; creates a file and its folder, or a schema, if there is none.</summary>
    /// <param name="path">The file, or the URL of PostgreSQL.</param>
    /// <param name="busyTimeout">How long to wait for another program's save; null for 10 seconds.</param>
    /// <param name="schema">The tables, for tests.</param>
    /// <param name="mayBeOutdated">
    /// Whether it is opened although what was saved when it was taken away lies beside it: to confirm it, or to check.
    /// </param>
    /// <exception cref="LedgerException">It cannot be opened.</exception>
    public static StateStore OpenOrCreate(
        string path,
        TimeSpan? busyTimeout = null,
        StateSchema? schema = null,
        bool mayBeOutdated = false
    )
    {
        if (PostgresUrl.IsUrl(path))
            return Unmoved(
                new(PostgresDatabase.OpenOrCreate(PostgresUrl.Parse(path), PostgresSchema.Current)),
                mayBeOutdated
            );
        var full = Path.GetFullPath(path);
        return StateErrors.Guard(
            path,
            () =>
            {
                if (!StateFile.Exists(full))
                {
                    RefuseRescued(path);
                    StateFile.PrepareFolder(full);
                    StateFile.CreateNew(full);
                }

                var connection = StateFile.OpenToWrite(full, busyTimeout ?? FileDatabase.DefaultBusyTimeout);
                try
                {
                    // Check the version before any change: the file may belong to another program.
                    var version = (schema ?? StateSchema.Current).VersionOf(connection, path);
                    if (!mayBeOutdated)
                        RefuseOutdated(connection, version, path);
                    connection.Run("PRAGMA journal_mode = WAL");
                    (schema ?? StateSchema.Current).Migrate(connection, path);
                    StateIdentity.Ensure(connection);
                    return Unmoved(new(new FileDatabase(connection, path, writes: true)), mayBeOutdated);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            }
        );
    }

    /// <summary>
    /// Opens a state for reading; it is never changed. A file of an earlier version is migrated in memory.
    /// </summary>
    /// <param name="path">The file, or the URL of PostgreSQL.</param>
    /// <param name="busyTimeout">How long to wait for another program; null for 10 seconds.</param>
    /// <param name="schema">The tables, for tests.</param>
    /// <param name="mayBeOutdated">
    /// Whether it is opened although what was saved when it was taken away lies beside it: to show it or to copy it.
    /// </param>
    /// <returns>The store; null if there is no file or schema, or it is empty.</returns>
    /// <exception cref="LedgerException">It cannot be opened.</exception>
    public static StateStore? OpenExisting(
        string path,
        TimeSpan? busyTimeout = null,
        StateSchema? schema = null,
        bool mayBeOutdated = false
    )
    {
        if (PostgresUrl.IsUrl(path))
            return PostgresDatabase.OpenExisting(PostgresUrl.Parse(path), PostgresSchema.Current) is { } database
                ? Unmoved(new(database), mayBeOutdated)
                : null;
        var full = Path.GetFullPath(path);
        return StateErrors.Guard(
            path,
            () =>
            {
                if (!StateFile.Exists(full))
                {
                    RefuseRescued(path);
                    return null;
                }

                var connection = StateFile.OpenToRead(full, busyTimeout ?? FileDatabase.DefaultBusyTimeout);
                try
                {
                    var version = (schema ?? StateSchema.Current).VersionOf(connection, path);
                    if (!mayBeOutdated)
                        RefuseOutdated(connection, version, path);
                    if (version > 0)
                        return Unmoved(
                            new(
                                new FileDatabase(
                                    UpToDate(connection, version, path, schema ?? StateSchema.Current),
                                    path,
                                    writes: false
                                )
                            ),
                            mayBeOutdated
                        );
                    connection.Dispose();
                    return null;
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            }
        );
    }

    /// <summary>
    /// Copies a state to a file while others may use it. The copy is consistent, whatever is saved meanwhile.
    /// </summary>
    /// <param name="path">The state file, or the URL of PostgreSQL.</param>
    /// <param name="target">The copy, a state file, which must not exist yet.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <exception cref="LedgerException">There is nothing to copy, or the copy cannot be written.</exception>
    public static async Task BackupAsync(string path, string target, CancellationToken cancellation = default)
    {
        await using var source =
            OpenExisting(path, mayBeOutdated: true)
            ?? throw new LedgerException($"{path} does not exist, so there is nothing to back up");
        await source.RunAsync(
            () => StateErrors.Guard(target, () => StateBackup.Write(source.Database, target)),
            cancellation
        );
    }

    /// <summary>The newest file that was saved when a state file was taken away; null where there is none.</summary>
    /// <param name="path">The state file.</param>
    public static string? RescuedOf(string path) => PostgresUrl.IsUrl(path) ? null : RescuedFiles.Newest(path);

    // To begin with nothing would invite people again who declined or left.
    private static void RefuseRescued(string path)
    {
        if (RescuedOf(path) is { } rescued)
            throw new LedgerException(
                $"{path} is missing, and {rescued} holds what was saved when it was taken away; put it back with: "
                    + $"mv {ShellText.Word(rescued)} {ShellText.Word(path)}, or delete it to begin with nothing"
            );
    }

    // A file that was put in the place of the one that was in use lacks what was saved last.
    private static void RefuseOutdated(StateConnection connection, int version, string path)
    {
        if (RescuedOf(path) is not { } rescued || (version > 0 && StateIdentity.IsConfirmed(connection)))
            return;
        throw new LedgerException(
            $"{rescued} holds what was saved when the state file was taken away; put it in its place with: "
                + $"{FileDatabase.PutBack(rescued, path)}, or delete it to go on with {path}"
        );
    }

    private static StateStore Unmoved(StateStore store, bool mayBeMoved)
    {
        try
        {
            if (!mayBeMoved)
                store.Alone(connection =>
                {
                    StateIdentity.RefuseMoved(connection, store.Database.Name);
                    return true;
                });
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private static StateConnection UpToDate(StateConnection file, int version, string path, StateSchema schema)
    {
        if (version == schema.Steps.Length)
            return file;
        var copy = StateFile.OpenInMemory();
        StateFile.Copy(file, copy);
        file.Dispose();
        schema.Migrate(copy, path);
        return copy;
    }
}
