using System.Globalization;
using Microsoft.AspNetCore.Http;
using Reconciler.Hosting.Reconciling;
using Reconciler.Hosting.Web;

namespace Reconciler.Worker.Web;

/// <summary>
/// Whether a worker does its work, judged from one snapshot. The texts hold no address of a person or a source and no
/// text of a vendor: whoever reaches the listener may read them.
/// </summary>
public static class Readiness
{
    /// <summary>
    /// Whether it does its work. What only makes the work late (a source that fails while a revision is in force, one
    /// provider of several) is told and refuses nothing.
    /// </summary>
    /// <param name="status">How the worker stands.</param>
    /// <param name="now">The time.</param>
    /// <param name="isStateLost">Whether its state file was deleted or replaced.</param>
    public static HttpAnswer Of(WorkerStatus status, DateTimeOffset now, bool isStateLost = false)
    {
        var reasons = Reasons(status, now).ToList();
        if (isStateLost)
            reasons.Add("the state file is gone or another: nothing is written until it is restored or confirmed");
        var lines = reasons
            .Select(r => $"- {r}")
            .Prepend(reasons.Count == 0 ? "ready" : "not ready")
            .Concat(Notes(status));
        return HttpAnswer.Text(
            reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            string.Join('\n', lines)
        );
    }

    private static IEnumerable<string> Reasons(WorkerStatus status, DateTimeOffset now)
    {
        if (status.IsStopping)
            yield return "stopping";
        if (status.Source.Revision is null)
            yield return "no revision of the manifests is in force yet";
        var asked = Asked(status);
        if (asked.Count > 0 && !asked.Exists(p => p.IsReachable == true))
            yield return asked.TrueForAll(p => p.IsReachable is null)
                ? "no provider was read yet"
                : "no provider can be reached";
        if (Liveness.Silence(status, now) is { } silence)
            yield return silence;
        if (Liveness.Hanging(status, now) is { } hanging)
            yield return hanging;
    }

    private static IEnumerable<string> Notes(WorkerStatus status)
    {
        if (status.Source.FailingSince is { } since)
            yield return "source: "
                + $"{(status.Source.Failure is null ? "its newest revision is broken" : "it cannot be read")} "
                + $"since {since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}";
        foreach (var provider in status.Providers)
        {
            var reached = provider.IsReachable switch
            {
                true => "reachable",
                false => "unreachable",
                null when status.IsElsewhere(provider.Provider) => "another worker",
                null => "not read yet",
            };
            yield return $"provider {provider.Provider.Id}: {reached}";
        }
    }

    // Nobody here asks a provider whose projects are all suspended or another worker's, so it tells nothing.
    private static List<ProviderStatus> Asked(WorkerStatus status)
    {
        var asked = status
            .Projects.Where(p => !p.Project.Suspended && p.State != ProjectState.Elsewhere)
            .Select(p => p.Project.Provider.Id)
            .ToHashSet(StringComparer.Ordinal);
        return [.. status.Providers.Where(p => asked.Contains(p.Provider.Id))];
    }
}
