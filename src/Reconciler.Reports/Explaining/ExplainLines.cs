using System.Globalization;
using Reconciler.Core.Explaining;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Engine.Explaining;
using Reconciler.Engine.Reviews;
using Reconciler.Reports.Review;

namespace Reconciler.Reports.Explaining;

/// <summary>Renders a person's access in one project as labels and texts. Text of others is not escaped yet.</summary>
internal static class ExplainLines
{
    /// <summary>Returns the lines, each with its label.</summary>
    public static IEnumerable<(string Label, string Text)> Of(Explanation explanation, ExplainedAccess access)
    {
        var row = access.Row;
        yield return ("access", Access(explanation, row));
        foreach (var meaning in access.Meanings)
            yield return ("permits", $"{meaning.Word}: {meaning}");
        foreach (var line in Why(access))
            yield return line;
        if (row.InvitedAt is { } invited)
            yield return ("invited", Invited(row, invited));
        yield return ("since", Since(explanation, row));
        yield return ("until", row.Until is { } until ? Expiry.Words(until) : "no end (no expiresAt)");
        foreach (var line in Next(explanation, access))
            yield return line;
        foreach (var finding in row.Findings)
            yield return ("note", $"{PlanSummary.Word(finding.Kind)}: {finding.Message}");
    }

    private static string Access(Explanation explanation, ReviewRow row)
    {
        var words = row.Access.IsNone ? "nothing" : row.Access.ToString();
        var account =
            row.Account.Length > 0 && EmailAddress.KeyOf(row.Account) != EmailAddress.KeyOf(row.Person)
                ? $", as {row.Account}"
                : "";
        var state = explanation.IsOffline ? "declared" : row.State.ToString().ToLowerInvariant();
        if (explanation.IsOffline && row.Standing != ReviewStanding.Declared)
            state = "remembered";
        return $"{state}{(row.Admin ? ", admin" : "")}: {words}{account}";
    }

    private static IEnumerable<(string Label, string Text)> Why(ExplainedAccess access)
    {
        var row = access.Row;
        foreach (var path in access.Paths)
        {
            yield return ("why", Steps(path));
            if (Details(path) is { Length: > 0 } details)
                yield return ("", details);
        }

        if (!access.Paths.IsEmpty)
            yield break;
        if (row.WhyNotManaged is { } why)
            yield return ("why", $"not managed: {row.Person} is {why}");
        else if (!row.Declared.IsEmpty)
            yield return ("why", $"{row.Reason} ({string.Join(", ", row.Declared)})");
        else if (row.Owned)
            yield return ("why", "Reconciler granted it, and no manifest declares it any more");
        else
            yield return ("why", $"unmanaged: no manifest declares it; prune: {access.Prune} leaves it");
    }

    // The project's entry comes first, then each team on the way to the person.
    private static string Steps(AccessPath path)
    {
        var steps = path.Steps.Select(s => s.Team is { } team ? $"{s.At} team {team}" : $"{s.At}");
        return string.Join(" → ", steps);
    }

    private static string Details(AccessPath path)
    {
        var parts = new[]
        {
            path.Role is { } role ? $"role {role}" : null,
            path.ExpiresAt is { } end ? $"until {Expiry.Words(end)}" : null,
            path.Reason is { Length: > 0 } reason ? $"reason: {reason}" : null,
        };
        return string.Join(", ", parts.OfType<string>());
    }

    private static string Invited(ReviewRow row, DateTimeOffset invited)
    {
        var by = row.InvitedBy is { } inviter ? $" by {inviter}" : "";
        var mails =
            row.Resends == 0
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $", {row.Resends} sent again, the last {ReviewWords.Date(row.LastMailAt ?? invited)}"
                );
        return $"{ReviewWords.Date(invited)}{by}{mails}";
    }

    private static string Since(Explanation explanation, ReviewRow row)
    {
        var changed = row.ChangedAt is { } at ? $", changed {ReviewWords.Date(at)}" : "";
        if (row.Since is { } since)
            return $"{ReviewWords.Date(since)}{changed}";
        if (changed.Length > 0)
            return $"before {ReviewWords.Date(row.ChangedAt!.Value)}{changed}";
        if (row is { State: ReviewState.Absent } && !explanation.IsOffline)
            return "not yet";
        return explanation.HasHistory
            ? "unknown: Reconciler has no record of granting it"
            : "unknown: no state with a history was read (--state)";
    }

    private static IEnumerable<(string Label, string Text)> Next(Explanation explanation, ExplainedAccess access)
    {
        if (explanation.IsOffline)
        {
            if (Remembered(access.Record) is { } remembered)
                yield return ("state", remembered);
            yield return ("next apply", "unknown: the vendor was not asked (--offline)");
            yield break;
        }

        if (access.Next.IsEmpty)
            yield return ("next apply", "changes nothing");
        foreach (var (action, heldBy) in access.Next)
        {
            yield return ("next apply", $"{TextPlan.Words(action)}: {action.Reason}");
            if (TextPlan.TakenOut(action) is { } commit)
                yield return ("", commit);
            foreach (var limit in heldBy)
                yield return ("held by", limit);
        }
    }

    private static string? Remembered(PersonRecord? record) =>
        record?.State switch
        {
            PersonState.Invited =>
                $"invited on {ReviewWords.Date(record.InvitedAt ?? default)}, not accepted when last seen",
            PersonState.Member => "a member when last seen",
            PersonState.GaveUp => "the invitation was given up",
            PersonState.Known => record.Owned ? "granted by Reconciler" : null,
            _ => null,
        };
}
