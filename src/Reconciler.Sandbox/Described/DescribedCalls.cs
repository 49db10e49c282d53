using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Describing;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Described;

/// <summary>
/// Carries out the calls of a described vendor. It finds in method, path and body which call is meant, and reads the
/// values of the placeholders from them.
/// </summary>
internal sealed class DescribedCalls(DescribedWorld world, DescribedChanges changes, DescribedAnswers answers)
{
    private readonly ImmutableArray<DescribedChange> calls =
    [
        .. world.Api.Calls.OrderBy(c => c.Key).Select(c => new DescribedChange(c.Key, c.Value, IsDirect: false)),
        .. world.Api.RemoveDirect is { } direct
            ? [new DescribedChange(ActionKind.Remove, direct, IsDirect: true)]
            : Array.Empty<DescribedChange>(),
        .. world
            .Api.Calls.Values.Select(c => c.Then)
            .OfType<DescribedMailCall>()
            .Select(t => new DescribedChange(ActionKind.Resend, t.Call, IsDirect: false)),
        .. world.Api.Words is { } words
            ? [Word(words.Give, WordChange.Given), Word(words.Take, WordChange.Taken)]
            : Array.Empty<DescribedChange>(),
    ];

    /// <summary>Answers a request that changes something; null where no call has its method and path.</summary>
    /// <param name="request">The request.</param>
    /// <param name="segments">The segments of its path.</param>
    public VendorAnswer? Answer(VendorRequest request, IReadOnlyList<string> segments)
    {
        var called = calls
            .Where(c =>
                string.Equals(c.Call.Method.ToString(), request.Method, StringComparison.OrdinalIgnoreCase)
                && new RequestMatch(world.Vendor.ProjectIds).Path(c.Call.Path, segments)
            )
            .ToList();
        if (called.Count == 0)
            return null;
        if (!TryParse(request.Body, out var body))
            return answers.Refused(400, "The body is no JSON.");
        var meant = called
            .Select(c => (Change: c, Match: Match(c.Call, segments, body)))
            .Where(c => c.Match is not null)
            .OrderByDescending(c => c.Match!.Exactness)
            // Where a request may mean both, to add somebody and to change a member, the change is tried first.
            .ThenBy(c => c.Change.Kind == ActionKind.Invite)
            .ToList();
        if (meant.Count == 0)
            return answers.Refused(
                400,
                $"The body is none that the definition sends with {request.Method} {request.Path}."
            );
        foreach (var (change, match) in meant)
        {
            if (changes.Subjects(change, match!) is { IsEmpty: false } subjects)
                return Carry(change, subjects, match!);
        }

        return answers.Refused(404, "There is nothing of that id.");
    }

    private static DescribedChange Word(DescribedCall call, WordChange change) =>
        new(ActionKind.Update, call, IsDirect: false) { Word = change };

    private VendorAnswer Carry(DescribedChange change, ImmutableArray<DescribedSubject> subjects, RequestMatch match)
    {
        if (subjects.Any(s => s.Project.IsForbidden))
            return answers.Refused(403, $"The token has no access to {subjects[0].Project.Id}.");
        try
        {
            return changes.Make(change, subjects, match);
        }
        catch (DescribedRefusal refusal)
        {
            return answers.Refused(refusal.Status, refusal.Message);
        }
    }

    private RequestMatch? Match(DescribedCall call, IReadOnlyList<string> segments, JsonNode? body)
    {
        var match = new RequestMatch(world.Vendor.ProjectIds);
        return match.Path(call.Path, segments) && match.Body(call.Body, body) ? match : null;
    }

    private static bool TryParse(ReadOnlyMemory<byte> body, out JsonNode? parsed)
    {
        parsed = null;
        if (body.IsEmpty)
            return true;
        try
        {
            parsed = JsonNode.Parse(body.Span);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>A call, and what it does.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Call">The call.</param>
/// <param name="IsDirect">Whether a removal leaves what comes from above.</param>
internal sealed record DescribedChange(ActionKind Kind, DescribedCall Call, bool IsDirect)
{
    /// <summary>What it does with one word; null for a call about all of them.</summary>
    public WordChange? Word { get; init; }
}

/// <summary>What a call does with one word of access.</summary>
internal enum WordChange
{
    Given,
    Taken,
}

/// <summary>What a call is about: a project, and a member or an invitation of it, or nobody yet.</summary>
internal sealed record DescribedSubject(
    DescribedProject Project,
    DescribedMember? Member = null,
    DescribedInvitation? Invitation = null
);
