using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Faults;

/// <summary>
/// Applies faults to answers. Lists are recognized by the structure of the JSON, whatever the vendor: the outermost
/// array is the list, and <c>next</c> is the link.
/// </summary>
internal static class BrokenAnswer
{
    /// <summary>The header that names the fault of an answer.</summary>
    public const string Mark = "Sandbox-Fault";

    /// <summary>Creates the answer that replaces the vendor's; null where the vendor still gets the request.</summary>
    public static VendorAnswer? Instead(Fault fault, string target)
    {
        if (fault.Kind is FaultKind.Redirect)
            return new VendorAnswer(307).With("Location", fault.Origin + target);
        if (fault.Kind is not FaultKind.Answer)
            return null;
        var answer = VendorAnswer.Text(fault.Status, fault.ContentType, fault.Content);
        return fault.RetryAfter is { } wait ? answer.With("Retry-After", wait) : answer;
    }

    /// <summary>Changes an answer according to a fault.</summary>
    public static VendorAnswer Spoil(Fault fault, VendorAnswer answer, string target) =>
        fault.Kind switch
        {
            FaultKind.CutJson => answer with { Body = answer.Body[..(answer.Body.Length / 2)] },
            FaultKind.EmptyPage => Change(answer, page => Lists(page).FirstOrDefault()?.Clear()),
            FaultKind.NextLink => Change(answer, page => LinkNext(page, fault.Origin + target)),
            _ => answer,
        };

    private static void LinkNext(JsonNode page, string link)
    {
        foreach (var holder in Objects(page).Where(candidate => candidate.ContainsKey("next")).ToList())
            holder["next"] =
                holder["next"] is JsonObject || holder["self"] is JsonObject
                    ? new JsonObject { ["href"] = link }
                    : link;
    }

    private static VendorAnswer Change(VendorAnswer answer, Action<JsonNode> change)
    {
        if (answer.ContentType != VendorAnswer.JsonType || JsonNode.Parse(answer.Body.Span) is not { } page)
            return answer;
        change(page);
        return answer with { Body = Encoding.UTF8.GetBytes(page.ToJsonString()) };
    }

    private static IEnumerable<JsonArray> Lists(JsonNode page) =>
        page is JsonArray bare
            ? [bare]
            : Objects(page).SelectMany(holder => holder.Select(member => member.Value).OfType<JsonArray>());

    /// <summary>The objects of the page, outermost first, without those inside lists.</summary>
    private static IEnumerable<JsonObject> Objects(JsonNode page)
    {
        var left = new Queue<JsonObject>();
        if (page is JsonObject root)
            left.Enqueue(root);
        while (left.TryDequeue(out var current))
        {
            yield return current;
            foreach (var inner in current.Select(member => member.Value).OfType<JsonObject>())
                left.Enqueue(inner);
        }
    }
}
