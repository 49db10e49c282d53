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
        if (members.Origin["parts"] is null)
            Need(members, "access", "expected where the access is, or parts for a list for each role", problems);
        else if (members.Access is not null)
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
        if (spec.Members.Origin["access"] is null)
            Need(list, "access", "expected where the access of an invitation is", problems);
        if (spec.Logins is null && list.Login is not null)
            OnlyWithLogins(list.Origin.At("login"), problems);
        if (spec.Logins is null)
            Need(list, "email", "expected where the invited address is", problems);
        else if (list.Origin["email"] is null)
            Need(list, "login", "expected where the invited login is, or email, or both", problems);
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
        Need(members, "login", "expected where the login is, since spec.logins is there", problems);
        Need(
            members,
            "person",
            "expected where the account's id is, since a login can pass to somebody else",
            problems
        );
        foreach (var (part, field) in ((ManifestPart, string)[])[(members, "email"), (spec, "people")])
        {
            if (part.Origin[field] is { } at)
                problems.Error(at, "means nothing where people are known by logins; expected no such field");
        }

        // whoAmI protects the account that acts, since actingAs names an address.
        const string Call = "expected the call that tells whose token it is, with the login in its answer";
        if (spec.WhoAmI is { } call)
            Need(call, "login", Call, problems);
        else
            Need(spec, "whoAmI", Call, problems);
    }

    // A field that is there and wrong was reported when the document was read.
    private static void Need(ManifestPart part, string field, string expected, Problems problems)
    {
        if (part.Origin[field] is null)
            problems.Error(part.Origin, field, $"is missing; {expected}");
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
        foreach (var part in ((ManifestPart?[])[members, spec.WhoAmI]).OfType<ManifestPart>())
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
