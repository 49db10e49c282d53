using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Reconciler.Testing.State;

/// <summary>Runs statements on a state file as any other program would.</summary>
public static class RawSql
{
    /// <summary>Runs a statement.</summary>
    public static int Run(
        this SqliteConnection connection,
        string statement,
        params ReadOnlySpan<(string Name, object? Value)> parameters
    )
    {
        using var command = Command(connection, statement, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Returns the single number of a query.</summary>
    public static long Number(this SqliteConnection connection, string query)
    {
        using var command = Command(connection, query, []);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>Returns every row of a query.</summary>
    public static List<T> Rows<T>(this SqliteConnection connection, string query, Func<SqliteDataReader, T> read)
    {
        using var command = Command(connection, query, []);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    private static SqliteCommand Command(
        SqliteConnection connection,
        string statement,
        ReadOnlySpan<(string Name, object? Value)> parameters
    )
    {
        var command = connection.CreateCommand();
        command.CommandText = statement;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
