using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Hosting.Reconciling;
using Reconciler.Reports;

namespace Reconciler.Worker.Web;

/// <summary>
/// How a worker stands, as JSON. The shape is documented in docs/worker/web.md; a change that breaks readers changes
/// the version.
/// </summary>
internal sealed record StatusDocument(
    string Version,
    DateTimeOffset At,
    DateTimeOffset StartedAt,
    DateTimeOffset? BeatAt,
    bool Stopping,
    string? StateTrouble,
    StatusDocumentSource Source,
    IReadOnlyList<StatusDocumentProvider> Providers,
    IReadOnlyList<StatusDocumentProject> Projects,
    IReadOnlyList<StatusDocumentApproval> Approvals
)
{
    public const string CurrentVersion = "reconciler.dev/status/v1";

    public static StatusDocument Of(WorkerStatus s, DateTimeOffset now) =>
        new(
            CurrentVersion,
            now,
            s.StartedAt,
            s.BeatAt == default ? null : s.BeatAt,
            s.IsStopping,
            s.StateTrouble,
            StatusDocumentSource.Of(s.Source),
            [.. s.Providers.Select(p => StatusDocumentProvider.Of(p, s.RightOf(p.Provider)))],
            [.. s.Projects.Select(StatusDocumentProject.Of)],
            [
                .. s.Approvals.Select(u => new StatusDocumentApproval(
                    u.Approval.Hold,
                    u.Approval.By,
                    JsonNamingPolicy.CamelCase.ConvertName(u.Fate.ToString()),
                    u.Approval.Ends
                )),
            ]
        );

    public string ToJson() => JsonSerializer.Serialize(this, StatusJson.Readable.StatusDocument);
}

internal sealed record StatusDocumentApproval(string Hold, string By, string State, DateTimeOffset? Ends);

internal sealed record StatusDocumentSource(
    string Origin,
    string? Revision,
    DateTimeOffset? InForceSince,
    DateTimeOffset? FetchedAt,
    string? Failure,
    DateTimeOffset? FailingSince,
    string? BrokenRevision,
    IReadOnlyList<string> Problems
)
{
    public static StatusDocumentSource Of(SourceStatus s) =>
        new(
            s.Origin,
            s.Revision,
            s.InForceSince,
            s.FetchedAt,
            s.Failure,
            s.FailingSince,
            s.BrokenRevision,
            [.. s.Problems.Select(p => p.ToString())]
        );
}

internal sealed record StatusDocumentProvider(
    string Id,
    string Vendor,
    bool? Reachable,
    DateTimeOffset? ReadAt,
    string? Error,
    StatusDocumentRight? Right
)
{
    public static StatusDocumentProvider Of(ProviderStatus p, AccountRight? right) =>
        new(
            p.Provider.Id,
            p.Provider.Vendor.Type,
            p.IsReachable,
            p.ReadAt,
            p.Error,
            right is null ? null : StatusDocumentRight.Of(right)
        );
}

internal sealed record StatusDocumentRight(
    string State,
    string? Verb,
    int? Process,
    string? Host,
    string? User,
    DateTimeOffset? Since,
    DateTimeOffset? Until
)
{
    public static StatusDocumentRight Of(AccountRight right) =>
        new(
            JsonNamingPolicy.CamelCase.ConvertName(right.Use.ToString()),
            right.Holder?.Verb,
            right.Holder?.Pid,
            right.Holder?.Host,
            right.Holder?.User,
            right.Holder?.Since,
            right.Holder?.Until
        );
}

internal sealed record StatusDocumentProject(
    string Name,
    string Provider,
    string Vendor,
    string ProjectId,
    string? VendorName,
    string State,
    bool Running,
    DateTimeOffset? PassedAt,
    double? TookSeconds,
    string? PassId,
    DateTimeOffset? NextAt,
    int Failures,
    string? Error,
    int? Members,
    int? Invited,
    string? Digest,
    string? Hold,
    IReadOnlyList<PlanDocumentHold> Holds,
    IReadOnlyList<string> Loosened,
    IReadOnlyDictionary<string, int> Planned,
    IReadOnlyDictionary<string, int> Findings,
    IReadOnlyDictionary<string, int> Outcomes
)
{
    public static StatusDocumentProject Of(ProjectStatus p)
    {
        var plan = p.Planned?.Plan;
        return new(
            p.Project.Id,
            p.Project.Provider.Id,
            p.Project.Provider.Vendor.Type,
            p.Project.ProjectId,
            plan?.Live.Name,
            StatusWords.Of(p.State),
            p.IsRunning,
            p.PassedAt,
            p.Took?.TotalSeconds,
            p.PassId,
            p.NextAt,
            p.Failures,
            p.Error,
            plan?.Live.Members.Length,
            plan is null ? null : PlanTally.Of(plan).Waiting,
            plan is null || plan.Actions.IsEmpty ? null : plan.Digest,
            plan is null or { IsFree: true } ? null : plan.HeldDigest,
            plan is null or { IsFree: true }
                ? []
                : [.. plan.Holds.Select(h => new PlanDocumentHold(StatusWords.Of(h.Scope), h.Message))],
            [.. plan?.LimitChange.Texts ?? []],
            Counts(plan?.Actions.Select(a => StatusWords.Of(a.Kind))),
            Counts(plan?.Findings.Select(f => PlanDocumentFinding.Name(f.Kind))),
            Counts(p.Result?.Outcomes.Select(o => StatusWords.Of(o.Kind)))
        );
    }

    private static SortedDictionary<string, int> Counts(IEnumerable<string>? words) =>
        new(
            (words ?? []).CountBy(w => w, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StatusDocument))]
internal sealed partial class StatusJsonContext : JsonSerializerContext;

internal static class StatusJson
{
    public static StatusJsonContext Readable { get; } =
        new(new JsonSerializerOptions(StatusJsonContext.Default.Options) { Encoder = JavaScriptEncoder.Default });
}
