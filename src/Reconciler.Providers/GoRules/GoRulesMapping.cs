using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.GoRules;

/// <summary>Converts between GoRules' records and the model.</summary>
internal static class GoRulesMapping
{
    // A page may be smaller than requested, so its position shows whether another one follows.
    public static ListPage<T> ToPage<T>(GoRulesPage<T> page) =>
        new(
            page.Results,
            page.Paginate.Total,
            page.Results.Count > 0 && page.Paginate.To < page.Paginate.Total
                ? (page.Paginate.Current + 1).ToString(CultureInfo.InvariantCulture)
                : null
        );

    /// <summary>
    /// Converts the access of a membership. Groups that come from roles of the organisation are not managed: they are
    /// neither shown nor removed.
    /// </summary>
    public static Access ToAccess(GoRulesMember member)
    {
        var grants = member
            .Groups.Where(IsOwn)
            .Select(group => GoRulesAccess.Words.Grant(GoRulesAccess.Groups, group.Name));
        return Access.Of(member.Owner ? grants.Append(GoRulesAccess.Words.Grant(GoRulesAccess.Owner, "true")) : grants);
    }

    public static LiveMember ToMember(GoRulesMember member) =>
        new(member.Id, member.User.Id, member.User.Email ?? "", ToAccess(member))
        {
            Name = NameOf(member.User),
            IsService = member.User.IsService,
        };

    /// <summary>Converts what a group permits.</summary>
    public static GrantMeaning ToMeaning(GoRulesGroup group) =>
        new(
            GoRulesAccess.Groups,
            group.Name,
            GrantMeaning.TextOf(group.Description),
            [.. (group.Permissions ?? []).Select(GrantMeaning.TextOf).OfType<string>()]
        );

    private static string? NameOf(GoRulesUser? user) =>
        user is null ? null : GrantMeaning.TextOf($"{user.FirstName?.Trim()} {user.LastName?.Trim()}");

    /// <summary>Converts a member who has not accepted the invitation to the organisation yet.</summary>
    public static LiveInvitation ToInvitation(GoRulesMember member, GoRulesInvitation invitation) =>
        new(
            member.Id,
            member.User.Email ?? invitation.Email ?? "",
            ToAccess(member),
            InvitationState.Pending,
            invitation.CreatedAt
        )
        {
            PersonId = member.User.Id,
            Name = NameOf(member.User),
            MailId = member.User.Id,
        };

    /// <summary>
    /// Converts a declared person who is invited to the organisation and not in the project yet. Once they accept, the
    /// next run grants the declared access. The invitation belongs to the organisation, so no project may revoke it.
    /// </summary>
    public static LiveInvitation ToInvitation(DesiredMember declared, GoRulesInvitation invitation) =>
        new(
            invitation.Id,
            invitation.Email ?? "",
            declared.Access.Grants,
            InvitationState.Pending,
            invitation.CreatedAt
        )
        {
            PersonId = invitation.PersonId,
            Name = NameOf(invitation.User),
            MailId = invitation.PersonId,
            NamesOtherProjects = true,
        };

    /// <summary>The addresses that a person may have at GoRules, with the declared one first.</summary>
    public static IEnumerable<string> Keys(PersonIdentity person) => [person.Key, .. person.Aliases];

    /// <summary>The keys by which a user of the organisation is found: address and id.</summary>
    public static IEnumerable<(string Key, string Id)> Keys(GoRulesUser user)
    {
        yield return (PersonIdentity.KeyOfId(user.Id), user.Id);
        if (!string.IsNullOrEmpty(user.Email))
            yield return (EmailAddress.KeyOf(user.Email), user.Id);
    }

    /// <summary>Finds the user that an action is about; null where the organisation has none.</summary>
    /// <exception cref="ProviderException">Several users have the address.</exception>
    public static GoRulesPerson? ToPerson(PlannedAction action, ILookup<string, string> users, GoRulesPending pending)
    {
        var invitation = pending.Of(action.Person);
        List<string> ids = action.Person.UserId is { } stated
            ? [stated]
            : [.. Keys(action.Person).Select(key => users[key]).FirstOrDefault(found => found.Any()) ?? []];
        if (ids.Count > 1)
        {
            throw new ProviderException(
                ProviderFault.Refused,
                $"{ids.Count} users of the organisation have the address {action.Email}; state the right "
                    + "one's id in the userIds of a Person"
            );
        }

        return (ids.FirstOrDefault() ?? invitation?.PersonId) is { } id ? new(id, invitation is not null) : null;
    }

    public static bool IsOwn(GoRulesGroup group) => group.RoleId is null;

    public static bool Owns(DesiredAccess? access) =>
        access is not null && access.Grants.Words(GoRulesAccess.Owner).Any();

    /// <summary>Whether an answer shows the declared access, or no access where the action removes all of it.</summary>
    public static bool Shows(GoRulesMember? answer, PlannedAction action) =>
        answer is not null && (action.Access?.Matches(ToAccess(answer)) ?? ToAccess(answer).IsNone);
}

/// <summary>
/// A project as it was last read, with the ids of groups and the members without access, which a plan does not contain.
/// </summary>
internal sealed class GoRulesProject(IReadOnlyCollection<GoRulesMember> members, IEnumerable<GoRulesGroup> groups)
{
    private readonly Dictionary<string, GoRulesMember> _byId = members.ToDictionary(m => m.Id, StringComparer.Ordinal);
    private readonly ILookup<string, GoRulesMember> _byUser = members.ToLookup(m => m.User.Id, StringComparer.Ordinal);
    private readonly ILookup<string, GoRulesMember> _byKey = members.ToLookup(
        m => EmailAddress.KeyOf(m.User.Email ?? ""),
        StringComparer.Ordinal
    );
    private readonly ImmutableArray<GoRulesGroup> _groups =
    [
        .. groups.Concat(members.SelectMany(m => m.Groups)).DistinctBy(g => g.Id),
    ];

