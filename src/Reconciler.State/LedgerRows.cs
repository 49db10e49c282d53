using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.State;

/// <summary>A project's row.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Version">How often it was saved.</param>
internal sealed record ProjectRow(long Id, long Version)
{
    /// <summary>
    /// The version of the stored ledger. It also differs from that of a deleted ledger with the same key.
    /// </summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Id}.{Version}");
}

/// <summary>Reads and writes ledgers as rows. The caller holds a transaction.</summary>
internal static class LedgerRows
{
    private const string InsertPerson = """
        INSERT INTO people (project, email, person_id, owned, state, invited_at, sent_at,
            resends, asked, change, repeats, seen_at, sighting)
        VALUES (@project, @email, @id, @owned, @state, @invited, @sent,
            @resends, @asked, @change, @repeats, @seen, @sighting)
        """;

    // A null and an empty id are one key, and the row may hold either.
    private const string UpdatePerson = """
        UPDATE people SET person_id = @id, owned = @owned, state = @state, invited_at = @invited, sent_at = @sent,
            resends = @resends, asked = @asked, change = @change, repeats = @repeats, seen_at = @seen,
            sighting = @sighting
        WHERE project = @project AND email = @email AND coalesce(person_id, '') = coalesce(@id, '')
        """;

    /// <summary>Finds a project's row; null if there is none.</summary>
    public static ProjectRow? Find(StateConnection connection, ProjectKey key) =>
        connection
            .Rows(
                """
                SELECT id, version FROM projects
                WHERE vendor_type = @type AND base_url = @url AND project_id = @project
                """,
                r => new ProjectRow(r.GetInt64(0), r.GetInt64(1)),
                ("@type", key.VendorType),
                ("@url", key.BaseUrl),
                ("@project", key.ProjectId)
            )
            .FirstOrDefault();

    /// <summary>Reads the ledger of one project, or of all projects.</summary>
    public static List<StoredLedger> Read(StateConnection connection, long? only)
    {
        var people = People(connection, only).ToLookup(p => p.Project, p => p.Record);
        var (intents, believed) = (
            IntentRows.Read(connection, "intents", only),
            IntentRows.Read(connection, "believed", only)
        );
        return connection.RowsOf(
            """
            SELECT id, version, vendor_type, base_url, project_id, trusted_count, applied, released, lessons
            FROM projects
            """,
            "id",
            only,
            r =>
            {
                var row = new ProjectRow(r.GetInt64(0), r.GetInt64(1));
                var ledger = ProjectLedger.Empty with
                {
                    People = [.. people[row.Id].OrderBy(p => p.Email, StringComparer.Ordinal)],
                    Intents = [.. intents[row.Id].Select(LedgerJson.Intent)],
                    Believed = [.. believed[row.Id].Select(LedgerJson.Intent)],
                    TrustedCount = r.IsDBNull(5) ? null : r.GetInt32(5),
                    Applied = r.Text(6) is { } applied ? LedgerJson.Applied(applied) : null,
                    Released = LedgerJson.Words(r.GetString(7)),
                    Lessons = r.Text(8) is { } lessons ? LedgerJson.Lessons(lessons) : [],
                };
                return new StoredLedger(new(r.GetString(2), r.GetString(3), r.GetString(4)), ledger, row.Name);
            }
        );
    }

    /// <summary>Writes the rows that differ between two ledgers of a project.</summary>
    /// <returns>The project's row afterwards.</returns>
    public static ProjectRow Write(
        StateConnection connection,
        ProjectKey key,
        ProjectRow? row,
        ProjectLedger before,
        ProjectLedger after
    )
    {
        var saved = row is null ? Insert(connection, key) : row with { Version = row.Version + 1 };
        connection.Run(
            "UPDATE projects SET version = @version, trusted_count = @trusted, released = @released WHERE id = @id",
            ("@version", saved.Version),
            ("@trusted", after.TrustedCount),
            ("@released", LedgerJson.Of(after.Released)),
            ("@id", saved.Id)
        );
        if (!Equals(before.Applied, after.Applied))
            connection.Run(
                "UPDATE projects SET applied = @applied WHERE id = @id",
                ("@applied", after.Applied is { } applied ? LedgerJson.Of(applied) : null),
                ("@id", saved.Id)
            );
        if (!before.Lessons.AsSpan().SequenceEqual(after.Lessons.AsSpan()))
        {
            var lessons = after.Lessons.IsEmpty ? null : LedgerJson.Of(after.Lessons);
            connection.Run(
                "UPDATE projects SET lessons = @lessons WHERE id = @id",
                ("@lessons", lessons),
                ("@id", saved.Id)
            );
        }

        WritePeople(connection, saved.Id, before.People, after.People);
        IntentRows.Write(connection, "intents", saved.Id, before.Intents, after.Intents);
        IntentRows.Write(connection, "believed", saved.Id, before.Believed, after.Believed);
        return saved;
    }

