using Microsoft.AspNetCore.Http;

namespace Reconciler.Hosting.Web;

/// <summary>The paths by which a kubelet or a load balancer asks how a process is.</summary>
internal static class ProbePaths
{
    /// <summary>Whether the process lives.</summary>
    public const string Live = "/healthz";

    /// <summary>Whether it does its work.</summary>
    public const string Ready = "/readyz";

    /// <summary>Whether a request is a probe.</summary>
    /// <param name="request">The request.</param>
    public static bool IsProbe(HttpRequest request) => request.Path.Value is Live or Ready;
}
