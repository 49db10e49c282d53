using Reconciler.Core.Text;
using Reconciler.Engine.Reviews;

namespace Reconciler.Reports.Review;

/// <summary>Counts the contents of a review, once for every format.</summary>
/// <param name="review">The review.</param>
public sealed class ReviewTotals(AccessReview review)
{
    /// <summary>The number of people; each counts once.</summary>
    internal int People { get; } = review.Rows.Select(r => r.Key).Distinct(StringComparer.Ordinal).Count();

    internal int Projects { get; } = review.Projects.Count(p => p.Reading == ReviewReading.Read);

    internal int Providers { get; } =
        review
            .Projects.Where(p => p.Reading == ReviewReading.Read)
            .Select(p => p.Provider)
            .Distinct(StringComparer.Ordinal)
            .Count();

    /// <summary>The number of memberships: a person in two projects has two.</summary>
    internal int Members { get; } = Of(review, ReviewState.Member);

    internal int Admins { get; } = review.Rows.Count(r => r is { State: ReviewState.Member, Admin: true });

    internal int Invited { get; } = Of(review, ReviewState.Invited);

    internal int Absent { get; } = Of(review, ReviewState.Absent);

    internal int Unmanaged { get; } = Of(review, ReviewStanding.Unmanaged);

    /// <summary>
    /// The number of memberships and invitations that the next apply removes, without those that a limit holds.
    /// </summary>
    internal int Leaving { get; } = review.Rows.Count(r => r is { Standing: ReviewStanding.Leaving, Held: false });

    internal int LeavingHeld { get; } = review.Rows.Count(r => r is { Standing: ReviewStanding.Leaving, Held: true });

    internal int LeftAlone { get; } = Of(review, ReviewStanding.LeftAlone);

    internal int EndingSoon { get; } = review.Rows.Count(review.EndsSoon);

    internal int? LongestWaitDays { get; } = review.Rows.Max(r => ReviewWords.Days(r.Waits));

    internal int Failed { get; } = Of(review, ReviewReading.Failed);

    internal int Suspended { get; } = Of(review, ReviewReading.Suspended);

    internal int Gone { get; } = Of(review, ReviewReading.Orphaned) + Of(review, ReviewReading.Stranded);

    /// <summary>Renders the numbers in sentences, which contain no text from other people.</summary>
    public IEnumerable<string> Sentences()
    {
        var all = Projects + Failed + Suspended;
        if (ReadingSentences.NothingKnown(all, Failed, Suspended) is { } unknown)
        {
            yield return $"Nothing is known: {unknown}.";
            yield break;
        }

        yield return $"{TextNames.Count(People, "person", "people")} in "
            + $"{ReadingSentences.Known(all, Projects, Failed)} at "
            + $"{TextNames.Count(Providers, "provider", "providers")}: "
            + $"{TextNames.Count(Members, "membership", "memberships")} ({Admins} with administration), {Invited} "
            + $"invited, {Absent} absent.";
        if (LongestWaitDays is { } days)
            yield return $"{TextNames.Count(Invited, "invitation waits", "invitations wait")}, the longest for "
                + $"{TextNames.Count(days, "day", "days")}.";
        if (Unmanaged + Leaving + LeavingHeld > 0)
            yield return $"Declared by no manifest: {Unmanaged} unmanaged, {Leaving} leaving with the next "
                + $"apply{(LeavingHeld > 0 ? $", {LeavingHeld} held" : "")}.";
        if (LeftAlone > 0)
            yield return $"Not managed: {LeftAlone} ignored, protected or machine accounts.";
        if (EndingSoon > 0)
            yield return $"Ending within {(int)AccessReview.Soon.TotalDays} days: {EndingSoon}.";
        if (!review.HasHistory)
            yield return "There is no audit trail, so since when and by which plan is not known.";
        if (Failed + Suspended + Gone > 0)
            yield return $"Not read: {Failed} failed, {Suspended} suspended, {Gone} no longer declared.";
    }

    private static int Of(AccessReview review, ReviewState state) => review.Rows.Count(r => r.State == state);

    private static int Of(AccessReview review, ReviewStanding standing) =>
        review.Rows.Count(r => r.Standing == standing);

    private static int Of(AccessReview review, ReviewReading reading) =>
        review.Projects.Count(p => p.Reading == reading);
}
