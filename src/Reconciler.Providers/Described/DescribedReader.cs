using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Described;

/// <summary>Reads a project's members and invitations, as a description says.</summary>
internal sealed class DescribedReader(
    DescribedApi api,
    Vendor vendor,
    KnownGrants known,
    DescribedNameLists lists,
    DescribedPeopleList people,
    DescribedAccounts logins
) : IProjectReader
{
    private readonly VendorDescription _description = vendor.Description!;

    /// <summary>
    /// Reads the invitations first and then the members, never in parallel. A person who accepts in between is then on
    /// both lists, and the planner revokes the left-over invitation; in the other order the person would be on neither
    /// list. Accounts are read last, so that every member's is among them.
    /// </summary>
    public async Task<LiveProject> ReadAsync(DesiredProject project, CancellationToken cancellation)
    {
        // Elsewhere the id is checked as a part of paths.
        if (_description.Members.Project is not null && vendor.ProblemOfProject(project.ProjectId) is { } problem)
            throw new ProviderException(ProviderFault.Invalid, $"the id of the project {problem}");
        var caller = await DescribedCaller.CheckAsync(api, vendor, project.Provider.Actor, cancellation);
        await DescribedCaller.CheckSightAsync(api, vendor, project.ProjectId, cancellation);
        var invitations = await DescribedInvitationLists.ReadAsync(
            api,
            _description.Invitations,
            project.ProjectId,
            cancellation
        );
        var members = await DescribedMemberLists.ReadAsync(api, vendor, project.ProjectId, cancellation);
        var accounts = await people.ReadAsync(
            members.Select(m => m.Item.TextOrNone(_description.Members.Person)).OfType<string>(),
            cancellation
        );
        var live = await LiveAsync(project, members, invitations, accounts, caller, cancellation);
        return logins.CanFind ? await WithAccountsAsync(project, live, cancellation) : live;
    }

    private async Task<LiveProject> LiveAsync(
        DesiredProject project,
        IReadOnlyCollection<ListedMember> members,
        IReadOnlyCollection<ListedInvitation> invitations,
        Accounts accounts,
        string? caller,
        CancellationToken cancellation
    )
    {
        var names = Seen(members);
        var live = Live(names, members, invitations, accounts, caller);
        if (_description.Names.Count == 0)
            return live.Project;
        if (live.UnknownIds || !IsMet(project, live.Project, names))
        {
            foreach (var list in _description.Names.Keys)
                names[list] = await lists.ReadAsync(project.ProjectId, list, cancellation);
            Check(project, names);
            live = Live(names, members, invitations, accounts, caller);
        }
        else
        {
            foreach (var (list, table) in names)
                lists.Keep(project.ProjectId, list, table);
        }

        return live.Project;
    }

    // Only whose account the lists do not tell is asked for.
    private async Task<LiveProject> WithAccountsAsync(
        DesiredProject project,
        LiveProject live,
        CancellationToken cancellation
    )
    {
        var waiting = live.Invitations.Where(i => i is { State: InvitationState.Pending, PersonId: not null });
        var present = live
            .Members.Where(m => m.PersonId is not null)
            .Select(m => EmailAddress.KeyOf(m.Email))
            .Concat(waiting.Select(i => EmailAddress.KeyOf(i.Email)))
            .ToHashSet(StringComparer.Ordinal);
        var absent = project.Members.Select(m => m.Person.Login).OfType<Login>().Where(l => !present.Contains(l.Key));
        var found = await Task.WhenAll(
            absent
                .DistinctBy(l => l.Key)
                .Select(async l => KeyValuePair.Create(l.Key, await logins.OfAsync(l, cancellation)))
        );
        return live with { Accounts = found.ToImmutableDictionary(StringComparer.Ordinal) };
    }

    private Dictionary<string, NameTable> Seen(IReadOnlyCollection<ListedMember> members)
    {
        var names = _description.Names.Keys.ToDictionary(n => n, _ => new NameTable(), StringComparer.Ordinal);
        if (names.Count == 0)
            return names;
        foreach (var member in members)
        {
            foreach (
                var (list, id, isNumber, name) in AccessWordsReader.Pairs(
                    member.Item,
                    _description.Members.Access,
                    _description
                )
            )
                names[list].Add(id, isNumber, name);
        }

        return names;
    }

    private (LiveProject Project, bool UnknownIds) Live(
        IReadOnlyDictionary<string, NameTable> names,
        IReadOnlyCollection<ListedMember> members,
        IReadOnlyCollection<ListedInvitation> invitations,
        Accounts accounts,
        string? caller
    )
    {
        var words = new AccessWordsReader(vendor, known, names);
        var unknown = false;
        var live = ImmutableArray.CreateBuilder<LiveMember>(members.Count);
        foreach (var item in members)
        {
            logins.Learn(item.Item, _description.Members.Person);
            var access = item.Access is { } part
                ? new(part, Access.None, UnknownIds: false)
                : Read(words, item.Item, _description.Members.Access, "member", _description.Members.Id);
            unknown |= access.UnknownIds;
            live.Add(Member(item.Item, item.IsAbove ? access.FromAbove(vendor.Access) : access, accounts, caller));
        }

        var waiting = ImmutableArray.CreateBuilder<LiveInvitation>(invitations.Count);
        foreach (var item in invitations)
        {
            var list = _description.Invitations!;
            // What an invitation gave that is over decides nothing.
            var access =
                item.State == InvitationState.Pending
                    ? Read(words, item.Item, list.Access, "invitation", list.Id)
                    : words.Read(item.Item, list.Access);
            unknown |= access.UnknownIds;
            waiting.Add(Invitation(item, access, list));
        }

        return (new(live.MoveToImmutable(), waiting.MoveToImmutable()), unknown);
    }

    // An item without a required field says nothing of access, which is not the same as no access.
    private static AccessRead Read(
        AccessWordsReader words,
        JsonItem item,
        ImmutableArray<DescribedSource> sources,
        string what,
        JsonPointer id
    )
    {
        var read = words.Read(item, sources);
        return read.Missing is { } at
            ? throw item.Unreadable($"the {what} {VendorText.Clean(item.Text(id))} without {JsonItem.Shown(at)}")
            : read;
    }

    private LiveMember Member(JsonItem item, AccessRead access, Accounts accounts, string? caller)
    {
        var list = _description.Members;
        var person = item.TextOrNone(list.Person);
        var email = item.TextOrNone(list.Login ?? list.Email) is { Length: > 0 } own
            ? own
            : accounts.EmailOf(person) ?? "";
        return new(item.Text(list.Id), person, email, access.Access)
        {
            Name = GrantMeaning.TextOf(item.TextOrNone(list.Name)),
            Inherited = access.Inherited,
            IsCaller = caller is not null && email.Length > 0 && EmailAddress.KeyOf(email) == caller,
            IsService = list.Machine is { } machine && item.Holds(machine),
            IsVendorOwner = list.Owner is { } owner && item.Holds(owner),
        };
    }

    private static LiveInvitation Invitation(ListedInvitation listed, AccessRead access, DescribedInvitations list)
    {
        var item = listed.Item;
        return new(
            item.Text(list.Id),
            item.TextOrNone(list.Login) is { Length: > 0 } login ? login : item.TextOrNone(list.Email) ?? "",
            access.Access,
            listed.State,
            item.Time(list.CreatedAt)
        )
        {
            PersonId = item.TextOrNone(list.Person),
            InvitedBy = GrantMeaning.TextOf(item.TextOrNone(list.InvitedBy)),
            Failure = GrantMeaning.TextOf(listed.Failure),
        };
    }

    // A list of names costs a request, and is not needed where everybody has what is declared.
    private bool IsMet(DesiredProject project, LiveProject live, Dictionary<string, NameTable> names)
    {
        var byKey = new Dictionary<string, LiveMember>(live.Members.Length, StringComparer.Ordinal);
        var byId = project.Members.Any(d => d.Person.UserId is not null);
        foreach (var member in live.Members)
        {
            if (member.Email.Length > 0)
                byKey.TryAdd(EmailAddress.KeyOf(member.Email), member);
            if (byId && member.PersonId is { } id)
                byKey.TryAdd(PersonIdentity.KeyOfId(id), member);
        }

        foreach (var declared in project.Members)
        {
            foreach (var grant in declared.Access.Grants.Grants)
            {
                if (_description.Fields[grant.Field].Names is { } list && names[list].IdOf(grant.Word) is null)
                    return false;
            }

            if (!Has(declared, declared.Person.Key) && !KeysOf(declared.Person).Skip(1).Any(k => Has(declared, k)))
                return false;
        }

        return true;

        bool Has(DesiredMember declared, string key) =>
            byKey.TryGetValue(key, out var member) && declared.Access.Matches(member.Access);
    }

    private void Check(DesiredProject project, Dictionary<string, NameTable> names)
    {
        var problems = Words(project)
            .GroupBy(w => (w.Field, w.Word, w.List), w => w.Member)
            .Select(g => (g.Key, Problem: names[g.Key.List].Problem(g.Key.Word), Members: g))
            .Where(g => g.Problem is not null)
            .Select(g => new AccessProblem(g.Key.Field, g.Key.Word, g.Problem!, [.. g.Members]))
            .ToList();
        if (problems.Count > 0)
            throw ProviderException.Refusing(problems);
    }

    private IEnumerable<(string Field, string Word, string List, DesiredMember Member)> Words(DesiredProject project) =>
        from member in project.Members
        from grant in member.Access.Grants.Grants
        let list = _description.Fields[grant.Field].Names
        where list is not null
        select (grant.Field, grant.Word, list, member);

    private static IEnumerable<string> KeysOf(PersonIdentity person) =>
        person.UserId is { } id
            ? [person.Key, .. person.Aliases, PersonIdentity.KeyOfId(id)]
            : [person.Key, .. person.Aliases];
}
