using System.Text.Json.Nodes;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Described;

/// <summary>
/// Answers what calls read first, and refuses a call that does not send it back: a real vendor would empty it.
/// </summary>
internal sealed class DescribedReads(DescribedWorld world, DescribedItems items, DescribedAnswers answers)
{
    /// <summary>Answers a request; null where no call reads its path.</summary>
    /// <param name="segments">The segments of its path.</param>
    public VendorAnswer? Answer(IReadOnlyList<string> segments)
    {
        var match = new RequestMatch(world.Vendor.ProjectIds);
        return
            world.Api.Calls.GetValueOrDefault(ActionKind.Update)?.Reads is { } read && match.Path(read.Path, segments)
            ? Answer(read, match)
            : null;
    }

    /// <summary>Checks that a call sends back what it read.</summary>
    /// <param name="call">The call.</param>
    /// <param name="match">The values of its placeholders.</param>
    /// <exception cref="DescribedRefusal">It does not.</exception>
    public static void Check(DescribedCall call, RequestMatch match)
    {
        foreach (var placeholder in call.Reads?.Values.Keys ?? [])
        {
            if (!JsonNode.DeepEquals(match.Values.GetValueOrDefault(placeholder), Kept(placeholder)))
                throw new DescribedRefusal(422, $"{placeholder[DescribedRead.Prefix.Length..]} would be lost");
        }
    }

    private VendorAnswer Answer(DescribedRead read, RequestMatch match)
    {
        var found = world
            .Projects.Where(p => match.Text("project") is not { } id || p == world.Project(id))
            .SelectMany(p => p.Members.Select(m => (Project: p, Member: m)))
            .FirstOrDefault(m => DescribedChanges.Fits(match, m.Member));
        if (found.Member is null)
            return answers.Refused(404, "There is nothing of that id.");
        if (found.Project.IsForbidden)
            return answers.Refused(403, $"The token has no access to {found.Project.Id}.");
        var body = new JsonDraft();
        body.Set("", items.Member(found.Member));
        foreach (var (placeholder, at) in read.Values)
            body.Set(at.Text, Kept(placeholder));
        return answers.Done(200, body);
    }

    // What a member has besides access, in any form: only that it comes back as it was counts.
    private static JsonArray Kept(string placeholder) => [(JsonNode)JsonValue.Create(placeholder)];
}
