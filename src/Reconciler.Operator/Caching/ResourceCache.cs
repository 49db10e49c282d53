using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Caching;

/// <summary>
/// The resources of one namespace that memberships may use: everything but memberships, read together.
/// </summary>
/// <param name="Documents">The documents, by the path of their position.</param>
/// <param name="Set">Their manifests.</param>
internal sealed record NamespaceResources(ImmutableDictionary<string, ClusterDocument> Documents, ManifestSet Set)
{
    /// <summary>Finds a document; null where there is none.</summary>
    public ClusterDocument? Find(string kind, string @namespace, string name) =>
        Documents.GetValueOrDefault(ClusterDocument.PathOf(kind, @namespace, name));
}

/// <summary>
/// Caches the resources of the cluster, as last seen. Written by the reflectors, read from any thread.
/// </summary>
internal sealed class ResourceCache
{
    private readonly ConcurrentDictionary<ObjectKey, ClusterDocument> _memberships = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, ClusterDocument>> _others = new(
        StringComparer.Ordinal
    );
    private readonly ConcurrentDictionary<string, NamespaceResources> _namespaces = new(StringComparer.Ordinal);

    /// <summary>The memberships of every namespace.</summary>
    public ICollection<ClusterDocument> Memberships => _memberships.Values;

    /// <summary>The namespaces that hold anything.</summary>
    public IEnumerable<string> Namespaces =>
        _others.Keys.Union(_memberships.Keys.Select(k => k.Namespace ?? "default"), StringComparer.Ordinal);

    /// <summary>The Approvals of every namespace.</summary>
    public IEnumerable<ClusterDocument> Approvals =>
        _others.Values.SelectMany(documents => documents.Values).Where(d => d.Kind.Type == typeof(Approval));

    /// <summary>Finds a membership; null where there is none.</summary>
    public ClusterDocument? Membership(ObjectKey key) => _memberships.GetValueOrDefault(key);

    /// <summary>Replaces a resource.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="key">Its name.</param>
    /// <param name="resource">The resource; null where it is gone.</param>
    public void Set(ManifestKind kind, ObjectKey key, ClusterResource? resource)
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

        var @namespace = key.Namespace ?? "default";
        var documents = _others.GetOrAdd(@namespace, _ => new(StringComparer.Ordinal));
        if (document is null)
            documents.TryRemove(ClusterDocument.PathOf(kind.Name, @namespace, key.Name), out _);
        else
            documents[document.Position.Path] = document;
        _namespaces.TryRemove(@namespace, out _);
    }

    /// <summary>Replaces a resource whose status alone has changed.</summary>
    public void SetStatus(ManifestKind kind, ClusterResource resource)
    {
        var path = ClusterDocument.PathOf(kind.Name, resource.Namespace, resource.Metadata.Name);
        if (_others.GetValueOrDefault(resource.Namespace)?.GetValueOrDefault(path) is { } document)
            document.Refresh(resource);
    }

    /// <summary>The AccessProviders of a namespace.</summary>
    public IEnumerable<ClusterDocument> Providers(string @namespace) =>
        In(@namespace).Documents.Values.Where(d => d.Kind.Type == typeof(AccessProvider));

    /// <summary>The resources of a namespace besides memberships; none is read for it.</summary>
    public IEnumerable<ClusterDocument> Others(string @namespace) =>
        _others.GetValueOrDefault(@namespace)?.Values ?? [];

    /// <summary>The resources of a namespace that memberships may use.</summary>
    public NamespaceResources In(string @namespace)
    {
        while (true)
        {
            if (_namespaces.TryGetValue(@namespace, out var known))
                return known;
            var documents = (_others.GetValueOrDefault(@namespace)?.Values ?? []).ToImmutableDictionary(
                d => d.Position.Path,
                StringComparer.Ordinal
            );
            var set = new ManifestSet();
            foreach (var document in documents.Values)
                set.Include(document.Set);
            var made = new NamespaceResources(documents, set);
            _namespaces[@namespace] = made;
            // A change in between has removed the entry before this added it again.
            var now = _others.GetValueOrDefault(@namespace)?.Values ?? [];
            if (
                now.Count == documents.Count
                && now.All(d => ReferenceEquals(documents.GetValueOrDefault(d.Position.Path), d))
            )
                return made;
            _namespaces.TryRemove(new(@namespace, made));
        }
    }
}
