using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Manifests.Yaml;

namespace Reconciler.Operator.Resources;

/// <summary>
/// A custom resource, read as a manifest when it is first needed. One that cannot be read stalls itself and the
/// memberships that use it.
/// </summary>
internal sealed class ClusterDocument
{
    private volatile ReadDocument? _read;
    private volatile ClusterResource _resource;

    public ClusterDocument(ManifestKind kind, ClusterResource resource)
    {
        (Kind, _resource) = (kind, resource);
        Position = kind.IsClusterScoped
            ? new($"{kind.Name}/{resource.Metadata.Name}", 0, 0)
            : PositionOf(kind.Name, resource);
    }

    /// <summary>The kind of the manifest.</summary>
    public ManifestKind Kind { get; }

    /// <summary>The resource.</summary>
    public ClusterResource Resource => _resource;

    /// <summary>
    /// The place that its problems name: <c>kind/namespace/name</c>, or <c>kind/name</c> where there is no namespace.
    /// </summary>
    public Position Position { get; }

    /// <summary>The place that problems of a resource name.</summary>
    public static Position PositionOf(string kind, ClusterResource resource) =>
        new(PathOf(kind, resource.Namespace, resource.Metadata.Name), 0, 0);

    /// <summary>The path of a resource's <see cref="Position"/>, which is the key of a document.</summary>
    public static string PathOf(string kind, string @namespace, string? name) => $"{kind}/{@namespace}/{name}";

    /// <summary>A manifest set of this document alone.</summary>
    public ManifestSet Set => Content.Set;

    /// <summary>The problems of reading it.</summary>
    public Problems Problems => Content.Problems;

    /// <summary>The manifest; null where it cannot be read.</summary>
    public Manifest? Manifest => Content.Manifest;

    private ReadDocument Content => _read ??= Read();

    /// <summary>
    /// Replaces the resource by one with another status. The manifest stays as it was read, since connections are found
    /// by its instance.
    /// </summary>
    public void Refresh(ClusterResource now) => _resource = now;

    /// <summary>Drops the manifest, which is read again when it is needed: thousands are kept in memory.</summary>
    public void Release() => _read = null;

    private ReadDocument Read()
    {
        var (set, problems) = (new ManifestSet(), new Problems());
        DocumentReader.Read(Tree(), set, problems);
        return new(set, problems, set.All<Manifest>().SingleOrDefault());
    }

    private MappingNode Tree()
    {
        var metadata = Resource.Metadata;
        var fields = new List<MappingEntry> { Field("name", JsonTreeReader.Text(metadata.Name!, Position)) };
        if (!Kind.IsClusterScoped)
            fields.Add(Field("namespace", JsonTreeReader.Text(Resource.Namespace, Position)));
        if (metadata.Labels is { } labels)
            fields.Add(Field("labels", JsonTreeReader.Texts(labels, Position)));
        // Annotations of other tools may have any form and length.
        if (Resource.Annotation(ClusterResource.Approve) is { } approve)
            fields.Add(Field("annotations", JsonTreeReader.Texts([new(ClusterResource.Approve, approve)], Position)));
        var document = new List<MappingEntry>
        {
            Field("apiVersion", JsonTreeReader.Text(Manifest.ApiVersion, Position)),
            Field("kind", JsonTreeReader.Text(Kind.Name, Position)),
            Field("metadata", new MappingNode(Position, fields)),
        };
        if (Resource.Spec is { } spec)
            document.Add(Field("spec", JsonTreeReader.Read(spec, Position)));
        foreach (var (name, value) in Resource.Other ?? [])
            document.Add(Field(name, JsonTreeReader.Read(value, Position)));
        return new(Position, document);
    }

    private MappingEntry Field(string name, Node value) => new(JsonTreeReader.Text(name, Position), value);

    private sealed record ReadDocument(ManifestSet Set, Problems Problems, Manifest? Manifest);
}
