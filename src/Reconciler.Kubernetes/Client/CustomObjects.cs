using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// Sends one object to the API server, or reads one, with the calls of KubernetesClient for custom objects. Built-in
/// kinds go the same way, since their paths have the same form.
/// </summary>
/// <param name="session">Sends the requests.</param>
internal sealed class CustomObjects(Session session)
{
    /// <summary>Reads an object.</summary>
    public Task<T> GetAsync<T>(ResourceType<T> type, ObjectKey key, CancellationToken cancellation)
        where T : class =>
        AskAsync(
            "GET",
            type,
            key.Namespace,
            key.Name,
            (objects, at, token) =>
                at.Namespace is { } inside
                    ? objects.GetNamespacedCustomObjectAsync<T>(
                        type.Group,
                        type.Version,
                        inside,
                        type.Plural,
                        at.Name,
                        token
                    )
                    : objects.GetClusterCustomObjectAsync<T>(type.Group, type.Version, type.Plural, at.Name, token),
            cancellation
        );

    /// <summary>Creates an object.</summary>
    public Task<T> CreateAsync<T>(ResourceType<T> type, string? @namespace, T value, CancellationToken cancellation)
        where T : class =>
        AskAsync(
            "POST",
            type,
            @namespace,
            null,
            (objects, at, token) =>
                at.Namespace is { } inside
                    ? objects.CreateNamespacedCustomObjectAsync<T>(
                        value,
                        type.Group,
                        type.Version,
                        inside,
                        type.Plural,
                        cancellationToken: token
                    )
                    : objects.CreateClusterCustomObjectAsync<T>(
                        value,
                        type.Group,
                        type.Version,
                        type.Plural,
                        cancellationToken: token
                    ),
            cancellation
        );

    /// <summary>Replaces an object.</summary>
    public Task<T> ReplaceAsync<T>(ResourceType<T> type, ObjectKey key, T value, CancellationToken cancellation)
        where T : class =>
        AskAsync(
            "PUT",
            type,
            key.Namespace,
            key.Name,
            (objects, at, token) =>
                at.Namespace is { } inside
                    ? objects.ReplaceNamespacedCustomObjectAsync<T>(
                        value,
                        type.Group,
                        type.Version,
                        inside,
                        type.Plural,
                        at.Name,
                        cancellationToken: token
                    )
                    : objects.ReplaceClusterCustomObjectAsync<T>(
                        value,
                        type.Group,
                        type.Version,
                        type.Plural,
                        at.Name,
                        cancellationToken: token
                    ),
            cancellation
        );

    /// <summary>Changes the fields that a patch names.</summary>
    public Task<T> MergePatchAsync<T>(
        ResourceType<T> type,
        ObjectKey key,
        JsonObject patch,
        string? fieldManager,
        CancellationToken cancellation
    )
        where T : class
    {
        var body = BodyOf(patch);
        return AskAsync(
            "PATCH",
            type,
            key.Namespace,
            key.Name,
            (objects, at, token) =>
                at.Namespace is { } inside
                    ? objects.PatchNamespacedCustomObjectAsync<T>(
                        body,
                        type.Group,
                        type.Version,
                        inside,
                        type.Plural,
                        at.Name,
                        fieldManager: fieldManager,
                        cancellationToken: token
                    )
                    : objects.PatchClusterCustomObjectAsync<T>(
                        body,
                        type.Group,
                        type.Version,
                        type.Plural,
                        at.Name,
                        fieldManager: fieldManager,
                        cancellationToken: token
                    ),
            cancellation
        );
    }

    /// <summary>Changes the fields of the status that a patch names.</summary>
    public Task<T> MergePatchStatusAsync<T>(
        ResourceType<T> type,
        ObjectKey key,
        JsonObject patch,
        string? fieldManager,
        CancellationToken cancellation
    )
        where T : class
    {
        var body = BodyOf(patch);
        return AskAsync(
            "PATCH",
            type,
            key.Namespace,
            key.Name,
            (objects, at, token) =>
                at.Namespace is { } inside
                    ? objects.PatchNamespacedCustomObjectStatusAsync<T>(
                        body,
                        type.Group,
                        type.Version,
                        inside,
                        type.Plural,
                        at.Name,
                        fieldManager: fieldManager,
                        cancellationToken: token
                    )
                    : objects.PatchClusterCustomObjectStatusAsync<T>(
                        body,
                        type.Group,
                        type.Version,
                        type.Plural,
                        at.Name,
                        fieldManager: fieldManager,
                        cancellationToken: token
                    ),
            cancellation
        );
    }

    // The package takes patches as text alone.
    private V1Patch BodyOf(JsonObject patch) =>
        new(JsonSerializer.Serialize(patch, ClientJson.Of<JsonObject>(session.Json)), V1Patch.PatchType.MergePatch);

    // Every kind is asked for as a custom object: the paths of built-in kinds are of the same form.
    private Task<T> AskAsync<T>(
        string verb,
        ResourceType<T> type,
        string? @namespace,
        string? name,
        Func<ICustomObjectsOperations, ObjectKey, CancellationToken, Task<T>> ask,
        CancellationToken cancellation
    )
        where T : class
    {
        var what = $"{verb} {ResourcePath.Of(type, @namespace, name)}";
        // The package puts names into the path as they are.
        var at = new ObjectKey(
            @namespace is null ? null : ResourcePath.Segment(@namespace),
            name is null ? "" : ResourcePath.Segment(name)
        );
        return session.AskAsync(
            what,
            async (kubernetes, token) =>
                await ask(kubernetes.CustomObjects, at, token) ?? throw new JsonException("the answer is empty"),
            cancellation
        );
    }
}
