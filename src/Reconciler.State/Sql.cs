using System.Data.Common;
using System.Globalization;

namespace Reconciler.State;

/// <summary>
/// Runs statements with named parameters. Untrusted text is never part of a statement. A truth value is stored as 0 or
/// 1, since not every database has a type for it.
/// </summary>
internal static class Sql
{
    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public static int Run(this StateConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        return command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public static int Run(
        this StateConnection connection,
        string statement,
        params ReadOnlySpan<(string Name, object? Value)> parameters
    ) => connection.Command(statement, parameters).ExecuteNonQuery();

    /// <summary>Returns the single number of a query.</summary>
    public static long Number(
        this StateConnection connection,
        string query,
        params ReadOnlySpan<(string Name, object? Value)> parameters
    ) => Convert.ToInt64(connection.Command(query, parameters).ExecuteScalar(), CultureInfo.InvariantCulture);

    /// <summary>Returns every row of a query.</summary>
    public static List<T> Rows<T>(
        this StateConnection connection,
        string query,
        Func<DbDataReader, T> read,
        params ReadOnlySpan<(string Name, object? Value)> parameters
    )
    {
        using var reader = connection.Command(query, parameters).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(Row(reader, read));
        return rows;
    }

    // A damaged file holds NULL where the table forbids it, and numbers that are too large.
    private static T Row<T>(DbDataReader reader, Func<DbDataReader, T> read)
    {
        try
        {
            return read(reader);
        }
        catch (Exception damaged)
            when (damaged is OverflowException || (damaged is InvalidOperationException && !reader.IsClosed))
        {
            throw new FormatException(damaged.Message, damaged);
        }
    }

    /// <summary>Returns the rows of one number, or all rows.</summary>
    public static List<T> RowsOf<T>(
        this StateConnection connection,
        string query,
        string column,
        long? only,
        Func<DbDataReader, T> read,
        string order = ""
    ) =>
        only is { } number
            ? connection.Rows($"{query} WHERE {column} = @only {order}", read, ("@only", number))
            : connection.Rows($"{query} {order}", read);

    /// <summary>Reads a text; null if the column is null.</summary>
    public static string? Text(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>Reads a truth value.</summary>
    public static bool Flag(this DbDataReader reader, int column) => reader.GetInt32(column) != 0;

    /// <summary>Formats a time as text: UTC with ticks, so that it sorts by time and reads back equal.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Parses a time.</summary>
    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>Parses an enum value.</summary>
    public static T Word<T>(string text)
        where T : struct, Enum =>
        Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"\"{text}\" is no {typeof(T).Name}");

    private static DbCommand Command(
        this StateConnection connection,
        string statement,
        ReadOnlySpan<(string Name, object? Value)> parameters
    )
    {
        var command = connection.Kept(statement);
        var isNew = command.Parameters.Count == 0;
        for (var i = 0; i < parameters.Length; i++)
        {
            var (name, value) = parameters[i];
            if (isNew)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                command.Parameters.Add(parameter);
            }

            command.Parameters[i].Value = value switch
            {
                null => DBNull.Value,
                bool flag => flag ? 1L : 0L,
                _ => value,
            };
        }

        return command;
    }
}
