using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reconciler.Kubernetes.Configuration;

namespace Reconciler.Kubernetes.Client;

/// <summary>Turns requests into answers or <see cref="KubernetesException"/>, within their time.</summary>
internal sealed class Wire(ClusterConnection connection, ClientOptions options) : IDisposable
{
    /// <summary>How much longer than asked for a watch may last before it is taken for dead.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly Transport _transport = new(connection, options);

    public Task<T> SendAsync<T>(HttpMethod method, string path, ReadOnlyMemory<byte>? body, string? contentType, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        TimedAsync($"{method} {Shown(path)}", async token =>
        {
            using var response = await StartAsync(method, path, body, contentType, token);
            await using var stream = await response.Content.ReadAsStreamAsync(token);
            return await JsonSerializer.DeserializeAsync(stream, type, token) ?? throw new JsonException("the answer is empty");
        }, cancellation);

    public Task<ResourceList<T>> ListAsync<T>(ResourceType<T> type, string path, CancellationToken cancellation)
        where T : class =>
        TimedAsync($"GET {Shown(path)}", async token =>
        {
            using var response = await StartAsync(HttpMethod.Get, path, null, null, token);
            await using var stream = await response.Content.ReadAsStreamAsync(token);
            using var json = await JsonDocument.ParseAsync(stream, KubernetesJson.Document, token);
            return ListPage.Read(type, json.RootElement);
        }, cancellation);

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(ResourceType<T> type, string path, TimeSpan duration, Action? opened, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        var what = $"watch {Shown(path)}";
        // The head comes at once, however quiet the kind is; only what follows may take its time.
        using var response = await TimedAsync(what, token => StartAsync(HttpMethod.Get, path, null, null, token), cancellation);
        opened?.Invoke();
        using var late = new CancellationTokenSource(duration + Grace, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        await using var stream = await GuardAsync(what, late, () => response.Content.ReadAsStreamAsync(either.Token), cancellation);
        await using var events = WatchStream.ReadAsync(type, stream, what, either.Token).GetAsyncEnumerator(either.Token);
        while (await GuardAsync(what, late, () => events.MoveNextAsync().AsTask(), cancellation)) yield return events.Current;
    }

    public void Dispose() => _transport.Dispose();

    private async Task<HttpResponseMessage> StartAsync(HttpMethod method, string path, ReadOnlyMemory<byte>? body, string? contentType, CancellationToken cancellation)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await _transport.SendAsync(method, path, body, contentType, cancellation);
            if (response.IsSuccessStatusCode) return response;
            var text = await response.Content.ReadAsByteArrayAsync(cancellation);
            throw KubernetesException.Of(response.StatusCode, response.ReasonPhrase, text, RetryAfter(response), $"{method} {Shown(path)}");
        }
        catch
        {
            response?.Dispose();
            throw;
        }
        finally
        {
            options.Observed?.Invoke(method.Method, response is null ? 0 : (int)response.StatusCode);
        }
    }

    private async Task<T> TimedAsync<T>(string what, Func<CancellationToken, Task<T>> send, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(options.RequestTimeout, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        return await GuardAsync(what, late, () => send(either.Token), cancellation);
    }

    // One kind of failure for everything that is no answer. What the caller cancelled stays cancelled.
    private static async Task<T> GuardAsync<T>(string what, CancellationTokenSource late, Func<Task<T>> send, CancellationToken cancellation)
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
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException and not ObjectDisposedException)
        {
            throw KubernetesException.Unanswered("Unreadable", what, broken);
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > options.Clock.GetUtcNow() => date - options.Clock.GetUtcNow(),
        _ => null,
    };

    // Selectors and continue tokens make texts long and tell nothing.
    private static string Shown(string path) => WebUtility.UrlDecode(path.Split('?')[0]);
}
