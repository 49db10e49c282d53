using System.Text.Json;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Text;

namespace Reconciler.Reports;

/// <summary>The result of verifying the audit trail of one account.</summary>
/// <param name="VendorType">The type of the vendor.</param>
/// <param name="BaseUrl">The account's base URL.</param>
/// <param name="Entries">The number of entries.</param>
/// <param name="Head">The newest hash; empty where no entry is chained.</param>
/// <param name="BeforeChain">The number of entries from before the chain, which cannot be verified.</param>
/// <param name="Erased">The number of entries from which a person or words were erased on purpose.</param>
/// <param name="Broken">The first entry that was changed, and how; null where there is none.</param>
public sealed record CheckedTrail(
    string VendorType,
    string BaseUrl,
    int Entries,
    string Head,
    int BeforeChain,
    int Erased,
    BrokenEntry? Broken
)
{
    /// <summary>Verifies an audit trail.</summary>
    public static CheckedTrail Of(string vendorType, string baseUrl, IReadOnlyList<SealedEntry> entries)
    {
        var broken = AuditChain.FirstBroken(entries);
        var head = entries.Count == 0 ? "" : entries[^1].Seal?.Hash ?? "";
        var erased = entries.Count(e =>
            e.Seal is { } seal && (seal.PersonSalt.Length == 0 || seal.WordsSalt.Length == 0)
        );
        return new(
            vendorType,
            baseUrl,
            entries.Count,
            head,
            entries.Count(e => e.Seal is null),
            erased,
            broken is { } b ? BrokenEntry.Of(b.Entry, b.Problem) : null
        );
    }
}

/// <summary>An entry that was changed after it was written.</summary>
/// <param name="Number">The number of the entry.</param>
/// <param name="At">The time in the entry.</param>
/// <param name="Action">The action in the entry.</param>
/// <param name="ProjectId">The project in the entry.</param>
/// <param name="Problem">What is wrong with the entry.</param>
public sealed record BrokenEntry(long Number, DateTimeOffset At, string Action, string ProjectId, string Problem)
{
    internal static BrokenEntry Of(SealedEntry entry, string problem) =>
        new(entry.Number, entry.Entry.At, entry.Entry.Action, entry.Entry.Project.ProjectId, problem);
}

/// <summary>What a check of the audit trail found.</summary>
/// <param name="Version">Names the shape.</param>
/// <param name="Intact">Whether every chain is whole and has every head that was given.</param>
/// <param name="Accounts">The accounts.</param>
/// <param name="MissingHeads">Heads that were given and that no chain has.</param>
public sealed record VerifyDocument(
    string Version,
    bool Intact,
    IReadOnlyList<CheckedTrail> Accounts,
    IReadOnlyList<string> MissingHeads
)
{
    internal const string CurrentVersion = "reconciler.dev/verify/v1";

    /// <summary>Builds the document; it is intact if no chain is broken and no head is missing.</summary>
    /// <param name="accounts">Audit trails that were checked, one for each account.</param>
    /// <param name="missing">Heads that were given and that no chain has.</param>
    public static VerifyDocument Of(IReadOnlyList<CheckedTrail> accounts, IReadOnlyList<string> missing) =>
        new(CurrentVersion, missing.Count == 0 && accounts.All(a => a.Broken is null), accounts, missing);

    /// <summary>Serializes the document as indented JSON; hidden characters are written as escapes.</summary>
    public string ToJson() => JsonText.Visible(JsonSerializer.Serialize(this, StateJson.Default.VerifyDocument));

    /// <summary>Prints the result for people.</summary>
    public void Write(TextWriter output, Palette palette)
    {
        foreach (var account in Accounts)
            output.WriteLine(Line(account, palette));
        foreach (var head in MissingHeads)
            output.WriteLine(
                $"{palette.Alarm("broken:")} no chain has the head {TerminalText.Escape(head)}: entries "
                    + "were taken out or replaced since it was kept"
            );
        output.WriteLine(
            Intact
                ? $"{palette.Good("Intact:")} no entry was changed, taken out or moved."
                : palette.Alarm("The audit trail is not as it was written.")
        );
    }

    private static string Line(CheckedTrail account, Palette palette)
    {
        var name = TerminalText.Escape($"{account.VendorType} {account.BaseUrl}");
        if (account.Broken is { } broken)
        {
            var entry =
                $"entry {broken.Number} ({StateReport.Time(broken.At)}, {broken.Action} in "
                + $"{broken.ProjectId}) {broken.Problem}";
            return $"{palette.Alarm("broken:")} {name}: {TerminalText.Escape(entry)}";
        }

        var before = account.BeforeChain == 0 ? "" : $", {account.BeforeChain} from before the chain";
        var erased = account.Erased == 0 ? "" : $", {account.Erased} with something erased";
        return $"{name}: {TextNames.Count(account.Entries, "entry", "entries")}{before}{erased}"
            + $"{(account.Head.Length > 0 ? $", head {account.Head}" : "")}";
    }
}
