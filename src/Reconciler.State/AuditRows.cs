using System.Data.Common;
using System.Security.Cryptography;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.State;

/// <summary>A filter for the audit trail.</summary>
public sealed record HistoryQuery
{
    /// <summary>Only of this person, by address.</summary>
    public string? Person { get; init; }

    /// <summary>Only of this project.</summary>
    public ProjectKey? Project { get; init; }

    /// <summary>Only from this time on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The most entries to return; the newest ones are returned.</summary>
    public int Limit { get; init; } = int.MaxValue;
}

/// <summary>
/// Stores the audit trail as rows. Rows are only added, and each is chained to the account's row before it.
/// </summary>
internal static class AuditRows
{
    private const string Columns = """
        id, at, vendor_type, base_url, project_id, document, action, outcome, person, added, removed, reason,
        declared, plan, message, counts_as_removal, actor, host, run, program, repository, revision, line_commit,
        author, signer, approver, person_salt, person_hash, words_salt, words_hash, previous, hash, definition
        """;

    /// <summary>Every column of the table; the first is its key.</summary>
    public static string[] AllColumns { get; } = [.. Columns.Split(',', StringSplitOptions.TrimEntries), "person_key"];

    private const string Insert = """
        INSERT INTO audit (at, vendor_type, base_url, project_id, document, person, person_key, action, outcome,
            added, removed, reason, declared, plan, message, counts_as_removal, actor, host, run, program,
            repository, revision, line_commit, author, signer, approver,
            person_salt, person_hash, words_salt, words_hash, previous, hash, definition)
        VALUES (@at, @type, @url, @project, @document, @person, @key, @action, @outcome,
            @added, @removed, @reason, @declared, @plan, @message, @counts, @actor, @host, @run, @program,
            @repository, @revision, @commit, @author, @signer, @approver,
            @psalt, @phash, @wsalt, @whash, @previous, @hash, @definition)
        """;

    /// <summary>Adds an entry with its seal. The caller holds a write transaction.</summary>
    public static void Append(StateConnection connection, AuditEntry entry)
    {
        var seal = AuditChain.Seal(
            entry,
            HeadOf(connection, entry.Project.VendorType, entry.Project.BaseUrl),
            Salt(),
            Salt()
        );
        var origin = entry.Origin;
        connection.Run(
            Insert,
            ("@at", Sql.Time(entry.At)),
            ("@type", entry.Project.VendorType),
            ("@url", entry.Project.BaseUrl),
            ("@project", entry.Project.ProjectId),
            ("@document", entry.Document),
            ("@person", entry.Person),
            ("@key", EmailAddress.KeyOf(entry.Person)),
            ("@action", entry.Action),
            ("@outcome", entry.Outcome.ToString()),
            ("@added", entry.Added),
            ("@removed", entry.Removed),
            ("@reason", entry.Reason),
            ("@declared", entry.Declared),
            ("@plan", entry.Plan),
            ("@message", entry.Message),
            ("@counts", entry.CountsAsRemoval),
            ("@actor", origin.Actor),
            ("@host", origin.Host),
            ("@run", origin.Run),
            ("@program", origin.Program),
            ("@repository", origin.Repository),
            ("@revision", origin.Revision),
            ("@commit", origin.Commit),
            ("@author", origin.Author),
            ("@signer", origin.Signer),
            ("@approver", entry.Approver),
            ("@psalt", seal.PersonSalt),
            ("@phash", seal.PersonHash),
            ("@wsalt", seal.WordsSalt),
            ("@whash", seal.WordsHash),
            ("@previous", seal.Previous),
            ("@hash", seal.Hash),
            ("@definition", entry.Definition)
        );
    }

    /// <summary>Counts the people who lost access in an account since a time, each once per project.</summary>
    public static int Removals(StateConnection connection, string vendorType, string baseUrl, DateTimeOffset since) =>
        (int)
            connection.Number(
                $"""
                SELECT count(*) FROM (
                    SELECT DISTINCT project_id, person_key FROM audit
                    WHERE counts_as_removal = 1 AND vendor_type = @type AND base_url = @url AND at >= @since
                      AND outcome IN ('{nameof(AuditOutcome.Done)}', '{nameof(AuditOutcome.SettledDone)}')) AS people
                """,
                ("@type", vendorType),
                ("@url", baseUrl),
                ("@since", Sql.Time(since))
            );

    /// <summary>Reads entries of the trail, the newest first.</summary>
    public static List<SealedEntry> Read(StateConnection connection, HistoryQuery query) =>
        connection.Rows(Select(query), Entry, Parameters(query));

