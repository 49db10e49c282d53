using Reconciler.Core.Membership;
using Reconciler.Engine.Reviews;

namespace Reconciler.Reports.Review;

/// <summary>One account, invitation or absent person in one project.</summary>
/// <param name="Person">Address as declared, else as the vendor has it, else the vendor's id.</param>
/// <param name="Account">Address that the vendor has; empty if it has none.</param>
/// <param name="Provider">Namespace and name of the AccessProvider.</param>
/// <param name="Vendor">Type of the vendor, such as <c>gorules</c>.</param>
/// <param name="Project">Namespace and name of the ProjectMembership.</param>
/// <param name="ProjectId">The vendor's id of the project.</param>
/// <param name="ProjectName">The vendor's name of the project; null if the API does not tell.</param>
/// <param name="State">At the vendor: <c>member</c>, <c>invited</c> or <c>absent</c>.</param>
/// <param name="Standing">In manifests: <c>declared</c>, <c>unmanaged</c>, <c>leaving</c> or <c>leftAlone</c>.</param>
/// <param name="Access">Access in words; if invited, what accepting gives; if absent, what is declared.</param>
/// <param name="Grants">The same access as a list; empty for none.</param>
/// <param name="Admin">Whether this access administers the project.</param>
/// <param name="Owned">Whether Reconciler granted the access, or found it as declared.</param>
/// <param name="Since">When Reconciler invited or added the person; null if the audit trail does not say.</param>
/// <param name="ChangedAt">When Reconciler last changed the access; null if it never did.</param>
/// <param name="Until">First moment without access; null if the access does not end.</param>
/// <param name="Reason">Why the person has access, as the manifests say; null if they do not.</param>
/// <param name="Declared">Manifest entries that declare the person, as <c>path:line:column</c>.</param>
/// <param name="InvitedAt">When the pending invitation was made; null if none waits.</param>
/// <param name="LastMailAt">When Reconciler sent its last mail for the invitation; null if it sent none.</param>
/// <param name="CountingFrom">Start of the wait for the next reminder; null if no invitation waits.</param>
/// <param name="Resends">Number of mails that followed the first.</param>
/// <param name="WaitsDays">Age of the pending invitation, in whole days; null if none waits.</param>
/// <param name="NextApply">What the next apply would do, such as <c>remove</c>; empty for nothing.</param>
/// <param name="Held">Whether a limit or a dry run keeps that from being done.</param>
/// <param name="Findings">What was noticed about the person in the project.</param>
/// <param name="Plan">Digest of the plan that last changed the access; null if the audit trail does not say.</param>
/// <param name="Name">The person's name at the vendor; null if it does not tell, or with masked addresses.</param>
/// <param name="InvitedBy">Who sent the pending invitation; null if the vendor does not tell.</param>
/// <param name="NotManaged">Why the person is not managed, in words; null if they are.</param>
public sealed record ReviewDocumentRow(
    string Person,
    string Account,
    string Provider,
    string Vendor,
    string Project,
    string ProjectId,
    string? ProjectName,
    string State,
    string Standing,
    string Access,
    IReadOnlyList<PlanDocumentGrant> Grants,
    bool Admin,
    bool Owned,
    DateTimeOffset? Since,
    DateTimeOffset? ChangedAt,
    DateTimeOffset? Until,
    string? Reason,
    IReadOnlyList<string> Declared,
    DateTimeOffset? InvitedAt,
    DateTimeOffset? LastMailAt,
    DateTimeOffset? CountingFrom,
    int Resends,
    int? WaitsDays,
    string NextApply,
    bool Held,
    IReadOnlyList<ReviewDocumentFinding> Findings,
    string? Plan,
    string? Name,
    string? InvitedBy,
    string? NotManaged
)
{
    internal static ReviewDocumentRow Of(ReviewRow r) =>
        new(
            r.Person,
            r.Account,
            r.Project.Provider,
            r.Project.Vendor,
            r.Project.Document,
            r.Project.ProjectId,
            r.Project.VendorName,
            ReviewDocument.Word(r.State),
            ReviewDocument.Word(r.Standing),
            r.Access.IsNone ? "" : r.Access.ToString(),
            PlanDocumentGrant.Of(r.Access),
            r.Admin,
            r.Owned,
            r.Since,
            r.ChangedAt,
            r.Until,
            r.Reason,
            r.Declared,
            r.InvitedAt,
            r.LastMailAt,
            r.CountingFrom,
            r.Resends,
            ReviewWords.Days(r.Waits),
            r.Change,
            r.Held,
            [.. r.Findings.Select(f => new ReviewDocumentFinding(PlanDocumentFinding.Name(f.Kind), f.Message))],
            r.Plan.Length == 0 ? null : r.Plan,
            r.Name,
            r.InvitedBy,
            r.WhyNotManaged
        );
}

/// <summary>Something noticed about the person of a row.</summary>
/// <param name="Kind">Kind of finding in camel case, such as <c>addressChanged</c>.</param>
/// <param name="Message">What it means, and what can be done.</param>
public sealed record ReviewDocumentFinding(string Kind, string Message);

/// <summary>What a role or group permits, in the vendor's own words.</summary>
/// <param name="Field">Field of the vendor's manifest, such as <c>groups</c>.</param>
/// <param name="Word">The role's or group's name.</param>
/// <param name="Description">The vendor's description; null if there is none.</param>
/// <param name="Permits">What it permits; empty if the vendor does not tell.</param>
public sealed record ReviewDocumentMeaning(
    string Field,
    string Word,
    string? Description,
    IReadOnlyList<string> Permits
)
{
    internal static ReviewDocumentMeaning Of(GrantMeaning m) => new(m.Field, m.Word, m.Description, m.Permits);
}
