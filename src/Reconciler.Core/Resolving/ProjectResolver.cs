using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Resolving;

/// <summary>Resolves one ProjectMembership: its entries into people with access.</summary>
internal sealed class ProjectResolver(
    RunnerRules rules,
    PeopleDirectory people,
    TeamDirectory teams,
    RoleDirectory roles,
    GuardrailDirectory guardrails,
    Problems problems
)
{
    private const string ApproveAnnotation = "reconciler.dev/approve";

    /// <summary>
    /// Finds the problems of a membership that cannot be used, be it for its own sake or its provider's. What it
    /// declares is told apart from
    /// what it seems to lack: that may stand in a part that cannot be read.
    /// </summary>
    public DesiredProject? Check(ProjectMembership manifest, DesiredProvider provider)
    {
        var spec = manifest.Spec;
        if (spec.ProjectId is not null && VendorId.Problem(spec.ProjectId, provider.Vendor.UuidIds) is { } problem)
            problems.Error(spec.Origin.At("projectId"), problem);
        var applying = guardrails.For(manifest);
        var entries = new MemberCollector(
            provider,
            rules.Now,
            new(applying, provider.Vendor, rules.Now, problems),
            people,
            spec.Members?.Count ?? 0,
            problems
        );
        foreach (var entry in spec.Members ?? [])
            Collect(manifest, entry, provider, entries);
        CheckAliases(entries, GuardrailDirectory.Protected(applying).ToHashSet(StringComparer.Ordinal));
        return spec.ProjectId is null
            ? null
            : new(manifest.Id, provider, spec.ProjectId, [])
            {
                Declared = manifest.Metadata.Origin.At("name").Position,
            };
    }

    /// <summary>Checks the names that a membership refers to, where nobody knows its vendor.</summary>
    public void CheckReferences(ProjectMembership manifest)
    {
        foreach (var entry in manifest.Spec.Members ?? [])
        {
            if (entry.Role is { } role)
                roles.Find(manifest, role, null, entry.Origin.At("role"));
            if (entry.Team is { } team)
                teams.PeopleOf(manifest, team, entry.Origin.At("team"));
            if (entry.Person is { } person)
                people.ByName(manifest, person, entry.Origin.At("person"));
            if (entry.Email is { } email)
                people.ByEmail(manifest, email, entry.Origin.At("email"));
        }
    }

    public DesiredProject Resolve(ProjectMembership manifest, DesiredProvider provider)
    {
        var spec = manifest.Spec;
        if (VendorId.Problem(spec.ProjectId, provider.Vendor.UuidIds) is { } problem)
            problems.Error(spec.Origin.At("projectId"), problem);
        var applying = guardrails.For(manifest);
        var space = manifest.Metadata.NamespaceOrDefault;
        var declared = guardrails.DeclaredOf(applying, provider.Vendor.Type, space);
        var runner = guardrails.RunnerOf(provider.Vendor.Type, space);
        var limits = runner.With(manifest.Metadata.Labels, declared);
        var entries = new MemberCollector(
            provider,
            rules.Now,
            new(applying, provider.Vendor, rules.Now, problems),
            people,
            spec.Members?.Count ?? 0,
            problems
        );
        foreach (var entry in spec.Members ?? [])
            Collect(manifest, entry, provider, entries);
        // Where members are absent nobody is managed, so nobody departs either.
        if (spec.Members is not null)
        {
            foreach (var departed in people.Departed(manifest.Metadata.NamespaceOrDefault))
                entries.Depart(departed);
        }

        var members = entries.Members();
        CheckAliases(entries, GuardrailDirectory.Protected(applying).ToHashSet(StringComparer.Ordinal));
        if (spec.Members is not null && !members.Any(m => provider.Vendor.Access.Administers(m.Access.Grants)))
        {
            problems.Warning(spec.Origin.At("members"), "declares no admin: nobody declared here could let others in");
        }

        var defaults = provider.Spec.Defaults;
        return new(manifest.Id, provider, spec.ProjectId, members)
        {
            Removals = entries.Removals(),
            Prune = spec.Members is null ? PrunePolicy.Never : spec.Prune ?? defaults?.Prune ?? PrunePolicy.Owned,
            DeletionPolicy = spec.DeletionPolicy ?? defaults?.DeletionPolicy ?? DeletionPolicy.Orphan,
            Invitations = Merge(spec.Invitations, defaults?.Invitations),
            Limits = limits,
            DeclaredLimits = declared,
            Runner = runner,
            Labels = DesiredProject.NoLabels.AddRange(manifest.Metadata.Labels ?? DesiredProject.NoLabels),
            Interval = (spec.Interval ?? defaults?.Interval)?.Value ?? TimeSpan.FromMinutes(10),
            Suspended = spec.Suspend ?? false,
            DryRun = spec.DryRun ?? false,
            AllowOwnerTransfer = spec.AllowOwnerTransfer ?? false,
            Approval = manifest.Metadata.Annotations?.GetValueOrDefault(ApproveAnnotation),
            Declared = manifest.Metadata.Origin.At("name").Position,
        };
    }

    private void Collect(ProjectMembership manifest, MemberEntry entry, DesiredProvider provider, MemberCollector into)
    {
        var vendor = provider.Vendor;
        var access = entry.Access is { } words ? vendor.Access.Read(words, problems) : null;
        if (entry.Role is { } role)
            access = roles.Find(manifest, role, vendor, entry.Origin.At("role"));
        if (entry.Team is { } team)
        {
            foreach (var person in teams.PeopleOf(manifest, team, entry.Origin.At("team")))
            {
                into.Add(
                    person with
                    {
                        ExpiresAt = TeamDirectory.Earlier(person.ExpiresAt, entry.ExpiresAt),
                        Reason = person.Reason ?? entry.Reason,
                    },
                    access,
                    entry
                );
            }
        }
        else if (Single(manifest, entry, provider) is { } person)
        {
            into.Add(person, access, entry);
        }
    }

    private TeamPerson? Single(ProjectMembership manifest, MemberEntry entry, DesiredProvider provider)
    {
        if (entry.Email is { } email)
        {
            var (identity, person) = people.ByEmail(manifest, email, entry.Origin.At("email"));
            return new(identity, person, entry.ExpiresAt, entry.Reason, entry.Origin);
        }

        if (entry.UserId is { } id)
        {
            if (VendorId.Problem(id, provider.Vendor.UuidIds) is { } problem)
                problems.Error(entry.Origin.At("userId"), problem);
            var (identity, person) = people.ById(manifest, id, provider);
            return new(identity, person, entry.ExpiresAt, entry.Reason, entry.Origin);
        }

        return entry.Person is { } name && people.ByName(manifest, name, entry.Origin.At("person")) is { } named
            ? new(named.Identity, named.Manifest, entry.ExpiresAt, entry.Reason, entry.Origin)
            : null;
    }

    private void CheckAliases(MemberCollector entries, HashSet<string> named)
    {
        if (named.Count == 0)
            return;
        foreach (var person in entries.Persons)
        {
            var shielded = (person.Spec.Aliases ?? []).FirstOrDefault(a => named.Contains(a.Key));
            if (shielded is null)
                continue;
            problems.Error(
                person.Spec.Origin.At("aliases"),
                $"{shielded} is protected by a Guardrail; expected the protected address as the Person's own, "
                    + "or nowhere in a Person"
            );
        }
    }

    private static InvitationPolicy Merge(InvitationRules? own, InvitationRules? defaults) =>
        new(
            (own?.ResendAfter ?? defaults?.ResendAfter)?.Value,
            own?.MaxResends ?? defaults?.MaxResends ?? InvitationPolicy.Default.MaxResends,
            (own?.ExpireAfter ?? defaults?.ExpireAfter)?.Value,
            own?.ReinviteDeclined ?? defaults?.ReinviteDeclined ?? false,
            own?.ReinviteLeft ?? defaults?.ReinviteLeft ?? false,
            own?.ResendBy ?? defaults?.ResendBy ?? ResendBy.Vendor,
            own?.Message ?? defaults?.Message
        );
}

