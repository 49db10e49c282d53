using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Offboarding;
using Reconciler.Core.Resolving;

namespace Reconciler.Core.Explaining;

/// <summary>Finds the ways by which the manifests give one person access.</summary>
/// <param name="manifests">The manifests.</param>
/// <param name="subject">The person.</param>
public sealed class AccessPaths(ManifestSet manifests, OffboardingSubject subject)
{
    // A team that is named by many teams multiplies the ways, and nobody reads so many.
    private const int Most = 20;

    private readonly Dictionary<string, bool> _holds = new(StringComparer.Ordinal);

    /// <summary>Returns the ways into a project, in the order of its entries; at most twenty.</summary>
    /// <param name="project">The project.</param>
    public ImmutableArray<AccessPath> Into(DesiredProject project)
    {
        ArgumentNullException.ThrowIfNull(project);
        return manifests.All<ProjectMembership>().FirstOrDefault(p => p.Id == project.Id) is { } document
            ? [.. (document.Spec.Members ?? []).SelectMany(entry => Of(document, entry, project.Provider)).Take(Most)]
            : [];
    }

    private IEnumerable<AccessPath> Of(ProjectMembership document, MemberEntry entry, DesiredProvider provider)
    {
        if (entry.Team is { } team)
        {
            return Through(document, team, [])
                .Select(tail => new AccessPath([new(entry.Origin.Position, team), .. tail.Steps], entry.Role)
                {
                    ExpiresAt = TeamDirectory.Earlier(entry.ExpiresAt, tail.ExpiresAt)?.At,
                    Reason = tail.Reason ?? entry.Reason,
                });
        }

        return subject.IsNamed(document, entry, provider)
            ?
            [
                new AccessPath([new(entry.Origin.Position, null)], entry.Role)
                {
                    ExpiresAt = entry.ExpiresAt?.At,
                    Reason = entry.Reason,
                },
            ]
            : [];
    }

    private IEnumerable<Tail> Through(Manifest from, string name, ImmutableArray<string> above)
    {
        if (manifests.Find<Team>(from, name) is not { } team || above.Contains(team.Id) || !Holds(team))
            yield break;
        foreach (var entry in team.Spec.Members)
        {
            if (entry.Team is { } inner)
            {
                foreach (var tail in Through(team, inner, above.Add(team.Id)))
                    yield return new(
                        [new(entry.Origin.Position, inner), .. tail.Steps],
                        TeamDirectory.Earlier(entry.ExpiresAt, tail.ExpiresAt),
                        tail.Reason ?? entry.Reason
                    );
            }
            else if (subject.IsNamed(team, entry))
            {
                yield return new([new(entry.Origin.Position, null)], entry.ExpiresAt, entry.Reason);
            }
        }
    }

    // Each team is searched once; otherwise teams that are nested several times would multiply the search.
    private bool Holds(Team team)
    {
        if (_holds.TryGetValue(team.Id, out var known))
            return known;
        _holds[team.Id] = false;
        return _holds[team.Id] = team.Spec.Members.Any(e =>
            e.Team is { } inner
                ? manifests.Find<Team>(team, inner) is { } nested && Holds(nested)
                : subject.IsNamed(team, e)
        );
    }

    private sealed record Tail(ImmutableArray<PathStep> Steps, Expiry? ExpiresAt, string? Reason);
}
