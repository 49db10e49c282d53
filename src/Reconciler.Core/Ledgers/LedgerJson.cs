using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

/// <summary>
/// The parts of a ledger that are stored as JSON. They have types of their own, so that renaming something elsewhere
/// does not make stored files unreadable.
/// </summary>
public static class LedgerJson
{
    /// <summary>Serializes access as a list of its grants.</summary>
    public static string Of(Access access) =>
        JsonSerializer.Serialize(StoredGrant.Of(access), LedgerJsonContext.Default.StoredGrantArray);

    /// <summary>Parses access that <see cref="Of(Access)"/> serialized.</summary>
    /// <exception cref="JsonException">The text is not such JSON, or is <c>null</c>.</exception>
    public static Access Access(string json) =>
        StoredGrant.Access(Parse(json, LedgerJsonContext.Default.StoredGrantArray));

    /// <summary>Serializes a list of texts, such as the digests of released holds.</summary>
    public static string Of(ImmutableArray<string> words) =>
        JsonSerializer.Serialize([.. words], LedgerJsonContext.Default.StringArray);

    /// <summary>Parses a list that <see cref="Of(ImmutableArray{string})"/> serialized.</summary>
    /// <exception cref="JsonException">The text is not such JSON, or is <c>null</c>.</exception>
    public static ImmutableArray<string> Words(string json) => [.. Parse(json, LedgerJsonContext.Default.StringArray)];

    /// <summary>Serializes a write that is about to be sent; what is not set is left out.</summary>
    public static string Of(WriteIntent intent) =>
        JsonSerializer.Serialize(StoredIntent.Of(intent), LedgerJsonContext.Default.StoredIntent);

    /// <summary>Parses a write that <see cref="Of(WriteIntent)"/> serialized.</summary>
    /// <exception cref="JsonException">The text is not such JSON, or is <c>null</c>.</exception>
    public static WriteIntent Intent(string json) => Parse(json, LedgerJsonContext.Default.StoredIntent).Value;

    /// <summary>Serializes where a project was last declared, with its deletion policy and limits.</summary>
    public static string Of(LastApplied applied) =>
        JsonSerializer.Serialize(StoredApplied.Of(applied), LedgerJsonContext.Default.StoredApplied);

    /// <summary>Parses what <see cref="Of(LastApplied)"/> serialized.</summary>
    /// <exception cref="JsonException">The text is not such JSON, or is <c>null</c>.</exception>
    public static LastApplied Applied(string json) => Parse(json, LedgerJsonContext.Default.StoredApplied).Value;

    /// <summary>Serializes what a vendor's answers taught.</summary>
    public static string Of(ImmutableArray<Lesson> lessons) =>
        JsonSerializer.Serialize([.. lessons.Select(StoredLesson.Of)], LedgerJsonContext.Default.StoredLessonArray);

    /// <summary>Parses lessons that <see cref="Of(ImmutableArray{Lesson})"/> serialized.</summary>
    /// <exception cref="JsonException">The text is not such JSON, or is <c>null</c>.</exception>
    public static ImmutableArray<Lesson> Lessons(string json) =>
        [.. Parse(json, LedgerJsonContext.Default.StoredLessonArray).Select(l => l.Value)];

    private static T Parse<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class =>
        JsonSerializer.Deserialize(json, type) ?? throw new JsonException("null where a value is expected");
}

internal sealed record StoredGrant(string Field, string Word, string Label)
{
    public static StoredGrant[] Of(Access access) =>
        [.. access.Grants.Select(g => new StoredGrant(g.Field, g.Word, g.Label))];

    public static Access Access(IEnumerable<StoredGrant> grants) =>
        Reconciler.Core.Membership.Access.Of(grants.Select(g => new Grant(g.Field, g.Word, g.Label)));
}

internal sealed record StoredIntent(ActionKind Kind, string Person, string Email, DateTimeOffset At)
{
    public string? DeclaredEmail { get; init; }

    public string? PersonId { get; init; }

    public string? MembershipId { get; init; }

    public string? InvitationId { get; init; }

    public StoredGrant[]? Access { get; init; }

    public string[]? AccessFields { get; init; }

    public StoredGrant[]? Added { get; init; }

    public StoredGrant[]? Removed { get; init; }

    public StoredGrant[]? Asked { get; init; }

    public bool IsReminder { get; init; }

    public bool GivesUp { get; init; }

    public bool CountsAsRemoval { get; init; }

    public string? Change { get; init; }

    public string? Reason { get; init; }

    public string? Plan { get; init; }

    [JsonIgnore]
    public WriteIntent Value =>
        new(Kind, Person, Email, At)
        {
            DeclaredEmail = DeclaredEmail,
            PersonId = PersonId,
            MembershipId = MembershipId,
            InvitationId = InvitationId,
            Access = Access is null ? null : new(StoredGrant.Access(Access), [.. AccessFields ?? []]),
            Added = Added is null ? Reconciler.Core.Membership.Access.None : StoredGrant.Access(Added),
            Removed = Removed is null ? Reconciler.Core.Membership.Access.None : StoredGrant.Access(Removed),
            Asked = Asked is null ? null : StoredGrant.Access(Asked),
            IsReminder = IsReminder,
            GivesUp = GivesUp,
            CountsAsRemoval = CountsAsRemoval,
            Change = Change,
            Reason = Reason ?? "",
            Plan = Plan ?? "",
        };

    public static StoredIntent Of(WriteIntent intent) =>
        new(intent.Kind, intent.PersonKey, intent.Email, intent.At)
        {
            DeclaredEmail = intent.DeclaredEmail,
            PersonId = intent.PersonId,
            MembershipId = intent.MembershipId,
            InvitationId = intent.InvitationId,
            Access = intent.Access is null ? null : StoredGrant.Of(intent.Access.Grants),
            AccessFields = intent.Access is null ? null : [.. intent.Access.Fields],
            Added = intent.Added.IsNone ? null : StoredGrant.Of(intent.Added),
            Removed = intent.Removed.IsNone ? null : StoredGrant.Of(intent.Removed),
            Asked = intent.Asked is null ? null : StoredGrant.Of(intent.Asked),
            IsReminder = intent.IsReminder,
            GivesUp = intent.GivesUp,
            CountsAsRemoval = intent.CountsAsRemoval,
            Change = intent.Change,
            Reason = intent.Reason,
            Plan = intent.Plan,
        };
}

internal sealed record StoredLesson(LessonKind Kind, DateTimeOffset At, DateTimeOffset Until)
{
    public string? Subject { get; init; }

    public string? Message { get; init; }

    [JsonIgnore]
    public Lesson Value => new(Kind, Subject ?? "", At, Until) { Message = Message ?? "" };

    public static StoredLesson Of(Lesson lesson) =>
        new(lesson.Kind, lesson.At, lesson.Until)
        {
            Subject = lesson.Subject.Length == 0 ? null : lesson.Subject,
            Message = lesson.Message.Length == 0 ? null : lesson.Message,
        };
}

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
        };

    public SortedDictionary<string, string>? Labels { get; init; }

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
        };
}

internal sealed record StoredLimits
{
    public StoredRemovals[]? ProjectRemovals { get; init; }

    public StoredWindow[]? ProviderRemovals { get; init; }

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

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(StoredGrant[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(StoredIntent))]
[JsonSerializable(typeof(StoredApplied))]
[JsonSerializable(typeof(StoredLesson[]))]
internal sealed partial class LedgerJsonContext : JsonSerializerContext;
