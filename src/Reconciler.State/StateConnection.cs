using System.Data;
using System.Data.Common;

namespace Reconciler.State;

/// <summary>
/// A connection to a state that keeps the statements it has run. Parsing a statement costs a database more than running
/// it on a few rows. One thread at a time may use it.
/// </summary>
/// <param name="inner">The open connection; it is closed together with this one.</param>
/// <param name="begin">Begins a transaction: one that writes, or one that reads a snapshot.</param>
internal sealed class StateConnection(DbConnection inner, Func<bool, DbTransaction> begin) : IDisposable
{
    private readonly Dictionary<string, DbCommand> _kept = new(StringComparer.Ordinal);

    /// <summary>The transaction under way; null outside of one.</summary>
    private DbTransaction? _current;

    /// <summary>The connection itself, for what only its own database can do.</summary>
    public DbConnection Inner => inner;

    /// <summary>Whether statements can be run.</summary>
    public bool IsOpen => inner.State == ConnectionState.Open;

    /// <summary>Begins a transaction, which is rolled back unless it is committed.</summary>
    /// <param name="writes">Whether it writes; otherwise it reads one snapshot.</param>
    public StateTransaction Begin(bool writes)
    {
        _current = begin(writes);
        return new(_current, () => _current = null);
    }

    /// <summary>Returns a command that is used once.</summary>
    public DbCommand CreateCommand() => inner.CreateCommand();

    /// <summary>
    /// Returns a command of this connection. It must have been run before the same statement is asked for again.
    /// </summary>
    /// <param name="statement">The statement, with the names of its parameters; never text from outside.</param>
    public DbCommand Kept(string statement)
    {
        if (!_kept.TryGetValue(statement, out var command))
        {
            command = CreateCommand();
            command.CommandText = statement;
            _kept[statement] = command;
        }

        command.Transaction = _current;
        return command;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in _kept.Values)
            command.Dispose();
        _kept.Clear();
        inner.Dispose();
    }
}

/// <summary>A transaction of a <see cref="StateConnection"/>.</summary>
/// <param name="inner">The transaction of the database.</param>
/// <param name="onEnd">Called once it is over.</param>
internal sealed class StateTransaction(DbTransaction inner, Action onEnd) : IDisposable
{
    /// <summary>Makes what was written last.</summary>
    public void Commit()
    {
        inner.Commit();
        onEnd();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        onEnd();
        inner.Dispose();
    }
}
