using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Reconciler.Sandbox.Server;

/// <summary>Passes Kestrel's requests to the pipeline.</summary>
internal sealed class PipelineHost(Pipeline pipeline) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context) => pipeline.HandleAsync(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing is stored for each request.
    }
}
