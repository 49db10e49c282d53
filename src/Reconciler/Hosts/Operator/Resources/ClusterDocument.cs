using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Sources;

namespace Reconciler.Hosts.Operator;

/// <summary>A custom resource, read as the manifest it is. One that cannot be read stalls itself and whoever uses it.</summary>
internal sealed class ClusterDocument
{
    private volatile ReadDocument? _read;
    private volatile ClusterResource _resource;

    public ClusterDocument(ManifestKind kind, ClusterResource resource)
    {
        (Kind, _resource) = (kind, resource);
        Position = new(PlaceOf(kind.Name, resource.Namespace, resource.Metadata.Name), 0, 0);
    }

    public ManifestKind Kind { get; }

    public ClusterResource Resource => _resource;

    /// <summary>Where its problems are said to be: <c>kind/namespace/name</c>.</summary>
    public Position Position { get; }

    /// <summary>The path of a resource's <see cref="Position"/>, by which documents are found.</summary>
    public static string PlaceOf(string kind, string space, string? name) => $"{kind}/{space}/{name}";

    /// <summary>The document alone.</summary>
    public ManifestSet Set => Content.Set;

    /// <summary>What is wrong with it.</summary>
    public Problems Problems => Content.Problems;

    /// <summary>The manifest; null where it cannot be read.</summary>
    public Manifest? Manifest => Content.Manifest;

    private ReadDocument Content => _read ??= Read();

    /// <summary>Its status is another now; what it asks for stays as it was read, since connections are known by that.</summary>
    public void Refresh(ClusterResource now) => _resource = now;

    /// <summary>Lets go of what was read: a membership is read again when it is looked at again, and thousands are kept.</summary>
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
        var fields = new List<MappingEntry>
        {
            Field("name", JsonTreeReader.Text(metadata.Name!, Position)),
            Field("namespace", JsonTreeReader.Text(Resource.Namespace, Position)),
        };
        if (metadata.Labels is { } labels)
            fields.Add(Field("labels", JsonTreeReader.Texts(labels, Position)));
        // Notes of other tools may be of any form and length.
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
