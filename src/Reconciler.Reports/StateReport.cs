using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Text;

namespace Reconciler.Reports;

/// <summary>Prints the state of projects. Addresses and ids come from other people, and are escaped.</summary>
public static class StateReport
{
    /// <summary>Prints projects with their people, and the totals.</summary>
    public static void Write(
        TextWriter output,
        Palette palette,
        ImmutableArray<StoredLedger> projects,
        Func<string, string> scope
    )
    {
        foreach (var project in projects)
            Write(output, palette, project, scope);
        var ledgers = projects.Select(p => p.Ledger!).ToList();
        var waiting = ledgers.Sum(l => l.Intents.Length);
        var open = waiting == 0 ? "" : $", {TextNames.Count(waiting, "write", "writes")} of unknown outcome";
        output.WriteLine(
            $"{TextNames.Count(projects.Length, "project", "projects")}, "
                + $"{TextNames.Count(People(ledgers), "person", "people")}{open}."
        );
    }

    // A person in two projects counts once.
    private static int People(IEnumerable<ProjectLedger> ledgers) =>
        ledgers
            .SelectMany(l => l.People)
            .Select(p => p.Email.Length > 0 ? EmailAddress.KeyOf(p.Email) : p.PersonId ?? "")
            .Distinct(StringComparer.Ordinal)
            .Count();

    /// <summary>Serializes the state as JSON.</summary>
    public static string ToJson(ImmutableArray<StoredLedger> projects) =>
        JsonText.Visible(
            JsonSerializer.Serialize(
                new(StateDocument.CurrentVersion, [.. projects.Select(StateDocumentProject.Of)]),
                StateJson.Default.StateDocument
            )
        );

    /// <summary>Formats a time, to the second.</summary>
    internal static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static void Write(TextWriter output, Palette palette, StoredLedger project, Func<string, string> scope)
    {
        var (key, ledger) = (project.Key, project.Ledger!);
        var name = ledger.Applied is { } applied ? TextNames.Short(applied.Document) : key.ProjectId;
        output.WriteLine(
            $"{palette.Strong(Escaped(name))} ({Escaped(key.VendorType)} {Escaped(key.BaseUrl)} "
                + $"{Escaped(key.ProjectId)})"
        );
        output.WriteLine(palette.Quiet($"  {Origin(ledger, scope)}"));
        foreach (var person in ledger.People)
            output.WriteLine($"  {Escaped(person.Email)}  {Escaped(Describe(person))}");
        foreach (var intent in ledger.Intents)
            output.WriteLine(
                palette.Changed(
                    $"  ? {Word(intent.Kind)} {Escaped(intent.Email)}, begun {Time(intent.At)}: the next "
                        + "reconcile reads whether it was done"
                )
            );
        output.WriteLine();
    }

    private static string Origin(ProjectLedger ledger, Func<string, string> scope)
    {
        var trusted = ledger.TrustedCount is { } count
            ? $"last trusted: {TextNames.Count(count, "member", "members")}"
            : "no trusted count of members";
        return ledger.Applied is { } applied
            ? $"declared in {Escaped(scope(applied.Scope))}; deletionPolicy: {Word(applied.DeletionPolicy)}; {trusted}"
            : $"never applied; {trusted}";
    }

    private static string Describe(PersonRecord person)
    {
        var parts = new List<string> { person.Owned ? "owned" : "not owned" };
        parts.Add(
            person.State switch
            {
                PersonState.Member => "member",
                PersonState.Invited => person.InvitedAt is { } invited ? $"invited {Time(invited)}" : "invited",
                PersonState.GaveUp => "given up: never accepted",
                _ => "not seen yet",
            }
        );
        if (person.SentAt is { } sent)
            parts.Add($"last mail {Time(sent)}");
        if (person.CountingFrom is { } from && from != person.SentAt)
            parts.Add($"reminders count from {Time(from)}");
        if (person.Resends > 0)
            parts.Add(TextNames.Count(person.Resends, "resend", "resends"));
        if (person.Repeats > 1)
            parts.Add($"the same change made {TextNames.Count(person.Repeats, "time", "times")} running");
        if (person.Asked is { } asked)
            parts.Add($"asked: {asked}");
        return string.Join(", ", parts);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string Escaped(string text) => TerminalText.Escape(text);
}

/// <summary>What is remembered, as JSON; a change that breaks readers changes the version.</summary>
internal sealed record StateDocument(string Version, IReadOnlyList<StateDocumentProject> Projects)
{
    public const string CurrentVersion = "reconciler.dev/state/v1";
}

internal sealed record StateDocumentProject(
    string VendorType,
    string BaseUrl,
    string ProjectId,
    string? Name,
    string? Scope,
    string? DeletionPolicy,
    int? TrustedCount
)
{
    public required IReadOnlyList<StateDocumentPerson> People { get; init; }

    public required IReadOnlyList<StateDocumentIntent> Intents { get; init; }

    public static StateDocumentProject Of(StoredLedger stored)
    {
        var (key, ledger) = (stored.Key, stored.Ledger!);
        var policy = ledger.Applied?.DeletionPolicy.ToString().ToLowerInvariant();
        return new(
            key.VendorType,
            key.BaseUrl,
            key.ProjectId,
            ledger.Applied?.Document,
            ledger.Applied?.Scope,
            policy,
            ledger.TrustedCount
        )
        {
            People =
            [
                .. ledger.People.Select(p => new StateDocumentPerson(
                    p.Email,
                    p.PersonId,
                    p.Owned,
                    p.State,
                    p.InvitedAt,
                    p.SentAt,
                    p.CountingFrom,
                    p.Resends,
                    p.Asked is null ? null : PlanDocumentGrant.Of(p.Asked)
                )),
            ],
            Intents =
            [
                .. ledger.Intents.Select(i => new StateDocumentIntent(
                    JsonNamingPolicy.CamelCase.ConvertName(i.Kind.ToString()),
                    i.Email,
                    i.At,
                    i.Plan
                )),
            ],
        };
    }
}

internal sealed record StateDocumentPerson(
    string Email,
    string? PersonId,
    bool Owned,
    PersonState State,
    DateTimeOffset? InvitedAt,
    DateTimeOffset? SentAt,
    DateTimeOffset? CountingFrom,
    int Resends,
    IReadOnlyList<PlanDocumentGrant>? Asked
);

internal sealed record StateDocumentIntent(string Action, string Email, DateTimeOffset At, string Plan);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StateDocument))]
[JsonSerializable(typeof(HistoryDocument))]
[JsonSerializable(typeof(HistoryLine))]
[JsonSerializable(typeof(VerifyDocument))]
internal sealed partial class StateJsonContext : JsonSerializerContext;

internal static class StateJson
{
    public static StateJsonContext Default { get; } =
        new(
            new JsonSerializerOptions(StateJsonContext.Default.Options)
            {
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                Converters =
                {
                    new JsonStringEnumConverter<PersonState>(JsonNamingPolicy.CamelCase),
                    new JsonStringEnumConverter<AuditOutcome>(JsonNamingPolicy.CamelCase),
                },
            }
        );

    /// <summary>Serializes one value on each line.</summary>
    public static StateJsonContext Lines { get; } =
        new(new JsonSerializerOptions(Default.Options) { WriteIndented = false, TypeInfoResolver = null });
}
