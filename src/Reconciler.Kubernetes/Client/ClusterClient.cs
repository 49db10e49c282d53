using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Reconciler.Kubernetes.Configuration;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// Reads and writes the resources of one cluster through KubernetesClient. Every method is one request (a whole list:
/// one a page), fails with <see cref="KubernetesException"/>, and repeats nothing by itself but what a 401 left undone:
/// whether to try again is its caller's to know.
/// </summary>
public sealed class ClusterClient : IDisposable
{
    private readonly Session _session;
    private readonly CustomObjects _objects;

    /// <summary>A client of one cluster.</summary>
    /// <param name="connection">How it is reached.</param>
    /// <param name="options">How to behave.</param>
    public ClusterClient(ClusterConnection connection, ClientOptions? options = null)
    {
        Connection = connection;
        Options = options ?? new();
        _session = new(connection, Options);
        _objects = new(_session);
    }

    /// <summary>The cluster.</summary>
    public ClusterConnection Connection { get; }

    /// <summary>How the client behaves.</summary>
    public ClientOptions Options { get; }

    /// <summary>Which server answers.</summary>
    /// <param name="cancellation">Stops the request.</param>
    public Task<VersionInfo> GetVersionAsync(CancellationToken cancellation) =>
        _session.AskAsync("GET version", (kubernetes, token) => kubernetes.Version.GetCodeAsync(token), cancellation);

    /// <summary>One object.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="key">What it is called.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <typeparam name="T">The type of the object.</typeparam>
    public Task<T> GetAsync<T>(ResourceType<T> type, ObjectKey key, CancellationToken cancellation)
        where T : class => _objects.GetAsync(type, key, cancellation);

    /// <summary>
    /// All objects of a kind, page by page as of one moment. Where the moment is too old for the next page, all at
    /// once.
    /// </summary>
    /// <param name="type">The kind.</param>
    /// <param name="selection">Which of them.</param>
    /// <param name="cancellation">Stops the requests.</param>
    /// <typeparam name="T">The type of the objects.</typeparam>
    public async Task<ResourceList<T>> ListAsync<T>(
        ResourceType<T> type,
        Selection selection,
        CancellationToken cancellation
    )
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

        return page with
        {
            Items = items.ToImmutable(),
        };
    }

    /// <summary>One page of the objects of a kind.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="selection">Which of them.</param>
    /// <param name="limit">The most objects; null for all.</param>
    /// <param name="continuation">Where the page starts; null for the first.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <typeparam name="T">The type of the objects.</typeparam>
    public Task<ResourceList<T>> ListPageAsync<T>(
        ResourceType<T> type,
        Selection selection,
        int? limit,
        string? continuation,
        CancellationToken cancellation
    )
        where T : class
    {
        var query = ListPage.Query(selection, limit, continuation);
        return _session.ListAsync<T>(ResourcePath.Of(type, selection.Namespace) + query, cancellation);
    }

    /// <summary>
    /// What happens to the objects of a kind from a version on, until the server ends it. Ends with <see
    /// cref="KubernetesException"/> where the server refuses, says so in the stream, breaks off inside an event, or
    /// stays silent beyond <paramref name="duration"/>.
    /// </summary>
    /// <param name="type">The kind.</param>
    /// <param name="selection">Which of them.</param>
    /// <param name="resourceVersion">
    /// The version; null begins with what there is, up to a bookmark that says so, where the server can
    /// (<c>sendInitialEvents</c>).
    /// </param>
    /// <param name="duration">After which time the server is to end it.</param>
    /// <param name="opened">Told when the server begins to answer; the first event may be long in coming.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <typeparam name="T">The type of the objects.</typeparam>
    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ResourceType<T> type,
        Selection selection,
        string? resourceVersion,
        TimeSpan duration,
        Action? opened,
        CancellationToken cancellation
    )
        where T : class
    {
        var query = WatchStream.Query(selection, resourceVersion, duration);
        var path = ResourcePath.Of(type, selection.Namespace) + query;
        return _session.WatchAsync<T>(path, duration, opened, cancellation);
    }

    /// <summary>Makes an object.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="namespace">Its namespace; null where the kind has none.</param>
    /// <param name="value">The object.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <returns>The object as the server has it.</returns>
    /// <typeparam name="T">The type of the object.</typeparam>
    public Task<T> CreateAsync<T>(ResourceType<T> type, string? @namespace, T value, CancellationToken cancellation)
        where T : class => _objects.CreateAsync(type, @namespace, value, cancellation);

    /// <summary>
    /// Writes an object whole. With the version it was read at, a change in between makes it fail with a conflict.
    /// </summary>
    /// <param name="type">Its kind.</param>
    /// <param name="key">What it is called.</param>
    /// <param name="value">The object.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <returns>The object as the server has it.</returns>
    /// <typeparam name="T">The type of the object.</typeparam>
    public Task<T> ReplaceAsync<T>(ResourceType<T> type, ObjectKey key, T value, CancellationToken cancellation)
        where T : class => _objects.ReplaceAsync(type, key, value, cancellation);

    /// <summary>Changes the fields that a patch names (RFC 7386: null takes one away, lists are replaced).</summary>
    /// <param name="type">The kind.</param>
    /// <param name="key">What the object is called.</param>
    /// <param name="patch">The fields.</param>
    /// <param name="fieldManager">Who writes; the server remembers it per field.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <returns>The object as the server has it.</returns>
    /// <typeparam name="T">The type of the object.</typeparam>
    public Task<T> MergePatchAsync<T>(
        ResourceType<T> type,
        ObjectKey key,
        JsonObject patch,
        string? fieldManager,
        CancellationToken cancellation
    )
        where T : class => _objects.MergePatchAsync(type, key, patch, fieldManager, cancellation);

    /// <summary>Changes the fields of a status that a patch names, and nothing beside the status.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="key">What the object is called.</param>
    /// <param name="patch">The fields, from the object's root.</param>
    /// <param name="fieldManager">Who writes; the server remembers it per field.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <returns>The object as the server has it.</returns>
    /// <typeparam name="T">The type of the object.</typeparam>
    public Task<T> MergePatchStatusAsync<T>(
        ResourceType<T> type,
        ObjectKey key,
        JsonObject patch,
        string? fieldManager,
        CancellationToken cancellation
    )
        where T : class => _objects.MergePatchStatusAsync(type, key, patch, fieldManager, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    /// <summary>A request that the package knows and this class does not.</summary>
    internal Task<T> AskAsync<T>(
        string what,
        Func<k8s.Kubernetes, CancellationToken, Task<T>> ask,
        CancellationToken cancellation
    ) => _session.AskAsync(what, ask, cancellation);
}
