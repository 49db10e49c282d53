using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Membership.Describing;

/// <summary>
/// Checks that a definition says by what its lists name people and projects: by addresses, or all of them by logins.
/// </summary>
internal static class IdentityCheck
{
    private const string Place = "{project}";

    public static void Members(VendorDefinitionSpec spec, Problems problems)
    {
        var members = spec.Members;
        if (spec.Logins is not null)
            WithLogins(spec, members, problems);
        else
            WithAddresses(spec, members, problems);
        if ((members.Access is null) == (members.Parts is null) && members.Origin["access"] is null)
            problems.Error(
                members.Origin,
                "access",
                "is missing; expected where the access is, or parts for a list for each role"
            );
        else if (members is { Access: not null, Parts: not null })
            problems.Error(members.Origin.At("parts"), "means nothing beside access; expected one of both");
        if (members.Parts?.Count == 0)
            problems.Error(members.Origin.At("parts"), "is empty; expected at least one part");
        if (members is { Parts: not null, Above: not null })
            problems.Error(
                members.Origin.At("above"),
                "is a second list, whose items have no access beside parts; expected no such field"
            );
    }

    public static void Invitations(VendorDefinitionSpec spec, InvitationListDefinition list, Problems problems)
    {
        if (list is { Access: null } && spec.Members.Access is null && list.Origin["access"] is null)
            problems.Error(list.Origin, "access", "is missing; expected where the access of an invitation is");
        if (spec.Logins is null && list.Login is not null)
            OnlyWithLogins(list.Origin.At("login"), problems);
        if (list.Email is not null || list.Origin["email"] is not null)
            return;
        if (spec.Logins is null)
            problems.Error(list.Origin, "email", "is missing; expected where the invited address is");
        else if (list.Login is null)
            problems.Error(list.Origin, "login", "is missing; expected where the invited login is, or email, or both");
    }

    public static ProjectIdForm ProjectIds(VendorDefinitionSpec spec, Problems problems)
    {
        if (spec.ProjectIds is not { } ids)
            return ProjectIdForm.Plain;
        var names = ids.Names ?? 1;
        foreach (var field in (string[])["orFewer", "oneSegment"])
        {
            if (names == 1 && ids.Origin[field] is { } at)
                problems.Error(at, "means nothing for ids of one name; expected names: 2 or more, or no such field");
        }

        if (spec.UuidIds == true && names > 1)
            problems.Error(ids.Origin.At("names"), "is for ids with slashes, and uuidIds says that ids are UUIDs");
        if (names > 1 && ids.OneSegment != true)
            CheckSegments(spec.Origin, problems);
        return new(ids.OrFewer == true ? 1 : names, names, ids.OneSegment == true || names == 1)
        {
            IgnoresCase = ids.CaseCounts == false,
        };
    }

    private static void WithLogins(VendorDefinitionSpec spec, MemberListDefinition members, Problems problems)
    {
        if (members.Login is null && members.Origin["login"] is null)
            problems.Error(
                members.Origin,
                "login",
                "is missing; expected where the login is, since spec.logins is there"
            );
        if (members.Person is null && members.Origin["person"] is null)
            problems.Error(
                members.Origin,
                "person",
                "is missing; expected where the account's id is, since a login can pass to somebody else"
            );
        foreach (var (part, field) in ((ManifestPart, string)[])[(members, "email"), (spec, "people")])
        {
            if (part.Origin[field] is { } at)
                problems.Error(at, "means nothing where people are known by logins; expected no such field");
        }

        // The account that acts is protected by it: actingAs names an address.
        if (spec.WhoAmI?.Login is null && spec.WhoAmI?.Origin["login"] is null)
            problems.Error(
                spec.WhoAmI?.Origin ?? spec.Origin,
                spec.WhoAmI is null ? "whoAmI" : "login",
                "is missing; expected the call that tells whose token it is, with the login in its answer"
            );
    }

    private static void WithAddresses(VendorDefinitionSpec spec, MemberListDefinition members, Problems problems)
    {
        if (members.Email is null && spec.People is null)
            problems.Error(
                members.Origin,
                "email",
                "is missing; expected a JSON pointer, or spec.people, where the list of members has no addresses"
            );
        if (members.Person is null && spec.People is not null && members.Email is null)
            problems.Error(
                members.Origin,
                "person",
                "is missing; expected where the person's id is, by which spec.people has the address"
            );
        foreach (var part in new ManifestPart?[] { members, spec.WhoAmI }.OfType<ManifestPart>())
        {
            if (part.Origin["login"] is { } at)
                OnlyWithLogins(at, problems);
        }
    }

    // An id of several segments cannot stand beside other text of one segment.
    private static void CheckSegments(MappingNode part, Problems problems)
    {
        foreach (var entry in part.Entries.Where(e => e.Name != "body"))
        {
            foreach (
                var segment in entry is { Name: "path", Value: ScalarNode path }
                    ? path.Text.Split('/').Where(s => s != Place && s.Contains(Place, StringComparison.Ordinal))
                    : []
            )
                problems.Error(
                    entry.Value,
                    $"has the segment {ProblemText.Quote(segment)}, and a project's id is several segments; "
                        + $"expected {Place} alone between slashes, or projectIds.oneSegment: true"
                );
            if (entry.Value is MappingNode inner)
                CheckSegments(inner, problems);
        }
    }

    private static void OnlyWithLogins(Node at, Problems problems) =>
        problems.Error(at, "means nothing where people are known by addresses; expected spec.logins, or no such field");
}
