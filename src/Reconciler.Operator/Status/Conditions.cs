using System.Text.Json.Nodes;

namespace Reconciler.Operator.Status;

/// <summary>The text of a condition.</summary>
/// <param name="Reason">A CamelCase word.</param>
/// <param name="Message">For people.</param>
internal sealed record ConditionText(string Reason, string Message);

/// <summary>
/// The conditions as kstatus reads them: Ready is always present, Reconciling and Stalled only when True. The time of a
/// condition is that of its last change of status.
/// </summary>
/// <param name="IsReady">Whether Ready is True.</param>
/// <param name="Ready">Its reason and message.</param>
internal sealed record Conditions(bool IsReady, ConditionText Ready)
{
    /// <summary>The most characters of a message.</summary>
    public const int LongestMessage = 1_000;

    /// <summary>The most characters of this message.</summary>
    public int Longest { get; init; } = LongestMessage;

    /// <summary>Whether the operator continues by itself.</summary>
    public bool IsReconciling { get; init; }

    /// <summary>Whether nothing happens until somebody acts.</summary>
    public bool IsStalled { get; init; }

    /// <summary>Ready.</summary>
    public static Conditions Good(string reason, string message) => new(true, new(reason, message));

    /// <summary>Not ready; the operator continues by itself.</summary>
    public static Conditions Working(string reason, string message) =>
        new(false, new(reason, message)) { IsReconciling = true };

    /// <summary>Not ready; somebody must act.</summary>
    public static Conditions Stalled(string reason, string message) =>
        new(false, new(reason, message)) { IsStalled = true };

    /// <summary>Writes them into a status.</summary>
    public void WriteTo(JsonObject status, long generation, DateTimeOffset now)
    {
        var before = status["conditions"] as JsonArray ?? [];
        status["observedGeneration"] = generation;
        status["conditions"] = new JsonArray([
            .. All().Select(c => (JsonNode)Condition(c.Type, c.Status, before, generation, now)),
        ]);
    }

    /// <summary>
    /// Restores the times of conditions whose status is as before: a status that is composed in several steps changes
    /// only once.
    /// </summary>
    public static void KeepTimes(JsonObject before, JsonObject after)
    {
        var known = (before["conditions"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .ToLookup(c => ((string?)c["type"], (string?)c["status"]));
        foreach (var condition in (after["conditions"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (
                known[((string?)condition["type"], (string?)condition["status"])]
                    .FirstOrDefault()
                    ?["lastTransitionTime"] is
                { } since
            )
                condition["lastTransitionTime"] = since.DeepClone();
        }
    }

    private IEnumerable<(string Type, bool Status)> All()
    {
        yield return ("Ready", IsReady);
        if (IsReconciling)
            yield return ("Reconciling", true);
        if (IsStalled)
            yield return ("Stalled", true);
    }

    private JsonObject Condition(string type, bool isTrue, JsonArray before, long generation, DateTimeOffset now)
    {
        var status = isTrue ? "True" : "False";
        var last = before.OfType<JsonObject>().FirstOrDefault(c => (string?)c["type"] == type);
        var since =
            last is not null && (string?)last["status"] == status && (string?)last["lastTransitionTime"] is { } known
                ? known
                : LedgerStatus.Text(now);
        return new()
        {
            ["type"] = type,
            ["status"] = status,
            ["reason"] = Ready.Reason,
            ["message"] = Cut(Reconciler.Core.Text.TerminalText.Escape(Ready.Message), Longest),
            ["observedGeneration"] = generation,
            ["lastTransitionTime"] = since,
        };
    }

    /// <summary>
    /// A message that ends in advice: only what comes before is cut, so that a command in the advice stays whole.
    /// </summary>
    /// <param name="why">What is wrong.</param>
    /// <param name="advice">What to do.</param>
    public static string Advised(string why, string advice)
    {
        var room = Math.Max(100, LongestMessage - advice.Length - 2);
        return $"{Cut(Reconciler.Core.Text.TerminalText.Escape(why), room)}; {advice}";
    }

    /// <summary>A text of at most so many characters, never cut within one.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
            return text;
        var end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return $"{text[..end]}…";
    }
}
