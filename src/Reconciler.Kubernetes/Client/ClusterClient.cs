using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Reconciler.Kubernetes.Configuration;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// Reads and writes the resources of one cluster through KubernetesClient. Every method sends one request (a list sends
/// one for each page) and throws <see cref="KubernetesException"/> on failure. Only requests that failed with 401 are
/// repeated; all other retries are the caller's decision.
/// </summary>
public sealed class ClusterClient : IDisposable
{
    private readonly Session _session;
    private readonly CustomObjects _objects;

    /// <summary>Creates a client of one cluster.</summary>
    /// <param name="connection">The connection to the cluster.</param>
    /// <param name="options">The options; null for the defaults.</param>
    public ClusterClient(ClusterConnection connection, ClientOptions? options = null)
    {
        Connection = connection;
        Options = options ?? new();
        _session = new(connection, Options);
        _objects = new(_session);
    }

    /// <summary>The connection to the cluster.</summary>
    public ClusterConnection Connection { get; }

    /// <summary>The options of the client.</summary>
    public ClientOptions Options { get; }

    /// <summary>Reads the version of the server.</summary>
    /// <param name="cancellation">Cancels the request.</param>
    public Task<VersionInfo> GetVersionAsync(CancellationToken cancellation) =>
        _session.AskAsync("GET version", (kubernetes, token) => kubernetes.Version.GetCodeAsync(token), cancellation);

    /// <summary>Reads an object.</summary>
    /// <param name="type">The kind of the object.</param>
    /// <param name="key">The namespace and name of the object.</param>
    /// <param name="cancellation">Cancels the request.</param>
    /// <typeparam name="T">The type of the object.</typeparam>
    public Task<T> GetAsync<T>(ResourceType<T> type, ObjectKey key, CancellationToken cancellation)
        where T : class => _objects.GetAsync(type, key, cancellation);

    /// <summary>
    /// Lists all objects of a kind, page by page, all from the same point in time. Where that point becomes too old for
    /// the next page, lists all objects in one request.
    /// </summary>
    /// <param name="type">The kind.</param>
    /// <param name="selection">Selects the objects.</param>
    /// <param name="cancellation">Cancels the requests.</param>
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

    /// <summary>Lists one page of the objects of a kind.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="selection">Selects the objects.</param>
    /// <param name="limit">The maximum number of objects; null for all.</param>
    /// <param name="continuation">The token of the page; null for the first page.</param>
    /// <param name="cancellation">Cancels the request.</param>
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
    /// Watches the objects of a kind from a version on, until the server ends the watch. Throws
    /// <see cref="KubernetesException"/> where the server refuses or reports an error in the stream, where the stream
    /// breaks off inside an event, or where the server is silent longer than <paramref name="duration"/>.
    /// </summary>
    /// <param name="type">The kind.</param>
    /// <param name="selection">Selects the objects.</param>
    /// <param name="resourceVersion">
    /// The version. Null to start with the existing objects, up to a bookmark that marks their end, where the server
    /// supports it (<c>sendInitialEvents</c>).
    /// </param>
    /// <param name="duration">The time after which the server is asked to end the watch.</param>
    /// <param name="opened">Called when the server begins to answer, possibly long before the first event.</param>
    /// <param name="cancellation">Cancels the watch.</param>
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

    /// <summary>Creates an object.</summary>
    /// <param name="type">The kind of the object.</param>
    /// <param name="namespace">The namespace; null where the kind has none.</param>
    /// <param name="value">The object.</param>
    /// <param name="cancellation">Cancels the request.</param>
    /// <returns>The object as the server stored it.</returns>
    /// <typeparam name="T">The type of the object.</typeparam>
    public Task<T> CreateAsync<T>(ResourceType<T> type, string? @namespace, T value, CancellationToken cancellation)
        where T : class => _objects.CreateAsync(type, @namespace, value, cancellation);

    /// <summary>
    /// Replaces an object. If the object contains the version at which it was read, a change in between causes a
    /// conflict.
    /// </summary>
    /// <param name="type">The kind of the object.</param>
    /// <param name="key">The namespace and name of the object.</param>
    /// <param name="value">The object.</param>
    /// <param name="cancellation">Cancels the request.</param>
    /// <returns>The object as the server stored it.</returns>
    /// <typeparam name="T">The type of the object.</typeparam>
    public Task<T> ReplaceAsync<T>(ResourceType<T> type, ObjectKey key, T value, CancellationToken cancellation)
        where T : class => _objects.ReplaceAsync(type, key, value, cancellation);

    /// <summary>Changes the fields that a patch names (RFC 7386: null deletes a field, lists are replaced).</summary>
    /// <param name="type">The kind.</param>
    /// <param name="key">The namespace and name of the object.</param>
    /// <param name="patch">The fields.</param>
    /// <param name="fieldManager">The name of the writer, which the server records for each field.</param>
    /// <param name="cancellation">Cancels the request.</param>
    /// <returns>The object as the server stored it.</returns>
    /// <typeparam name="T">The type of the object.</typeparam>
    public Task<T> MergePatchAsync<T>(
        ResourceType<T> type,
        ObjectKey key,
        JsonObject patch,
        string? fieldManager,
        CancellationToken cancellation
    )
        where T : class => _objects.MergePatchAsync(type, key, patch, fieldManager, cancellation);

    /// <summary>Changes the fields of the status that a patch names, and nothing outside of the status.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="key">The namespace and name of the object.</param>
    /// <param name="patch">The fields, from the root of the object.</param>
    /// <param name="fieldManager">The name of the writer, which the server records for each field.</param>
    /// <param name="cancellation">Cancels the request.</param>
    /// <returns>The object as the server stored it.</returns>
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

    /// <summary>Sends a request that the package supports and this class does not.</summary>
    public Task<T> AskAsync<T>(
        string what,
        Func<k8s.Kubernetes, CancellationToken, Task<T>> ask,
        CancellationToken cancellation
    ) => _session.AskAsync(what, ask, cancellation);
}
