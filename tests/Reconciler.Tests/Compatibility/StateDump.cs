using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Reconciler.Tests.Compatibility;

/// <summary>A state file as the statements that make it again, so that people can read and compare it.</summary>
internal static class StateDump
{
    /// <summary>The statements: what SQLite asks the file for, tables, rows, indexes.</summary>
    public static async Task<string> OfAsync(SqliteConnection connection, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        foreach (var pragma in (string[])["application_id", "user_version"])
        {
            var value = (await RowsAsync(connection, $"PRAGMA {pragma}", cancellation))[0][0];
            text.Append(CultureInfo.InvariantCulture, $"PRAGMA {pragma} = {value};\n");
        }

        var made = await RowsAsync(
            connection,
            """
            SELECT type, name, sql FROM sqlite_master
            WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid
            """,
            cancellation
        );
        foreach (var table in made.Where(m => m[0] is "table"))
        {
            text.Append(CultureInfo.InvariantCulture, $"{table[2]};\n");
            foreach (var row in await RowsAsync(connection, $"SELECT * FROM \"{table[1]}\"", cancellation))
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"INSERT INTO \"{table[1]}\" VALUES ({string.Join(", ", row.Select(Literal))});\n"
                );
        }

        foreach (var other in made.Where(m => m[0] is not "table"))
            text.Append(CultureInfo.InvariantCulture, $"{other[2]};\n");
        return text.ToString();
    }

    private static async Task<List<object[]>> RowsAsync(
        SqliteConnection connection,
        string query,
        CancellationToken cancellation
    )
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names come from the file's own list of tables.
        command.CommandText = query;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<object[]>();
        while (await reader.ReadAsync(cancellation))
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    private static string Literal(object value) =>
        value switch
        {
            DBNull => "NULL",
            byte[] bytes => $"x'{Convert.ToHexStringLower(bytes)}'",
            string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
}
