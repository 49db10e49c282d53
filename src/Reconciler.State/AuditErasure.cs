using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.State;

/// <summary>One account's audit trail.</summary>
/// <param name="VendorType">The vendor.</param>
/// <param name="BaseUrl">The account's normalised base URL.</param>
/// <param name="Entries">Its entries, in the order of its chain.</param>
public sealed record AuditTrail(string VendorType, string BaseUrl, IReadOnlyList<SealedEntry> Entries)
{
    /// <summary>The hash of the newest entry; empty if none is chained.</summary>
    internal string Head => Entries.Count == 0 ? "" : Entries[^1].Seal?.Hash ?? "";
}

/// <summary>Erases a person from the audit trail and keeps its hash chain intact.</summary>
internal static class AuditErasure
{
    /// <summary>
    /// Erases a person, and appends a note to the trail of each account that named the person. The caller holds a
    /// transaction.
    /// </summary>
    /// <returns>How many entries named the person.</returns>
    public static int Run(StateConnection connection, string address, AuditEntry note)
    {
        var key = EmailAddress.KeyOf(address);
        var trails = AuditRows
            .Accounts(connection)
            .Select(a => (Account: a, Entries: AuditRows.Chain(connection, a)))
            .ToList();
        // Free text may hold the address in another spelling than the key.
        string[] spellings =
        [
            key,
            address.Trim(),
            .. trails
                .SelectMany(t => t.Entries)
                .Select(e => e.Entry.Person)
                .Where(p => EmailAddress.KeyOf(p) == key)
                .Distinct(),
        ];
        var count = 0;
        foreach (var (account, entries) in trails)
        {
            var named = entries.Where(e => IsPerson(e.Entry, key) || HasIn(e.Entry, spellings)).ToList();
            if (named.Count == 0)
                continue;
            foreach (var entry in named)
                AuditRows.Erase(connection, entry.Number, IsPerson(entry.Entry, key), HasIn(entry.Entry, spellings));
            count += named.Count;
            AuditRows.Append(connection, note with { Project = new(account.VendorType, account.BaseUrl, "") });
        }

        return count;
    }

    private static bool IsPerson(AuditEntry entry, string key) => EmailAddress.KeyOf(entry.Person) == key;

    private static bool HasIn(AuditEntry entry, string[] spellings) =>
        new[] { entry.Reason, entry.Message, entry.Origin.Author }.Any(t =>
            spellings.Any(s => t.Contains(s, StringComparison.OrdinalIgnoreCase))
        );
}
