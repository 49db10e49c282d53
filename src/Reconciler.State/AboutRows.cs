namespace Reconciler.State;

/// <summary>Reads and writes what a state notes about itself: the table "about", a value for each name.</summary>
internal static class AboutRows
{
    /// <summary>Notes a value, in place of the one before.</summary>
    public static void Set(StateConnection connection, string name, string value) =>
        connection.Run(
            """
            INSERT INTO about (name, value) VALUES (@name, @value)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """,
            ("@name", name),
            ("@value", value)
        );

    /// <summary>Returns a value; empty if there is none.</summary>
    public static string Value(StateConnection connection, string name) =>
        connection
            .Rows("SELECT value FROM about WHERE name = @name", r => r.GetString(0), ("@name", name))
            .FirstOrDefault()
        ?? "";
}
