using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Resolving;

namespace Reconciler.Hosts.Operator;

/// <summary>What one membership asks for, or why nobody can tell.</summary>
/// <param name="Project">The project; null where something is wrong.</param>
/// <param name="Reason">The condition's reason where something is wrong.</param>
/// <param name="Message">What is wrong, for people.</param>
internal sealed record Resolution(DesiredProject? Project, string Reason, string Message)
{
    public static Resolution Wrong(string reason, string message) => new(null, reason, message);
}

/// <summary>
/// Resolves memberships one by one: a wrong resource stalls itself and whoever uses it, and nobody else. A Guardrail that cannot be read stalls
/// every membership of its namespace, since nobody knows which limits it would have set.
/// </summary>
internal static class MembershipResolver
{
    /// <summary>The most people whom a status can remember.</summary>
    public const int MostMembers = 5_000;

    /// <summary>Something is wrong with the resource, with one that it uses, or with what it remembers.</summary>
    public const string Invalid = "Invalid";

    /// <summary>The reason where there are more than those.</summary>
    public const string TooManyMembers = "TooManyMembers";

    private const int ShownProblems = 10;
    private const int AtOnce = 64;

    /// <summary>Resolves memberships of one namespace, each for itself, and what they share once for many of them.</summary>
    /// <param name="documents">The memberships.</param>
    /// <param name="around">Everything else of the namespace.</param>
    /// <param name="rules">What the runner decides.</param>
    /// <returns>A resolution for each, by its place.</returns>
    public static IReadOnlyDictionary<string, Resolution> Resolve(
        IReadOnlyCollection<ClusterDocument> documents,
        NamespaceBase around,
        RunnerRules rules
    )
    {
        var resolved = new Dictionary<string, Resolution>(StringComparer.Ordinal);
        // A thousand documents read at one time would be most of the memory that the operator ever needs.
        foreach (var some in documents.Chunk(AtOnce))
        {
            ResolveSome(some, around, rules, resolved);
            foreach (var document in some)
                document.Release();
        }

        return resolved;
    }

    private static void ResolveSome(
        IReadOnlyCollection<ClusterDocument> documents,
        NamespaceBase around,
        RunnerRules rules,
        Dictionary<string, Resolution> resolved
    )
    {
        var set = new ManifestSet();
        foreach (var document in documents)
            set.Include(document.Set);
        set.Include(around.Set);
        var problems = new Problems();
        var state = Resolver.Resolve(set, rules, problems, checkTaken: false);
        var found = problems
            .Sorted.Concat(around.Documents.Values.SelectMany(d => d.Problems.Sorted))
            .Where(p => p.Severity == Severity.Error)
            .ToLookup(p => p.Position.Path, StringComparer.Ordinal);
        // What is wrong with the runner's own Guardrails holds for everybody.
        var own = documents.Select(d => d.Position.Path).ToHashSet(StringComparer.Ordinal);
        var general = found
            .Where(g => !own.Contains(g.Key) && !around.Documents.ContainsKey(g.Key))
            .SelectMany(g => g)
            .ToList();
        var projects = state.Projects.ToDictionary(p => p.Declared.Path, StringComparer.Ordinal);
        foreach (var document in documents)
            resolved[document.Position.Path] = Judge(
                document,
                around,
                projects.GetValueOrDefault(document.Position.Path),
                path => found[path],
                general
            );
    }

    private static Resolution Judge(
        ClusterDocument document,
        NamespaceBase around,
        DesiredProject? project,
        Func<string, IEnumerable<Problem>> problemsAt,
        List<Problem> general
    )
    {
        if (document.Manifest is not ProjectMembership membership)
            return Wrong(document.Problems.Sorted, document.Position);
        var found = general.Concat(UsedDocuments.Of(membership, around).SelectMany(problemsAt)).ToList();
        if (project is not null)
            found.AddRange(OwnRules(project.Provider, around, membership));
        if (found.Count > 0)
            return Wrong(found, document.Position);
        if (project is null)
            return Resolution.Wrong(Invalid, "what it asks for cannot be told");
        if (project.Members.Length > MostMembers)
            return Resolution.Wrong(
                TooManyMembers,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{project.Members.Length} people are declared; the status of a resource can remember {MostMembers}: use the worker for this project, whose state is a database"
                )
            );
        return new(project with { Scope = document.Resource.Metadata.Uid }, "", "");
    }

    /// <summary>The connection of an AccessProvider, or what is wrong with it.</summary>
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
    /// The connections of a namespace, and the limits of projects without a document there: what is needed to take a project's people out.
    /// </summary>
    public static DesiredState WithoutDocuments(NamespaceBase around, RunnerRules rules) =>
        Resolver.Resolve(around.Set, rules, new Problems());

    private static IEnumerable<Problem> OwnRules(
        DesiredProvider provider,
        NamespaceBase around,
        ProjectMembership membership
    ) =>
        around.Find(nameof(AccessProvider), membership.Metadata.NamespaceOrDefault, provider.Name)?.Manifest
            is AccessProvider manifest
            ? SecretRules(manifest)
            : [];

    // A variable or file of the operator's pod is nobody's business in a namespace.
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
        var isMissing =
            problems.Count > 0
            && problems.All(p =>
                p.Message.StartsWith("no ", StringComparison.Ordinal)
                && p.Message.Contains(" is named ", StringComparison.Ordinal)
            );
        return Resolution.Wrong(isMissing ? "ReferenceNotFound" : Invalid, Text(problems, own));
    }

    // The resource that says it in its own status need not name itself.
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

/// <summary>Finds the documents that a membership uses, by itself or through teams.</summary>
internal static class UsedDocuments
{
    /// <summary>The places of their problems.</summary>
    public static HashSet<string> Of(ProjectMembership membership, NamespaceBase around)
    {
        var space = membership.Metadata.NamespaceOrDefault;
        var used = new HashSet<string>(StringComparer.Ordinal)
        {
            membership.Metadata.Origin.Position.Path,
            Path(nameof(AccessProvider), membership.Spec.Provider),
        };
        var addresses = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in membership.Spec.Members ?? [])
        {
            if (entry.Role is { } role)
                used.Add(Path(nameof(AccessRole), role));
            Use(entry.Email?.Key, entry.Person, entry.Team);
        }

        foreach (var (path, document) in around.Documents)
        {
            if (document.Kind.Type == typeof(Guardrail))
                used.Add(path);
            if (document.Manifest is Person person && IsMeant(person))
                used.Add(path);
        }

        return used;

        string Path(string kind, string name) => ClusterDocument.PlaceOf(kind, space, name);

        bool IsMeant(Person person) =>
            person.Spec.Departed == true
            || addresses.Contains(person.Spec.Email.Key)
            || (person.Spec.Aliases ?? []).Any(a => addresses.Contains(a.Key));

        void Use(string? address, string? person, string? team)
        {
            if (address is not null)
                addresses.Add(address);
            if (person is not null)
                used.Add(Path(nameof(Person), person));
            if (team is null || !used.Add(Path(nameof(Team), team)))
                return;
            if (around.Find(nameof(Team), space, team)?.Manifest is not Team found)
                return;
            foreach (var entry in found.Spec.Members)
                Use(entry.Email?.Key, entry.Person, entry.Team);
        }
    }
}
