using Microsoft.Data.Sqlite;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.State;

/// <summary>One account's audit trail.</summary>
/// <param name="VendorType">The vendor.</param>
/// <param name="BaseUrl">The account's normalised base URL.</param>
/// <param name="Entries">Its entries, in the order of its chain.</param>
internal sealed record AuditTrail(string VendorType, string BaseUrl, IReadOnlyList<SealedEntry> Entries)
{
    /// <summary>The hash of the newest entry; empty where none is chained.</summary>
    public string Head => Entries.Count == 0 ? "" : Entries[^1].Seal?.Hash ?? "";
}

/// <summary>Takes a person out of the audit trail while its chain stays whole.</summary>
internal static class AuditErasure
{
    /// <summary>Erases, and notes it in each account that named the person. The caller holds a transaction.</summary>
    /// <returns>How many entries named the person.</returns>
    public static int Run(SqliteConnection connection, string address, AuditEntry note)
    {
        var key = EmailAddress.KeyOf(address);
        var count = 0;
        foreach (var account in AuditRows.Accounts(connection))
        {
            var named = AuditRows.Chain(connection, account).Where(e => Names(e.Entry, key)).ToList();
            if (named.Count == 0) continue;
            foreach (var entry in named) Erase(connection, entry, key);
            count += named.Count;
            AuditRows.Append(connection, note with { Project = new(account.VendorType, account.BaseUrl, "") });
        }

        return count;
    }

    private static void Erase(SqliteConnection connection, SealedEntry entry, string key) =>
        AuditRows.Erase(connection, entry.Number, IsPerson(entry.Entry, key), HasIn(entry.Entry, key));

    private static bool Names(AuditEntry entry, string key) => IsPerson(entry, key) || HasIn(entry, key);

    private static bool IsPerson(AuditEntry entry, string key) => EmailAddress.KeyOf(entry.Person) == key;

    private static bool HasIn(AuditEntry entry, string key) =>
        new[] { entry.Reason, entry.Message, entry.Origin.Author }.Any(t => t.Contains(key, StringComparison.OrdinalIgnoreCase));
}
