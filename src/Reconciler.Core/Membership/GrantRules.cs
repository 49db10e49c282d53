using System.Collections.Immutable;

namespace Reconciler.Core.Membership;

/// <summary>
/// The rules of Guardrails about who may be given what in one project. Every rule applies, so the strictest wins.
/// </summary>
public sealed record GrantRules
{
    /// <summary>No rule.</summary>
    public static GrantRules None { get; } = new();

    /// <summary>The only domains of addresses.</summary>
    public ImmutableArray<DomainRule> Domains { get; init; } = [];

    /// <summary>Access that nobody may be given.</summary>
    public ImmutableArray<ForbiddenRule> Forbidden { get; init; } = [];

    /// <summary>Access that may only be given for a time.</summary>
    public ImmutableArray<TemporaryLimit> Temporary { get; init; } = [];

    /// <summary>Whether there is no rule.</summary>
    public bool IsEmpty => Domains.IsEmpty && Forbidden.IsEmpty && Temporary.IsEmpty;

    /// <summary>These rules and others.</summary>
    /// <param name="other">The others.</param>
    public GrantRules And(GrantRules other) =>
        new()
        {
            Domains = [.. Domains.Union(other.Domains)],
            Forbidden = [.. Forbidden.Union(other.Forbidden)],
            Temporary = [.. Temporary.Union(other.Temporary)],
        };

    /// <summary>The rules of one origin.</summary>
    /// <param name="origin">Who states them.</param>
    public GrantRules Of(LimitOrigin origin) =>
        new()
        {
            Domains = [.. Domains.Where(r => r.Origin == origin)],
            Forbidden = [.. Forbidden.Where(r => r.Origin == origin)],
            Temporary = [.. Temporary.Where(r => r.Origin == origin)],
        };

    /// <inheritdoc/>
    public bool Equals(GrantRules? other) =>
        ReferenceEquals(this, other)
        || (
            other is not null
            && Domains.AsSpan().SequenceEqual(other.Domains.AsSpan())
            && Forbidden.AsSpan().SequenceEqual(other.Forbidden.AsSpan())
            && Temporary.AsSpan().SequenceEqual(other.Temporary.AsSpan())
        );

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Domains.Length, Forbidden.Length, Temporary.Length);
}

/// <summary>The only domains that addresses may belong to.</summary>
/// <param name="Source">Who says so.</param>
/// <param name="Domains">The domains, in lower case and ordinal order.</param>
public sealed record DomainRule(string Source, ImmutableArray<string> Domains)
{
    /// <summary>Who states it.</summary>
    public LimitOrigin Origin { get; init; } = LimitOrigin.Manifests;

    /// <inheritdoc/>
    public bool Equals(DomainRule? other) =>
        other is not null
        && Source == other.Source
        && Origin == other.Origin
        && Domains.AsSpan().SequenceEqual(other.Domains.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Source, Domains.Length);
}

/// <summary>Access that nobody may be given.</summary>
/// <param name="Source">Who says so.</param>
/// <param name="Access">The access, in the words of the project's vendor.</param>
public sealed record ForbiddenRule(string Source, Access Access)
{
    /// <summary>Who states it.</summary>
    public LimitOrigin Origin { get; init; } = LimitOrigin.Manifests;
}

/// <summary>Access that may only be given for a time.</summary>
/// <param name="Source">Who says so.</param>
/// <param name="Access">
/// The access, in the words of the project's vendor. The rule applies to entries that grant any of it.
/// </param>
/// <param name="Max">How far ahead its end may lie.</param>
/// <param name="RequireReason">Whether a reason must be stated.</param>
public sealed record TemporaryLimit(string Source, Access Access, TimeSpan Max, bool RequireReason)
{
    /// <summary>Who states it.</summary>
    public LimitOrigin Origin { get; init; } = LimitOrigin.Manifests;
}