/// <summary>Adds up the entries of one project, person by person.</summary>
internal sealed class MemberCollector(
    DesiredProvider provider,
    DateTimeOffset now,
    RuleCheck rule,
    PeopleDirectory people,
    int entries,
    Problems problems
)
{
    private readonly Dictionary<string, DesiredMember> _members = new(entries, StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset At, RequestedRemoval Removal)> _expired = new(
        StringComparer.Ordinal
    );
    private readonly Dictionary<string, RequestedRemoval> _departed = new(StringComparer.Ordinal);

    private readonly Dictionary<string, PersonIdentity> _caseless = new(StringComparer.Ordinal);

    /// <summary>The Persons that the entries name.</summary>
    public HashSet<Person> Persons { get; } = [];

    public void Add(TeamPerson entry, DesiredAccess? access, MemberEntry declared)
    {
        if (entry.Manifest is not null)
            Persons.Add(entry.Manifest);
        if (entry.Manifest?.Spec.Departed == true)
            return;
        var person = PeopleDirectory.At(entry.Identity, entry.Manifest, provider);
        if (entry.ExpiresAt is { } expiry && expiry.At <= now)
        {
            if (access is not null)
                Expire(person, expiry, entry.At.Position);
            return;
        }

        CheckCase(person, entry.At);
        if (rule.HasRules)
        {
            // What stands there and cannot be read has a problem of its own: it is not missing.
            var end = entry.ExpiresAt?.At ?? (Stands("expiresAt", entry, declared) ? now : null);
            rule.Check(
                person,
                access?.Grants,
                end,
                entry.Reason ?? (Stands("reason", entry, declared) ? "" : null),
                entry.At
            );
        }

        if (access is null)
            return;
        var fresh = new DesiredMember(
            person,
            access,
            entry.At == declared.Origin ? [declared.Origin.Position] : [declared.Origin.Position, entry.At.Position]
        )
        {
            ExpiresAt = entry.ExpiresAt?.At,
            Reason = entry.Reason,
        };
        if (!_members.TryAdd(person.Key, fresh))
            _members[person.Key] = Sum(_members[person.Key], fresh, declared.Origin);
    }

    private static bool Stands(string field, TeamPerson entry, MemberEntry declared) =>
        (declared.Origin[field] ?? (entry.At as MappingNode)?[field]) is not null;

    // Vendors do not agree on whether these are one address, so whom the second one would remove or invite is anybody's
    // guess.
    private void CheckCase(PersonIdentity person, Node at)
    {
        if (Ascii.IsValid(person.Key) || _caseless.TryAdd(EmailAddress.CaselessKeyOf(person.Key), person))
            return;
        var other = _caseless[EmailAddress.CaselessKeyOf(person.Key)];
        if (other.Key == person.Key)
            return;
        problems.Error(
            at,
            $"{person.Label} differs from {other.Label} only in the case of a letter beyond ASCII; "
                + "expected one spelling"
        );
    }

    // The last entry to expire is the reason, whatever the order of the entries.
    private void Expire(PersonIdentity person, Expiry expiry, Position at)
    {
        if (
            _expired.TryGetValue(person.Key, out var other)
            && (other.At, at).CompareTo((expiry.At, other.Removal.Declared)) >= 0
        )
            return;
        _expired[person.Key] = (expiry.At, new(person, $"expired on {expiry.Text}", at));
    }

    public void Depart(Person person)
    {
        Persons.Add(person);
        var (identity, _) = people.ByEmail(person, person.Spec.Email, person.Spec.Origin);
        var here = PeopleDirectory.At(identity, person, provider);
        _departed[here.Key] = new(
            here,
            $"the Person {person.Metadata.Name} has departed",
            person.Spec.Origin.At("departed").Position
        );
    }

    public ImmutableArray<DesiredMember> Members()
    {
        var members = new DesiredMember[_members.Count];
        _members.Values.CopyTo(members, 0);
        Array.Sort(members, (a, b) => string.CompareOrdinal(a.Person.Key, b.Person.Key));
        return ImmutableCollectionsMarshal.AsImmutableArray(members);
    }

    public ImmutableArray<RequestedRemoval> Removals() =>
        [
            .. _expired
                .Values.Select(e => e.Removal)
                .Where(r => !_members.ContainsKey(r.Person.Key) && !_departed.ContainsKey(r.Person.Key))
                .Concat(_departed.Values)
                .OrderBy(r => r.Person.Key, StringComparer.Ordinal),
        ];

    private DesiredMember Sum(DesiredMember first, DesiredMember second, Node at)
    {
        foreach (var field in provider.Vendor.Access.Fields.Where(f => f.Form == AccessForm.Word))
        {
            var here = second.Access.Grants.Words(field.Name).FirstOrDefault();
            var there = first.Access.Grants.Words(field.Name).FirstOrDefault();
            if (here is null || there is null || here == there)
                continue;
            problems.Error(
                at,
                $"gives {second.Person.Label} the {field.Name} {ProblemText.Quote(here)}, "
                    + $"and {first.Declared[0]} gives {ProblemText.Quote(there)}; expected one, "
                    + $"since {provider.Vendor.Name} takes one {field.Name} a person"
            );
        }

        return first with
        {
            Access = first.Access.With(second.Access),
            Declared = [.. first.Declared.Concat(second.Declared).Distinct().Order()],
            ExpiresAt = Earlier(first.ExpiresAt, second.ExpiresAt),
            Reason = Together(first.Reason, second.Reason),
        };
    }

    private static string? Together(string? left, string? right) =>
        left is null || right is null
            ? left ?? right
            : string.Join(
                "; ",
                left.Split("; ")
                    .Concat(right.Split("; "))
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
            );

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null ? right
        : right is null ? left
        : left < right ? left
        : right;
}
