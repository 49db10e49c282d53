using Reconciler.Core.Membership;
using Reconciler.Engine.Planning;
using Reconciler.Engine.Reviews;

namespace Reconciler.Reports.Masking;

/// <summary>Masks the addresses in a review, for any output format.</summary>
public static class MaskedReview
{
    /// <summary>Masks every text of the review; returns the review itself where there is no mask.</summary>
    /// <param name="review">The review.</param>
    /// <param name="plan">The plan of the review. A text could name anybody in it.</param>
    /// <param name="mask">The mask; null to mask nothing.</param>
    public static AccessReview Masked(this AccessReview review, RunPlan plan, AddressMask? mask)
    {
        if (mask is null)
            return review;
        plan.TeachTo(mask);
        mask.Learn(
            review
                .Rows.SelectMany(r => new[] { r.Person, r.Account, r.InvitedBy ?? "" })
                .Concat(review.Rows.SelectMany(r => r.Findings.Select(f => f.Person)))
        );
        mask.Number(review.Rows.Select(r => r.Person));
        var projects = review.Projects.ToDictionary(p => p, p => Of(p, mask));
        return review with
        {
            Projects = [.. review.Projects.Select(p => projects[p])],
            Rows = [.. review.Rows.Select(r => Of(r, projects[r.Project], mask))],
            Provenance = review.Provenance is { } provenance ? Of(provenance, mask) : null,
        };
    }

    // A CI service may name its actor by address, and a repository or file may be named after a person.
    private static ReviewProvenance Of(ReviewProvenance provenance, AddressMask mask) =>
        provenance with
        {
            IsMasked = true,
            Origin = provenance.Origin with
            {
                Actor = mask.Text(provenance.Origin.Actor),
                Host = mask.Text(provenance.Origin.Host),
                Run = mask.Text(provenance.Origin.Run),
                Repository = mask.Text(provenance.Origin.Repository),
            },
            Files = [.. provenance.Files.Select(f => f with { Path = mask.Text(f.Path) })],
        };

    /// <summary>Masks what a role or group permits.</summary>
    internal static GrantMeaning Of(GrantMeaning meaning, AddressMask mask) =>
        new(
            meaning.Field,
            mask.Text(meaning.Word),
            meaning.Description is { } description ? mask.Text(description) : null,
            [.. meaning.Permits.Select(mask.Text)]
        );

    /// <summary>Masks a project.</summary>
    internal static ReviewProject Of(ReviewProject project, AddressMask mask) =>
        project with
        {
            ProjectId = mask.Text(project.ProjectId),
            VendorName = project.VendorName is { } name ? mask.Text(name) : null,
            Meanings = [.. project.Meanings.Select(m => Of(m, mask))],
            Message = project.Message is { } message ? mask.Text(message) : null,
        };

    /// <summary>Masks a row. A name would tell who is behind the masked address, so it is left out.</summary>
    internal static ReviewRow Of(ReviewRow row, ReviewProject project, AddressMask mask) =>
        row with
        {
            Project = project,
            Person = mask.Text(row.Person),
            Key = mask.Text(row.Key),
            Account = mask.Text(row.Account),
            Name = null,
            InvitedBy = row.InvitedBy is { } by ? mask.Text(by) : null,
            Access = Access.Of(
                row.Access.Grants.Select(g => new Grant(g.Field, mask.Text(g.Word), mask.Text(g.Label)))
            ),
            Reason = row.Reason is { } reason ? mask.Text(reason) : null,
            Declared = [.. row.Declared.Select(mask.Text)],
            Findings =
            [
                .. row.Findings.Select(f => f with { Person = mask.Text(f.Person), Message = mask.Text(f.Message) }),
            ],
        };
}
