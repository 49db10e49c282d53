using System.Collections.Immutable;

namespace Reconciler.Core.Membership;

/// <summary>Who states a limit, and so who may raise it or release a plan that exceeds it.</summary>
public enum LimitOrigin
{
    /// <summary>The program itself, if nobody states a limit. Only the runner may lift it.</summary>
    BuiltIn,

    /// <summary>
    /// The runner: <c>--guardrails</c>, <c>--max-removals</c>, a setting of the worker, a value of the chart.
    /// </summary>
    Runner,

    /// <summary>A Guardrail among the manifests. People who may change the manifests may change it.</summary>
    Manifests,
}

/// <summary>The limits of a project's plan. All of them apply, so the strictest wins.</summary>
public sealed record Limits
{
    /// <summary>
    /// The built-in limits: 25 removals per hour and account, and a project keeps its last accepted member.
    /// </summary>
    public static Limits BuiltIn { get; } =
        new()
        {
            KeepsLastMember = true,
            Destroying = [DestroyLimit.BuiltIn],
            ProviderRemovals = [new("the built-in limit", 25, TimeSpan.FromHours(1)) { Origin = LimitOrigin.BuiltIn }],
        };

    /// <summary>No limit at all: the result of <c>--max-removals none</c> without Guardrails.</summary>
    public static Limits None { get; } = new();

    /// <summary>Limits of one project.</summary>
    public ImmutableArray<ProjectRemovalLimit> ProjectRemovals { get; init; } = [];

    /// <summary>Limits over all projects of a provider.</summary>
    public ImmutableArray<WindowedRemovalLimit> ProviderRemovals { get; init; } = [];

    /// <summary>Limits of how many people one plan of the project may newly invite or add.</summary>
    public ImmutableArray<ProjectInvitationLimit> ProjectInvitations { get; init; } = [];

    /// <summary>Whether calls that destroy more than access may be made; any that forbids it counts.</summary>
    public ImmutableArray<DestroyLimit> Destroying { get; init; } = [];

    /// <summary>
    /// The fewest accepted administrators, checked if a plan lowers their number; the largest minimum counts.
    /// </summary>
    public ImmutableArray<MinimumAdmins> MinAdmins { get; init; } = [];

    /// <summary>Whether a project with accepted members keeps at least one. This limit is always built in.</summary>
    public bool KeepsLastMember { get; init; }

    /// <summary>
    /// The keys of people who are never removed and never demoted: the addresses that are named, and every other
    /// address and id (<see cref="PersonIdentity.KeyOfId"/>) of the Persons who have them.
    /// </summary>
    public ImmutableHashSet<string> Protected { get; init; } = [];

    /// <summary>Who may be given what.</summary>
    public GrantRules Rules { get; init; } = GrantRules.None;

    /// <summary>These limits and others; the stricter of each counts.</summary>
    /// <param name="other">The others.</param>
    public Limits And(Limits other) =>
        new()
        {
            ProjectRemovals = [.. ProjectRemovals.Union(other.ProjectRemovals)],
            ProviderRemovals = [.. ProviderRemovals.Union(other.ProviderRemovals)],
            ProjectInvitations = [.. ProjectInvitations.Union(other.ProjectInvitations)],
            Destroying = [.. Destroying.Union(other.Destroying)],
            MinAdmins = [.. MinAdmins.Union(other.MinAdmins)],
            KeepsLastMember = KeepsLastMember || other.KeepsLastMember,
            Protected = Protected.Union(other.Protected),
            Rules = Rules.And(other.Rules),
        };

