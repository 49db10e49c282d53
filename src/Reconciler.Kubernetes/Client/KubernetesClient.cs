using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Reconciler.Kubernetes.Configuration;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// Reads and writes the resources of one cluster. Every method is one request (a whole list: one a page), fails with
/// <see cref="KubernetesException"/>, and repeats nothing by itself but what a 401 left undone: whether to try again is its caller's to know.
/// </summary>
public sealed class KubernetesClient : IDisposable
{
    private const string Json = "application/json";
    private readonly Wire _wire;

    /// <summary>A client of one cluster.</summary>
    /// <param name="connection">How it is reached.</param>
    /// <param name="options">How to behave.</param>
    public KubernetesClient(ClusterConnection connection, ClientOptions? options = null)
    {
        Connection = connection;
        Options = options ?? new();
        _wire = new(connection, Options);
    }

    /// <summary>The cluster.</summary>
    public ClusterConnection Connection { get; }

    /// <summary>How the client behaves.</summary>
    public ClientOptions Options { get; }

    /// <summary>Which server answers.</summary>
    /// <param name="cancellation">Stops the request.</param>
    public Task<ServerVersion> GetVersionAsync(CancellationToken cancellation) =>
        _wire.SendAsync(HttpMethod.Get, "version", null, null, KubernetesJson.Default.ServerVersion, cancellation);

    /// <summary>One object.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="key">What it is called.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <typeparam name="T">The type of the object.</typeparam>
    public Task<T> GetAsync<T>(ResourceType<T> type, ObjectKey key, CancellationToken cancellation)
        where T : class =>
        _wire.SendAsync(HttpMethod.Get, ResourcePath.Of(type, key.Namespace, key.Name), null, null, type.Json, cancellation);

    /// <summary>All objects of a kind, page by page as of one moment. Where the moment is too old for the next page, all at once.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="selection">Which of them.</param>
    /// <param name="cancellation">Stops the requests.</param>
    /// <typeparam name="T">The type of the objects.</typeparam>
    public async Task<ResourceList<T>> ListAsync<T>(ResourceType<T> type, Selection selection, CancellationToken cancellation)
        where T : class
    {
        var page = await ListPageAsync(type, selection, ListPage.Size, null, cancellation);
        var items = page.Items.ToBuilder();
        while (page.Continue is { } next)
        {
            try
            {
                page = await ListPageAsync(type, selection, ListPage.Size, next, cancellation);
            }
            catch (KubernetesException failed) when (failed.IsGone)
            {
                return await ListPageAsync(type, selection, null, null, cancellation);
            }

            items.AddRange(page.Items);
        }

        return page with { Items = items.ToImmutable() };
    }

    /// <summary>One page of the objects of a kind.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="selection">Which of them.</param>
    /// <param name="limit">The most objects; null for all.</param>
    /// <param name="continuation">Where the page starts; null for the first.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <typeparam name="T">The type of the objects.</typeparam>
    public Task<ResourceList<T>> ListPageAsync<T>(ResourceType<T> type, Selection selection, int? limit, string? continuation, CancellationToken cancellation)
        where T : class =>
        _wire.ListAsync(type, ResourcePath.Of(type, selection.Namespace) + ListPage.Query(selection, limit, continuation), cancellation);