    /// <summary>Reads the lessons from an account's projects that hold for all of them.</summary>
    public static ImmutableArray<Lesson> AccountLessons(StateConnection connection, string vendorType, string baseUrl)
    {
        var lessons = connection.Rows(
            """
            SELECT lessons FROM projects
            WHERE vendor_type = @type AND base_url = @url AND lessons IS NOT NULL ORDER BY id
            """,
            r => LedgerJson.Lessons(r.GetString(0)),
            ("@type", vendorType),
            ("@url", baseUrl)
        );
        return [.. lessons.SelectMany(l => l).Where(l => l.IsOfAccount)];
    }

    /// <summary>Deletes the ledger of a project.</summary>
    public static void Delete(StateConnection connection, ProjectRow row) =>
        connection.Run("DELETE FROM projects WHERE id = @id", ("@id", row.Id));

    private static ProjectRow Insert(StateConnection connection, ProjectKey key) =>
        new(
            connection.Number(
                """
                INSERT INTO projects (vendor_type, base_url, project_id, version, released)
                VALUES (@type, @url, @project, 1, '[]') RETURNING id
                """,
                ("@type", key.VendorType),
                ("@url", key.BaseUrl),
                ("@project", key.ProjectId)
            ),
            1
        );

    private static List<(long Project, PersonRecord Record)> People(StateConnection connection, long? only)
    {
        // Thousands of people share a few sets of access, so each set is parsed once.
        var accesses = new Dictionary<string, Access>(StringComparer.Ordinal);
        return connection.RowsOf(
            """
            SELECT project, email, person_id, owned, state, invited_at, sent_at, resends, asked, change, repeats,
                seen_at, sighting
            FROM people
            """,
            "project",
            only,
            r =>
                (
                    r.GetInt64(0),
                    new PersonRecord(r.GetString(1))
                    {
                        PersonId = r.Text(2),
                        Owned = r.Flag(3),
                        State = Sql.Word<PersonState>(r.GetString(4)),
                        InvitedAt = r.Text(5) is { } invited ? Sql.Time(invited) : null,
                        SentAt = r.Text(6) is { } sent ? Sql.Time(sent) : null,
                        Resends = r.GetInt32(7),
                        Asked = r.Text(8) is { } asked ? AccessOf(asked) : null,
                        Change = r.Text(9),
                        Repeats = r.GetInt32(10),
                        SeenAt = r.Text(11) is { } seen ? Sql.Time(seen) : null,
                        Sighting = Sql.Word<Sighting>(r.GetString(12)),
                    }
                )
        );

        Access AccessOf(string json) =>
            accesses.TryGetValue(json, out var known) ? known : accesses[json] = LedgerJson.Access(json);
    }

    private static void WritePeople(
        StateConnection connection,
        long project,
        ImmutableArray<PersonRecord> before,
        ImmutableArray<PersonRecord> after
    )
    {
        // A save usually changes one person of thousands, so equal records at both ends are skipped.
        var start = before.AsSpan().CommonPrefixLength(after.AsSpan());
        var end = 0;
        while (end < before.Length - start && end < after.Length - start && before[^(end + 1)] == after[^(end + 1)])
            end++;
        var old = before.AsSpan()[start..^end];
        var left = new Dictionary<(string, string), PersonRecord>(old.Length);
        foreach (var person in old)
            left[KeyOf(person)] = person;
        var changed = new List<(PersonRecord Person, bool IsNew)>();
        foreach (var person in after.AsSpan()[start..^end])
        {
            var isNew = !left.Remove(KeyOf(person), out var known);
            if (isNew || known != person)
                changed.Add((person, isNew));
        }

        foreach (var (email, id) in left.Keys)
        {
            connection.Run(
                "DELETE FROM people WHERE project = @project AND email = @email AND coalesce(person_id, '') = @id",
                ("@project", project),
                ("@email", email),
                ("@id", id)
            );
        }

        foreach (var (person, isNew) in changed)
            Write(connection, isNew ? InsertPerson : UpdatePerson, project, person);
    }

    private static void Write(StateConnection connection, string statement, long project, PersonRecord person) =>
        connection.Run(
            statement,
            ("@project", project),
            ("@email", person.Email),
            ("@id", person.PersonId),
            ("@owned", person.Owned),
            ("@state", person.State.ToString()),
            ("@invited", person.InvitedAt is { } invited ? Sql.Time(invited) : null),
            ("@sent", person.SentAt is { } sent ? Sql.Time(sent) : null),
            ("@resends", person.Resends),
            ("@asked", person.Asked is { } asked ? LedgerJson.Of(asked) : null),
            ("@change", person.Change),
            ("@repeats", person.Repeats),
            ("@seen", person.SeenAt is { } seen ? Sql.Time(seen) : null),
            ("@sighting", person.Sighting.ToString())
        );

    private static (string Email, string Id) KeyOf(PersonRecord person) => (person.Email, person.PersonId ?? "");
}
