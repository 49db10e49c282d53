using System.CommandLine;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Offboarding;
using Reconciler.Core.Text;
using Reconciler.Options;
using Reconciler.Runs;
using Reconciler.State;

namespace Reconciler.Verbs;

/// <summary><c>state erase</c>: takes a person out of the audit trail, whose chain stays whole.</summary>
internal static class StateErase
{
    public static Command Create(CliEnvironment environment)
    {
        var (state, noColour) = (new StateOption(environment), OutputOptions.NoColourOption());
        var person = AddressWord.OfNobodyDeclared();
        var reason = new Option<string>("--reason")
        {
            Description = "Why, for the audit trail",
            DefaultValueFactory = _ => "",
        };
        var yes = new Option<bool>("--yes", "-y")
        {
            Description = "Do it without asking; needed where nobody can be asked",
        };
        var command = new Command(
            "erase",
            "Remove a person from the audit trail for good; the entries and their chain stay"
        )
        {
            person,
            state,
            reason,
            yes,
            noColour,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                var session = new StateSession(environment, parsed.GetValue(noColour), state.Read(parsed));
                return RunAsync(
                    environment,
                    session,
                    NamedPerson.Parse(parsed.GetValue(person)!)!,
                    parsed.GetValue(reason)!,
                    parsed.GetValue(yes),
                    cancellation
                );
            }
        );
        return command;
    }

    private static Task<int> RunAsync(
        CliEnvironment environment,
        StateSession session,
        NamedPerson named,
        string reason,
        bool yes,
        CancellationToken cancellation
    ) =>
        session.ReadAsync(async reader =>
        {
            var ledgers = await reader.LoadAllAsync(cancellation);
            var places = new LoginPlaces([
                .. ledgers.Select(s => s.Key.VendorType),
                .. (await reader.ProjectsInHistoryAsync(cancellation)).Select(p => p.Key.VendorType),
            ]);
            if (places.Problem(named) is { } problem)
                return session.Fail(problem);
            var person = places.Find(named);
            if (Objection(named, person, ledgers, reason) is { } objection)
                return session.Fail(objection);
            if (
                !yes
                && !await Confirmation.AskAsync(
                    environment,
                    "erase",
                    "erased",
                    $"Take {TerminalText.Escape(named.Text)} out of the history? It cannot be brought back.",
                    cancellation
                )
            )
                return ExitCode.Failed;
            await using var store = StateStore.OpenOrCreate(session.FullPath);
            var note = new AuditEntry(
                environment.Clock.GetUtcNow(),
                new ProjectKey("", "", ""),
                "",
                "erase",
                AuditOutcome.Done
            )
            {
                Reason = reason,
            };
            var count = await store.EraseAsync(
                person,
                await RunContext.Of(environment).CompleteAsync(note),
                cancellation
            );
            await environment.Out.WriteLineAsync(
                count == 0
                    ? "Nothing to do: no entry names the person."
                    : $"Erased from {TextNames.Count(count, "entry", "entries")}. Copies and exports keep the name."
            );
            return ExitCode.Done;
        });

    private static string? Objection(
        NamedPerson named,
        ErasedPerson person,
        IEnumerable<StoredLedger> ledgers,
        string reason
    )
    {
        if (ledgers.Any(s => person.IsAt(s.Key.VendorType) && s.Ledger!.Of(person.Key, null) is not null))
            return $"{named.Text} is still remembered in a project; forget them there first with: "
                + $"reconciler state abandon PROJECT {named.Email?.Text ?? named.Login!.Text}";
        // The reason is kept, so it must not name the person again.
        return person.IsIn(reason) ? "--reason names the person, and would be kept; leave the name out" : null;
    }

    /// <summary>The places where a login may hold: the vendors and sites of the accounts that a state knows.</summary>
    private sealed class LoginPlaces(IEnumerable<string> vendorTypes)
    {
        private readonly ILookup<string, string> _types = vendorTypes
            .Distinct(StringComparer.Ordinal)
            .SelectMany(t => NamesOf(t).Select(n => (Place: n, Type: t)))
            .ToLookup(p => p.Place, p => p.Type, StringComparer.Ordinal);

        /// <summary>Why a login's place is none; null where it is one, or the person has an address.</summary>
        public string? Problem(NamedPerson person) =>
            person.Place is not { } place || _types.Contains(place)
                ? null
                : $"{ProblemText.Quote(place)} is no vendor or site whose people have logins; "
                    + (
                        _types.Count == 0
                            ? "the history has none"
                            : $"expected one of {string.Join(", ", _types.Select(t => t.Key).Order())}"
                    );

        /// <summary>The person, at each vendor of the place.</summary>
        public ErasedPerson Find(NamedPerson person) =>
            person.Email is { } email
                ? ErasedPerson.WithAddress(email.Text)
                : ErasedPerson.WithLogin(person.Login!, _types[person.Place!].ToHashSet(StringComparer.Ordinal));

        // Nothing is known of a vendor that only a definition of somebody describes.
        private static IEnumerable<string> NamesOf(string type) =>
            ManifestLoaders.Vendors.Find(type) is not { } vendor ? [type]
            : vendor.Logins is null ? []
            : vendor.PlacesOf(type).Distinct(StringComparer.Ordinal);
    }
}
