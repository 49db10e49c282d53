using System.Net;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// Handles the answers between KubernetesClient and the network. Unsuccessful answers become a
/// <see cref="KubernetesException"/> here: the package would throw an exception that contains the token and the whole
/// body, and would read the body without limits of size and time. Objects are read here too, since the package cannot
/// cancel that.
/// </summary>
/// <param name="server">The address that paths in messages are relative to.</param>
/// <param name="options">The options, with the observer of answers.</param>
internal sealed class AnswerHandler(Uri server, ClientOptions options) : DelegatingHandler
{
    /// <summary>In bytes. Larger than any object; servers store no more than 2 MiB.</summary>
    private const long LongestObject = 64 * 1024 * 1024;

    /// <summary>In bytes. Larger than any <c>Status</c>, and enough for the start of a proxy's error page.</summary>
    private const int LongestFailure = 256 * 1024;

    private static readonly HttpRequestOptionsKey<bool> Streams = new("streams");

    /// <summary>Marks a request whose answer is streamed: a list or a watch.</summary>
    public static void Stream(HttpRequestMessage request) => request.Options.Set(Streams, true);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw await FailureAsync(request, response, cancellationToken);
            if (!request.Options.TryGetValue(Streams, out _))
                await response.Content.LoadIntoBufferAsync(LongestObject, cancellationToken);
            return response;
        }
        catch
        {
            response?.Dispose();
            throw;
        }
        finally
        {
            options.Observed?.Invoke(request.Method.Method, response is null ? 0 : (int)response.StatusCode);
        }
    }

    private async Task<KubernetesException> FailureAsync(
        HttpRequestMessage request,
        HttpResponseMessage response,
        CancellationToken cancellation
    )
    {
        var length = Math.Clamp(response.Content.Headers.ContentLength ?? LongestFailure, 0, LongestFailure);
        var body = new byte[length];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var read = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellation);
        var secret = request.Headers.Authorization?.Parameter;
        return KubernetesException.Of(response, body.AsSpan(0, read), Shown(request), secret, RetryAfter(response));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when date > options.Clock.GetUtcNow() => date - options.Clock.GetUtcNow(),
            _ => null,
        };

    // Selectors and continue tokens make messages long without being useful.
    private string Shown(HttpRequestMessage request)
    {
        var path = server.MakeRelativeUri(request.RequestUri!).OriginalString.Split('?')[0];
        return $"{request.Method} {WebUtility.UrlDecode(path).TrimEnd('/')}";
    }
}
