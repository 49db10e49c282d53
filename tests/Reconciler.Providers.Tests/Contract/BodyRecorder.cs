using System.Collections.Concurrent;

namespace Reconciler.Providers.Tests.Contract;

/// <summary>Keeps the bodies of answers.</summary>
internal sealed class BodyRecorder(ConcurrentDictionary<string, string> bodies) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode || response.Content.Headers.ContentLength == 0)
            return response;
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        bodies[request.RequestUri!.PathAndQuery] = await response.Content.ReadAsStringAsync(cancellationToken);
        return response;
    }
}
