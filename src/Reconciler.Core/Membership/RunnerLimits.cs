using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;

namespace Reconciler.Core.Membership;

/// <summary>
/// The limits that manifests cannot raise: the runner's own, and each built-in one that nobody states. The labels of a
/// project decide which of the runner's Guardrails apply to it.
/// </summary>
/// <param name="Guardrails">The runner's Guardrails, each with the limits that it states.</param>
/// <param name="MaxRemovals">The most removals per hour and account; null if the runner states none.</param>
/// <param name="LiftsBuiltInLimits">Whether the runner lifts the built-in limits.</param>
public sealed record RunnerLimits(
    ImmutableArray<(LabelSelector Selector, Limits Limits)> Guardrails,
    int? MaxRemovals,
    bool LiftsBuiltInLimits
)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>A runner that states no limits.</summary>
    public static RunnerLimits None { get; } = new([], null, false);

    /// <summary>Returns all limits of a project with these labels.</summary>
    /// <param name="labels">The labels of the project's document; null for none.</param>
    /// <param name="manifests">What the Guardrails among the manifests state for it.</param>
    public Limits With(IReadOnlyDictionary<string, string>? labels, Limits manifests)
    {
        var stated = Guardrails
            .Where(g => g.Selector.Matches(labels))
            .Aggregate(Limits.None, (sum, g) => sum.And(g.Limits));
        stated = stated.And(manifests.Of(LimitOrigin.Manifests));
        return stated with
        {
            // A built-in limit applies until somebody states that same limit: a Guardrail about something else does not
            // lift it.
            ProviderRemovals = [.. OwnWindows(stated), .. stated.ProviderRemovals],
            Destroying = LiftsBuiltInLimits || !stated.Destroying.IsEmpty ? stated.Destroying : [DestroyLimit.BuiltIn],
            KeepsLastMember = !LiftsBuiltInLimits && stated.ProjectRemovals.IsEmpty && stated.MinAdmins.IsEmpty,
        };
    }

    private ImmutableArray<WindowedRemovalLimit> OwnWindows(Limits stated)
    {
        if (MaxRemovals is { } most)
            return [new("--max-removals", most, Hour) { Origin = LimitOrigin.Runner }];
        return LiftsBuiltInLimits || !stated.ProviderRemovals.IsEmpty ? [] : Limits.BuiltIn.ProviderRemovals;
    }
}
