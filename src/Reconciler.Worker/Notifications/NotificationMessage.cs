using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Reports.Markdown;
using Reconciler.Reports.Masking;

namespace Reconciler.Worker.Notifications;

/// <summary>
/// The body of a message: <c>text</c> for people, as Slack's incoming webhooks take it, and fields for programs.
/// Several events make one message, which counts what it has no room for.
/// </summary>
public static class NotificationMessage
{
    /// <summary>How many events one message shows.</summary>
    public const int MostShown = 20;

    private const int LongestName = 200;
    private const int LongestMessage = 2_000;
    private const int LongestLine = 300;

    /// <summary>The JSON of a message.</summary>
    /// <param name="events">What happened, oldest first; at least one.</param>
    /// <param name="lost">How many events could not be told before.</param>
    /// <param name="showEmails">Whether addresses stand in it as they are.</param>
    public static byte[] Of(IReadOnlyList<WorkerEvent> events, int lost, bool showEmails)
    {
        var shown = (showEmails ? events : Masked(events)).Take(MostShown).ToImmutableArray();
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("text", (events.Count == 1 ? Single(shown[0]) : Digest(events, shown)) + Lost(lost));
            if (events.Count == 1)
                WriteFields(json, shown[0]);
            else
                WriteDigest(json, events, shown);
            if (lost > 0)
                json.WriteNumber("lost", lost);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string Single(WorkerEvent told) =>
        $"*{Words(told.Kind)}*: {Who(told)}\n{ChatText.Code(told.Message, LongestMessage)}"
        + (HintText(told) is { } hint ? $"\n{hint}" : "");

    private static string Digest(IReadOnlyList<WorkerEvent> events, ImmutableArray<WorkerEvent> shown)
    {
        var kinds = events
            .GroupBy(e => e.Kind)
            .OrderBy(g => g.Key)
            .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {Words(g.Key).ToLowerInvariant()}"));
        var lines = shown.Select(e =>
            $"• *{Words(e.Kind)}*: {Who(e)}: {ChatText.Code(e.Message, LongestLine)}"
            + (Approval(e) is { } approval ? $" {Code(approval)}" : "")
        );
        var rest =
            events.Count > shown.Length
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"\n• and {events.Count - shown.Length} more: look at the status page or the logs"
                )
                : "";
        var release = shown.Any(e => Approval(e) is not null)
            ? $"\nAn Approval of its digest, or {Code("reconciler apply --approve")} with it, releases a hold once."
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{events.Count} more: {string.Join(", ", kinds)}\n{string.Join('\n', lines)}{rest}{release}"
        );
    }

    private static string Lost(int lost) =>
        lost switch
        {
            0 => "",
            1 => "\n1 event before this could not be told: look at the status page or the logs.",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"\n{lost} events before this could not be told: look at the status page or the logs."
            ),
        };

    private static void WriteFields(Utf8JsonWriter json, WorkerEvent told)
    {
        json.WriteString("kind", WorkerEventKindWords.Shape.WordOf(told.Kind));
        json.WriteString("project", MarkdownFence.Clip(told.Subject, LongestName));
        json.WriteString("provider", told.Provider);
        json.WriteString("digest", told.Digest);
        json.WriteString("message", MarkdownFence.Clip(told.Message, LongestMessage));
        json.WriteString("at", told.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteString("hint", Hint(told));
    }

    private static void WriteDigest(
        Utf8JsonWriter json,
        IReadOnlyList<WorkerEvent> events,
        ImmutableArray<WorkerEvent> shown
    )
    {
        json.WriteString("kind", "digest");
        json.WriteNumber("count", events.Count);
        json.WriteStartArray("events");
        foreach (var told in shown)
        {
            json.WriteStartObject();
            WriteFields(json, told);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Words(WorkerEventKind kind) =>
        kind switch
        {
            WorkerEventKind.Held => "Held",
            WorkerEventKind.Failing => "Failing",
            WorkerEventKind.Recovered => "Well again",
            WorkerEventKind.GaveUp => "Gave up an invitation",
            WorkerEventKind.SourceFailing => "Source failing",
            WorkerEventKind.SourceRecovered => "Source well again",
            WorkerEventKind.StateLost => "State file lost",
            WorkerEventKind.StateRecovered => "State file back",
            _ => kind.ToString(),
        };

    private static string Who(WorkerEvent told) =>
        $"{ChatText.Code(told.Subject, LongestName)}"
        + (told.Provider is { } provider ? $" at {ChatText.Code(provider, LongestName)}" : "");

    private static string Code(string text) => ChatText.Code(text, LongestName);

    private static string? Approval(WorkerEvent told) =>
        told is { Kind: WorkerEventKind.Held, Digest: { } digest } ? digest : null;

    private static string? HintText(WorkerEvent told) =>
        Approval(told) is { } approval
            ? $"Read the plan first. To release it once, add an Approval with the hold {Code(approval)}, or run "
                + $"{Code($"reconciler apply --approve {approval}")}."
            : Hint(told);

    private static string? Hint(WorkerEvent told) =>
        told.Kind switch
        {
            WorkerEventKind.Held when Approval(told) is { } approval =>
                $"Read the plan first. To release it once, add an Approval with the hold {approval}, or run "
                    + $"reconciler apply --approve {approval}.",
            WorkerEventKind.Held => "Read the plan, then correct the manifests or approve it.",
            WorkerEventKind.GaveUp =>
                "Nobody is invited again until the entry's access or address changes, or the entry is "
                    + "deleted and declared again later.",
            WorkerEventKind.SourceFailing => "The last good revision stays in force.",
            WorkerEventKind.StateLost => "Nothing is written at any vendor until the state file is back.",
            _ => null,
        };

    // Each message has its own mask, so that a person has one number in it and nothing is remembered afterwards.
    private static IReadOnlyList<WorkerEvent> Masked(IReadOnlyList<WorkerEvent> events)
    {
        var mask = new AddressMask();
        return
        [
            .. events.Select(e =>
                e with
                {
                    Subject = IsPlace(e.Kind) ? e.Subject : mask.Text(e.Subject),
                    Message = mask.Text(e.Message),
                    Provider = e.Provider is { } provider ? mask.Text(provider) : null,
                }
            ),
        ];
    }

    // The address of a repository may look like an e-mail address (git@github.com), but belongs to no person.
    private static bool IsPlace(WorkerEventKind kind) =>
        kind
            is WorkerEventKind.SourceFailing
                or WorkerEventKind.SourceRecovered
                or WorkerEventKind.StateLost
                or WorkerEventKind.StateRecovered;
}
