using System.Globalization;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Text;
using Reconciler.Engine.Reviews;

namespace Reconciler.Reports.Review;

/// <summary>Describes a row with the same words in every format. Untrusted text in them is not escaped yet.</summary>
public static class ReviewWords
{
    /// <summary>Names a status in manifests.</summary>
    public static string Of(ReviewStanding standing) =>
        standing == ReviewStanding.LeftAlone ? "not managed" : standing.ToString().ToLowerInvariant();

    /// <summary>Describes state, administration and status, such as <c>member, admin, unmanaged</c>.</summary>
    public static string State(ReviewRow row)
    {
        var words = new List<string> { row.State.ToString().ToLowerInvariant() };
        if (row.Admin)
            words.Add("admin");
        if (row.Standing != ReviewStanding.Declared)
            words.Add(Of(row.Standing));
        return string.Join(", ", words);
    }

    /// <summary>Names a project with its connection, and with the vendor's name and id.</summary>
    public static string Project(ReviewProject project) =>
        project.Provider.Length == 0 ? Name(project) : $"{project.ProviderName}: {Name(project)}";

    /// <summary>Names the document in short form.</summary>
    internal static string Name(ReviewProject project) => TextNames.Short(project.Document);

    /// <summary>Lists everything about dates and reasons.</summary>
    internal static IEnumerable<string> Details(ReviewRow row)
    {
        if (row.Account.Length > 0 && EmailAddress.KeyOf(row.Account) != EmailAddress.KeyOf(row.Person))
            yield return $"as {row.Account}";
        if (NameOf(row) is { } name)
            yield return $"“{name}”";
        if (row.Since is { } since)
            yield return $"since {Date(since)}";
        if (row.ChangedAt is { } changed)
            yield return $"changed {Date(changed)}";
        if (row.Until is { } until)
            yield return $"until {Expiry.Words(until)}";
        if (row.InvitedAt is { } invited)
            yield return Waits(row, invited);
        if (row.InvitedBy is { } inviter)
            yield return $"invited by {inviter}";
        if (row.WhyNotManaged is { } why)
            yield return why;
        if (row.Change.Length > 0)
            yield return Next(row);
        if (row.Reason is { Length: > 0 } reason)
            yield return reason;
        if (!row.Declared.IsEmpty)
            yield return $"({string.Join(", ", row.Declared)})";
    }

    /// <summary>Describes what the next apply would do; empty for nothing.</summary>
    public static string Next(ReviewRow row) =>
        row.Change.Length == 0 ? "" : $"next apply: {row.Change}{(row.Held ? " (held)" : "")}";

    /// <summary>Converts a wait to whole days.</summary>
    public static int? Days(TimeSpan? wait) => wait is { } time ? Math.Max(0, (int)time.TotalDays) : null;

    /// <summary>Formats a date.</summary>
    internal static string Date(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Returns the person's name; null where the address says it already, or nobody tells it.</summary>
    internal static string? NameOf(ReviewRow row)
    {
        var address = row.Account.Length > 0 ? row.Account : row.Person;
        return row.Name is { } name && !address.StartsWith($"{name}@", StringComparison.OrdinalIgnoreCase)
            ? name
            : null;
    }

    private static string Waits(ReviewRow row, DateTimeOffset invited)
    {
        var days = Days(row.Waits);
        var mails =
            row.Resends == 0
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $", {row.Resends} sent again, the last {Date(row.LastMailAt ?? invited)}"
                );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"waits {days} {(days == 1 ? "day" : "days")} since {Date(invited)}{mails}"
        );
    }
}
