using System.Globalization;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>
/// Renders the end of a plan for people: its counts in sentences, with the same words in every format.
/// </summary>
public static class PlanSentences
{
    /// <summary>Renders the sentences, one for each line. They contain no text from other people.</summary>
    internal static IEnumerable<string> Of(RunPlan plan, Palette palette, bool notes = true)
    {
        var summary = new PlanSummary(plan);
        yield return First(summary, palette);
        foreach (var note in notes ? Notes(plan) : [])
            yield return palette.Quiet($"Note: {note}.");
        if (summary.Findings > 0)
            yield return $"Findings: {summary.FindingsInWords()}.";
        if (summary.NotJudged > 0)
            yield return $"{summary.NotJudged} undeclared {(summary.NotJudged == 1 ? "person" : "people")} not judged: "
                + "no ownership record (give one with --baseline, or set prune: all).";
        if (MailsOf(plan) is { } mails)
            yield return mails;
        foreach (var deleted in plan.Deleted.Orphaned)
            yield return $"The project that {Name(deleted)} declared is no longer declared; deletionPolicy: orphan, so "
                + "everybody keeps their access.";
        foreach (var deleted in plan.Deleted.Unreachable)
            yield return palette.Alarm(
                $"The project that {Name(deleted)} declared is no longer declared and asks to revoke, but no "
                    + $"AccessProvider connects to its {deleted.Key.VendorType} account: declare one until the "
                    + "access is revoked."
            );
        foreach (var deleted in plan.Deleted.Renamed)
            yield return $"The project that {Name(deleted)} declared has a connection of another type than "
                + $"{deleted.Key.VendorType} now, so nobody is removed. Nobody in it is owned until an apply invites "
                + "or changes them, or reconciler state adopt says so.";
        if (plan.Deleted.NotJudged.Length is > 0 and var notJudged)
        {
            var (are, they, cameBy) = notJudged == 1 ? ("is", "It was", "it") : ("are", "They were", "they");
            yield return $"{Projects(notJudged)} with deletionPolicy: revoke {are} not declared here. {they} not "
                + $"checked, because this run did not read all the files that {cameBy} came from (other folders, "
                + "another source, or other patterns left out).";
        }

        if (summary.Suspended > 0)
            yield return $"{Projects(summary.Suspended)} suspended.";
        if (summary.DryRun > 0)
            yield return $"Only shown: {Kinds(summary.DryRunOf, palette)} in {Projects(summary.DryRun)} with dryRun: "
                + "true.";
        foreach (var sentence in Loosened(plan))
            yield return palette.Alarm(sentence);
        if (summary.Held > 0)
            yield return palette.Alarm(
                $"Held: {Kinds(summary.HeldOf, new(false))} in {Projects(summary.Held)}; nothing held is "
                    + "applied. Make the change smaller, release it once by its digest, or raise the limit (its "
                    + "Guardrail, --max-removals)."
            );
        if (summary.Failed > 0 && summary.Read > 0)
            yield return palette.Alarm($"Failed: {ReadingSentences.NotRead(summary.Failed)}");
        if (summary.LeftAlone > 0)
            yield return $"{People(summary.LeftAlone)} not managed: {NotManagedLines.Counts(plan)}.";
    }

    // Nothing is known about projects that were not read, and a missing sentence would look like good news.
    private static string First(PlanSummary summary, Palette palette)
    {
        if (ReadingSentences.NothingKnown(summary.Projects, summary.Failed, summary.Suspended) is { } unknown)
            return $"{palette.Alarm("Nothing is known:")} {unknown}.";
        if (summary.Actions > 0)
            return Counts(summary, palette);
        var known = ReadingSentences.Known(summary.Projects, summary.Read, summary.Failed);
        var have =
            $"{People(summary.Converged)} in {known} {(summary.Converged == 1 ? "has" : "have")} the declared access.";
        return summary.Failed == 0
            ? $"{palette.Strong("No changes.")} {have}"
            : $"{palette.Strong("No changes where something is known.")} {have}";
    }

