using Microsoft.Data.Sqlite;

namespace Reconciler.State;

/// <summary>
/// Which state file a file is. A copy has the same name as what it was copied from, and a new file has another.
/// </summary>
internal static class StateIdentity
{
    /// <summary>Names a file that has no name yet.</summary>
    public static void Ensure(SqliteConnection connection) =>
        connection.Run(
            "INSERT INTO about (name, value) VALUES ('id', lower(hex(randomblob(16)))) ON CONFLICT (name) DO NOTHING"
        );

    /// <summary>The name; empty where the file has none.</summary>
    public static string Of(SqliteConnection connection) => Value(connection, "id");

    /// <summary>Leaves a mark, by which the same file is known when it is opened by its path.</summary>
    public static void Mark(SqliteConnection connection, string mark) => Set(connection, "mark", mark);

    /// <summary>The mark that was left last; empty where there is none.</summary>
    public static string MarkOf(SqliteConnection connection) => Value(connection, "mark");

    /// <summary>Says whether somebody wants the file to take the place of one that is lost.</summary>
    public static void Confirm(SqliteConnection connection, bool isConfirmed) =>
        Set(connection, "confirmed", isConfirmed ? "yes" : "no");

    /// <summary>Whether somebody wants the file to take the place of one that is lost.</summary>
    public static bool IsConfirmed(SqliteConnection connection) => Value(connection, "confirmed") == "yes";

    private static void Set(SqliteConnection connection, string name, string value) =>
        connection.Run(
            """
            INSERT INTO about (name, value) VALUES ($name, $value)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """,
            ("$name", name),
            ("$value", value)
        );

    private static string Value(SqliteConnection connection, string name) =>
        connection
            .Rows("SELECT value FROM about WHERE name = $name", r => r.GetString(0), ("$name", name))
            .FirstOrDefault()
        ?? "";
}
