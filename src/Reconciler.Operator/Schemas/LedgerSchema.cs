using System.Text.Json.Nodes;
using Reconciler.Manifests.Schemas.Crds;

namespace Reconciler.Operator.Schemas;

/// <summary>
/// What vendors do not remember, as it stands in a status. Texts of vendors are bounded widely: a status that is
/// refused is a memory lost.
/// </summary>
internal static class LedgerSchema
{
    /// <summary>The most people that one resource remembers.</summary>
    public const int MostPeople = 5000;

    private const int Wide = 4096;

    // More than a ledger keeps, since what it remembers would be lost if the server refused the status.
    private const int MostLessons = 500;

    // The intents are JSON in gzip and base64, and may be as large as an object can be.
    private const int LongestIntents = 1_048_576;

    /// <summary>The ledger of a project.</summary>
    /// <param name="description">Whose.</param>
    public static JsonObject Of(string description) =>
        Structural.Mapping(
            description,
            ("revision", Structural.Count("Grows with every write.")),
            ("source", Structural.Text("Where the memory comes from, such as Ledger.", 64)),
            ("trustedCount", Structural.Count("How many members the last trusted reading found.")),
            (
                "accesses",
                Structural.List("The accesses that entries of the inventory asked for.", MostPeople, Access())
            ),
            ("inventory", Structural.List("Who is remembered, and what of them.", MostPeople, Person())),
            ("intents", Structural.Text("Writes whose outcome is open: JSON, gzip, base64.", LongestIntents)),
            ("inFlight", Structural.Count("How many writes are open.")),
            (
                "believed",
                Structural.Text(
                    "Writes of late that the vendor confirmed and no list has shown: JSON, gzip, base64.",
                    LongestIntents
                )
            ),
            ("applied", Structural.Free("The limits and the policy last applied.")),
            (
                "released",
                Structural.List(
                    "The holds that were released, by their digests.",
                    10,
                    Structural.Text("A digest.", 128)
                )
            ),
            ("lessons", Structural.List("What the vendor's answers taught.", MostLessons, Lesson())),
            ("removals", ConditionSchema.Removals("Removals of late, for limits over a provider."))
        );

    private static JsonObject Lesson() =>
        Structural.Mapping(
            "Something that later reconciles must know, and for how long.",
            ("kind", Structural.Text("What was learned, such as InvitationsSpent or CallMissing.", 64)),
            ("subject", Structural.Text("What it is about, such as a kind of action.", Wide)),
            ("at", Structural.Time("When it was learned.")),
            ("until", Structural.Time("Until when it holds.")),
            ("message", Structural.Text("What the vendor said.", Wide))
        );

    private static JsonObject Access() =>
        Structural.Mapping(
            "One access.",
            (
                "grants",
                Structural.List(
                    "What it grants.",
                    1000,
                    Structural.Mapping(
                        "A grant, in the vendor's words.",
                        ("field", Structural.Text("The field of access.", 256)),
                        ("word", Structural.Text("The word.", Wide)),
                        ("label", Structural.Text("The word for people, where it is another.", Wide))
                    )
                )
            )
        );

    private static JsonObject Person() =>
        Structural.Mapping(
            "What is remembered of a person.",
            ("email", Structural.Text("The address.", Wide)),
            ("id", Structural.Text("The vendor's id.", Wide)),
            ("state", Structural.Text("What the person is in the project, such as Member.", 64)),
            ("owned", Structural.Flag("Whether Reconciler granted the access.")),
            ("invitedAt", Structural.Time("When the present invitation was made.")),
            ("sentAt", Structural.Time("When the operator sent the last mail; absent where it sent none.")),
            ("seenAt", Structural.Time("From when reminders count where the operator sent no mail by then.")),
            ("resends", Structural.Count("How many mails followed the first.")),
            (
                "sighting",
                Structural.Text(
                    "How the invitation is known to be out, where no list has shown it: Answered or Unknown.",
                    64
                )
            ),
            ("asked", Structural.Count("Which of accesses was asked for, counted from 0.")),
            ("change", Structural.Text("The last change, to see one that is undone again and again.", Wide)),
            ("repeats", Structural.Count("In how many reconciles in a row the change was made."))
        );
}
