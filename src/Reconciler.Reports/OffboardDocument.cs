using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Core.Offboarding;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Offboarding;

namespace Reconciler.Reports;

/// <summary>
/// An offboarding as JSON. The shape is documented in docs/reference/offboard-json.md;
/// a change that breaks readers changes the version.
/// </summary>
/// <param name="Version">Names the shape: <c>reconciler.dev/offboard/v1</c>.</param>
/// <param name="At">Time of the run.</param>
/// <param name="Email">Address that was asked for, or the place and the login.</param>
/// <param name="OtherAddresses">The person's other addresses, by the Persons that have the address asked for.</param>
/// <param name="Persons">Namespaces and names of these Persons.</param>
/// <param name="State">One of <c>planned</c>, <c>applied</c>, <c>declared</c>, <c>notFound</c>.</param>
/// <param name="Summary">Counts over all projects.</param>
/// <param name="Providers">What was looked at, by AccessProvider.</param>
/// <param name="Projects">Each project with what is taken away there.</param>
/// <param name="ByHand">Steps that only a human can do, each once.</param>
/// <param name="Mentions">Manifest lines that name the person.</param>
/// <param name="StillDeclared">ProjectMemberships that would let the person in again, by namespace and name.</param>
/// <param name="Outcomes">What became of each action; empty if nothing was applied.</param>
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
    IReadOnlyList<OffboardReference> Mentions,
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
            plan.Subject.Email,
            plan.Subject.OtherAddresses,
            plan.Subject.Persons,
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
            [.. plan.Mentions.Select(OffboardReference.Of)],
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

    /// <summary>Serializes the document as indented JSON; hidden characters are written as escapes.</summary>
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

/// <summary>What was looked at through one AccessProvider.</summary>
/// <param name="Name">Namespace and name of the AccessProvider.</param>
/// <param name="Declared">Number of its projects that manifests declare.</param>
/// <param name="Undeclared">Number of further projects that the vendor lists.</param>
/// <param name="Listed">Whether the vendor's list of projects was read.</param>
/// <param name="Error">Why reading that list failed; null if it did not, or if the vendor has none.</param>
public sealed record OffboardProvider(string Name, int Declared, int Undeclared, bool Listed, string? Error);

/// <summary>A step that only a human can do.</summary>
/// <param name="Place">AccessProviders and projects where it is to be done.</param>
/// <param name="Step">What to do, in words.</param>
public sealed record OffboardStep(string Place, string Step);

/// <summary>A manifest line that names the person.</summary>
/// <param name="At">Where the line is, as <c>path:line:column</c>.</param>
/// <param name="Kind">One of <c>member</c>, <c>teamMember</c>, <c>person</c>, <c>departedPerson</c>.</param>
/// <param name="Name">Name of the document: a ProjectMembership, Team or Person.</param>
public sealed record OffboardReference(string At, string Kind, string Name)
{
    internal static OffboardReference Of(ManifestReference mention) =>
        new(mention.At.ToString(), JsonNamingPolicy.CamelCase.ConvertName(mention.Kind.ToString()), mention.Name);
}

/// <summary>What became of an action of an offboarding.</summary>
/// <param name="Project">Namespace and name of the ProjectMembership.</param>
/// <param name="Action">One of <c>update</c>, <c>revoke</c>, <c>remove</c>, or another kind that a plan has.</param>
/// <param name="Email">Address of the account or invitation.</param>
/// <param name="Outcome">The <see cref="OutcomeKind"/> in lower case, such as <c>done</c> or <c>failed</c>.</param>
/// <param name="Message">Why it came out like this; null if there is nothing to say.</param>
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
