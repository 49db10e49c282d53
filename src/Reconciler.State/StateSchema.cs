using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>
/// The tables of a state file, as migrations from one version to the next. A released migration is never edited.
/// </summary>
/// <param name="Steps">The migrations: from an empty file to version 1, from version 1 to version 2, and so on.</param>
public sealed record StateSchema(ImmutableArray<string> Steps)
{
    // "Recn" in ASCII; it tells a state file from other programs' databases.
    private const int ApplicationId = 0x5265636E;

    private const string Version1 = """
        CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

        -- Numbers are never given twice, so that a project which was forgotten and came back is another row.
        CREATE TABLE projects (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            vendor_type TEXT NOT NULL, base_url TEXT NOT NULL, project_id TEXT NOT NULL,
            version INTEGER NOT NULL, trusted_count INTEGER, applied TEXT, released TEXT NOT NULL,
            UNIQUE (vendor_type, base_url, project_id)) STRICT;

        CREATE TABLE people (
            project INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
            email TEXT NOT NULL, person_id TEXT, owned INTEGER NOT NULL, state TEXT NOT NULL,
            invited_at TEXT, sent_at TEXT, resends INTEGER NOT NULL,
            asked TEXT, change TEXT, repeats INTEGER NOT NULL) STRICT;
        CREATE UNIQUE INDEX people_key ON people (project, email, ifnull(person_id, ''));

        CREATE TABLE intents (
            project INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
            position INTEGER NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (project, position)) STRICT, WITHOUT ROWID;

        -- No reference to projects: the trail outlives what is remembered.
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL, vendor_type TEXT NOT NULL, base_url TEXT NOT NULL, project_id TEXT NOT NULL,
            document TEXT NOT NULL,
            person TEXT NOT NULL, person_key TEXT NOT NULL, action TEXT NOT NULL, outcome TEXT NOT NULL,
            added TEXT NOT NULL, removed TEXT NOT NULL, reason TEXT NOT NULL, declared TEXT NOT NULL,
            plan TEXT NOT NULL,
            message TEXT NOT NULL, counts_as_removal INTEGER NOT NULL) STRICT;
        CREATE INDEX audit_time ON audit (at);
        CREATE INDEX audit_person ON audit (person_key, at);
        CREATE INDEX audit_project ON audit (vendor_type, base_url, project_id, at);
        CREATE INDEX audit_removals ON audit (vendor_type, base_url, at) WHERE counts_as_removal = 1;
        """;

    // Addresses and base URLs are stored in a normalised form. Two spellings of a project become one, with the people
    // and open writes of both.
    private const string Version2 = """
        -- Limits say who states them. Those of version 1 do not, so the next apply states them anew.
        UPDATE projects SET applied = json_remove(applied, '$.limits') WHERE applied IS NOT NULL;
        UPDATE audit SET base_url = base_address(base_url), person_key = address_key(person)
            WHERE base_url <> base_address(base_url) OR person_key <> address_key(person);
        CREATE TEMP TABLE spellings AS SELECT id, first_value(id) OVER (
            PARTITION BY vendor_type, base_address(base_url), project_id
            ORDER BY base_url = base_address(base_url) DESC, id) AS kept FROM projects;
        UPDATE OR IGNORE people SET project = (SELECT kept FROM spellings WHERE id = people.project)
            WHERE project IN (SELECT id FROM spellings WHERE id <> kept);
        UPDATE intents SET position = position + project * 100000,
            project = (SELECT kept FROM spellings WHERE id = intents.project)
            WHERE project IN (SELECT id FROM spellings WHERE id <> kept);
        UPDATE projects SET version = version + 1,
            applied = coalesce(applied, (SELECT max(o.applied) FROM projects o
                JOIN spellings s ON s.id = o.id WHERE s.kept = projects.id)),
            trusted_count = (SELECT max(o.trusted_count) FROM projects o
                JOIN spellings s ON s.id = o.id WHERE s.kept = projects.id)
            WHERE id IN (SELECT kept FROM spellings WHERE id <> kept);
        DELETE FROM projects WHERE id IN (SELECT id FROM spellings WHERE id <> kept);
        DROP TABLE spellings;
        UPDATE projects SET version = version + 1, base_url = base_address(base_url)
            WHERE base_url <> base_address(base_url);

        -- From when reminders count where we sent no mail: what version 1 called sent may have been a first sight.
        ALTER TABLE people ADD COLUMN seen_at TEXT;
        UPDATE people SET seen_at = sent_at, sent_at = NULL WHERE sent_at IS NOT NULL AND resends = 0 AND NOT EXISTS (
            SELECT 1 FROM audit JOIN projects ON projects.vendor_type = audit.vendor_type
                AND projects.base_url = audit.base_url AND projects.project_id = audit.project_id
            WHERE projects.id = people.project AND audit.person = people.email AND audit.action IN ('invite', 'replace')
                AND audit.outcome IN ('Done', 'SettledDone'));

        -- Who did it, by which source, and the chain of the account's entries. Entries of version 1 come before
        -- the chain.
        ALTER TABLE audit ADD COLUMN actor TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN host TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN run TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN program TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN repository TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN revision TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN line_commit TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN author TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN signer TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN approver TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN person_salt TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN person_hash TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN words_salt TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN words_hash TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN previous TEXT NOT NULL DEFAULT '';
        ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';
        CREATE INDEX audit_chain ON audit (vendor_type, base_url, id);

        -- When an approval was first seen; one without an end of its own ends a day later.
        CREATE TABLE approvals (approval TEXT PRIMARY KEY, first_seen TEXT NOT NULL) STRICT, WITHOUT ROWID;

        -- What the vendor's answers taught in a project, as JSON; null for nothing.
        ALTER TABLE projects ADD COLUMN lessons TEXT;
        CREATE INDEX projects_lessons ON projects (vendor_type, base_url) WHERE lessons IS NOT NULL;

        -- How an invitation is known to be out, and the writes of late that no list has shown yet.
        ALTER TABLE people ADD COLUMN sighting TEXT NOT NULL DEFAULT 'Seen';
        CREATE TABLE believed (
            project INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
            position INTEGER NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (project, position)) STRICT, WITHOUT ROWID;
        """;