    // The sentence appears even if the limit would hold nothing today, since the next apply is checked against the new
    // limit.
    private static IEnumerable<string> Loosened(RunPlan plan)
    {
        var loosened = plan.Plans.Where(p => !p.LimitChange.Texts.IsEmpty).ToLookup(p => p.LimitChange.IsUnknown);
        var (changed, unknown) = (loosened[false].Count(), loosened[true].Count());
        if (changed > 0)
        {
            yield return $"Limits are loosened in {Projects(changed)}: the limits last applied count in this apply, "
                + "the new ones from the next on.";
        }

        if (unknown == 0)
            yield break;
        var until = plan.HasOwnershipRecord
            ? "until they were applied once"
            : "without a state or --baseline, which say what was applied";
        yield return $"Guardrails among the manifests are looser than the built-in limits in {Projects(unknown)}; they "
            + $"only tighten {until}.";
    }

    /// <summary>Counts the actions of each kind, such as "2 to invite, 1 to remove".</summary>
    internal static string Kinds(Func<ActionKind, int> count, Palette palette)
    {
        var removals = string.Create(CultureInfo.InvariantCulture, $"{count(ActionKind.Remove)} to remove");
        var kinds = new[]
        {
            ActionKind.Invite,
            ActionKind.Update,
            ActionKind.Replace,
            ActionKind.Resend,
            ActionKind.Revoke,
        }
            .Where(k => count(k) > 0)
            .Select(k =>
                string.Create(CultureInfo.InvariantCulture, $"{count(k)} to {k.ToString().ToLowerInvariant()}")
            )
            .Append(count(ActionKind.Remove) > 0 ? palette.Alarm(removals) : removals);
        return string.Join(", ", kinds);
    }

    /// <summary>Renders a number of projects.</summary>
    public static string Projects(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "project" : "projects")}");

    /// <summary>Lists the side effects at vendors, each once.</summary>
    internal static IEnumerable<string> Notes(RunPlan plan) =>
        plan
            .Plans.SelectMany(p =>
                p.Actions.Where(a => a.Note is not null)
                    .Select(a =>
                        $"{a.Kind.ToString().ToLowerInvariant()} at {p.Project.Provider.Vendor.Name}: "
                        + $"{TerminalText.Escape(a.Note!)}"
                    )
            )
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

    // Only a state records when mails were sent, who was given up and who left.
    private static string? MailsOf(RunPlan plan)
    {
        if (
            plan.Plans.Any(p => p.Project.IsDeleted)
            || plan.Projects.Any(p => p.Memory.Ledger.Source == OwnershipSource.Ledger)
        )
            return null;
        var asking = plan.Plans.Select(p => p.Project.Invitations).Where(i => Fields(i).Any()).ToList();
        if (asking.Count == 0)
            return null;
        var fields = string.Join(
            ", ",
            asking.SelectMany(Fields).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );
        var asks = $"{Projects(asking.Count)} {(asking.Count == 1 ? "asks" : "ask")} for invitations.{{{fields}}}";
        return plan.Projects.All(p => p.Memory.Stored is null)
            ? $"{asks}: without a state that lasts from run to run (--state FILE) they do nothing, and nobody "
                + "knows who left or was given up."
            : $"{asks}: no state of an earlier run was found, so they count from this run on (keep the state "
                + "from run to run).";
    }

    private static IEnumerable<string> Fields(InvitationPolicy policy)
    {
        if (policy.ResendAfter is not null)
            yield return "resendAfter";
        if (policy.MaxResends != InvitationPolicy.Default.MaxResends)
            yield return "maxResends";
        if (policy.ExpireAfter is not null)
            yield return "expireAfter";
        if (policy.ReinviteLeft)
            yield return "reinviteLeft";
    }

    private static string Name(StoredLedger deleted) =>
        TerminalText.Escape(TextNames.Short(deleted.Ledger!.Applied!.Document));

    // Everything may be held or only shown; the sentences after this one report that.
    private static string Counts(PlanSummary summary, Palette palette) =>
        summary.ProjectsWithChanges == 0
            ? $"{palette.Strong("Plan:")} nothing to apply now."
            : $"{palette.Strong("Plan:")} {Kinds(summary.Of, palette)}, in "
                + $"{ReadingSentences.Of(summary.ProjectsWithChanges, summary.Read, summary.Failed)}.";

    private static string People(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "person" : "people")}");
}
