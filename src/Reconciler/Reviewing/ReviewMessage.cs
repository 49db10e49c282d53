using System.Globalization;
using System.Text;
using Reconciler.Core.Text;

namespace Reconciler.Reviewing;

/// <summary>The message of the commit that carries a review out.</summary>
internal static class ReviewMessage
{
    public static string Of(ReviewDecisions decisions, IReadOnlyCollection<Revocation> revocations)
    {
        var edits = revocations.Where(r => r.IsEdit).ToList();
        var left = revocations.Where(r => r.Advice.Length > 0).ToList();
        var people = edits.Select(r => r.PersonKey).Distinct(StringComparer.Ordinal).Count();
        var text = new StringBuilder();
        Line($"Revoke access of {TextNames.Count(people, "person", "people")} after the access review");
        Line("");
        Line(
            $"The review was read at {TerminalText.Minute(decisions.ReviewedAt)}"
                + (decisions.Commit.Length > 0 ? $" from commit {decisions.Commit}" : "")
                + $".{(decisions.Reviewer.Length > 0 ? $" Reviewed by {decisions.Reviewer}." : "")}"
        );
        Line(
            $"Decided: {decisions.Decisions.Count(d => d.Keeps).ToString(CultureInfo.InvariantCulture)} keep, "
                + $"{revocations.Count.ToString(CultureInfo.InvariantCulture)} revoke."
        );
        Line("");
        Line("Revoked:");
        foreach (var revoked in edits)
            Line($"- {Name(revoked)}{Comment(revoked)}");
        if (left.Count == 0)
            return text.ToString();
        Line("");
        Line("Left to do by hand:");
        foreach (var manual in left)
            Line($"- {Name(manual)}{Comment(manual)}: {manual.Advice}");
        return text.ToString();

        void Line(string line) => text.Append(TerminalText.Escape(line)).Append('\n');
    }

    /// <summary>Names the person and the project, on one line without hidden characters.</summary>
    public static string Name(Revocation revocation) =>
        TerminalText.Escape(
            $"{revocation.Decision.Person} in {revocation.Project.Provider.Name}: "
                + TextNames.Short(revocation.Project.Id)
        );

    private static string Comment(Revocation revocation) =>
        revocation.Decision.Comment.Length > 0 ? $" ({revocation.Decision.Comment})" : "";
}
