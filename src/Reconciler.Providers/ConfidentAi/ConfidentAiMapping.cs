using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.ConfidentAi;

/// <summary>Converts between Confident AI's records and the model.</summary>
internal static class ConfidentAiMapping
{
    public static ListPage<ConfidentAiMember> ToPage(ConfidentAiMembers page, int number) =>
        new(
            page.Members,
            page.Total,
            number * (long)ConfidentAiApi.PageSize < page.Total
                ? (number + 1).ToString(CultureInfo.InvariantCulture)
                : null
        );

    public static int ToNumber(string? next) => next is null ? 1 : int.Parse(next, CultureInfo.InvariantCulture);

    /// <summary>Checks a list that comes on one page.</summary>
    /// <param name="items">The list.</param>
    /// <param name="name">The name of the list, for messages.</param>
    /// <exception cref="ProviderException">
    /// An item of the list is null, so that a person would be overlooked.
    /// </exception>
    public static IReadOnlyList<T> Whole<T>(IReadOnlyList<T> items, string name) =>
        items.Any(item => item is null)
            ? throw new ProviderException(ProviderFault.BadAnswer, $"{name}: the list holds null")
            : items;

    public static ImmutableArray<NamedPlace> ToPlaces(IReadOnlyList<ConfidentAiProject> projects) =>
        [.. projects.DistinctBy(project => project.Id).Select(project => new NamedPlace(project.Id, project.Name))];

    /// <summary>
    /// Converts a member. Its id is the id of the user, and is used for both the membership and the person.
    /// </summary>
    public static LiveMember ToMember(ConfidentAiMember member, ConfidentAiDeclared? declared = null) =>
        new(
            member.Id,
            member.Id,
            member.Email ?? "",
            member.ProjectRole is { } role
                ? ToAccess(declared?.Word(member.Email, member.Id, role.Id, role.Name) ?? role.Name)
                : Access.None
        )
        {
            Name = GrantMeaning.TextOf(member.Name),
            IsVendorOwner = member.ProjectRole?.Name == ConfidentAiAccess.Owner,
        };

    public static LiveInvitation ToInvitation(
        ConfidentAiInvitation invitation,
        ConfidentAiRoles roles,
        ConfidentAiDeclared? declared = null
    ) =>
        new(
            invitation.Id.ToString(CultureInfo.InvariantCulture),
            invitation.Email ?? "",
            ToAccess(
                declared?.Word(invitation.Email, null, invitation.ProjectRoleId, RoleOf(invitation, roles))
                    ?? RoleOf(invitation, roles)
            ),
            invitation.Status == ConfidentAiInvitation.Declined ? InvitationState.Declined : InvitationState.Pending,
            invitation.CreatedAt
        );

    /// <summary>Converts what a role permits. Its policies are named, and not spelled out.</summary>
    public static GrantMeaning ToMeaning(ConfidentAiRole role) =>
        new(
            ConfidentAiAccess.Role,
            role.Name,
            GrantMeaning.TextOf(role.Description),
            [.. (role.Policies ?? []).Select(policy => GrantMeaning.TextOf(policy?.Name)).OfType<string>()]
        );

    /// <summary>
    /// Whether an invitation is relevant. An accepted one is a member now, and according to the document is not listed.
    /// </summary>
    public static bool Matters(ConfidentAiInvitation invitation) =>
        invitation.Status is ConfidentAiInvitation.Pending or ConfidentAiInvitation.Declined;

    /// <summary>Finds the one role that a manifest declares.</summary>
    public static string RoleOf(DesiredAccess access) => access.Grants.Words(ConfidentAiAccess.Role).Single();

    public static ConfidentAiBatch ToBatch(IEnumerable<PlannedAction> actions, string roleId) =>
        new([.. actions.Select(action => action.Email)], roleId);

    /// <summary>
    /// Whether the answer to a batch shows everybody as invited with the role. A person who was skipped is missing
    /// there, or has another role.
    /// </summary>
    public static bool Shows(ConfidentAiInvitations answer, ConfidentAiBatch batch)
    {
        var invited = answer
            .Invitations.OfType<ConfidentAiInvitation>()
            .Where(invitation =>
                invitation.Status == ConfidentAiInvitation.Pending && invitation.ProjectRoleId == batch.ProjectRoleId
            )
            .Select(invitation => EmailAddress.KeyOf(invitation.Email ?? ""))
            .ToHashSet(StringComparer.Ordinal);
        return batch.Emails.All(email => invited.Contains(EmailAddress.KeyOf(email)));
    }

    /// <summary>Whether the answer to a role assignment shows the role.</summary>
    public static bool Shows(ConfidentAiMember answer, string userId, string roleId) =>
        answer.Id == userId && answer.ProjectRole?.Id == roleId;

    private static Access ToAccess(string role) =>
        Access.Of([ConfidentAiAccess.Words.Grant(ConfidentAiAccess.Role, role)]);

    // A role that is not listed any more is shown by its id, so that nobody is shown with less access than they would
    // get.
    private static string RoleOf(ConfidentAiInvitation invitation, ConfidentAiRoles roles) =>
        invitation.ProjectRoleId is { } id ? roles.NameOf(id) ?? id : ConfidentAiAccess.DefaultRole;
}

/// <summary>Finds roles of one project by name and by id: all roles, or only those of its members.</summary>
internal sealed class ConfidentAiRoles
{
    private readonly List<string> _names;
    private readonly Dictionary<string, string> _nameById = new(StringComparer.Ordinal);
    private readonly ILookup<string, string> _idsByName;

