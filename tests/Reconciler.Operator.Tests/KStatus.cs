using System.Text.Json.Nodes;

namespace Reconciler.Operator.Tests;

/// <summary>
/// What Flux, kpt and others make of a resource, by the published rules of kstatus for kinds that it does not know.
/// </summary>
internal static class KStatus
{
    public const string Terminating = "Terminating";
    public const string InProgress = "InProgress";
    public const string Failed = "Failed";
    public const string Current = "Current";

    /// <summary>The verdict on a resource.</summary>
    public static string Of(JsonObject resource)
    {
        var (metadata, status) = (resource["metadata"]!, resource["status"]);
        if (metadata["deletionTimestamp"] is not null)
            return Terminating;
        // Where nothing says which generation was seen, every generation counts as seen.
        if (status?["observedGeneration"] is { } observed && (long)observed != (long)metadata["generation"]!)
            return InProgress;
        var conditions = (status?["conditions"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        foreach (var condition in conditions.Where(c => (string?)c["status"] == "True"))
        {
            if ((string?)condition["type"] == "Reconciling")
                return InProgress;
            if ((string?)condition["type"] == "Stalled")
                return Failed;
        }

        return conditions.Find(c => (string?)c["type"] == "Ready") is { } ready && (string?)ready["status"] != "True"
            ? InProgress
            : Current;
    }
}
