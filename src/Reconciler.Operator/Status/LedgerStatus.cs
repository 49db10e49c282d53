using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Operator.Status;

/// <summary>
/// Converts a ledger to the JSON of a status and back. A status must stay small (etcd takes 1.5 MiB): accesses, which
/// thousands of people share, are one table; times are whole seconds; open writes, which people do not read, are
/// packed.
/// </summary>
internal static class LedgerStatus
{
    private const int LargestIntents = 8 << 20;
    private const string Seconds = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Writes a ledger.</summary>
    /// <exception cref="Reconciler.Core.Ports.LedgerException">
    /// There are more people than a status can hold.
    /// </exception>
    public static JsonObject Write(ProjectLedgerEntry entry)
    {
        var status = new JsonObject();
        if (!entry.Removals.IsEmpty)
            status["removals"] = new JsonArray([
                .. entry.Removals.Select(r => new JsonObject { ["at"] = Text(r.At), ["count"] = r.Count }),
            ]);
        if (entry.Ledger is not { } ledger)
            return status;
        // Open writes count as done, so that nobody is invited who could not be remembered afterwards.
        var people =
            ledger.People.Length
            + ledger.Intents.Sum(i =>
                (i.Kind, ledger.Of(EmailAddress.KeyOf(i.Email), i.PersonId)) switch
                {
                    (ActionKind.Invite, null) => 1,
                    (ActionKind.Remove or ActionKind.Revoke, not null) => -1,
                    _ => 0,
                }
            );
        if (people > StatusSize.MostPeople)
            throw new Reconciler.Core.Ports.LedgerException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{people} people would have to be remembered, "
                        + $"and the status of a resource holds {StatusSize.MostPeople}; use the worker for this project"
                )
            );
        var accesses = new AccessTable();
        status["source"] = ledger.Source.ToString();
        if (ledger.TrustedCount is { } trusted)
            status["trustedCount"] = trusted;
        status["inventory"] = new JsonArray([.. ledger.People.Select(p => (JsonNode)Person(p, accesses))]);
        if (accesses.All.Count > 0)
            status["accesses"] = accesses.ToJson();
        if (!ledger.Intents.IsEmpty)
            (status["intents"], status["inFlight"]) = (Pack(ledger.Intents), ledger.Intents.Length);
        if (!ledger.Believed.IsEmpty)
            status["believed"] = Pack(ledger.Believed);
        if (ledger.Applied is { } applied)
            status["applied"] = WithoutNulls(JsonNode.Parse(LedgerJson.Of(applied)));
        if (!ledger.Released.IsEmpty)
            status["released"] = new JsonArray([.. ledger.Released.Select(r => JsonValue.Create(r))]);
        if (!ledger.Lessons.IsEmpty)
            status["lessons"] = JsonNode.Parse(LedgerJson.Of(ledger.Lessons));
        return status;
    }

    /// <summary>Reads a ledger.</summary>
    /// <exception cref="JsonException">It is not as the operator writes it.</exception>
    /// <exception cref="FormatException">It is not as the operator writes it.</exception>
    public static ProjectLedgerEntry Read(ProjectKey project, JsonElement status)
    {
        var removals = List(status, "removals")
            .Select(r => new RemovalCount(
                Time(r, "at") ?? throw new JsonException("a removal without a time"),
                r.GetProperty("count").GetInt32()
            ))
            .ToImmutableArray();
        if (Word(status, "source") is not { } source)
            return new(project, null) { Removals = removals };
        var accesses = List(status, "accesses")
            .Select(a => LedgerJson.Access(a.GetProperty("grants").GetRawText()))
            .ToList();
        var people = List(status, "inventory")
            .Select(p => Person(p, accesses))
            .OrderBy(p => p.Email, StringComparer.Ordinal);
        var ledger = new ProjectLedger(WordOf<OwnershipSource>(source), [.. people])
        {
            TrustedCount = Number(status, "trustedCount"),
            Intents = Packed(status, "intents"),
            Believed = Packed(status, "believed"),
            Applied = status.TryGetProperty("applied", out var applied)
                ? LedgerJson.Applied(applied.GetRawText())
                : null,
            Released = [.. List(status, "released").Select(r => r.GetString() ?? throw new JsonException("no word"))],
            Lessons = status.TryGetProperty("lessons", out var lessons) ? LedgerJson.Lessons(lessons.GetRawText()) : [],
        };
        return new(project, ledger.Rekeyed()) { Removals = removals };
    }

    /// <summary>A time as the status has it.</summary>
    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(Seconds, CultureInfo.InvariantCulture);

    private static JsonObject Person(PersonRecord person, AccessTable accesses)
    {
        var entry = new JsonObject
        {
            ["email"] = person.Email,
            ["state"] = person.State.ToString(),
            ["owned"] = person.Owned,
        };
        if (person.PersonId is { } id)
            entry["id"] = id;
        if (person.InvitedAt is { } invited)
            entry["invitedAt"] = Text(invited);
        if (person.SentAt is { } sent)
            entry["sentAt"] = Text(sent);
        if (person.SeenAt is { } seen)
            entry["seenAt"] = Text(seen);
        if (person.Resends > 0)
            entry["resends"] = person.Resends;
        if (person.Sighting != Sighting.Seen)
            entry["sighting"] = person.Sighting.ToString();
        if (person.Asked is { } asked)
            entry["asked"] = accesses.PlaceOf(asked);
        if (person.Change is { } change)
            (entry["change"], entry["repeats"]) = (change, person.Repeats);
        return entry;
    }

    private static PersonRecord Person(JsonElement entry, List<Access> accesses) =>
        new(Word(entry, "email") ?? throw new JsonException("a person without an address"))
        {
            PersonId = Word(entry, "id"),
            Owned = entry.TryGetProperty("owned", out var owned) && owned.GetBoolean(),
            State = WordOf<PersonState>(Word(entry, "state")),
            InvitedAt = Time(entry, "invitedAt"),
            SentAt = Time(entry, "sentAt"),
            SeenAt = Time(entry, "seenAt"),
            Resends = Number(entry, "resends") is > 0 and var resends ? resends : 0,
            Asked = Number(entry, "asked") is >= 0 and var place && place < accesses.Count ? accesses[place] : null,
            Sighting = Word(entry, "sighting") is { } sighting ? WordOf<Sighting>(sighting) : Sighting.Seen,
            Change = Word(entry, "change"),
            Repeats = Number(entry, "repeats") ?? 0,
        };

    private static string Pack(ImmutableArray<WriteIntent> writes) =>
        Pack($"[{string.Join(',', writes.Select(LedgerJson.Of))}]");

    private static ImmutableArray<WriteIntent> Packed(JsonElement status, string name)
    {
        if (Word(status, name) is not { } packed)
            return [];
        using var list = JsonDocument.Parse(Unpack(packed));
        return [.. list.RootElement.EnumerateArray().Select(i => LedgerJson.Intent(i.GetRawText()))];
    }

    private static string Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return Convert.ToBase64String(packed.ToArray());
    }

    private static string Unpack(string packed)
    {
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        // Anybody may have written it: a megabyte can unpack to a thousand.
        var text = new char[LargestIntents];
        var length = reader.ReadBlock(text);
        return length < text.Length
            ? new string(text, 0, length)
            : throw new FormatException("the open writes are larger than an operator writes them");
    }

    // The server drops nulls, so a patch with one would be sent again and again.
    private static JsonNode? WithoutNulls(JsonNode? node)
    {
        if (node is JsonObject mapping)
        {
            foreach (var (name, _) in mapping.Where(f => f.Value is null).ToList())
                mapping.Remove(name);
            foreach (var (_, value) in mapping)
                WithoutNulls(value);
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list)
                WithoutNulls(item);
        }

        return node;
    }

    private static IEnumerable<JsonElement> List(JsonElement of, string name)
    {
        if (!of.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array)
            yield break;
        foreach (var item in list.EnumerateArray())
            yield return item;
    }

    private static string? Word(JsonElement of, string name) =>
        of.TryGetProperty(name, out var word) ? word.GetString() : null;

    // A number, which is read as a value of any enum, is no word.
    private static T WordOf<T>(string? word)
        where T : struct, Enum =>
        Enum.TryParse<T>(word, out var value) && Enum.IsDefined(value)
            ? value
            : throw new JsonException($"no {typeof(T).Name}");

    private static int? Number(JsonElement of, string name) =>
        of.TryGetProperty(name, out var number) ? number.GetInt32() : null;

    private static DateTimeOffset? Time(JsonElement of, string name) =>
        Word(of, name) is { } text
            ? DateTimeOffset.Parse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
            )
            : null;

    private sealed class AccessTable
    {
        private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

        public List<string> All { get; } = [];

        public int PlaceOf(Access access)
        {
            var text = LedgerJson.Of(access);
            if (_places.TryGetValue(text, out var place))
                return place;
            All.Add(text);
            return _places[text] = All.Count - 1;
        }

        public JsonArray ToJson() => new([.. All.Select(a => new JsonObject { ["grants"] = JsonNode.Parse(a) })]);
    }
}
