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
        var person = AddressWord.Argument();
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
                .. ledgers.Select(s => s.Key),
                .. (await reader.ProjectsInHistoryAsync(cancellation)).Select(p => p.Key),
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
                    $"Take {TerminalText.Escape(named.Text)} out of the history{places.Where(named)}? "
                        + "It cannot be brought back.",
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
                    : $"Erased from {TextNames.Count(count, "entry", "entries")}{places.Where(named)}. "
                        + "Copies and exports keep the name."
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
        if (
            ledgers.Any(s => person.IsAt(s.Key.VendorType, s.Key.BaseUrl) && s.Ledger!.Of(person.Key, null) is not null)
        )
            return $"{named.Text} is still remembered in a project; forget them there first with: "
                + $"reconciler state abandon PROJECT {named.Email?.Text ?? named.Login!.Text}";
        // The reason is kept, so it must not name the person again.
        return person.IsIn(reason) ? "--reason names the person, and would be kept; leave the name out" : null;
    }

    /// <summary>The places where a login may hold: the vendors, sites and hosts of the accounts of a state.</summary>
    private sealed class LoginPlaces(IEnumerable<ProjectKey> projects)
    {
        private readonly ILookup<string, (string VendorType, string BaseUrl)> _accounts = projects
            .Select(p => (p.VendorType, p.BaseUrl))
            .Distinct()
            .SelectMany(a => NamesOf(a.VendorType, a.BaseUrl).Select(n => (Place: n, Account: a)))
            .ToLookup(p => p.Place, p => p.Account, StringComparer.Ordinal);

        /// <summary>Why a login's place is none; null where it is one, or the person has an address.</summary>
        public string? Problem(NamedPerson person) =>
            person.Place is not { } place || _accounts.Contains(place)
                ? null
                : $"{ProblemText.Quote(place)} is no vendor, site or host whose people have logins; "
                    + (
                        _accounts.Count == 0
                            ? "the history has none"
                            : $"expected one of {string.Join(", ", _accounts.Select(t => t.Key).Order())}"
                    );

        /// <summary>The person, in each account of the place.</summary>
        public ErasedPerson Find(NamedPerson person) =>
            person.Email is { } email
                ? ErasedPerson.WithAddress(email.Text)
                : ErasedPerson.WithLogin(person.Login!, _accounts[person.Place!].ToHashSet());

        /// <summary>The accounts of a login, for people to read; empty for an address.</summary>
        public string Where(NamedPerson person) =>
            person.Place is not { } place
                ? ""
                : $" of {string.Join(" and ", _accounts[place].Select(a => $"{a.VendorType} at {a.BaseUrl}").Order())}";

        // Nothing is known of a vendor that only a definition of somebody describes.
        private static IEnumerable<string> NamesOf(string type, string baseUrl) =>
            ManifestLoaders.Vendors.Find(type) switch
            {
                null => [type, new Uri(baseUrl).Host],
                { Logins: null } => [],
                var vendor => vendor.PlacesOf(new Uri(baseUrl).Host).Distinct(StringComparer.Ordinal),
            };
    }
}
