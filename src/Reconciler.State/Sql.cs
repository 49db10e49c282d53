using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Reconciler.State;

/// <summary>Runs statements with named parameters. Untrusted text is never part of a statement.</summary>
internal static class Sql
{
    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public static int Run(
        this SqliteConnection connection,
        string statement,
        params ReadOnlySpan<(string Name, object? Value)> parameters
    )
    {
        using var command = connection.Command(statement, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Returns the single number of a query.</summary>
    public static long Number(
        this SqliteConnection connection,
        string query,
        params ReadOnlySpan<(string Name, object? Value)> parameters
    )
    {
        using var command = connection.Command(query, parameters);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>Returns every row of a query.</summary>
    public static List<T> Rows<T>(
        this SqliteConnection connection,
        string query,
        Func<SqliteDataReader, T> read,
        params ReadOnlySpan<(string Name, object? Value)> parameters
    )
    {
        using var command = connection.Command(query, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>Reads a text; null if the column is null.</summary>
    public static string? Text(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>Formats a time as text: UTC with ticks, so that it sorts by time and reads back equal.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Parses a time.</summary>
    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>Parses an enum value.</summary>
    public static T Word<T>(string text)
        where T : struct, Enum =>
        Enum.TryParse<T>(text, out var value) ? value : throw new FormatException($"\"{text}\" is no {typeof(T).Name}");

    private static SqliteCommand Command(
        this SqliteConnection connection,
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
