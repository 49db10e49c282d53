using Reconciler.Core.Ledgers;

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
    public static int Run(StateConnection connection, ErasedPerson person, AuditEntry note)
    {
        var trails = AuditRows
            .Accounts(connection)
            .Where(a => person.IsAt(a.VendorType, a.BaseUrl))
            .Select(a => (Account: a, Entries: AuditRows.Chain(connection, a)))
            .ToList();
        // Free text may hold the name in another spelling than the key.
        var spellings = trails
            .SelectMany(t => t.Entries)
            .Where(e => person.Is(e.Entry))
            .Select(e => e.Entry.Person)
            .Distinct()
            .ToList();
        var count = 0;
        foreach (var (account, entries) in trails)
        {
            var named = entries
                .Select(e => (e.Number, Is: person.Is(e.Entry), IsInTexts: person.IsInTextsOf(e.Entry, spellings)))
                .Where(e => e.Is || e.IsInTexts)
                .ToList();
            if (named.Count == 0)
                continue;
            foreach (var (number, isPerson, isInTexts) in named)
                AuditRows.Erase(connection, number, isPerson, isInTexts);
            count += named.Count;
            AuditRows.Append(connection, note with { Project = new(account.VendorType, account.BaseUrl, "") });
        }

        return count;
    }
}
