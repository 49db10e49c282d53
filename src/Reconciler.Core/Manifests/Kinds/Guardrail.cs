using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.Core.Manifests.Kinds;

/// <summary>
/// Limits and rules. Every Guardrail whose selector matches a project applies; the strictest value wins.
/// </summary>
public sealed partial class Guardrail : Manifest
{
    /// <summary>Which projects, and what holds for them.</summary>
    public required GuardrailSpec Spec { get; init; }
}

/// <summary>Which projects, and what holds for them.</summary>
public sealed partial class GuardrailSpec : ManifestPart
{
    /// <summary>Which ProjectMemberships of the namespace, by their labels; <c>{}</c> selects all.</summary>
    public required LabelSelector Selector { get; init; }

    /// <summary>The most people who may lose access in one project at once; more hold the project's plan.</summary>
    public RemovalLimit? MaxRemovals { get; init; }

    /// <summary>
    /// The most people who may lose access over all projects of a provider within a time; more hold that provider's
    /// removals.
    /// </summary>
    public ProviderRemovalLimit? MaxRemovalsPerProvider { get; init; }

    /// <summary>
    /// The most people whom one plan of a project may newly invite or add; more hold the project's invitations.
    /// </summary>
    public InvitationLimit? MaxInvitations { get; init; }

    /// <summary>
    /// Whether calls are made that destroy more than access, such as a removal that deletes the person's forks.
    /// Otherwise each of them is held.
    /// </summary>
    [Default("false")]
    public bool? MayDestroy { get; init; }

    /// <summary>
    /// The fewest people with administrative access, counting those who have accepted; judged only where a plan lowers
    /// the number.
    /// </summary>
    [Number(0, 1000)]
    [Default("no limit; a project's last member is kept")]
    public int? MinAdmins { get; init; }

    /// <summary>People who are never removed and never demoted.</summary>
    [MaxItems(1000)]
    public IReadOnlyList<EmailAddress>? Protected { get; init; }

    /// <summary>The only domains that declared addresses may belong to. Another address is an error.</summary>
    [MaxItems(1000)]
    public IReadOnlyList<DomainName>? AllowedDomains { get; init; }

    /// <summary>
    /// Access that nobody may be given, in each vendor's own words, by the vendors' names. A grant among them is an
    /// error.
    /// </summary>
    [MaxItems(20)]
    public IReadOnlyDictionary<string, AccessWords>? ForbiddenAccess { get; init; }

    /// <summary>Access that may only be given for a time. An entry that breaks a rule is an error.</summary>
    [MaxItems(100)]
    public IReadOnlyList<TemporaryRule>? Temporary { get; init; }
}

/// <summary>How Kubernetes selects by labels: everything stated must hold.</summary>
public sealed partial class LabelSelector : ManifestPart
{
    /// <summary>Labels with the values they must have.</summary>
    [Text(MinLength = 0, MaxLength = 63)]
    [MaxItems(64)]
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }

    /// <summary>Further conditions on labels.</summary>
    [MaxItems(64)]
    public IReadOnlyList<LabelCondition>? MatchExpressions { get; init; }

    /// <summary>Whether labels are selected.</summary>
    /// <param name="labels">The labels of a document; null for none.</param>
    public bool Matches(IReadOnlyDictionary<string, string>? labels) =>
        (MatchLabels ?? new Dictionary<string, string>()).All(l =>
            labels is not null && labels.TryGetValue(l.Key, out var value) && value == l.Value
        ) && (MatchExpressions ?? []).All(e => e.Holds(labels));
}

/// <summary>A condition on one label.</summary>
public sealed partial class LabelCondition : ManifestPart
{
    /// <summary>The label's key.</summary>
    [Text(MaxLength = 317, Example = "tier")]
    public required string Key { get; init; }

    /// <summary>The condition.</summary>
    public required LabelOperator Operator { get; init; }

    /// <summary>The values that In and NotIn compare the label with.</summary>
    [Text(MinLength = 0, MaxLength = 63, Example = "prod")]
    [MaxItems(64)]
    public IReadOnlyList<string>? Values { get; init; }

    internal bool Holds(IReadOnlyDictionary<string, string>? labels)
    {
        var value = labels?.GetValueOrDefault(Key);
        return Operator switch
        {
            LabelOperator.In => value is not null && (Values ?? []).Contains(value),
            LabelOperator.NotIn => value is null || !(Values ?? []).Contains(value),
            LabelOperator.Exists => value is not null,
            _ => value is null,
        };
    }
}

/// <summary>A condition on a label, in Kubernetes' words.</summary>
public enum LabelOperator
{
    /// <summary>The value is one of these.</summary>
    [Word("In")]
    In,

    /// <summary>The value is none of these, or the label is absent.</summary>
    [Word("NotIn")]
    NotIn,

    /// <summary>The label is there.</summary>
    [Word("Exists")]
    Exists,

    /// <summary>The label is absent.</summary>
    [Word("DoesNotExist")]
    DoesNotExist,
}

/// <summary>The most people who may lose access in one project at once.</summary>
[NotEmpty]
public sealed partial class RemovalLimit : ManifestPart
{
    /// <summary>The most people who may lose access in the project at once.</summary>
    [Number(0, 10_000)]
    [Default("no limit")]
    public int? Count { get; init; }

    /// <summary>The most people who may lose access at once, in percent of the project's members.</summary>
    [Number(0, 100)]
    [Default("no limit")]
    public int? Percent { get; init; }

    /// <summary>From how many removals on the percentage counts, so that small projects stay workable.</summary>
    [Number(1, 10_000)]
    [Default("3")]
    public int? PercentFrom { get; init; }
}

/// <summary>The most people who may lose access over all projects of a provider within a time.</summary>
public sealed partial class ProviderRemovalLimit : ManifestPart
{
    /// <summary>The most people who may lose access within the window.</summary>
    [Number(0, 100_000)]
    public required int Count { get; init; }

    /// <summary>How far back removals are counted.</summary>
    [AtLeast("1m", Unit = 'h')]
    [Default("1h")]
    public Duration? Window { get; init; }
}

/// <summary>The most people whom one plan of a project may newly invite or add.</summary>
public sealed partial class InvitationLimit : ManifestPart
{
    /// <summary>
    /// The most people who may be newly invited or added in the project at once. Replacing an invitation, sending one
    /// again and changing a member's access do not count.
    /// </summary>
    [Number(0, 10_000)]
    public required int Count { get; init; }
}

/// <summary>Access that may only be given for a time.</summary>
public sealed partial class TemporaryRule : ManifestPart
{
    /// <summary>
    /// The access, in each vendor's own words, by the vendors' names; an entry that grants any of it is concerned.
    /// </summary>
    [MaxItems(20)]
    public required IReadOnlyDictionary<string, AccessWords> Access { get; init; }

    /// <summary>How far ahead the entry's expiresAt may lie.</summary>
    [AtLeast("1h", Unit = 'd')]
    public required Duration Max { get; init; }

    /// <summary>Whether the entry must state a reason.</summary>
    [Default("false")]
    public bool? RequireReason { get; init; }
}
