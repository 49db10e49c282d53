using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Reconciler.Kubernetes.Configuration;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// Lets the package send requests: with the credential that holds now, once more with another after a 401 (which says
/// that nothing was done), and within their time. Whatever fails becomes a <see cref="KubernetesException"/>.
/// </summary>
internal sealed class Session(ClusterConnection connection, ClientOptions options) : IDisposable
{
    /// <summary>How much longer than asked for a watch may last before it is taken for dead.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private (X509Certificate2Collection? Certificates, k8s.Kubernetes Kubernetes)? _current;
    private bool _disposed;

    /// <summary>How objects are read and written.</summary>
    public JsonSerializerOptions Json { get; } = ClientJson.Prepare(new(), options.Types);

    /// <summary>One request of the package.</summary>
    /// <param name="what">What is asked, for error texts.</param>
    /// <param name="ask">Asks it.</param>
    /// <param name="cancellation">Stops it.</param>
    public Task<T> AskAsync<T>(
        string what,
        Func<k8s.Kubernetes, CancellationToken, Task<T>> ask,
        CancellationToken cancellation
    ) => TimedAsync(what, async token => await WithCredentialAsync(ask, token), cancellation);

    /// <summary>
    /// A list, over the package's connection: read object by object as it comes, where the package reads all or
    /// nothing.
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

    /// <summary>A watch, over the package's connection: the package has none that tells what became of it.</summary>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        string path,
        TimeSpan duration,
        Action? opened,
        [EnumeratorCancellation] CancellationToken cancellation
    )
        where T : class
    {
        var what = $"watch {Shown(path)}";
        // The head comes at once, however quiet the kind is; only what follows may take its time.
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
            // The package asks for the header itself; as long as a credential holds, the source gives the same one.
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

    // A connection keeps the certificate it was opened with, so another certificate needs another client. The one
    // before ends with its requests; nothing in flight is broken off.
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

    // One kind of failure for everything that is no answer. What the caller cancelled stays cancelled.
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
