using System.Text.Json.Serialization;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

internal sealed record StoredApplied(
    string Scope,
    string Document,
    string ProjectId,
    DeletionPolicy DeletionPolicy,
    StoredLimits? Limits
)
{
    [JsonIgnore]
    public LastApplied Value =>
        new(Scope, Document, ProjectId, DeletionPolicy, Limits?.Value)
        {
            Labels = DesiredProject.NoLabels.AddRange(Labels ?? []),
            Administrators = Administrators is { } words ? [.. words] : default,
        };

    public SortedDictionary<string, string>? Labels { get; init; }

    public string[]? Administrators { get; init; }

    public static StoredApplied Of(LastApplied applied) =>
        new(
            applied.Scope,
            applied.Document,
            applied.ProjectId,
            applied.DeletionPolicy,
            applied.Limits is { } limits ? StoredLimits.Of(limits) : null
        )
        {
            Labels = applied.Labels.IsEmpty ? null : new(applied.Labels, StringComparer.Ordinal),
            Administrators = applied.Administrators.IsDefault ? null : [.. applied.Administrators],
        };
}

internal sealed record StoredLimits
{
    public StoredRemovals[]? ProjectRemovals { get; init; }

    public StoredWindow[]? ProviderRemovals { get; init; }

    public StoredInvitations[]? ProjectInvitations { get; init; }

    public StoredDestroying[]? Destroying { get; init; }

    public StoredAdmins[]? MinAdmins { get; init; }

    public bool KeepsLastMember { get; init; }

    public string[]? Protected { get; init; }

    public StoredDomains[]? Domains { get; init; }

    public StoredForbidden[]? Forbidden { get; init; }

    public StoredTemporary[]? Temporary { get; init; }

    [JsonIgnore]
    public Limits Value =>
        new()
        {
            ProjectRemovals = [.. (ProjectRemovals ?? []).Select(r => r.Value)],
            ProviderRemovals = [.. (ProviderRemovals ?? []).Select(r => r.Value)],
            ProjectInvitations = [.. (ProjectInvitations ?? []).Select(i => i.Value)],
            Destroying = [.. (Destroying ?? []).Select(d => d.Value)],
            MinAdmins = [.. (MinAdmins ?? []).Select(a => a.Value)],
            KeepsLastMember = KeepsLastMember,
            Protected = [.. Protected ?? []],
            Rules = new()
            {
                Domains = [.. (Domains ?? []).Select(r => r.Value)],
                Forbidden = [.. (Forbidden ?? []).Select(r => r.Value)],
                Temporary = [.. (Temporary ?? []).Select(r => r.Value)],
            },
        };

    public static StoredLimits Of(Limits limits) =>
        new()
        {
            ProjectRemovals = [.. limits.ProjectRemovals.Select(StoredRemovals.Of)],
            ProviderRemovals = [.. limits.ProviderRemovals.Select(StoredWindow.Of)],
            ProjectInvitations = limits.ProjectInvitations.IsEmpty
                ? null
                : [.. limits.ProjectInvitations.Select(StoredInvitations.Of)],
            Destroying = limits.Destroying.IsEmpty ? null : [.. limits.Destroying.Select(StoredDestroying.Of)],
            MinAdmins = [.. limits.MinAdmins.Select(StoredAdmins.Of)],
            KeepsLastMember = limits.KeepsLastMember,
            Protected = [.. limits.Protected.Order(StringComparer.Ordinal)],
            Domains = limits.Rules.Domains.IsEmpty ? null : [.. limits.Rules.Domains.Select(StoredDomains.Of)],
            Forbidden = limits.Rules.Forbidden.IsEmpty ? null : [.. limits.Rules.Forbidden.Select(StoredForbidden.Of)],
            Temporary = limits.Rules.Temporary.IsEmpty ? null : [.. limits.Rules.Temporary.Select(StoredTemporary.Of)],
        };
}

internal sealed record StoredRemovals(string Source, int? Count, int? Percent, int PercentFrom, LimitOrigin Origin)
{
    [JsonIgnore]
    public ProjectRemovalLimit Value => new(Source, Count, Percent, PercentFrom) { Origin = Origin };

    public static StoredRemovals Of(ProjectRemovalLimit limit) =>
        new(limit.Source, limit.Count, limit.Percent, limit.PercentFrom, limit.Origin);
}

internal sealed record StoredWindow(string Source, int Count, TimeSpan Window, LimitOrigin Origin)
{
    [JsonIgnore]
    public WindowedRemovalLimit Value => new(Source, Count, Window) { Origin = Origin };

    public static StoredWindow Of(WindowedRemovalLimit limit) =>
        new(limit.Source, limit.Count, limit.Window, limit.Origin);
}

internal sealed record StoredInvitations(string Source, int Count, LimitOrigin Origin)
{
    [JsonIgnore]
    public ProjectInvitationLimit Value => new(Source, Count) { Origin = Origin };

    public static StoredInvitations Of(ProjectInvitationLimit limit) => new(limit.Source, limit.Count, limit.Origin);
}

internal sealed record StoredDestroying(string Source, bool IsAllowed, LimitOrigin Origin)
{
    [JsonIgnore]
    public DestroyLimit Value => new(Source, IsAllowed) { Origin = Origin };

    public static StoredDestroying Of(DestroyLimit limit) => new(limit.Source, limit.IsAllowed, limit.Origin);
}

internal sealed record StoredAdmins(string Source, int Count, LimitOrigin Origin)
{
    [JsonIgnore]
    public MinimumAdmins Value => new(Source, Count) { Origin = Origin };

    public static StoredAdmins Of(MinimumAdmins limit) => new(limit.Source, limit.Count, limit.Origin);
}

internal sealed record StoredDomains(string Source, string[] Domains, LimitOrigin Origin)
{
    [JsonIgnore]
    public DomainRule Value => new(Source, [.. Domains]) { Origin = Origin };

    public static StoredDomains Of(DomainRule rule) => new(rule.Source, [.. rule.Domains], rule.Origin);
}

internal sealed record StoredForbidden(string Source, StoredGrant[] Access, LimitOrigin Origin)
{
    [JsonIgnore]
    public ForbiddenRule Value => new(Source, StoredGrant.Access(Access)) { Origin = Origin };

    public static StoredForbidden Of(ForbiddenRule rule) => new(rule.Source, StoredGrant.Of(rule.Access), rule.Origin);
}

internal sealed record StoredTemporary(
    string Source,
    StoredGrant[] Access,
    TimeSpan Max,
    bool RequireReason,
    LimitOrigin Origin
)
{
    [JsonIgnore]
    public TemporaryLimit Value => new(Source, StoredGrant.Access(Access), Max, RequireReason) { Origin = Origin };

    public static StoredTemporary Of(TemporaryLimit rule) =>
        new(rule.Source, StoredGrant.Of(rule.Access), rule.Max, rule.RequireReason, rule.Origin);
}
