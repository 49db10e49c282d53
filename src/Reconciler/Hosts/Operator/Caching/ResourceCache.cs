using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator;

/// <summary>Everything but memberships of one namespace, read together.</summary>
/// <param name="Documents">The documents, by the place their problems are said to be at.</param>
/// <param name="Set">Their manifests.</param>
internal sealed record NamespaceBase(ImmutableDictionary<string, ClusterDocument> Documents, ManifestSet Set)
{
    public ClusterDocument? Find(string kind, string space, string name) =>
        Documents.GetValueOrDefault(ClusterDocument.PlaceOf(kind, space, name));
}

/// <summary>The resources of the cluster, as last seen. Written by the reflectors, read by anybody.</summary>
internal sealed class ResourceCache
{
    private readonly ConcurrentDictionary<ObjectKey, ClusterDocument> _memberships = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, ClusterDocument>> _others = new(
        StringComparer.Ordinal
    );
    private readonly ConcurrentDictionary<string, NamespaceBase> _bases = new(StringComparer.Ordinal);

    /// <summary>The memberships of every namespace.</summary>
    public ICollection<ClusterDocument> Memberships => _memberships.Values;

    /// <summary>The namespaces that hold anything.</summary>
    public IEnumerable<string> Namespaces =>
        _others.Keys.Union(_memberships.Keys.Select(k => k.Namespace ?? "default"), StringComparer.Ordinal);

    /// <summary>A membership; null where there is none.</summary>
    public ClusterDocument? Membership(ObjectKey key) => _memberships.GetValueOrDefault(key);

    /// <summary>Notes how a resource stands.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="key">Its name.</param>
    /// <param name="resource">The resource; null where it is gone.</param>
    public void Note(ManifestKind kind, ObjectKey key, ClusterResource? resource)
    {
        var document = resource is null ? null : new ClusterDocument(kind, resource);
        if (kind.Type == typeof(ProjectMembership))
        {
            if (document is null)
                _memberships.TryRemove(key, out _);
            else
                _memberships[key] = document;
            return;
        }

        var space = key.Namespace ?? "default";
        var documents = _others.GetOrAdd(space, _ => new(StringComparer.Ordinal));
        if (document is null)
            documents.TryRemove(ClusterDocument.PlaceOf(kind.Name, space, key.Name), out _);
        else
            documents[document.Position.Path] = document;
        _bases.TryRemove(space, out _);
    }

    /// <summary>Notes that the status of a resource is another now, and nothing else.</summary>
    public void Refresh(ManifestKind kind, ClusterResource resource)
    {
        var place = ClusterDocument.PlaceOf(kind.Name, resource.Namespace, resource.Metadata.Name);
        if (_others.GetValueOrDefault(resource.Namespace)?.GetValueOrDefault(place) is { } document)
            document.Refresh(resource);
    }

    /// <summary>The Approvals of every namespace.</summary>
    public IEnumerable<ClusterDocument> Approvals =>
        _others.Values.SelectMany(documents => documents.Values).Where(d => d.Kind.Type == typeof(Approval));

    /// <summary>The AccessProviders of a namespace.</summary>
    public IEnumerable<ClusterDocument> Providers(string space) =>
        BaseOf(space).Documents.Values.Where(d => d.Kind.Type == typeof(AccessProvider));

    /// <summary>Everything but memberships of a namespace.</summary>
    public NamespaceBase BaseOf(string space)
    {
        while (true)
        {
            if (_bases.TryGetValue(space, out var known))
                return known;
            var documents = (_others.GetValueOrDefault(space)?.Values ?? []).ToImmutableDictionary(
                d => d.Position.Path,
                StringComparer.Ordinal
            );
            var set = new ManifestSet();
            foreach (var document in documents.Values)
                set.Include(document.Set);
            var made = new NamespaceBase(documents, set);
            _bases[space] = made;
            // A change in between has emptied the place before this filled it again.
            var now = _others.GetValueOrDefault(space)?.Values ?? [];
            if (
                now.Count == documents.Count
                && now.All(d => ReferenceEquals(documents.GetValueOrDefault(d.Position.Path), d))
            )
                return made;
            _bases.TryRemove(new(space, made));
        }
    }
}
