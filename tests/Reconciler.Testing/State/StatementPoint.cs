namespace Reconciler.Testing.State;

/// <summary>Where a connection is cut, seen from the program.</summary>
public enum Cut
{
    /// <summary>The server never gets the statement.</summary>
    BeforeStatement,

    /// <summary>The server gets the statement, and its answer is lost.</summary>
    BeforeAnswer,
}

/// <summary>
/// A moment between a program and PostgreSQL: a connection's n-th statement, both counted from 1, before the server
/// gets it, or once the server has answered and the program has not heard it.
/// </summary>
public sealed record StatementPoint(int Connection, int Statement, Cut Cut)
{
    public override string ToString() =>
        $"connection {Connection}, statement {Statement}, "
        + (Cut == Cut.BeforeStatement ? "before the server got it" : "before its answer arrived");
}

/// <summary>What becomes of the connections at a <see cref="StatementPoint"/>.</summary>
public enum AtPoint
{
    /// <summary>The connection ends; the others go on, and new ones pass.</summary>
    CutsOff,

    /// <summary>Every connection stands still, until the program is gone.</summary>
    StandsStill,
}

/// <summary>A statement that a program sent.</summary>
/// <param name="Connection">The connection, counted from 1.</param>
/// <param name="Number">Its number there, counted from 1.</param>
/// <param name="Text">The statement; the first where several are sent together.</param>
public sealed record SeenStatement(int Connection, int Number, string Text);
