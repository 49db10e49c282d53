using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Resolving;

namespace Reconciler.Core.Importing;

/// <summary>
/// Turns the people of a project into entries, one per person. It uses the planner's own rules to match and ignore
/// people, so that a plan of the written manifests finds nothing to do.
/// </summary>
/// <param name="provider">The connection.</param>
/// <param name="persons">The Persons of its namespace.</param>
/// <param name="now">The time of the import.</param>
internal sealed class PeopleDraft(DesiredProvider provider, IReadOnlyList<Person> persons, DateTimeOffset now)
{
    private readonly Dictionary<string, Person> _byKey = persons
        .DistinctBy(p => p.Spec.Email.Key)
        .DistinctBy(p => IdentityOf(p, provider).Key)
        .ToDictionary(p => IdentityOf(p, provider).Key, StringComparer.Ordinal);
    private readonly ImmutableArray<DesiredMember> _known =
    [
        .. persons
            .DistinctBy(p => p.Spec.Email.Key)
            .Select(p => new DesiredMember(IdentityOf(p, provider), new(Access.None, []), [])),
    ];

    private static PersonIdentity IdentityOf(Person person, DesiredProvider provider) =>
        PeopleDirectory.At(PeopleDirectory.IdentityOf(person), person, provider);

    public ProjectDraft Of(string name, ReadProject read)
    {
        var desired = new DesiredProject(name, provider, read.Place.Id, _known);
        var decision = new PersonDecision(desired, ProjectLedger.None, DateTimeOffset.MinValue);
        var (entries, leftOut, alone) = (new List<EntryDraft>(), new List<PersonLeftOut>(), 0);
        // Accounts without an address are declared by id.
        foreach (var person in CaseBuilder.Build(desired, read.Live, ById(read.Live)))
        {
            // People who declined are not in the project.
            if (person.Member is null && person.Invitation is null)
                continue;
            if (person.IsUndecided)
                leftOut.AddRange(
                    person
                        .Unclear.Select(u => new PersonLeftOut(u.Entry, u.Problem))
                        .Concat(person.LoginProblem is { } login ? [new(person.Person.Label, login.Message)] : [])
                );
            else if (Exceptions.LeaveAlone(person, decision))
                alone++;
            else if (EntryOf(person, out var why) is { } entry)
                entries.Add(entry);
            else
                leftOut.Add(new(person.Declared?.Person.Label ?? person.Person.Label, why));
        }

        return new(
            name,
            read.Place,
            [
                .. entries
                    .OrderBy(e => e.Field, StringComparer.Ordinal)
                    .ThenBy(e => e.Value, StringComparer.OrdinalIgnoreCase)
                    .ThenBy(e => e.Value, StringComparer.Ordinal),
            ]
        )
        {
            LeftOut = [.. leftOut.OrderBy(l => l.Person, StringComparer.Ordinal)],
            LeftAlone = alone,
        };
    }

    private static ProjectLedger ById(LiveProject live) =>
        new(
            OwnershipSource.None,
            [
                .. live
                    .Members.Where(m => m is { Email.Length: 0, PersonId: not null })
                    .Select(m => new PersonRecord(PersonIdentity.KeyOfId(m.PersonId!))
                    {
                        PersonId = m.PersonId,
                        Owned = true,
                    }),
            ]
        );

    private EntryDraft? EntryOf(PersonCase person, out string why)
    {
        var words = provider.Vendor.Access;
        var live = person.Member?.Access ?? person.Invitation!.Access;
        var (access, end) = (words.WithoutEnd(live), words.ExpiryOf(live));
        // An entry that is over already would take the access away.
        why = end <= now ? $"has access until {words.DayOf(live)}, when the vendor ends it" : WhyNot(access) ?? "";
        if (why.Length > 0)
            return null;
        var (field, value) = NameOf(person, out why);
        return value is null
            ? null
            : new(field, value, access)
            {
                Id = field == "login" ? person.Member?.PersonId ?? person.Invitation?.PersonId : null,
                InvitedAt = person.Member is null ? person.Invitation!.CreatedAt : null,
                ExpiresAt = end,
            };
    }

    private (string Field, string? Value) NameOf(PersonCase person, out string why)
    {
        why = "";
        if (person.Declared is not null)
        {
            var manifest = _byKey[person.Person.Key];
            if (manifest.Spec.Departed != true)
                return ("person", manifest.Metadata.Name);
            why = $"the Person {manifest.Metadata.Name} has departed";
            return ("person", null);
        }

        if (person.Person.Login is { } login)
            return ("login", login.Text);
        if (
            provider.Vendor.Logins is null
            && person.Person.Email is { } email
            && EmailAddress.Parse(email.Text) is not null
        )
            return ("email", email.Text);
        var id = person.Member?.PersonId ?? person.Invitation?.PersonId;
        if (id is not null && VendorId.Problem(id, provider.Vendor.UuidIds) is null)
            return ("userId", id);
        why = "has neither an address nor an id that an entry could name";
        return ("userId", null);
    }

    // Returns why a manifest with this access would be refused; null if it would not be.
    private string? WhyNot(Access access)
    {
        var words = provider.Vendor.Access;
        var unknown = access.Grants.FirstOrDefault(g =>
            words.Field(g.Field) is { Open: false, Form: not AccessForm.Flag } field && !field.Known.Contains(g.Word)
        );
        if (unknown is not null)
            return $"has the access {unknown}, which manifests do not know";
        if (access.Grants.All(g => words.Field(g.Field)!.Descriptive) || access.Grants.Any(g => g.Word.Length == 0))
            return "has no access that an entry could state";
        return words.Fields.FirstOrDefault(f => f.Required && !access.Words(f.Name).Any()) is { } missing
            ? $"has no {missing.Name}, which an entry has to state"
            : null;
    }
}
