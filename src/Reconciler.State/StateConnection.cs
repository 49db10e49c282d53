using Microsoft.Data.Sqlite;

namespace Reconciler.State;

/// <summary>
/// A connection to a state file that keeps the statements it has run. Parsing a statement costs SQLite more than
/// running it on a few rows. One thread at a time may use it.
/// </summary>
/// <param name="settings">The connection string.</param>
internal sealed class StateConnection(string settings) : SqliteConnection(settings)
{
    private readonly Dictionary<string, SqliteCommand> _kept = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns a command of this connection. It must have been run before the same statement is asked for again.
    /// </summary>
    /// <param name="statement">The statement, with the names of its parameters; never text from outside.</param>
    public SqliteCommand Kept(string statement)
    {
        if (!_kept.TryGetValue(statement, out var command))
        {
            command = CreateCommand();
            command.CommandText = statement;
            _kept[statement] = command;
        }

        command.Transaction = Transaction;
        return command;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var command in _kept.Values)
                command.Dispose();
            _kept.Clear();
        }

        base.Dispose(disposing);
    }
}
