using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Resolving;

/// <summary>Resolves one ProjectMembership into a desired project, with its people and settings.</summary>
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
    /// Reports the problems of a membership that cannot be used because it or its provider is invalid. Only what it
    /// declares is checked: what seems to be missing may be in a part that cannot be read.
    /// </summary>
    public DesiredProject? Check(ProjectMembership manifest, DesiredProvider provider)
    {
        var spec = manifest.Spec;
        if (spec.ProjectId is not null && provider.Vendor.ProblemOfProject(spec.ProjectId) is { } problem)
            problems.Error(spec.Origin.At("projectId"), problem);
        var applying = guardrails.For(manifest);
        var entries = CollectAll(manifest, provider, applying);
        CheckAliases(entries, GuardrailDirectory.Protected(applying).ToHashSet(StringComparer.Ordinal));
        return spec.ProjectId is null
            ? null
            : new(manifest.Id, provider, spec.ProjectId, [])
            {
                Declared = manifest.Metadata.Origin.At("name").Position,
            };
    }

    /// <summary>Checks the names that a membership refers to if its vendor is not known.</summary>
    public void CheckReferences(ProjectMembership manifest)
    {
        foreach (var entry in manifest.Spec.Members ?? [])
        {
            if (entry.Role is { } role)
                roles.Find(manifest, role, null, entry.Origin.PlaceOf("role"));
            if (entry.Team is { } team)
                teams.PeopleOf(manifest, team, entry.Origin.PlaceOf("team"));
            if (entry.Person is { } person)
                people.ByName(manifest, person, entry.Origin.PlaceOf("person"));
            if (entry.Email is { } email)
                people.ByEmail(manifest, email, entry.Origin.PlaceOf("email"));
        }
    }

    public DesiredProject Resolve(ProjectMembership manifest, DesiredProvider provider)
    {
        var spec = manifest.Spec;
        if (provider.Vendor.ProblemOfProject(spec.ProjectId) is { } problem)
            problems.Error(spec.Origin.At("projectId"), problem);
        var applying = guardrails.For(manifest);
        var space = manifest.Metadata.NamespaceOrDefault;
        var declared = guardrails.DeclaredOf(applying, provider.Vendor.Type, space);
        var runner = guardrails.RunnerOf(provider.Vendor.Type, space);
        var limits = runner.With(manifest.Metadata.Labels, declared);
        var entries = CollectAll(manifest, provider, applying);
        // Without a members field nobody is managed, so nobody departs.
        if (spec.Members is not null)
        {
            foreach (var departed in people.Departed(space))
                entries.Depart(departed);
        }

        var members = entries.Members();
        CheckAliases(entries, GuardrailDirectory.Protected(applying).ToHashSet(StringComparer.Ordinal));
        if (spec.Members is not null && !members.Any(m => provider.Vendor.Access.Administers(m.Access.Grants)))
        {
            problems.Warning(
                spec.Origin.At("members"),
                "no member with admin access is declared; nobody declared here could invite others"
            );
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

    private MemberCollector CollectAll(
        ProjectMembership manifest,
        DesiredProvider provider,
        ImmutableArray<ReadGuardrail> applying
    )
    {
        var declared = manifest.Spec.Members ?? [];
        var entries = new MemberCollector(
            provider,
            rules.Now,
            new(applying, provider.Vendor, rules.Now, problems),
            people,
            declared.Count,
            problems
        );
        foreach (var entry in declared)
        {
            TeamDirectory.CheckPin(entry.Login, entry.Id, entry.Origin, problems);
            Collect(manifest, entry, provider, entries);
        }

        return entries;
    }

    private void Collect(ProjectMembership manifest, MemberEntry entry, DesiredProvider provider, MemberCollector into)
    {
        var vendor = provider.Vendor;
        var access = entry.Access is { } words ? vendor.Access.Read(words, problems) : null;
        if (entry.Role is { } role)
            access = roles.Find(manifest, role, vendor, entry.Origin.PlaceOf("role"));
        if (entry.Team is { } team)
        {
            foreach (var person in teams.PeopleOf(manifest, team, entry.Origin.PlaceOf("team")))
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
            var (identity, person) = people.ByEmail(manifest, email, entry.Origin.PlaceOf("email"));
            return new(identity, person, entry.ExpiresAt, entry.Reason, entry.Origin);
        }

        if (entry.Login is { } login)
            return TeamDirectory.ByLogin(login, entry.Id, entry.ExpiresAt, entry.Reason, entry.Origin);
        if (entry.UserId is { } id)
        {
            if (VendorId.Problem(id, provider.Vendor.UuidIds) is { } problem)
                problems.Error(entry.Origin.At("userId"), problem);
            var (identity, person) = people.ById(manifest, id, provider);
            return new(identity, person, entry.ExpiresAt, entry.Reason, entry.Origin);
        }

        return entry.Person is { } name && people.ByName(manifest, name, entry.Origin.PlaceOf("person")) is { } named
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
        )
        {
            ReinviteExpired = own?.ReinviteExpired ?? defaults?.ReinviteExpired ?? false,
        };
}
