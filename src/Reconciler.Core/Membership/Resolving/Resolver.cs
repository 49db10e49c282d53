using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Membership.Resolving;

/// <summary>
/// Turns manifests into the desired state: connections checked, teams and roles resolved, entries added up, expired ones turned into
/// removals, rules applied. Everything that can be known without asking a vendor is checked here, and every problem is reported.
/// </summary>
public static class Resolver
{
    /// <summary>Resolves all ProjectMemberships.</summary>
    /// <param name="set">The manifests.</param>
    /// <param name="rules">What the runner decides.</param>
    /// <param name="problems">Gets every problem found; where there is an error, the state is not to be used.</param>
    /// <param name="checkTaken">Whether two documents of one project are a problem; a cluster decides by their age.</param>
    public static DesiredState Resolve(ManifestSet set, RunnerRules rules, Problems problems, bool checkTaken = true)
    {
        CheckOverrides(set, rules, problems);
        var providers = new ProviderCheck(rules, problems);
        var byId = set.All<AccessProvider>().ToDictionary(p => p.Id, providers.Resolve, StringComparer.Ordinal);
        var people = new PeopleDirectory(set, problems);
        people.CheckUserIds((from, name) => byId.GetValueOrDefault($"{from.Metadata.NamespaceOrDefault}/{name}")?.Vendor);
        var teams = new TeamDirectory(set, people, problems);
        teams.CheckAll();
        var roles = new RoleDirectory(set, rules, problems);
        foreach (var (id, connection) in byId.ToList()) byId[id] = connection is null ? null : people.Widen(connection);
        var guardrails = new GuardrailDirectory(set, rules, people, problems);
        var resolver = new ProjectResolver(rules, people, teams, roles, guardrails, problems);

        var projects = new List<DesiredProject>();
        foreach (var manifest in set.All<ProjectMembership>())
        {
            if (ProviderOf(set, manifest, byId, problems) is { } provider) projects.Add(resolver.Resolve(manifest, provider));
        }

        if (checkTaken) CheckTaken(projects, problems);
        return new([.. projects.OrderBy(p => p.Provider.Id, StringComparer.Ordinal).ThenBy(p => p.Id, StringComparer.Ordinal)])
        {
            UndeclaredLimits = byId.Values.OfType<DesiredProvider>().Select(p => p.Namespace).Distinct(StringComparer.Ordinal)
                .ToImmutableDictionary(space => space, space => guardrails.LimitsOf(guardrails.For(space, null), space), StringComparer.Ordinal),
            Connections = [.. byId.Values.OfType<DesiredProvider>().OrderBy(p => p.Id, StringComparer.Ordinal)],
        };
    }

    private static DesiredProvider? ProviderOf(ManifestSet set, ProjectMembership manifest, Dictionary<string, DesiredProvider?> byId, Problems problems)
    {
        var name = manifest.Spec.Provider;
        if (byId.TryGetValue($"{manifest.Metadata.NamespaceOrDefault}/{name}", out var provider)) return provider;
        if (!set.IsBroken<AccessProvider>(manifest, name))
        {
            problems.Error(manifest.Spec.Origin.At("provider"), $"no AccessProvider is named {ProblemText.Quote(name)}{ProblemText.DidYouMean(name, set.Names<AccessProvider>(manifest))}");
        }

        return null;
    }

    private static void CheckTaken(IEnumerable<DesiredProject> projects, Problems problems)
    {
        foreach (var taken in projects.GroupBy(p => p.Key).Where(g => g.Count() > 1))
        {
            var documents = taken.OrderBy(p => p.Declared).ToList();
            foreach (var second in documents.Skip(1))
            {
                problems.Error(second.Declared, $"declares the project {taken.Key.ProjectId}, which {documents[0].Id} at {documents[0].Declared} declares too; expected one ProjectMembership a project");
            }
        }
    }

    private static void CheckOverrides(ManifestSet set, RunnerRules rules, Problems problems)
    {
        var names = set.All<AccessProvider>().Select(p => p.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in rules.BaseUrls.Keys.Where(n => !names.Contains(n)).Order(StringComparer.Ordinal))
        {
            problems.Error(new Position(rules.BaseUrlsGivenBy, 0, 0), $"no AccessProvider is named {ProblemText.Quote(name)}{ProblemText.DidYouMean(name, names)}");
        }
    }
}
