using Microsoft.Data.Sqlite;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.State;

/// <summary>Which lines of the audit trail are asked for.</summary>
internal sealed record HistoryQuery
{
    /// <summary>Only of this person, by address.</summary>
    public string? Person { get; init; }

    /// <summary>Only of this project.</summary>
    public ProjectKey? Project { get; init; }

    /// <summary>Only from this time on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The most lines; the newest are given.</summary>
    public int Limit { get; init; } = int.MaxValue;
}

/// <summary>The audit trail as rows: they are only ever added.</summary>
internal static class AuditRows
{
    /// <summary>Adds a line.</summary>
    public static void Append(SqliteConnection connection, AuditEntry entry) => connection.Run(
        """
        INSERT INTO audit (at, vendor_type, base_url, project_id, document, person, person_key, action, outcome, added, removed, reason, declared, plan, message, counts_as_removal)
        VALUES ($at, $type, $url, $project, $document, $person, $key, $action, $outcome, $added, $removed, $reason, $declared, $plan, $message, $counts)
        """,
        ("$at", Sql.Time(entry.At)), ("$type", entry.Project.VendorType), ("$url", entry.Project.BaseUrl), ("$project", entry.Project.ProjectId), ("$document", entry.Document),
        ("$person", entry.Person), ("$key", EmailAddress.KeyOf(entry.Person)), ("$action", entry.Action), ("$outcome", entry.Outcome.ToString()),
        ("$added", entry.Added), ("$removed", entry.Removed), ("$reason", entry.Reason), ("$declared", entry.Declared), ("$plan", entry.Plan),
        ("$message", entry.Message), ("$counts", entry.CountsAsRemoval));

    /// <summary>How many people lost access in an account since a time; each counts once a project.</summary>
    public static int Removals(SqliteConnection connection, string vendorType, string baseUrl, DateTimeOffset since) => (int)connection.Number(
        $"""
        SELECT count(*) FROM (
            SELECT DISTINCT project_id, person_key FROM audit
            WHERE counts_as_removal = 1 AND vendor_type = $type AND base_url = $url AND at >= $since
              AND outcome IN ('{nameof(AuditOutcome.Done)}', '{nameof(AuditOutcome.SettledDone)}'))
        """,
        ("$type", vendorType), ("$url", baseUrl), ("$since", Sql.Time(since)));

    /// <summary>Lines of the trail, the newest first.</summary>
    public static List<AuditEntry> Read(SqliteConnection connection, HistoryQuery query) => connection.Rows(
        """
        SELECT at, vendor_type, base_url, project_id, document, action, outcome, person, added, removed, reason, declared, plan, message, counts_as_removal FROM audit
        WHERE ($key IS NULL OR person_key = $key) AND ($since IS NULL OR at >= $since)
          AND ($type IS NULL OR (vendor_type = $type AND base_url = $url AND project_id = $project))
        ORDER BY at DESC, id DESC LIMIT $limit
        """,
        r => new AuditEntry(Sql.Time(r.GetString(0)), new(r.GetString(1), r.GetString(2), r.GetString(3)), r.GetString(4), r.GetString(5), Sql.Word<AuditOutcome>(r.GetString(6)))
        {
            Person = r.GetString(7),
            Added = r.GetString(8),
            Removed = r.GetString(9),
            Reason = r.GetString(10),
            Declared = r.GetString(11),
            Plan = r.GetString(12),
            Message = r.GetString(13),
            CountsAsRemoval = r.GetBoolean(14),
        },
        ("$key", query.Person is { } person ? EmailAddress.KeyOf(person) : null), ("$since", query.Since is { } since ? Sql.Time(since) : null),
        ("$type", query.Project?.VendorType), ("$url", query.Project?.BaseUrl), ("$project", query.Project?.ProjectId), ("$limit", query.Limit));

    /// <summary>Every project that the trail names, with the document that declared it last.</summary>
    public static List<(ProjectKey Key, string Document)> Projects(SqliteConnection connection) => connection.Rows(
        "SELECT vendor_type, base_url, project_id, document, max(id) FROM audit GROUP BY vendor_type, base_url, project_id",
        r => (new ProjectKey(r.GetString(0), r.GetString(1), r.GetString(2)), r.GetString(3)));
}
