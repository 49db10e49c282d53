using System.Collections.Immutable;

namespace Reconciler.Reports.Markdown;

/// <summary>What changed between an earlier plan and the plan as it is now.</summary>
/// <param name="Earlier">The earlier plan.</param>
/// <param name="Digest">The digest of the plan as it is now.</param>
/// <param name="Added">What is planned now and was not then.</param>
/// <param name="Gone">What was planned then and is not now.</param>
public sealed record PlanChanges(
    EarlierPlan Earlier,
    string Digest,
    ImmutableArray<PlanLine> Added,
    ImmutableArray<PlanLine> Gone
)
{
    /// <summary>Whether both are the same plan.</summary>
    public bool AreNone => Earlier.Digest == Digest;

    /// <summary>Says in a sentence how the plans relate.</summary>
    public string Sentence =>
        Earlier.Digest is null ? "Before, the manifests had problems, and nothing was planned."
        : AreNone ? "Nothing has changed since the earlier plan."
        : Added.IsEmpty && Gone.IsEmpty
            ? "The changes are those of the earlier plan, but what some start from at the vendor is different now."
        : Earlier.IsCut
            ? "This has changed since the earlier plan. It was cut, so some of what is new here was left out there:"
        : "This has changed since the earlier plan:";
}