    public ConfidentAiRoles(IEnumerable<ConfidentAiRole> roles)
    {
        // The vendor's order lists its system roles first.
        var all = roles.DistinctBy(role => role.Id).ToList();
        foreach (var role in all)
            _nameById[role.Id] = role.Name;
        _names = [.. all.Select(role => role.Name).Distinct(StringComparer.Ordinal)];
        _idsByName = all.ToLookup(role => role.Name, role => role.Id, StringComparer.Ordinal);
    }

    public string? NameOf(string id) => _nameById.GetValueOrDefault(id);

    /// <summary>Finds the id of a role by its name or id; null where no role or several roles match.</summary>
    public string? IdOf(string word) =>
        _nameById.ContainsKey(word) ? word
        : _idsByName[word].Take(2).ToList() is [var id] ? id
        : null;

    /// <summary>
    /// Whether these roles are enough to read a project: every declared name, and the role of every pending invitation.
    /// </summary>
    public bool Cover(DesiredProject project, IEnumerable<ConfidentAiInvitation> invitations) =>
        project.Members.All(member => IdOf(ConfidentAiMapping.RoleOf(member.Access)) is not null)
        && invitations.All(i =>
            i.Status != ConfidentAiInvitation.Pending || i.ProjectRoleId is null || NameOf(i.ProjectRoleId) is not null
        );

    /// <summary>Describes what is wrong with the name or id of a role; null where it is valid.</summary>
    public string? Problem(string word) =>
        _nameById.TryGetValue(word, out var named) ? ProblemOfId(word, named) : ProblemOfName(word);

    // Limits recognize administrators by the names of their roles, so a manifest that names an id would bypass them.
    private static string? ProblemOfId(string id, string name) =>
        ConfidentAiAccess.Words.Field(ConfidentAiAccess.Role)!.Admin.Contains(name)
            ? $"{ProblemText.Quote(id)} is the id of the role {ProblemText.Quote(name)}; expected its name, "
                + "by which limits know administrators"
            : null;

    private string? ProblemOfName(string name) =>
        _idsByName[name].Count() switch
        {
            0 => $"there is no role {ProblemText.Quote(name)}; expected one of "
                + $"{ProblemText.List(_names.Select(known => VendorText.Clean(known)))}"
                + ProblemText.DidYouMean(name, _names),
            1 => null,
            var count => string.Create(
                CultureInfo.InvariantCulture,
                $"{count} roles have the name {ProblemText.Quote(name)} (their ids are "
                    + $"{ProblemText.List(_idsByName[name].Select(id => VendorText.Clean(id)))}); "
                    + $"expected the id of the one that is meant in place of the name, or a name that only one has"
            ),
        };

    /// <summary>Checks that all declared roles exist.</summary>
    /// <exception cref="ProviderException">Some declared roles do not exist; it holds all of them.</exception>
    public void Check(DesiredProject project)
    {
        var problems = project
            .Members.GroupBy(member => ConfidentAiMapping.RoleOf(member.Access), StringComparer.Ordinal)
            .Select(group => (Group: group, Problem: Problem(group.Key)))
            .Where(found => found.Problem is not null)
            .Select(found => new AccessProblem(
                ConfidentAiAccess.Role,
                found.Group.Key,
                found.Problem!,
                [.. found.Group]
            ))
            .ToList();
        if (problems.Count > 0)
            throw ProviderException.Refusing(problems);
    }
}

/// <summary>
/// Finds the word by which a manifest names the role of each declared person. A manifest may name a role by name or id,
/// and the live role is expressed in the same word, so that both can be compared.
/// </summary>
internal sealed class ConfidentAiDeclared
{
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);

    public ConfidentAiDeclared(DesiredProject project)
    {
        foreach (var member in project.Members)
        {
            var word = ConfidentAiMapping.RoleOf(member.Access);
            _words[member.Person.Key] = word;
            foreach (var alias in member.Person.Aliases)
                _words.TryAdd(alias, word);
            if (member.Person.UserId is { } id)
                _words.TryAdd(PersonIdentity.KeyOfId(id), word);
        }
    }

    /// <summary>The word for the role of an account or an invitation.</summary>
    public string Word(string? email, string? id, string? roleId, string roleName) =>
        Of(email, id) is { } word && word == roleId ? roleId : roleName;

    /// <summary>
    /// Whether every declared person already has the declared role, so that the list of roles is not needed.
    /// </summary>
    public bool IsMetBy(DesiredProject project, IEnumerable<ConfidentAiMember> members)
    {
        var met = members
            .Where(m => Of(m.Email, m.Id) is { } word && (word == m.ProjectRole?.Name || word == m.ProjectRole?.Id))
            .SelectMany(m => (string[])[EmailAddress.KeyOf(m.Email ?? ""), PersonIdentity.KeyOfId(m.Id)])
            .ToHashSet(StringComparer.Ordinal);
        return project.Members.All(m =>
            met.Contains(m.Person.Key)
            || m.Person.Aliases.Any(met.Contains)
            || (m.Person.UserId is { } id && met.Contains(PersonIdentity.KeyOfId(id)))
        );
    }

    private string? Of(string? email, string? id) =>
        (id is null ? null : _words.GetValueOrDefault(PersonIdentity.KeyOfId(id)))
        ?? (string.IsNullOrEmpty(email) ? null : _words.GetValueOrDefault(EmailAddress.KeyOf(email)));
}