    /// <summary>
    /// What happens to the objects of a kind from a version on, until the server ends it. Ends with <see cref="KubernetesException"/> where
    /// the server refuses, says so in the stream, breaks off inside an event, or stays silent beyond <paramref name="duration"/>.
    /// </summary>
    /// <param name="type">The kind.</param>
    /// <param name="selection">Which of them.</param>
    /// <param name="resourceVersion">The version; null begins with what there is, up to a bookmark that says so, where the server can (<c>sendInitialEvents</c>).</param>
    /// <param name="duration">After which time the server is to end it.</param>
    /// <param name="opened">Told when the server begins to answer; the first event may be long in coming.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <typeparam name="T">The type of the objects.</typeparam>
    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ResourceType<T> type, Selection selection, string? resourceVersion, TimeSpan duration, Action? opened, CancellationToken cancellation)
        where T : class =>
        _wire.WatchAsync(type, ResourcePath.Of(type, selection.Namespace) + WatchStream.Query(selection, resourceVersion, duration), duration, opened, cancellation);

    /// <summary>Makes an object.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="space">Its namespace; null where the kind has none.</param>
    /// <param name="value">The object.</param>
    /// <param name="options">How to write it.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <returns>The object as the server has it.</returns>
    /// <typeparam name="T">The type of the object.</typeparam>
    public Task<T> CreateAsync<T>(ResourceType<T> type, string? space, T value, WriteOptions? options, CancellationToken cancellation)
        where T : class =>
        WriteAsync(HttpMethod.Post, ResourcePath.Of(type, space), RawJson.Write(value, type.Json), Json, options, type.Json, cancellation);

    /// <summary>Writes an object whole. With the version it was read at, a change in between makes it fail with a conflict.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="key">What it is called.</param>
    /// <param name="value">The object.</param>
    /// <param name="options">How to write it.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <returns>The object as the server has it.</returns>
    /// <typeparam name="T">The type of the object.</typeparam>
    public Task<T> ReplaceAsync<T>(ResourceType<T> type, ObjectKey key, T value, WriteOptions? options, CancellationToken cancellation)
        where T : class =>
        WriteAsync(HttpMethod.Put, PathOf(type, key, options), RawJson.Write(value, type.Json), Json, options, type.Json, cancellation);

    /// <summary>Changes the fields that a patch names (RFC 7386: null takes one away, lists are replaced).</summary>
    /// <param name="type">The kind.</param>
    /// <param name="key">What the object is called.</param>
    /// <param name="patch">The fields.</param>
    /// <param name="options">How to write them.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <returns>The object as the server has it.</returns>
    /// <typeparam name="T">The type of the object.</typeparam>
    public Task<T> MergePatchAsync<T>(ResourceType<T> type, ObjectKey key, JsonObject patch, WriteOptions? options, CancellationToken cancellation)
        where T : class =>
        WriteAsync(HttpMethod.Patch, PathOf(type, key, options), RawJson.Write(patch, KubernetesJson.Default.JsonObject), "application/merge-patch+json", options, type.Json, cancellation);

    /// <summary>Server-side apply: the server merges what is given and remembers who owns which field.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="key">What the object is called.</param>
    /// <param name="value">The fields to own, with apiVersion and kind.</param>
    /// <param name="options">How to write them; needs a field manager.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <returns>The object as the server has it.</returns>
    /// <typeparam name="T">The type of the object.</typeparam>
    public Task<T> ApplyAsync<T>(ResourceType<T> type, ObjectKey key, T value, WriteOptions options, CancellationToken cancellation)
        where T : class
    {
        if (string.IsNullOrEmpty(options.FieldManager)) throw new ArgumentException("an apply needs a field manager", nameof(options));
        return WriteAsync(HttpMethod.Patch, PathOf(type, key, options), RawJson.Write(value, type.Json), "application/apply-patch+yaml", options, type.Json, cancellation);
    }

    /// <summary>Deletes an object. What has finalizers goes when the last of them does.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="key">What it is called.</param>
    /// <param name="options">What must hold, and what becomes of what it owns.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <typeparam name="T">The type of the object.</typeparam>
    public async Task DeleteAsync<T>(ResourceType<T> type, ObjectKey key, DeleteOptions? options, CancellationToken cancellation)
        where T : class
    {
        var conditions = options is { Uid: null, ResourceVersion: null } or null ? null : new Preconditions(options.Uid, options.ResourceVersion);
        var body = RawJson.Write(new("DeleteOptions", "v1", options?.Propagation, conditions), KubernetesJson.Default.DeleteBody);
        // The answer is a Status or the object, as the server likes.
        await _wire.SendAsync(HttpMethod.Delete, ResourcePath.Of(type, key.Namespace, key.Name), body, Json, KubernetesJson.Default.JsonObject, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _wire.Dispose();

    private static string PathOf<T>(ResourceType<T> type, ObjectKey key, WriteOptions? options)
        where T : class =>
        ResourcePath.Of(type, key.Namespace, key.Name, options?.Subresource);

    private Task<T> WriteAsync<T>(HttpMethod method, string path, ReadOnlyMemory<byte> body, string contentType, WriteOptions? options, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        var query = ResourcePath.Query(
            ("fieldManager", options?.FieldManager), ("force", options is { Force: true } ? "true" : null), ("dryRun", options is { DryRun: true } ? "All" : null));
        return _wire.SendAsync(method, path + query, body, contentType, type, cancellation);
    }
}