    /// <summary>Returns the limits of one origin. Protected addresses have no origin and are kept.</summary>
    /// <param name="origin">Who states them.</param>
    public Limits Of(LimitOrigin origin) =>
        this with
        {
            ProjectRemovals = [.. ProjectRemovals.Where(l => l.Origin == origin)],
            ProviderRemovals = [.. ProviderRemovals.Where(l => l.Origin == origin)],
            ProjectInvitations = [.. ProjectInvitations.Where(l => l.Origin == origin)],
            Destroying = [.. Destroying.Where(l => l.Origin == origin)],
            MinAdmins = [.. MinAdmins.Where(l => l.Origin == origin)],
            KeepsLastMember = KeepsLastMember && origin == LimitOrigin.BuiltIn,
            Rules = Rules.Of(origin),
        };

    /// <summary>Returns all limits but the built-in ones.</summary>
    public Limits Stated() => Of(LimitOrigin.Runner).And(Of(LimitOrigin.Manifests));

    /// <inheritdoc/>
    public bool Equals(Limits? other) =>
        ReferenceEquals(this, other)
        || (
            other is not null
            && KeepsLastMember == other.KeepsLastMember
            && Rules.Equals(other.Rules)
            && Protected.SetEquals(other.Protected)
            && Destroying.AsSpan().SequenceEqual(other.Destroying.AsSpan())
            && MinAdmins.AsSpan().SequenceEqual(other.MinAdmins.AsSpan())
            && ProjectInvitations.AsSpan().SequenceEqual(other.ProjectInvitations.AsSpan())
            && ProjectRemovals.AsSpan().SequenceEqual(other.ProjectRemovals.AsSpan())
            && ProviderRemovals.AsSpan().SequenceEqual(other.ProviderRemovals.AsSpan())
        );

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(
            KeepsLastMember,
            MinAdmins.Length,
            Protected.Count,
            ProjectInvitations.Length,
            ProjectRemovals.Length,
            ProviderRemovals.Length
        );
}

/// <summary>The fewest accepted administrators.</summary>
/// <param name="Source">Who says so.</param>
/// <param name="Count">How many.</param>
public sealed record MinimumAdmins(string Source, int Count)
{
    /// <summary>Who states it.</summary>
    public LimitOrigin Origin { get; init; } = LimitOrigin.Manifests;
}

/// <summary>The most people who may lose access in one project at once.</summary>
/// <param name="Source">Who says so.</param>
/// <param name="Count">The most people; null for no limit.</param>
/// <param name="Percent">The most people in percent of the members; null for no limit.</param>
/// <param name="PercentFrom">From how many removals on the percentage counts.</param>
public sealed record ProjectRemovalLimit(string Source, int? Count, int? Percent, int PercentFrom)
{
    /// <summary>Who states it.</summary>
    public LimitOrigin Origin { get; init; } = LimitOrigin.Manifests;
}

/// <summary>The most people who may lose access over all projects of a provider within a time.</summary>
/// <param name="Source">Who says so.</param>
/// <param name="Count">The most people.</param>
/// <param name="Window">Within which time.</param>
public sealed record WindowedRemovalLimit(string Source, int Count, TimeSpan Window)
{
    /// <summary>Who states it.</summary>
    public LimitOrigin Origin { get; init; } = LimitOrigin.Manifests;
}

/// <summary>The most people whom one plan of a project may newly invite or add.</summary>
/// <param name="Source">Who says so.</param>
/// <param name="Count">The most people.</param>
public sealed record ProjectInvitationLimit(string Source, int Count)
{
    /// <summary>Who states it.</summary>
    public LimitOrigin Origin { get; init; } = LimitOrigin.Manifests;
}

/// <summary>
/// Whether calls that destroy more than access may be made, such as one that deletes a person's forks.
/// </summary>
/// <param name="Source">Who says so.</param>
/// <param name="IsAllowed">Whether they may.</param>
public sealed record DestroyLimit(string Source, bool IsAllowed)
{
    /// <summary>The limit that holds where nobody states one.</summary>
    public static DestroyLimit BuiltIn { get; } =
        new("the built-in limit", IsAllowed: false) { Origin = LimitOrigin.BuiltIn };

    /// <summary>Who states it.</summary>
    public LimitOrigin Origin { get; init; } = LimitOrigin.Manifests;
}