    public IReadOnlyCollection<GoRulesMember> Members => members;

    /// <summary>Finds the membership of a person, with or without access; null where there is none.</summary>
    public GoRulesMember? Seat(PersonIdentity person) =>
        (person.UserId is null ? null : _byUser[person.UserId].FirstOrDefault())
        ?? GoRulesMapping.Keys(person).SelectMany(key => _byKey[key]).FirstOrDefault();

    /// <summary>Whether a person is declared in a group that they are not in yet, so that its id is needed.</summary>
    public bool LacksGroups(DesiredMember declared) =>
        !Names(declared.Access)
            .All(name => Seat(declared.Person)?.Groups.Any(g => GoRulesMapping.IsOwn(g) && g.Name == name) == true);

    /// <summary>Whether the ids of all groups are known.</summary>
    public bool Knows(DesiredAccess? access) => Names(access).All(name => Own(name).Any());

    /// <summary>
    /// Creates the body that gives a member the declared access, or none. Groups that come from roles are kept, since
    /// PUT may replace all groups.
    /// </summary>
    public GoRulesChange Change(string memberId, DesiredAccess? access)
    {
        var kept =
            _byId.GetValueOrDefault(memberId)?.Groups.Where(g => !GoRulesMapping.IsOwn(g)).Select(g => g.Id) ?? [];
        return new([.. GroupIds(access), .. kept], GoRulesMapping.Owns(access));
    }

    /// <summary>Finds the ids of groups.</summary>
    /// <exception cref="ProviderException">
    /// A name matches no group of the project, or several; the message lists all such names.
    /// </exception>
    public IReadOnlyList<string> GroupIds(DesiredAccess? access)
    {
        var problems = Names(access).Where(IsUnclear).Select(n => $"groups: {Problem(n)}").ToList();
        if (problems.Count > 0)
            throw new ProviderException(ProviderFault.Refused, string.Join("; ", problems));
        return [.. Names(access).Select(name => Own(name).Single().Id)];
    }

    /// <summary>Checks that every declared name matches exactly one group of the project.</summary>
    /// <exception cref="ProviderException">
    /// A name matches no group, or several; it holds all such names.
    /// </exception>
    public void Check(DesiredProject project)
    {
        var problems = project
            .Members.SelectMany(m => Names(m.Access), (member, name) => (member, name))
            .GroupBy(d => d.name, d => d.member, StringComparer.Ordinal)
            .Where(g => IsUnclear(g.Key))
            .Select(g => new AccessProblem(GoRulesAccess.Groups, g.Key, Problem(g.Key), [.. g]))
            .ToList();
        if (problems.Count > 0)
            throw ProviderException.Refusing(problems);
    }

    private static IEnumerable<string> Names(DesiredAccess? access) => access?.Grants.Words(GoRulesAccess.Groups) ?? [];

    private IEnumerable<GoRulesGroup> Own(string name) => _groups.Where(g => g.Name == name && GoRulesMapping.IsOwn(g));

    private bool IsUnclear(string name) => Own(name).Count() != 1;

    private string Problem(string name)
    {
        var known = _groups
            .Where(GoRulesMapping.IsOwn)
            .Select(g => VendorText.Clean(g.Name))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        var (quoted, expected) = (ProblemText.Quote(name), $"expected one of {ProblemText.List(known)}");
        if (Own(name).Any())
            return $"{quoted} names {Own(name).Count()} groups of the project; expected a name that is there once: "
                + "rename one of them";
        return _groups.Any(g => g.Name == name)
            ? $"{quoted} belongs to a role of the organisation, which alone decides who is in it; {expected}"
            : $"the project has no group {quoted}; {expected}{ProblemText.DidYouMean(name, known)}";
    }
}

/// <summary>A user who is to be added to a project.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="IsWaiting">Whether they have not accepted the invitation to the organisation yet.</param>
internal sealed record GoRulesPerson(string Id, bool IsWaiting);

/// <summary>
/// The people who have not accepted the invitation to the organisation yet. People who are invited later are added,
/// from any thread.
/// </summary>
internal sealed class GoRulesPending
{
    private readonly ConcurrentDictionary<string, GoRulesInvitation> _byUser = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, GoRulesInvitation> _byKey = new(StringComparer.Ordinal);

    /// <summary>Creates the set from a list of invitations.</summary>
    public static GoRulesPending Of(IEnumerable<GoRulesInvitation> invitations)
    {
        var pending = new GoRulesPending();
        foreach (var invitation in invitations)
            pending.Add(invitation);
        return pending;
    }

    // The query excludes accepted invitations, and this repeats it in case the server ignores the query. An expired
    // invitation still counts as pending, since sending it again renews it.
    public void Add(GoRulesInvitation invitation)
    {
        if (invitation.Status != GoRulesInvitation.Pending)
            return;
        if (!string.IsNullOrEmpty(invitation.Email))
            _byKey[EmailAddress.KeyOf(invitation.Email)] = invitation;
        if (invitation.PersonId is { } id)
            _byUser[id] = invitation;
    }

    public GoRulesInvitation? Of(GoRulesUser user) =>
        _byUser.GetValueOrDefault(user.Id)
        ?? (user.Email is null ? null : _byKey.GetValueOrDefault(EmailAddress.KeyOf(user.Email)));

    public GoRulesInvitation? Of(PersonIdentity person) =>
        (person.UserId is null ? null : _byUser.GetValueOrDefault(person.UserId))
        ?? GoRulesMapping.Keys(person).Select(key => _byKey.GetValueOrDefault(key)).FirstOrDefault(i => i is not null);
}
