using System.Collections.Immutable;
using k8s.Models;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// One object of a list or watch. Its metadata is read apart from the rest, so an object that does not fit its type
/// stalls itself and not its whole kind (Flux had CVE-2022-39272 for that).
/// </summary>
/// <param name="Metadata">Its metadata.</param>
/// <param name="Value">The object; null where it cannot be read.</param>
/// <param name="Problem">Why it cannot be read.</param>
/// <typeparam name="T">The type of the object.</typeparam>
public sealed record Item<T>(V1ObjectMeta Metadata, T? Value, string? Problem = null)
    where T : class
{
    /// <summary>What it is called.</summary>
    public ObjectKey Key => ObjectKey.Of(Metadata);
}

/// <summary>The objects of a kind, as they were at one version.</summary>
/// <param name="Items">The objects.</param>
/// <param name="ResourceVersion">The version, from which a watch goes on.</param>
/// <param name="Continue">Where the next page starts; null on the last one.</param>
/// <typeparam name="T">The type of the objects.</typeparam>
public sealed record ResourceList<T>(ImmutableArray<Item<T>> Items, string ResourceVersion, string? Continue = null)
    where T : class;

/// <summary>What a watch tells.</summary>
public enum WatchEventType
{
    /// <summary>There is a new object, or one that now fits the selector.</summary>
    Added,

    /// <summary>An object changed.</summary>
    Modified,

    /// <summary>An object is gone, or no longer fits the selector; what comes is its last state.</summary>
    Deleted,

    /// <summary>Nothing happened up to the version of the metadata.</summary>
    Bookmark,
}

/// <summary>One event of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Item">The object; of a bookmark only the version counts.</param>
/// <typeparam name="T">The type of the object.</typeparam>
public sealed record WatchEvent<T>(WatchEventType Type, Item<T> Item)
    where T : class;
