using System.Text.Json;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Text;

namespace Reconciler.Reports;

/// <summary>Prints the audit trail. Names, reasons and messages come from other people, and are escaped.</summary>
public static class HistoryReport
{
    /// <summary>Prints entries in the given order.</summary>
    /// <param name="output">The output.</param>
    /// <param name="palette">The colours.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="more">Whether older entries were left out.</param>
    /// <param name="hint">What to try where there are no entries.</param>
    public static void Write(
        TextWriter output,
        Palette palette,
        IReadOnlyList<AuditEntry> entries,
        bool more,
        string hint
    )
    {
        foreach (var entry in entries)
            Write(output, palette, entry);
        if (entries.Count == 0)
            output.WriteLine($"No entry{(hint.Length > 0 ? TerminalText.Escape(hint) : ".")}");
        else
            output.WriteLine(
                $"{TextNames.Count(entries.Count, "entry", "entries")}"
                    + $"{(more ? "; older ones are left out (--limit)" : "")}."
            );
    }

    /// <summary>Serializes entries as JSON.</summary>
    public static string ToJson(IReadOnlyList<AuditEntry> entries, bool more) =>
        JsonText.Visible(
            JsonSerializer.Serialize(
                new(HistoryDocument.CurrentVersion, more, [.. entries.Select(HistoryDocumentEntry.Of)]),
                StateJson.Default.HistoryDocument
            )
        );

    private static void Write(TextWriter output, Palette palette, AuditEntry entry)
    {
        var place = entry.Project.ProjectId.Length > 0 ? entry.Project.ProjectId : entry.Project.BaseUrl;
        var project = TextNames.Short(entry.Document.Length > 0 ? entry.Document : place);
        var access = string.Join(", ", new[] { entry.Added, entry.Removed }.Where(t => t.Length > 0));
        var shown = access.Length > 0 ? $"  [{Escaped(access)}]" : "";
        var whom =
            entry.Person.Length > 0 ? entry.Person
            : entry.Project.ProjectId.Length > 0 ? "the project"
            : "somebody";
        output.WriteLine(
            $"{StateReport.Time(entry.At)}  {palette.Strong(Escaped(entry.Action))} {Escaped(whom)}  in "
                + $"{Escaped(project)}{shown}  {Outcome(palette, entry.Outcome)}"
        );
        string[] lines =
        [
            entry.Reason,
            entry.Declared,
            entry.Message,
            entry.Plan,
            After("vendor definition ", entry.Definition),
            .. OriginLines(entry),
        ];
        foreach (var line in lines.Where(t => t.Length > 0))
            output.WriteLine(palette.Quiet($"    {Escaped(line)}"));
    }

    // The actor, the source and the author. The author is only what a commit claims.
    private static IEnumerable<string> OriginLines(AuditEntry entry)
    {
        var origin = entry.Origin;
        if (entry.Approver.Length > 0)
            yield return $"approved by {entry.Approver}";
        if (origin.Actor.Length > 0)
            yield return $"by {origin.Actor}{After(" on ", origin.Host)}{After(", ", origin.Program)}";
        yield return After("run ", origin.Run);
        if (origin.Repository.Length > 0)
            yield return $"from {origin.Repository}{After(" at ", origin.Revision)}"
                + $"{After(", signed by ", origin.Signer)}";
        if (origin.Author.Length > 0)
            yield return origin.Commit.Length > 0
                ? $"line by {origin.Author} (claimed) in {origin.Commit}"
                : $"line: {origin.Author}";
    }

    private static string After(string words, string text) => text.Length > 0 ? words + text : "";

    private static string Outcome(Palette palette, AuditOutcome outcome) =>
        outcome switch
        {
            AuditOutcome.Done => palette.Good("done"),
            AuditOutcome.SettledDone => palette.Good("done, as read afterwards"),
            AuditOutcome.Failed => palette.Bad("failed"),
            AuditOutcome.SettledNotDone => palette.Bad("not done, as read afterwards"),
            AuditOutcome.PartlyDone => palette.Bad("revoked, and not invited again"),
            AuditOutcome.Manual => palette.Changed("left to a human"),
            AuditOutcome.Overtaken => palette.Changed("too late: the person had accepted"),
            _ => palette.Changed("outcome not known"),
        };