    /// <summary>Returns the statement that reads entries of the trail.</summary>
    /// <remarks>
    /// It has only the conditions that are given: SQLite uses no index for a condition that may be off.
    /// </remarks>
    internal static string Select(HistoryQuery query)
    {
        var conditions = new List<string>();
        if (query.Person is not null)
            conditions.Add("person_key = @key");
        if (query.Since is not null)
            conditions.Add("at >= @since");
        if (query.Project is not null)
            conditions.Add("vendor_type = @type AND base_url = @url AND project_id = @project");
        var where = conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)}";
        return $"SELECT {Columns} FROM audit {where} ORDER BY at DESC, id DESC LIMIT @limit";
    }

    /// <summary>Returns the parameters of <see cref="Select"/>.</summary>
    internal static (string Name, object? Value)[] Parameters(HistoryQuery query)
    {
        var parameters = new List<(string Name, object? Value)>();
        if (query.Person is { } person)
            parameters.Add(("@key", EmailAddress.KeyOf(person)));
        if (query.Since is { } since)
            parameters.Add(("@since", Sql.Time(since)));
        if (query.Project is { } project)
        {
            parameters.Add(("@type", project.VendorType));
            parameters.Add(("@url", project.BaseUrl));
            parameters.Add(("@project", project.ProjectId));
        }

        parameters.Add(("@limit", query.Limit));
        return [.. parameters];
    }

    /// <summary>Lists every account in the trail.</summary>
    public static List<(string VendorType, string BaseUrl)> Accounts(StateConnection connection) =>
        connection.Rows(
            "SELECT DISTINCT vendor_type, base_url FROM audit ORDER BY vendor_type, base_url",
            r => (r.GetString(0), r.GetString(1))
        );

    /// <summary>Reads an account's entries in the order of its chain.</summary>
    public static List<SealedEntry> Chain(StateConnection connection, (string VendorType, string BaseUrl) account) =>
        connection.Rows(
            $"SELECT {Columns} FROM audit WHERE vendor_type = @type AND base_url = @url ORDER BY id",
            Entry,
            ("@type", account.VendorType),
            ("@url", account.BaseUrl)
        );

    /// <summary>
    /// Erases a person, or free text, from an entry. The hashes stay; without their salts nobody can test addresses
    /// against them. The entry still counts as a removal.
    /// </summary>
    public static void Erase(StateConnection connection, long number, bool person, bool words) =>
        connection.Run(
            """
            UPDATE audit SET person = CASE WHEN @person = 1 THEN '' ELSE person END,
                person_key = CASE WHEN @person = 1 THEN 'erased:' || id ELSE person_key END,
                person_salt = CASE WHEN @person = 1 THEN '' ELSE person_salt END,
                words_salt = CASE WHEN @words = 1 THEN '' ELSE words_salt END,
                reason = CASE WHEN @words = 1 THEN '' ELSE reason END,
                message = CASE WHEN @words = 1 THEN '' ELSE message END,
                author = CASE WHEN @words = 1 THEN '' ELSE author END
            WHERE id = @id
            """,
            ("@id", number),
            ("@person", person),
            ("@words", words)
        );

    /// <summary>Lists every project in the trail, with the document that declared it last.</summary>
    public static List<(ProjectKey Key, string Document)> Projects(StateConnection connection) =>
        connection.Rows(
            """
            SELECT vendor_type, base_url, project_id, document FROM audit
            WHERE id IN (SELECT max(id) FROM audit WHERE project_id <> '' GROUP BY vendor_type, base_url, project_id)
            ORDER BY vendor_type, base_url, project_id
            """,
            r => (new ProjectKey(r.GetString(0), r.GetString(1), r.GetString(2)), r.GetString(3))
        );

    /// <summary>Returns the hash of an account's newest entry; empty if there is none, or it is not chained.</summary>
    public static string HeadOf(StateConnection connection, string vendorType, string baseUrl) =>
        connection
            .Rows(
                "SELECT hash FROM audit WHERE vendor_type = @type AND base_url = @url ORDER BY id DESC LIMIT 1",
                r => r.GetString(0),
                ("@type", vendorType),
                ("@url", baseUrl)
            )
            .FirstOrDefault()
        ?? "";

    private static string Salt() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static SealedEntry Entry(DbDataReader r)
    {
        var entry = new AuditEntry(
            Sql.Time(r.GetString(1)),
            new(r.GetString(2), r.GetString(3), r.GetString(4)),
            r.GetString(5),
            r.GetString(6),
            Sql.Word<AuditOutcome>(r.GetString(7))
        )
        {
            Person = r.GetString(8),
            Added = r.GetString(9),
            Removed = r.GetString(10),
            Reason = r.GetString(11),
            Declared = r.GetString(12),
            Plan = r.GetString(13),
            Message = r.GetString(14),
            CountsAsRemoval = r.Flag(15),
            Approver = r.GetString(25),
            Definition = r.GetString(32),
            Origin = Origin(r),
        };
        return new(r.GetInt64(0), entry, Seal(r));
    }

    private static AuditOrigin Origin(DbDataReader r) =>
        new()
        {
            Actor = r.GetString(16),
            Host = r.GetString(17),
            Run = r.GetString(18),
            Program = r.GetString(19),
            Repository = r.GetString(20),
            Revision = r.GetString(21),
            Commit = r.GetString(22),
            Author = r.GetString(23),
            Signer = r.GetString(24),
        };

    // Entries of schema version 1 have no seal.
    private static AuditSeal? Seal(DbDataReader r) =>
        r.GetString(31).Length == 0
            ? null
            : new(r.GetString(30), r.GetString(31))
            {
                PersonSalt = r.GetString(26),
                PersonHash = r.GetString(27),
                WordsSalt = r.GetString(28),
                WordsHash = r.GetString(29),
            };
}
