using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Operator.Status;

/// <summary>
/// Checks before the first write at a vendor whether its outcome still fits into the resource. If the status were
/// refused afterwards, the invited people would be forgotten, and the next reconcile would invite them again.
/// </summary>
internal static class StatusSize
{
    /// <summary>
    /// The most bytes of an object. etcd refuses requests over 1.5 MiB; the rest is for its key and for what the server
    /// adds.
    /// </summary>
    public const int Largest = 1_500_000;

    /// <summary>The most people that a status can remember.</summary>
    public const int MostPeople = 5_000;

    /// <summary>A ledger below this many bytes fits beside any spec that an API server takes with it.</summary>
    public const int AlwaysFits = 100_000;

    // The texts for people take this much: a hundred people and a hundred actions, with 300 characters per line.
    private const int Texts = 120_000;

    // "id":"…", with a UUID, for each person whom the vendor has not given an id yet.
    private const int LaterId = 45;

    private static readonly JsonSerializerOptions AsStored = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Whether the open writes of a ledger let somebody in: only those make it larger.</summary>
    public static bool Grows(ProjectLedger ledger) =>
        ledger.Intents.Any(i => i.Kind is ActionKind.Invite or ActionKind.Replace or ActionKind.Update);

    /// <summary>The bytes of a ledger once its open writes are done and everybody has accepted.</summary>
    /// <param name="entry">The ledger, with the writes that are about to be sent.</param>
    public static int OfLedger(ProjectLedgerEntry entry)
    {
        var done = Done(entry.Ledger!);
        return BytesOf(LedgerStatus.Write(entry with { Ledger = done }))
            + (LaterId * done.People.Count(p => p.PersonId is null));
    }

    /// <summary>Why a resource cannot hold what is about to be remembered; null where it can.</summary>
    /// <param name="ledgers">The bytes of its ledgers once everything is done.</param>
    /// <param name="rest">The bytes of the resource without its status.</param>
    /// <param name="people">How many people it remembers then.</param>
    public static string? Refusal(int ledgers, int rest, int people)
    {
        var needed = ledgers + rest + Texts;
        return needed <= Largest
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"it would need {needed / 1e6:0.00} MB, and an object of a cluster holds {Largest / 1e6:0.0} MB: "
                    + $"{ledgers / 1e6:0.00} MB to remember {people} people, "
                    + $"{rest / 1e6:0.00} MB for its spec; nothing was sent. "
                    + $"Use the worker for this project, or name people through Teams"
            );
    }

    /// <summary>The bytes of a JSON text as an API server stores it.</summary>
    public static int BytesOf(JsonNode json) => Encoding.UTF8.GetByteCount(json.ToJsonString(AsStored));

    /// <summary>A ledger whose open writes are done.</summary>
    public static ProjectLedger Done(ProjectLedger ledger)
    {
        var people = new Dictionary<(string Address, string Id), PersonRecord>();
        // A status that was edited by hand may name somebody twice.
        foreach (var known in ledger.People)
            people[KeyOf(known)] = known;
        foreach (var intent in ledger.Intents)
        {
            var record =
                ledger.Of(intent.PersonKey, intent.PersonId)
                ?? ledger.Of(EmailAddress.KeyOf(intent.Email), intent.PersonId);
            if (intent.Done(record, intent.At) is not { } done)
                continue;
            if (record is not null)
                people.Remove(KeyOf(record));
            people[KeyOf(done)] = done;
        }

        return ledger with
        {
            People = [.. people.Values.OrderBy(p => p.Email, StringComparer.Ordinal)],
            Intents = [],
            // A write counts as believed until the vendor's list shows it.
            Believed = [.. ledger.Believed, .. ledger.Intents],
        };
    }

    private static (string Address, string Id) KeyOf(PersonRecord person) =>
        (EmailAddress.KeyOf(person.Email), person.PersonId ?? "");
}
