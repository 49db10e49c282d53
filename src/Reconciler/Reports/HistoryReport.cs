using System.Text.Json;
using Reconciler.Core.Ledgers;

namespace Reconciler.Reports;

/// <summary>Prints the audit trail. Names, reasons and messages were written by others, and are escaped.</summary>
internal static class HistoryReport
{
    /// <summary>Prints entries in the order in which they come.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="palette">Colours.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="more">Whether older ones were left out.</param>
    /// <param name="hint">What to try where nothing was found.</param>
    public static void Write(TextWriter output, Palette palette, IReadOnlyList<AuditEntry> entries, bool more, string hint)
    {
        foreach (var entry in entries) Write(output, palette, entry);
        if (entries.Count == 0) output.WriteLine($"No entry{(hint.Length > 0 ? TerminalText.Escape(hint) : ".")}");
        else output.WriteLine($"{TextNames.Count(entries.Count, "entry", "entries")}{(more ? "; older ones are left out (--limit)" : "")}.");
    }

    /// <summary>The same as JSON.</summary>
    public static string ToJson(IReadOnlyList<AuditEntry> entries, bool more) =>
        JsonText.Visible(JsonSerializer.Serialize(new(HistoryDocument.CurrentVersion, more, [.. entries.Select(HistoryDocumentEntry.Of)]), StateJson.Default.HistoryDocument));

    private static void Write(TextWriter output, Palette palette, AuditEntry entry)
    {
        var project = TextNames.Short(entry.Document.Length > 0 ? entry.Document : entry.Project.ProjectId);
        var access = string.Join(", ", new[] { entry.Added, entry.Removed }.Where(t => t.Length > 0));
        var shown = access.Length > 0 ? $"  [{Escaped(access)}]" : "";
        output.WriteLine($"{StateReport.Time(entry.At)}  {palette.Strong(Escaped(entry.Action))} {Escaped(entry.Person.Length > 0 ? entry.Person : "the project")}  in {Escaped(project)}{shown}  {Outcome(palette, entry.Outcome)}");
        foreach (var line in new[] { entry.Reason, entry.Declared, entry.Message, entry.Plan }.Where(t => t.Length > 0)) output.WriteLine(palette.Quiet($"    {Escaped(line)}"));
    }

    private static string Outcome(Palette palette, AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Done => palette.Good("done"),
        AuditOutcome.SettledDone => palette.Good("done, as read afterwards"),
        AuditOutcome.Failed => palette.Bad("failed"),
        AuditOutcome.SettledNotDone => palette.Bad("not done, as read afterwards"),
        AuditOutcome.PartlyDone => palette.Bad("revoked, and not invited anew"),
        AuditOutcome.Manual => palette.Changed("left to a human"),
        _ => palette.Changed("outcome not known"),
    };

    private static string Escaped(string text) => TerminalText.Escape(text);
}

/// <summary>The audit trail as JSON; a change that breaks readers changes the version.</summary>
internal sealed record HistoryDocument(string Version, bool More, IReadOnlyList<HistoryDocumentEntry> Entries)
{
    public const string CurrentVersion = "reconciler.dev/history/v1";
}

internal sealed record HistoryDocumentEntry(DateTimeOffset At, string VendorType, string BaseUrl, string ProjectId, string Document, string Person, string Action, AuditOutcome Outcome)
{
    public required string Added { get; init; }

    public required string Removed { get; init; }

    public required string Reason { get; init; }

    public required string Declared { get; init; }

    public required string Plan { get; init; }

    public required string Message { get; init; }

    public required bool CountsAsRemoval { get; init; }

    public static HistoryDocumentEntry Of(AuditEntry entry) =>
        new(entry.At, entry.Project.VendorType, entry.Project.BaseUrl, entry.Project.ProjectId, entry.Document, entry.Person, entry.Action, entry.Outcome)
        {
            Added = entry.Added,
            Removed = entry.Removed,
            Reason = entry.Reason,
            Declared = entry.Declared,
            Plan = entry.Plan,
            Message = entry.Message,
            CountsAsRemoval = entry.CountsAsRemoval,
        };
}
