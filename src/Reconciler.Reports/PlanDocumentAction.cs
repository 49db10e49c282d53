using System.Text.Json;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Reports;

/// <summary>A change to one person in one project.</summary>
/// <param name="Action">The <see cref="ActionKind"/> in lower case, such as <c>invite</c>.</param>
/// <param name="Phase">Step of the apply: <c>grant</c>, <c>demotion</c>, <c>revocation</c>, <c>removal</c>.</param>
/// <param name="Email">Address to write to the vendor, or the one that the vendor has; empty if there is none.</param>
/// <param name="Person">Person as declared, else as the vendor shows them.</param>
/// <param name="Reason">Why the change is needed, in words.</param>
/// <param name="Access">Access afterwards; null if none is left.</param>
/// <param name="Added">Access that the person gains; empty for none.</param>
/// <param name="Removed">Access that the person loses; empty for none.</param>
/// <param name="CountsAsRemoval">Whether limits on removals count it.</param>
/// <param name="Held">Whether a limit or <c>dryRun</c> keeps it from being applied.</param>
/// <param name="Note">Side effect at the vendor to know of before applying; null for none.</param>
/// <param name="Declared">Manifest entries that ask for it, as <c>path:line:column</c>.</param>
/// <param name="RemovedBy">The commit that took the person's entry out; null if git does not tell.</param>
public sealed record PlanDocumentAction(
    string Action,
    string Phase,
    string Email,
    string Person,
    string Reason,
    IReadOnlyList<PlanDocumentGrant>? Access,
    IReadOnlyList<PlanDocumentGrant> Added,
    IReadOnlyList<PlanDocumentGrant> Removed,
    bool CountsAsRemoval,
    bool Held,
    string? Note,
    IReadOnlyList<string> Declared,
    PlanDocumentCommit? RemovedBy
)
{
    internal static PlanDocumentAction Of(PlannedAction a, bool held) =>
        new(
            a.Kind.ToString().ToLowerInvariant(),
            a.Phase.ToString().ToLowerInvariant(),
            a.Email,
            a.Person.Label,
            a.Reason,
            a.Access is null ? null : PlanDocumentGrant.Of(a.Access.Grants),
            PlanDocumentGrant.Of(a.Added),
            PlanDocumentGrant.Of(a.Removed),
            a.CountsAsRemoval,
            held,
            a.Note,
            [.. a.Declared.Select(d => d.ToString())],
            PlanDocumentCommit.Of(a.RemovedBy)
        );
}

/// <summary>A commit of the manifests. Its author and subject are as the commit claims.</summary>
/// <param name="Commit">The full hash.</param>
/// <param name="Author">The author's name; empty with masked addresses.</param>
/// <param name="Subject">The first line of the message; empty with masked addresses.</param>
public sealed record PlanDocumentCommit(string Commit, string Author, string Subject)
{
    internal static PlanDocumentCommit? Of(RemovedBy? by) => by is null ? null : new(by.Commit, by.Author, by.Subject);
}

/// <summary>One role, permission or flag, in the vendor's own words.</summary>
/// <param name="Field">Field of the vendor's manifest, such as <c>permissions</c>.</param>
/// <param name="Word">Value in that field, such as <c>CAN_VIEW_DATA</c>; <c>true</c> for a flag.</param>
public sealed record PlanDocumentGrant(string Field, string Word)
{
    internal static IReadOnlyList<PlanDocumentGrant> Of(Reconciler.Core.Membership.Access access) =>
        [.. access.Grants.Select(g => new PlanDocumentGrant(g.Field, g.Word))];
}

/// <summary>Something noticed about a person in a project.</summary>
/// <param name="Kind">The <see cref="FindingKind"/> in camel case, such as <c>addressChanged</c>.</param>
/// <param name="Person">Address or id of the person, as shown.</param>
/// <param name="Message">What it means, and what can be done.</param>
public sealed record PlanDocumentFinding(string Kind, string Person, string Message)
{
    internal static PlanDocumentFinding Of(Finding f) => new(Name(f.Kind), f.Person, f.Message);

    /// <summary>Names a kind of finding as the JSON does, in camel case: <c>addressChanged</c>.</summary>
    public static string Name(FindingKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}

/// <summary>A person in a project who is not managed.</summary>
/// <param name="Person">Address or id of the person, as shown.</param>
/// <param name="Reason">One of <c>ignored</c>, <c>machine</c>, <c>vendorOwner</c>, <c>actor</c>, <c>protected</c>.</param>
public sealed record PlanDocumentNotManaged(string Person, string Reason)
{
    internal static PlanDocumentNotManaged Of(NotManaged n) =>
        new(n.Label, JsonNamingPolicy.CamelCase.ConvertName(n.Reason.ToString()));
}
