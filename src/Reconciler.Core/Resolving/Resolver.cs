using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Resolving;

/// <summary>
/// Turns manifests into the desired state: checks connections, resolves teams and roles, adds up entries, turns expired
/// ones into removals, and applies rules. Everything that can be checked without calling a vendor is checked here, and
/// every problem is reported.
/// </summary>
public static class Resolver
{
    /// <summary>Resolves all ProjectMemberships.</summary>
    /// <param name="set">The manifests.</param>
    /// <param name="rules">The rules of the runner.</param>
    /// <param name="problems">Gets every problem found; if there is an error, the state must not be used.</param>
    /// <param name="checkTaken">
    /// Whether two documents of one project are an error. False in a cluster, where the older document wins.
    /// </param>
    public static DesiredState Resolve(ManifestSet set, RunnerRules rules, Problems problems, bool checkTaken = true)
    {
        CheckOverrides(set, rules, problems);
        var check = new ProviderCheck(set, rules, problems);
        var byId = set.Readable<AccessProvider>()
            .DistinctBy(p => p.Id)
            .ToDictionary(p => p.Id, check.Check, StringComparer.Ordinal);
        var people = new PeopleDirectory(set, problems);
        people.CheckPlaces(
            (from, name) =>
                byId.GetValueOrDefault($"{from.Metadata.NamespaceOrDefault}/{name}") is { } provider
                    ? provider.Known?.Vendor
                    : VendorOf(name, byId.Values, rules)
        );
        var teams = new TeamDirectory(set, people, problems);
        teams.CheckAll();
        var roles = new RoleDirectory(set, rules, problems);
        foreach (var (id, provider) in byId.ToList())
            byId[id] = provider.Widened(people);
        var usable = byId.Values.Select(p => p.Usable).OfType<DesiredProvider>().ToList();
        var guardrails = new GuardrailDirectory(set, rules, people, problems);
        var resolver = new ProjectResolver(rules, people, teams, roles, guardrails, problems);

        // Check memberships that cannot be used as well, so that, for example, a refused host does not hide a broken
        // reference.
        var (projects, unusable) = (new List<DesiredProject>(), new List<DesiredProject>());
        foreach (var manifest in set.Readable<ProjectMembership>().Where(p => p.Spec is not null))
        {
            var provider = ProviderOf(set, manifest, byId, problems);
            if (provider?.Known is not { } known)
                resolver.CheckReferences(manifest);
            else if (provider.Usable is { } connection && !set.HasProblem(manifest))
                projects.Add(resolver.Resolve(manifest, connection));
            else if (resolver.Check(manifest, known) is { } checkedOnly)
                unusable.Add(checkedOnly);
        }

        if (checkTaken)
            CheckTaken(projects.Concat(unusable), problems);
        return State(projects, usable, guardrails);
    }

    // The vendors of connections are made already; all of them only where a Person names a site that no connection has.
    private static Vendor? VendorOf(string name, IEnumerable<CheckedProvider> connections, RunnerRules rules) =>
        rules.Vendors.Find(name)
        ?? connections.Select(c => c.Known?.Vendor).FirstOrDefault(v => v?.Logins?.Site == name)
        ?? rules.Vendors.FirstOrDefault(v => v.Logins?.Site == name);

    private static DesiredState State(
        List<DesiredProject> projects,
        List<DesiredProvider> usable,
        GuardrailDirectory guardrails
    ) =>
        new([.. projects.OrderBy(p => p.Provider.Id, StringComparer.Ordinal).ThenBy(p => p.Id, StringComparer.Ordinal)])
        {
            UndeclaredLimits = usable.ToImmutableDictionary(
                p => p.Id,
                p => Undeclared(guardrails, p),
                StringComparer.Ordinal
            ),
            Runners = usable.ToImmutableDictionary(
                p => p.Id,
                p => guardrails.RunnerOf(p.Vendor.Type, p.Namespace),
                StringComparer.Ordinal
            ),
            Connections = [.. usable.OrderBy(p => p.Id, StringComparer.Ordinal)],
        };

    private static Limits Undeclared(GuardrailDirectory guardrails, DesiredProvider provider) =>
        guardrails
            .RunnerOf(provider.Vendor.Type, provider.Namespace)
            .With(
                null,
                guardrails.DeclaredOf(
                    guardrails.For(provider.Namespace, null),
                    provider.Vendor.Type,
                    provider.Namespace
                )
            );

    private static CheckedProvider? ProviderOf(
        ManifestSet set,
        ProjectMembership manifest,
        Dictionary<string, CheckedProvider> byId,
        Problems problems
    )
    {
        if (manifest.Spec.Provider is not { } name)
            return null;
        if (byId.TryGetValue($"{manifest.Metadata.NamespaceOrDefault}/{name}", out var provider))
            return provider;
        if (!set.IsBroken<AccessProvider>(manifest, name))
        {
            problems.MissingReference(
                manifest.Spec.Origin.At("provider"),
                $"no AccessProvider is named {ProblemText.Quote(name)}"
                    + ProblemText.DidYouMean(name, set.Names<AccessProvider>(manifest))
            );
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
                problems.Error(
                    second.Declared,
                    $"declares the project {taken.Key.ProjectId}, which {documents[0].Id} at {documents[0].Declared} "
                        + "declares too; expected one ProjectMembership per project"
                );
            }
        }
    }

    private static void CheckOverrides(ManifestSet set, RunnerRules rules, Problems problems)
    {
        if (set.IsIncomplete)
            return;
        var names = set.Readable<AccessProvider>().Select(p => p.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in rules.BaseUrls.Keys.Where(n => !names.Contains(n)).Order(StringComparer.Ordinal))
        {
            problems.Error(
                new Position(rules.BaseUrlsGivenBy, 0, 0),
                $"no AccessProvider is named {ProblemText.Quote(name)}{ProblemText.DidYouMean(name, names)}"
            );
        }
    }
}
