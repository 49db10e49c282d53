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
        new(
            StoredPart.Of(Scope),
            StoredPart.Of(Document),
            StoredPart.Of(ProjectId),
            StoredPart.Word(DeletionPolicy),
            Limits?.Value
        )
        {
            Labels = DesiredProject.NoLabels.AddRange(
                (Labels ?? []).Select(l => KeyValuePair.Create(l.Key, StoredPart.Of(l.Value)))
            ),
            Administrators = Administrators is { } words ? [.. StoredPart.All(words)] : default,
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
            ProjectRemovals = [.. StoredPart.All(ProjectRemovals ?? []).Select(r => r.Value)],
            ProviderRemovals = [.. StoredPart.All(ProviderRemovals ?? []).Select(r => r.Value)],
            ProjectInvitations = [.. StoredPart.All(ProjectInvitations ?? []).Select(i => i.Value)],
            Destroying = [.. StoredPart.All(Destroying ?? []).Select(d => d.Value)],
            MinAdmins = [.. StoredPart.All(MinAdmins ?? []).Select(a => a.Value)],
            KeepsLastMember = KeepsLastMember,
            Protected = [.. StoredPart.All(Protected ?? [])],
            Rules = new()
            {
                Domains = [.. StoredPart.All(Domains ?? []).Select(r => r.Value)],
                Forbidden = [.. StoredPart.All(Forbidden ?? []).Select(r => r.Value)],
                Temporary = [.. StoredPart.All(Temporary ?? []).Select(r => r.Value)],
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
    public ProjectRemovalLimit Value =>
        new(StoredPart.Of(Source), Count, Percent, PercentFrom) { Origin = StoredPart.Word(Origin) };

    public static StoredRemovals Of(ProjectRemovalLimit limit) =>
        new(limit.Source, limit.Count, limit.Percent, limit.PercentFrom, limit.Origin);
}

internal sealed record StoredWindow(string Source, int Count, TimeSpan Window, LimitOrigin Origin)
{
    [JsonIgnore]
    public WindowedRemovalLimit Value => new(StoredPart.Of(Source), Count, Window) { Origin = StoredPart.Word(Origin) };

    public static StoredWindow Of(WindowedRemovalLimit limit) =>
        new(limit.Source, limit.Count, limit.Window, limit.Origin);
}

internal sealed record StoredInvitations(string Source, int Count, LimitOrigin Origin)
{
    [JsonIgnore]
    public ProjectInvitationLimit Value => new(StoredPart.Of(Source), Count) { Origin = StoredPart.Word(Origin) };

    public static StoredInvitations Of(ProjectInvitationLimit limit) => new(limit.Source, limit.Count, limit.Origin);
}

internal sealed record StoredDestroying(string Source, bool IsAllowed, LimitOrigin Origin)
{
    [JsonIgnore]
    public DestroyLimit Value => new(StoredPart.Of(Source), IsAllowed) { Origin = StoredPart.Word(Origin) };

    public static StoredDestroying Of(DestroyLimit limit) => new(limit.Source, limit.IsAllowed, limit.Origin);
}

internal sealed record StoredAdmins(string Source, int Count, LimitOrigin Origin)
{
    [JsonIgnore]
    public MinimumAdmins Value => new(StoredPart.Of(Source), Count) { Origin = StoredPart.Word(Origin) };

    public static StoredAdmins Of(MinimumAdmins limit) => new(limit.Source, limit.Count, limit.Origin);
}

internal sealed record StoredDomains(string Source, string[] Domains, LimitOrigin Origin)
{
    [JsonIgnore]
    public DomainRule Value =>
        new(StoredPart.Of(Source), [.. StoredPart.All(Domains)]) { Origin = StoredPart.Word(Origin) };

    public static StoredDomains Of(DomainRule rule) => new(rule.Source, [.. rule.Domains], rule.Origin);
}

internal sealed record StoredForbidden(string Source, StoredGrant[] Access, LimitOrigin Origin)
{
    [JsonIgnore]
    public ForbiddenRule Value =>
        new(StoredPart.Of(Source), StoredGrant.Access(Access)) { Origin = StoredPart.Word(Origin) };

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
    public TemporaryLimit Value =>
        new(StoredPart.Of(Source), StoredGrant.Access(Access), Max, RequireReason) { Origin = StoredPart.Word(Origin) };

    public static StoredTemporary Of(TemporaryLimit rule) =>
        new(rule.Source, StoredGrant.Of(rule.Access), rule.Max, rule.RequireReason, rule.Origin);
}
