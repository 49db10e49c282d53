using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Reconciler.Kubernetes.Configuration;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// Sends the package's requests with the current credential and a timeout, and once more with a new credential after a
/// 401 (which means that nothing was done). Every failure becomes a <see cref="KubernetesException"/>.
/// </summary>
internal sealed class Session(ClusterConnection connection, ClientOptions options) : IDisposable
{
    /// <summary>How much longer than requested a watch may last before it counts as dead.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private (X509Certificate2Collection? Certificates, k8s.Kubernetes Kubernetes)? _current;
    private bool _disposed;

    /// <summary>The serializer options for objects.</summary>
    public JsonSerializerOptions Json { get; } = ClientJson.Prepare(new(), options.Types);

    /// <summary>Sends a request through the package.</summary>
    /// <param name="what">The request, for messages.</param>
    /// <param name="ask">Sends the request.</param>
    /// <param name="cancellation">Cancels the request.</param>
    public Task<T> AskAsync<T>(
        string what,
        Func<k8s.Kubernetes, CancellationToken, Task<T>> ask,
        CancellationToken cancellation
    ) => TimedAsync(what, async token => await WithCredentialAsync(ask, token), cancellation);

    /// <summary>
    /// Reads a list over the package's connection, one object at a time, since the package reads a list completely or
    /// not at all.
    /// </summary>
    public Task<ResourceList<T>> ListAsync<T>(string path, CancellationToken cancellation)
        where T : class =>
        TimedAsync(
            $"GET {Shown(path)}",
            async token =>
            {
                using var response = await StartAsync(path, token);
                await using var stream = await response.Content.ReadAsStreamAsync(token);
                using var json = await JsonDocument.ParseAsync(stream, ClientJson.Document, token);
                return ListPage.Read(ClientJson.Of<T>(Json), json.RootElement);
            },
            cancellation
        );

    /// <summary>
    /// Reads a watch over the package's connection, since the package's own watches do not report how they ended.
    /// </summary>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        string path,
        TimeSpan duration,
        Action? opened,
        [EnumeratorCancellation] CancellationToken cancellation
    )
        where T : class
    {
        var what = $"watch {Shown(path)}";
        // The server sends the headers at once, even without events, so they have a timeout; the events after them have
        // none.
        using var response = await TimedAsync(what, token => StartAsync(path, token), cancellation);
        opened?.Invoke();
        using var late = new CancellationTokenSource(duration + Grace, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        await using var stream = await GuardAsync(
            what,
            late,
            () => response.Content.ReadAsStreamAsync(either.Token),
            cancellation
        );
        await using var events = WatchStream
            .ReadAsync(ClientJson.Of<T>(Json), stream, what, either.Token)
            .GetAsyncEnumerator(either.Token);
        while (await GuardAsync(what, late, () => events.MoveNextAsync().AsTask(), cancellation))
            yield return events.Current;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _current?.Kubernetes.Dispose();
            _current = null;
        }
    }

    private Task<HttpResponseMessage> StartAsync(string path, CancellationToken cancellation) =>
        WithCredentialAsync(
            async (kubernetes, token) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(kubernetes.BaseUri, path))
                {
                    Version = HttpVersion.Version20,
                };
                AnswerHandler.Stream(request);
                await kubernetes.Credentials.ProcessHttpRequestAsync(request, token);
                return await kubernetes.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            },
            cancellation
        );

    private async Task<T> WithCredentialAsync<T>(
        Func<k8s.Kubernetes, CancellationToken, Task<T>> ask,
        CancellationToken cancellation
    )
    {
        for (var isFirst = true; ; isFirst = false)
        {
            // The package calls for the header itself. The source returns the same credential as long as it is valid.
            var credential = await connection.Credentials.GetAsync(cancellation);
            try
            {
                return await ask(Kubernetes(credential.Certificates), cancellation);
            }
            catch (KubernetesException refused) when (refused.Code == (int)HttpStatusCode.Unauthorized)
            {
                if (!connection.Credentials.Refuse(credential) || !isFirst)
                    throw;
            }
        }
    }

    // A connection keeps the certificate it was opened with, so another certificate needs another client. The previous
    // client is disposed after its last request, so that none is interrupted.
    private k8s.Kubernetes Kubernetes(X509Certificate2Collection? certificates)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_current is not { } current || current.Certificates != certificates)
                _current = current = (certificates, KubernetesFactory.Create(connection, options, certificates));
            return current.Kubernetes;
        }
    }

    private async Task<T> TimedAsync<T>(
        string what,
        Func<CancellationToken, Task<T>> send,
        CancellationToken cancellation
    )
    {
        using var late = new CancellationTokenSource(options.RequestTimeout, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        return await GuardAsync(what, late, () => send(either.Token), cancellation);
    }

    // Converts every failure to one exception type, except for the caller's cancellation.
    private static async Task<T> GuardAsync<T>(
        string what,
        CancellationTokenSource late,
        Func<Task<T>> send,
        CancellationToken cancellation
    )
    {
        try
        {
            return await send();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (OperationCanceledException cancelled)
        {
            throw KubernetesException.Unanswered("Timeout", what, late.IsCancellationRequested ? null : cancelled);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException)
        {
            throw KubernetesException.Unanswered("Unreachable", what, failed);
        }
        catch (ConfigurationException unknown)
        {
            throw KubernetesException.Unanswered("NoCredentials", what, unknown);
        }
        catch (Exception broken) when (IsUnreadable(broken))
        {
            throw KubernetesException.Unanswered("Unreadable", what, broken);
        }
    }

    private static bool IsUnreadable(Exception broken) =>
        broken is JsonException or FormatException or KeyNotFoundException or NotSupportedException
        || broken is InvalidOperationException and not ObjectDisposedException;

    private static string Shown(string path) => WebUtility.UrlDecode(path.Split('?')[0]);
}
