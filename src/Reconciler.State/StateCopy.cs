using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>
/// Copies every row of a state into another one that has none, whatever each is kept in. What arrived is read again and
/// compared by numbers and hashes before anything counts.
/// </summary>
internal static class StateCopy
{
    // The columns of the key come first: rows are read in their order. Who holds a right is not copied.
    private static readonly Table[] Tables =
    [
        new("about", 1, ["name", "value"]),
        new(
            "projects",
            1,
            [
                "id",
                "vendor_type",
                "base_url",
                "project_id",
                "version",
                "trusted_count",
                "applied",
                "released",
                "lessons",
            ]
        ),
        new(
            "people",
            3,
            [
                "project",
                "email",
                "person_id",
                "owned",
                "state",
                "invited_at",
                "sent_at",
                "resends",
                "asked",
                "change",
                "repeats",
                "seen_at",
                "sighting",
            ]
        ),
        new("intents", 2, ["project", "position", "body"]),
        new("believed", 2, ["project", "position", "body"]),
        new("audit", 1, AuditRows.AllColumns),
        new("approvals", 1, ["approval", "first_seen"]),
    ];

    // How a database names its own form is its own.
    private const string OwnNames = "name NOT IN ('schema_version', 'written_by', 'confirmed', 'moved')";

    /// <summary>Whether a state holds nothing yet.</summary>
    public static bool IsEmpty(StateConnection connection) =>
        Tables.Where(t => t.Name != "about").All(t => connection.Number($"SELECT count(*) FROM {t.Name}") == 0);

    /// <summary>Copies and compares; the caller keeps what arrived, or takes it back.</summary>
    /// <param name="from">The state, in a transaction that sees no change of others.</param>
    /// <param name="to">Another state, empty and with its tables.</param>
    /// <returns>How many rows each table has.</returns>
    /// <exception cref="LedgerException">What arrived is not what was there.</exception>
    public static IReadOnlyList<(string Table, long Rows)> Run(StateConnection from, StateConnection to)
    {
        to.Run($"DELETE FROM about WHERE {OwnNames}");
        var counts = new List<(string, long)>();
        foreach (var table in Tables)
        {
            var sent = new RowHash();
            Each(
                from,
                table,
                row =>
                {
                    sent.Add(row);
                    to.Run(table.Insert, [.. row.Select((value, i) => (Table.Parameter(i), value))]);
                }
            );
            var arrived = new RowHash();
            Each(to, table, arrived.Add);
            if (sent.Count != arrived.Count || sent.End() != arrived.End())
                throw new LedgerException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the copy differs from the state in the table {table.Name} ({sent.Count} rows sent, "
                            + $"{arrived.Count} arrived), and is not used"
                    )
                );
            counts.Add((table.Name, sent.Count));
        }

        return counts;
    }

    private static void Each(StateConnection connection, Table table, Action<object?[]> act)
    {
        using var command = connection.CreateCommand();
        command.CommandText = table.Select;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            act(Row(reader));
    }

    private static object?[] Row(DbDataReader reader)
    {
        var row = new object?[reader.FieldCount];
        for (var i = 0; i < row.Length; i++)
            row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
        return row;
    }

    private sealed record Table(string Name, int KeyLength, string[] Columns)
    {
        private string List => string.Join(", ", Columns);

        public string Select =>
            $"SELECT {List} FROM {Name} {(Name == "about" ? $"WHERE {OwnNames}" : "")} ORDER BY "
            + string.Join(", ", Columns.Take(KeyLength).Select(c => c == "person_id" ? "coalesce(person_id, '')" : c));

        public string Insert =>
            $"INSERT INTO {Name} ({List}) VALUES ({string.Join(", ", Columns.Select((_, i) => Parameter(i)))})";

        public static string Parameter(int column) => string.Create(CultureInfo.InvariantCulture, $"@p{column}");
    }

    /// <summary>Hashes rows as netstrings, so that no two tables have the same text.</summary>
    private sealed class RowHash
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public long Count { get; private set; }

        public void Add(object?[] row)
        {
            Count++;
            foreach (var value in row)
            {
                var text = value is null ? "-" : $"+{Convert.ToString(value, CultureInfo.InvariantCulture)}";
                var bytes = Encoding.UTF8.GetBytes(text);
                _hash.AppendData(
                    Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length}:"))
                );
                _hash.AppendData(bytes);
            }
        }

        public string End()
        {
            using (_hash)
                return Convert.ToHexStringLower(_hash.GetHashAndReset());
        }
    }
}
