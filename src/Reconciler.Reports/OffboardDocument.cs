using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Core.Offboarding;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Offboarding;

namespace Reconciler.Reports;

/// <summary>An offboarding as JSON. The shape is documented in docs/reference/offboard-json.md; a change that breaks readers changes the version.</summary>
public sealed record OffboardDocument(
    string Version,
    DateTimeOffset At,
    string Email,
    IReadOnlyList<string> OtherAddresses,
    IReadOnlyList<string> Persons,
    string State,
    PlanCounts Summary,
    IReadOnlyList<OffboardProvider> Providers,
    IReadOnlyList<PlanDocumentProject> Projects,
    IReadOnlyList<OffboardStep> ByHand,
    IReadOnlyList<OffboardMention> Mentions,
    IReadOnlyList<string> StillDeclared,
    IReadOnlyList<OffboardOutcome> Outcomes
)
{
    /// <summary>Where the person was found: at vendors, in manifests, in the state, in the history.</summary>
    public required IReadOnlyList<string> Found { get; init; }

    /// <summary>The newest hashes of the audit trails that were added to.</summary>
    public IReadOnlyList<AuditHead> AuditHeads { get; init; } = [];

    /// <summary>Near addresses, where the person was found nowhere.</summary>
    public required IReadOnlyList<string> Similar { get; init; }

    internal const string CurrentVersion = "reconciler.dev/offboard/v1";

    /// <summary>The document of a plan, and of what became of it; null where nothing was applied.</summary>
    public static OffboardDocument Of(OffboardPlan plan, RunResult? result) =>
        new(
            CurrentVersion,
            plan.Plan.At,
            plan.Leaver.Email,
            plan.Leaver.OtherAddresses,
            plan.Leaver.Persons,
            StateOf(plan, result),
            PlanCounts.Of(new(plan.Plan)),
            [
                .. plan.LookedAt.Select(l => new OffboardProvider(
                    l.Listed.Provider.Id,
                    l.Declared,
                    l.Undeclared,
                    l.Listed.Projects is not null,
                    l.Listed.Failure
                )),
            ],
            [.. plan.Plan.Projects.Select(PlanDocumentProject.Of)],
            [.. plan.ByHand().Select(s => new OffboardStep(OffboardReport.Places(s, int.MaxValue), s.Step))],
            [.. plan.Mentions.Select(OffboardMention.Of)],
            [.. plan.StillDeclared.Select(p => p.Id)],
            [
                .. (result?.Projects ?? []).SelectMany(p =>
                    p.Outcomes.Select(o => new OffboardOutcome(
                        p.Plan.Project.Id,
                        o.Action.Kind.ToString().ToLowerInvariant(),
                        o.Action.Email,
                        o.Kind.ToString().ToLowerInvariant(),
                        o.Message
                    ))
                ),
            ]
        )
        {
            Found = [.. PlacesOf(plan)],
            Similar = plan.Traces.Similar,
        };

    public string ToJson() => JsonText.Visible(JsonSerializer.Serialize(this, OffboardJson.Default.OffboardDocument));

    private static string StateOf(OffboardPlan plan, RunResult? result) =>
        result is not null ? "applied"
        : !plan.StillDeclared.IsEmpty ? "declared"
        : plan.IsFound ? "planned"
        : "notFound";

    private static IEnumerable<string> PlacesOf(OffboardPlan plan)
    {
        if (plan.IsAtVendors)
            yield return "vendors";
        if (plan.IsInManifests)
            yield return "manifests";
        if (!plan.Traces.Remembered.IsEmpty)
            yield return "state";
        if (plan.Traces.Removed is not null)
            yield return "history";
    }
}

public sealed record OffboardProvider(string Name, int Declared, int Undeclared, bool Listed, string? Error);

public sealed record OffboardStep(string Place, string Step);

public sealed record OffboardMention(string At, string Kind, string Name)
{
    internal static OffboardMention Of(Mention mention) =>
        new(mention.At.ToString(), JsonNamingPolicy.CamelCase.ConvertName(mention.Kind.ToString()), mention.Name);
}

public sealed record OffboardOutcome(string Project, string Action, string Email, string Outcome, string? Message);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OffboardDocument))]
internal sealed partial class OffboardJsonContext : JsonSerializerContext;

internal static class OffboardJson
{
    public static OffboardJsonContext Default { get; } =
        new(
            new JsonSerializerOptions(OffboardJsonContext.Default.Options)
            {
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
