using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Evaluating;

/// <summary>The project of one membership, or what is wrong with it.</summary>
/// <param name="Project">The project; null where something is wrong.</param>
/// <param name="Reason">The condition's reason where something is wrong.</param>
/// <param name="Message">What is wrong, for people.</param>
internal sealed record Resolution(DesiredProject? Project, string Reason, string Message)
{
    /// <summary>Something is wrong.</summary>
    public static Resolution Wrong(string reason, string message) => new(null, reason, message);
}

/// <summary>
/// Resolves manifests of memberships to projects. A wrong resource stalls itself and the memberships that use it, and
/// no others. A Guardrail that cannot be read stalls every membership of its namespace, since its limits are unknown.
/// </summary>
internal static class MembershipResolver
{
    private const int ShownProblems = 10;
    private const int AtOnce = 64;

    /// <summary>
    /// Resolves memberships of one namespace, each by itself; what they share is resolved once for many of them.
    /// </summary>
    /// <param name="documents">The memberships.</param>
    /// <param name="namespace">The resources of the namespace.</param>
    /// <param name="rules">The rules of the runner.</param>
    /// <returns>A resolution for each, by the path of its position.</returns>
    public static IReadOnlyDictionary<string, Resolution> Resolve(
        IReadOnlyCollection<ClusterDocument> documents,
        NamespaceResources @namespace,
        RunnerRules rules
    )
    {
        var resolved = new Dictionary<string, Resolution>(StringComparer.Ordinal);
        // The operator needs most memory here, so documents are read and dropped in groups.
        foreach (var some in documents.Chunk(AtOnce))
        {
            ResolveSome(some, @namespace, rules, resolved);
            foreach (var document in some)
                document.Release();
        }

        return resolved;
    }

    private static void ResolveSome(
        IReadOnlyCollection<ClusterDocument> documents,
        NamespaceResources @namespace,
        RunnerRules rules,
        Dictionary<string, Resolution> resolved
    )
    {
        var set = new ManifestSet();
        foreach (var document in documents)
            set.Include(document.Set);
        set.Include(@namespace.Set);
        var problems = new Problems();
        var state = Resolver.Resolve(set, rules, problems, checkTaken: false);
        var found = problems
            .Sorted.Concat(@namespace.Documents.Values.SelectMany(d => d.Problems.Sorted))
            .Where(p => p.Severity == Severity.Error)
            .ToLookup(p => p.Position.Path, StringComparer.Ordinal);
        // Problems of the runner's own Guardrails concern every membership.
        var own = documents.Select(d => d.Position.Path).ToHashSet(StringComparer.Ordinal);
        var general = found
            .Where(g => !own.Contains(g.Key) && !@namespace.Documents.ContainsKey(g.Key))
            .SelectMany(g => g)
            .ToList();
        var projects = state.Projects.ToDictionary(p => p.Declared.Path, StringComparer.Ordinal);
        foreach (var document in documents)
            resolved[document.Position.Path] = ResolutionOf(
                document,
                @namespace,
                projects.GetValueOrDefault(document.Position.Path),
                path => found[path],
                general
            );
    }

    private static Resolution ResolutionOf(
        ClusterDocument document,
        NamespaceResources @namespace,
        DesiredProject? project,
        Func<string, IEnumerable<Problem>> problemsAt,
        List<Problem> general
    )
    {
        if (document.Manifest is not ProjectMembership membership)
            return Wrong(document.Problems.Sorted, document.Position);
        var found = general.Concat(UsedDocuments.Of(membership, @namespace).SelectMany(problemsAt)).ToList();
        if (project is not null)
            found.AddRange(OwnRules(project.Provider, @namespace, membership));
        if (found.Count > 0)
            return Wrong(found, document.Position);
        if (project is null)
            return Resolution.Wrong(StatusReasons.Invalid, "what it asks for cannot be told");
        if (project.Members.Length > StatusSize.MostPeople)
            return Resolution.Wrong(
                StatusReasons.TooManyMembers,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{project.Members.Length} people are declared; "
                        + $"the status of a resource can remember {StatusSize.MostPeople}: "
                        + $"use the worker for this project, whose state is a database"
                )
            );
        return new(project with { Scope = document.Resource.Metadata.Uid }, "", "");
    }

    /// <summary>Resolves an AccessProvider to its connection, or to what is wrong with it.</summary>
    public static (DesiredProvider? Provider, string? Problem) ResolveProvider(
        ClusterDocument document,
        RunnerRules rules
    )
    {
        if (document.Manifest is not AccessProvider provider)
            return (null, Text(document.Problems.Sorted, document.Position));
        var set = new ManifestSet();
        set.Include(document.Set);
        var problems = new Problems();
        var state = Resolver.Resolve(set, rules, problems);
        var found = problems
            .Sorted.Where(p => p.Severity == Severity.Error && p.Position.Path == document.Position.Path)
            .Concat(SecretRules(provider))
            .ToList();
        return found.Count > 0 ? (null, Text(found, document.Position)) : (state.Connections.SingleOrDefault(), null);
    }

    /// <summary>
    /// Resolves the connections of a namespace, and the limits of projects without a document there: what removing a
    /// project's people needs.
    /// </summary>
    public static DesiredState WithoutDocuments(NamespaceResources @namespace, RunnerRules rules) =>
        Resolver.Resolve(@namespace.Set, rules, new Problems());

    private static IEnumerable<Problem> OwnRules(
        DesiredProvider provider,
        NamespaceResources @namespace,
        ProjectMembership membership
    ) =>
        @namespace.Find(nameof(AccessProvider), membership.Metadata.NamespaceOrDefault, provider.Name)?.Manifest
            is AccessProvider manifest
            ? SecretRules(manifest)
            : [];

    // A namespace must not read variables or files of the operator's pod.
    private static IEnumerable<Problem> SecretRules(AccessProvider provider)
    {
        var at = provider.Metadata.Origin.Position;
        if (provider.Spec.Credentials.Token.SecretRef is null)
            yield return new(
                Severity.Error,
                at,
                "spec.credentials.token",
                "names a variable or a file; in a cluster expected secretRef, a Secret of this namespace"
            );
        if (provider.Spec.CaFile is not null)
            yield return new(
                Severity.Error,
                at,
                "spec.caFile",
                "names a file; in a cluster expected caSecretRef, a Secret of this namespace"
            );
    }

    private static Resolution Wrong(IReadOnlyList<Problem> problems, Position own)
    {
        var isMissing = problems.Count > 0 && problems.All(p => p.Kind == ProblemKind.MissingReference);
        return Resolution.Wrong(
            isMissing ? StatusReasons.ReferenceNotFound : StatusReasons.Invalid,
            Text(problems, own)
        );
    }

    // A resource does not name itself in its own status.
    private static string Text(IReadOnlyList<Problem> problems, Position own)
    {
        var shown = problems
            .Distinct()
            .Take(ShownProblems)
            .Select(p => p.Position.Path == own.Path ? p.ToString()[$"{p.Position}: ".Length..] : p.ToString())
            .ToList();
        var more = problems.Distinct().Count() - shown.Count;
        return string.Join("; ", more > 0 ? shown.Append($"and {more} more") : shown);
    }
}
