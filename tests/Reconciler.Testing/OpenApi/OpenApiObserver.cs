using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace Reconciler.Testing.OpenApi;

/// <summary>
/// An HTTP handler that judges every exchange with a vendor by its document, and keeps what it finds.
/// </summary>
public sealed class OpenApiObserver(OpenApiDocument document, string baseUrl, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    private readonly ConcurrentQueue<string> problems = new();
    private readonly ConcurrentQueue<string> checkedCalls = new();

    public IReadOnlyCollection<string> Problems => problems;

    /// <summary>Method, path template and status of every exchange that the document knows.</summary>
    public IReadOnlyCollection<string> Checked => checkedCalls;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var sent = await TextAsync(request.Content, cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.Contains("Sandbox-Fault"))
            return response;
        var received = await TextAsync(response.Content, cancellationToken);
        var uri = request.RequestUri!;
        var path = uri.AbsolutePath[new Uri(baseUrl).AbsolutePath.TrimEnd('/').Length..];
        var call = $"{request.Method} {path}{uri.Query} → {(int)response.StatusCode}";
        if (document.Find(request.Method.Method, path) is not { } operation)
        {
            problems.Enqueue($"{call}: not documented");
            return response;
        }

        checkedCalls.Enqueue($"{request.Method} {operation.Template} {(int)response.StatusCode}");
        // What the vendor refuses with 400 or 422 may well be undocumented; the answer to it may not.
        var refused = (int)response.StatusCode is 400 or 422;
        var found = refused ? [] : operation.CheckRequest(path, uri.Query, Type(request.Content?.Headers), sent);
        foreach (
            var problem in found.Concat(
                operation.CheckResponse((int)response.StatusCode, Type(response.Content.Headers), received)
            )
        )
            problems.Enqueue($"{call}: {problem}");
        return response;
    }

    private static string? Type(HttpContentHeaders? headers) => headers?.ContentType?.ToString();

    private static async Task<string> TextAsync(HttpContent? content, CancellationToken cancellationToken)
    {
        if (content is null)
            return "";
        await content.LoadIntoBufferAsync(cancellationToken);
        return await content.ReadAsStringAsync(cancellationToken);
    }
}
