using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Manifests;

/// <summary>Turns the nodes of one document into a manifest, for files and custom resources alike.</summary>
public static class DocumentReader
{
    private const string Group = "reconciler.dev";

    /// <summary>
    /// The fields of metadata that a server or kubectl adds. They are ignored, so that the output of
    /// <c>kubectl get -o yaml</c> can be read as a manifest.
    /// </summary>
    public static ImmutableArray<string> ServerMetadata { get; } =
    [
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "managedFields",
        "ownerReferences",
        "finalizers",
        "selfLink",
        "generateName",
    ];

    /// <summary>Reads one document into the set; a List is read item by item.</summary>
    /// <param name="root">The document.</param>
    /// <param name="into">Gets the manifest, or counts a document of another group.</param>
    /// <param name="problems">Gets every problem found.</param>
    public static void Read(Node root, ManifestSet into, Problems problems)
    {
        var read = new ReadDocuments();
        Read(root, read, problems);
        into.Add(read, problems);
    }

    /// <summary>Reads one document; a List is read item by item.</summary>
    /// <param name="root">The document.</param>
    /// <param name="into">Gets the manifest, or counts a document of another group.</param>
    /// <param name="problems">Gets every problem found.</param>
    public static void Read(Node root, ReadDocuments into, Problems problems)
    {
        if (root is not MappingNode document)
        {
            if (root is ScalarNode { Kind: ScalarKind.Nothing })
                return;
            // Text that is more than one word may be a token in a file beside the manifests, so it is not shown.
            if (root is ScalarNode { Text: var text } && !text.All(char.IsAsciiLetter))
                root.Hide();
            problems.Error(root, $"is {root.Describe()}; expected a document with apiVersion, kind, metadata and spec");
            return;
        }

        if (
            Text(document, "apiVersion") == "v1"
            && Text(document, "kind") == "List"
            && document["items"] is SequenceNode items
        )
        {
            foreach (var item in items.Items)
                Read(item, into, problems);
            return;
        }

        if (IsOurs(document, into, problems, out var isRight))
            ReadOurs(document, isRight, into, problems);
    }

    /// <summary>
    /// Whether a document is of this group. A document with a wrong version is reported, and still read for its other
    /// problems.
    /// </summary>
    private static bool IsOurs(MappingNode document, ReadDocuments into, Problems problems, out bool isRight)
    {
        var apiVersion = Text(document, "apiVersion");
        var kind = Text(document, "kind");
        isRight = apiVersion == Manifest.ApiVersion;
        if (isRight)
            return true;
        var ofOurKind = kind is not null && ManifestKind.OfFiles.Any(k => k.Name == kind);
        if (apiVersion is null && ofOurKind)
        {
            problems.Error(document, "apiVersion", $"is missing; expected {Manifest.ApiVersion}");
            return true;
        }

        var mistyped =
            apiVersion is not null
            && (
                apiVersion.StartsWith(Group + "/", StringComparison.Ordinal)
                || apiVersion == Group
                || (ofOurKind && ProblemText.Nearest(apiVersion, [Manifest.ApiVersion]) is not null)
            );
        if (mistyped)
        {
            problems.Error(
                document.At("apiVersion"),
                $"is {ProblemText.Quote(apiVersion!)}; expected {Manifest.ApiVersion}"
            );
            return true;
        }

        into.CountSkipped();
        return false;
    }

    private static void ReadOurs(MappingNode document, bool isRight, ReadDocuments into, Problems problems)
    {
        var kinds = ManifestKind.All.Select(k => k.Name);
        var name = Text(document, "kind");
        var kind = ManifestKind.OfFiles.FirstOrDefault(k => k.Name == name);
        if (kind is null)
        {
            var found = name is not null ? ProblemText.Quote(name) : document["kind"]?.Describe() ?? "missing";
            problems.Error(
                document,
                "kind",
                $"is {found}; expected one of {string.Join(", ", kinds)}{ProblemText.DidYouMean(name ?? "", kinds)}"
            );
            if (WithoutServerFields(document)["metadata"] is { } metadata)
                Metadata.Shape.Read(metadata, problems);
            // The intended kind is not known, so other documents may refer to it.
            into.MarkIncomplete();
            return;
        }

        // Under a wrong version missing fields are not reported: they may have another name there.
        if (!isRight && (document["metadata"] is null || document["spec"] is null))
        {
            into.AddUnnamed(kind);
            return;
        }

        var before = problems.ErrorCount;
        var manifest = (Manifest?)kind.Shape.Read(WithoutServerFields(document), problems);
        if (manifest?.Metadata?.Name is null)
            into.AddUnnamed(kind);
        else
            into.Add(kind, manifest, isBroken: !isRight || problems.ErrorCount != before);
    }

    private static MappingNode WithoutServerFields(MappingNode document)
    {
        var kept = document
            .Entries.Where(e => e.Name is not ("apiVersion" or "kind" or "status"))
            .Select(e => new MappingEntry(e.Key, e.Name == "metadata" ? WithoutServerMetadata(e.Value) : e.Value));
        return new(document.Position, [.. kept]);
    }

    private static Node WithoutServerMetadata(Node node) =>
        node is MappingNode metadata
            ? new MappingNode(metadata.Position, [.. metadata.Entries.Where(m => !ServerMetadata.Contains(m.Name))])
            : node;

    private static string? Text(MappingNode document, string field) => (document[field] as ScalarNode)?.Text;
}
