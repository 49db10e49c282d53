using Reconciler.Core.Explaining;
using Reconciler.Engine.Explaining;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports.Masking;

/// <summary>Masks the addresses in an explanation, for any output format, and leaves people's names out.</summary>
public static class MaskedExplanation
{
    /// <summary>Masks every text of the explanation; returns the explanation itself where there is no mask.</summary>
    /// <param name="explanation">The explanation.</param>
    /// <param name="plan">The plan that it is made from; a text could name anybody in it. Null offline.</param>
    /// <param name="mask">The mask; null to mask nothing.</param>
    public static Explanation Masked(this Explanation explanation, RunPlan? plan, AddressMask? mask)
    {
        if (mask is null)
            return explanation;
        plan?.TeachTo(mask);
        var subject = explanation.Subject;
        mask.Learn(
            subject
                .OtherAddresses.Append(subject.Email)
                .Concat(explanation.Similar)
                .Concat(
                    explanation.Accesses.SelectMany(a => new[] { a.Row.Person, a.Row.Account, a.Row.InvitedBy ?? "" })
                )
        );
        mask.Number(subject.OtherAddresses.Append(subject.Email));
        return explanation with
        {
            Subject = new(
                mask.Text(subject.Email),
                [.. subject.OtherAddresses.Select(mask.Text)],
                [.. subject.Persons.Select(mask.Text)]
            ),
            Accesses = [.. explanation.Accesses.Select(a => Of(a, mask))],
            NotRead = [.. explanation.NotRead.Select(p => MaskedReview.Of(p, mask))],
            Mentions =
            [
                .. explanation.Mentions.Select(m =>
                    m with
                    {
                        At = m.At with { Path = mask.Text(m.At.Path) },
                        Name = mask.Text(m.Name),
                    }
                ),
            ],
            Removed = explanation.Removed is { } removed
                ? removed with
                {
                    Person = mask.Text(removed.Person),
                    Document = mask.Text(removed.Document),
                }
                : null,
            Similar = [.. explanation.Similar.Select(mask.Text)],
        };
    }

    private static ExplainedAccess Of(ExplainedAccess access, AddressMask mask)
    {
        var project = MaskedReview.Of(access.Row.Project, mask);
        return access with
        {
            Row = MaskedReview.Of(access.Row, project, mask),
            Paths = [.. access.Paths.Select(p => Of(p, mask))],
            Next =
            [
                .. access.Next.Select(n => new ExplainedAction(n.Action.Masked(mask), [.. n.HeldBy.Select(mask.Text)])),
            ],
            Meanings = [.. access.Meanings.Select(m => MaskedReview.Of(m, mask))],
        };
    }

    private static AccessPath Of(AccessPath path, AddressMask mask) =>
        new(
            [
                .. path.Steps.Select(s => new PathStep(
                    s.At with
                    {
                        Path = mask.Text(s.At.Path),
                    },
                    s.Team is null ? null : mask.Text(s.Team)
                )),
            ],
            path.Role is null ? null : mask.Text(path.Role)
        )
        {
            ExpiresAt = path.ExpiresAt,
            Reason = path.Reason is null ? null : mask.Text(path.Reason),
        };
}
