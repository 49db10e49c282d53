using System.Globalization;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Planning;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Reviews;
using Reconciler.Reports.Review;

namespace Reconciler.Worker.Web;

/// <summary>Times and counts as people say them.</summary>
internal static class StatusWords
{
    /// <summary>How long something took or lasts, in the largest unit that fits.</summary>
    public static string Length(TimeSpan time) =>
        time switch
        {
            { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
            { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalSeconds} s"),
            { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min"),
            { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} days"),
        };

    /// <summary>How long ago, or how far ahead.</summary>
    public static string Distance(DateTimeOffset at, DateTimeOffset now)
    {
        var ago = now - at;
        if (ago.Duration() < TimeSpan.FromSeconds(1))
            return "now";
        return ago > TimeSpan.Zero
            ? $"{Length(TimeSpan.FromSeconds(Math.Round(ago.TotalSeconds)))} ago"
            : $"in {Length(TimeSpan.FromSeconds(Math.Round(-ago.TotalSeconds)))}";
    }

    /// <summary>A state as a word.</summary>
    public static string Of<T>(T state)
        where T : struct, Enum => state.ToString().ToLowerInvariant();

    /// <summary>The outcome of an entry of the audit trail, in words; empty where all of it was done.</summary>
    public static string OutcomeOf(AuditOutcome outcome) =>
        outcome switch
        {
            AuditOutcome.Done or AuditOutcome.SettledDone => "",
            AuditOutcome.PartlyDone => "done in part",
            AuditOutcome.SettledNotDone => "not done",
            AuditOutcome.Unknown => "not known yet",
            AuditOutcome.Manual => "left to a human",
            _ => Of(outcome),
        };

    /// <summary>A number that people read.</summary>
    public static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun.</summary>
    public static string Count(int count, string one, string many) => $"{Number(count)} {(count == 1 ? one : many)}";

    /// <summary>What a hold stops, as the beginning of a sentence; empty for everything.</summary>
    public static string ScopePrefix(HoldScope scope) =>
        scope switch
        {
            HoldScope.Removals => "Removals only: ",
            HoldScope.RemovalsAndMails => "Removals and mails only: ",
            HoldScope.Invitations => "Invitations only: ",
            _ => "",
        };

    /// <summary>What became of a plan's actions, in a few words; empty where none were due.</summary>
    public static string Outcomes(ProjectResult? result) =>
        result is null
            ? ""
            : string.Join(
                ", ",
                result
                    .Outcomes.CountBy(o => o.Kind)
                    .OrderBy(o => o.Key)
                    .Select(o => Count(o.Value, Of(o.Key), Of(o.Key)))
            );

    /// <summary>How long an invitation waits, and how often it was sent again.</summary>
    public static string Waits(ReviewRow row)
    {
        var days = Count(ReviewWords.Days(row.Waits) ?? 0, "day", "days");
        return row.Resends == 0 ? days : $"{days}, {Count(row.Resends, "reminder", "reminders")}";
    }

    /// <summary>A revision as people write it.</summary>
    public static string Short(string revision) => revision.Length > 12 ? revision[..12] : revision;
}
