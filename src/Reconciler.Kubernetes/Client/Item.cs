using System.Collections.Immutable;
using k8s.Models;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// One object of a list or watch. Its metadata is read separately, so that an object that does not match its type
/// affects only itself and not its whole kind (as in Flux, CVE-2022-39272).
/// </summary>
/// <param name="Metadata">The metadata.</param>
/// <param name="Value">The object; null where it cannot be read.</param>
/// <param name="Problem">The reason why it cannot be read; null where it was read.</param>
/// <typeparam name="T">The type of the object.</typeparam>
public sealed record Item<T>(V1ObjectMeta Metadata, T? Value, string? Problem = null)
    where T : class
{
    /// <summary>The namespace and name of the object.</summary>
    public ObjectKey Key => ObjectKey.Of(Metadata);
}

/// <summary>The objects of a kind at one version.</summary>
/// <param name="Items">The objects.</param>
/// <param name="ResourceVersion">The version, from which a watch continues.</param>
/// <param name="Continue">The token of the next page; null on the last one.</param>
/// <typeparam name="T">The type of the objects.</typeparam>
public sealed record ResourceList<T>(ImmutableArray<Item<T>> Items, string ResourceVersion, string? Continue = null)
    where T : class;

/// <summary>The type of an event in a watch.</summary>
public enum WatchEventType
{
    /// <summary>An object is new, or now matches the selector.</summary>
    Added,

    /// <summary>An object changed.</summary>
    Modified,

    /// <summary>An object was deleted, or no longer matches the selector; the event contains its last state.</summary>
    Deleted,

    /// <summary>There were no changes up to the version in the metadata.</summary>
    Bookmark,
}

/// <summary>One event of a watch.</summary>
/// <param name="Type">The type of the event.</param>
/// <param name="Item">The object; in a bookmark only the version is relevant.</param>
/// <typeparam name="T">The type of the object.</typeparam>
public sealed record WatchEvent<T>(WatchEventType Type, Item<T> Item)
    where T : class;