    // The definition of the vendor under which an entry was written; empty where a provider in code wrote.
    private const string Version3 = """
        ALTER TABLE audit ADD COLUMN definition TEXT NOT NULL DEFAULT '';
        """;

    /// <summary>The schema that this version of Reconciler reads and writes.</summary>
    internal static StateSchema Current { get; } = new([Version1, Version2, Version3]);

    private int Newest => Steps.Length;

    /// <summary>Returns the schema version of a file; 0 for an empty file.</summary>
    /// <exception cref="LedgerException">It is another program's, or a newer Reconciler's.</exception>
    internal int VersionOf(StateConnection connection, string path)
    {
        var (application, version, tables) = Marks(connection);
        if (application == 0 && version == 0 && tables == 0)
            return 0;
        if (application != ApplicationId || version < 1)
            throw new LedgerException($"{path} is the database of another program; name another file with --state");
        if (version <= Newest)
            return version;
        var writer = Writer(connection) is { } by ? $"Reconciler {by}" : "a newer Reconciler";
        throw new LedgerException(
            $"{path} was written by {writer} in a form that this version does not know (schema {version}, "
                + $"known up to {Newest}); use that version, or a newer one"
        );
    }

    // Read in one statement, because another process may migrate the file in between.
    private static (long Application, int Version, long Tables) Marks(StateConnection connection) =>
        connection.Rows(
            """
            SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version),
                (SELECT count(*) FROM sqlite_schema)
            """,
            row => (row.GetInt64(0), row.GetInt32(1), row.GetInt64(2))
        )[0];

    /// <summary>Migrates a file to the newest version in one transaction.</summary>
    internal void Migrate(StateConnection connection, string path)
    {
        if (VersionOf(connection, path) == Newest)
            return;
        var sqlite = (SqliteConnection)connection.Inner;
        sqlite.CreateFunction("base_address", (string url) => AccountUrl.Normal(url), isDeterministic: true);
        sqlite.CreateFunction("address_key", (string person) => EmailAddress.KeyOf(person), isDeterministic: true);
        using var transaction = connection.Begin(writes: true);
        // Read the version again inside the transaction: another process may have migrated the file.
        for (var version = VersionOf(connection, path); version < Newest; version++)
            connection.Run(Steps[version]);
        // A pragma takes no parameters; both values are constants of this program.
        connection.Run($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Newest}");
        AboutRows.Set(connection, "written_by", typeof(StateSchema).Assembly.GetName().Version?.ToString(3) ?? "");
        transaction.Commit();
    }

    private static string? Writer(StateConnection connection)
    {
        try
        {
            return connection
                .Rows("SELECT value FROM about WHERE name = 'written_by'", r => r.GetString(0))
                .FirstOrDefault();
        }
        catch (SqliteException)
        {
            // A newer schema may have no such table.
            return null;
        }
    }
}