    private static string Escaped(string text) => TerminalText.Escape(text);
}

/// <summary>The audit trail as JSON; a change that breaks readers changes the version.</summary>
internal sealed record HistoryDocument(string Version, bool More, IReadOnlyList<HistoryDocumentEntry> Entries)
{
    public const string CurrentVersion = "reconciler.dev/history/v1";
}

/// <summary>An entry of the audit trail as JSON; what is not known is an empty text.</summary>
/// <param name="At">When it was done.</param>
/// <param name="VendorType">Type of the vendor, such as <c>gorules</c>; empty if the entry is about no project.</param>
/// <param name="BaseUrl">Base URL of the vendor's account; empty if the entry is about no project.</param>
/// <param name="ProjectId">The vendor's id of the project; empty if the entry is about no project.</param>
/// <param name="Document">Namespace and name of the ProjectMembership that declares or declared the project.</param>
/// <param name="Person">Address or id of the person; empty if the whole project is meant.</param>
/// <param name="Action">What was done, such as <c>invite</c>, <c>remove</c>, <c>approve</c>.</param>
/// <param name="Outcome">What came of it.</param>
public sealed record HistoryDocumentEntry(
    DateTimeOffset At,
    string VendorType,
    string BaseUrl,
    string ProjectId,
    string Document,
    string Person,
    string Action,
    AuditOutcome Outcome
)
{
    /// <summary>Access that the person gained, in words; empty for none.</summary>
    public required string Added { get; init; }

    /// <summary>Access that the person lost, in words; empty for none.</summary>
    public required string Removed { get; init; }

    /// <summary>Why it was done, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>Manifest entries that asked for it, as <c>path:line:column</c>; empty if none did.</summary>
    public required string Declared { get; init; }

    /// <summary>Digest of the plan that asked for it; empty if there was none.</summary>
    public required string Plan { get; init; }

    /// <summary>Digest of the VendorDefinition that it was written under; empty if a provider in code wrote.</summary>
    public required string Definition { get; init; }

    /// <summary>What the vendor or Reconciler said about the outcome; empty if nothing.</summary>
    public required string Message { get; init; }

    /// <summary>Whether limits count it as a removal, once it is done.</summary>
    public required bool CountsAsRemoval { get; init; }

    /// <summary>Who or what released the held plan, in words; empty if nothing was held.</summary>
    public required string Approver { get; init; }

    /// <summary>Who did it, on which machine, and from which source.</summary>
    public required AuditOrigin Origin { get; init; }

    internal static HistoryDocumentEntry Of(AuditEntry entry) =>
        new(
            entry.At,
            entry.Project.VendorType,
            entry.Project.BaseUrl,
            entry.Project.ProjectId,
            entry.Document,
            entry.Person,
            entry.Action,
            entry.Outcome
        )
        {
            Added = entry.Added,
            Removed = entry.Removed,
            Reason = entry.Reason,
            Declared = entry.Declared,
            Plan = entry.Plan,
            Definition = entry.Definition,
            Message = entry.Message,
            CountsAsRemoval = entry.CountsAsRemoval,
            Approver = entry.Approver,
            Origin = entry.Origin,
        };
}

/// <summary>
/// One entry of the audit trail as a line of JSON, with its seal: everything that is needed to verify the chain
/// elsewhere.
/// </summary>
/// <param name="Version">Names the shape, and the form of the hashed text.</param>
/// <param name="Number">The number of the entry in the state.</param>
/// <param name="Entry">The entry.</param>
/// <param name="Seal">The seal; null for an entry from before the chain.</param>
public sealed record HistoryLine(string Version, long Number, HistoryDocumentEntry Entry, AuditSeal? Seal)
{
    /// <summary>Serializes an entry as one line, without a line break.</summary>
    public static string Of(SealedEntry entry) =>
        JsonText.Visible(
            JsonSerializer.Serialize(
                new(AuditChain.Form, entry.Number, HistoryDocumentEntry.Of(entry.Entry), entry.Seal),
                StateJson.Lines.HistoryLine
            )
        );
}
