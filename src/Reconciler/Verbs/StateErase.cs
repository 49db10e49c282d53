using System.CommandLine;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;
using Reconciler.Options;
using Reconciler.Runs;
using Reconciler.State;

namespace Reconciler.Verbs;

/// <summary><c>state erase</c>: takes a person's address out of the audit trail, whose chain stays whole.</summary>
internal static class StateErase
{
    public static Command Create(CliEnvironment environment)
    {
        var (state, noColour) = (new StateOption(environment), OutputOptions.NoColourOption());
        var person = new Argument<string>("person") { Description = "The person's address" };
        var reason = new Option<string>("--reason")
        {
            Description = "Why, for the audit trail",
            DefaultValueFactory = _ => "",
        };
        var yes = new Option<bool>("--yes", "-y")
        {
            Description = "Do it without asking; needed where nobody can be asked",
        };
        person.Validators.Add(result =>
        {
            if (AddressWord.Problem(result.GetValueOrDefault<string>()) is { } problem)
                result.AddError(problem);
        });
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
                    parsed.GetValue(person)!,
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
        string person,
        string reason,
        bool yes,
        CancellationToken cancellation
    ) =>
        session.ReadAsync(async reader =>
        {
            var key = EmailAddress.KeyOf(person);
            var remembered = (await reader.LoadAllAsync(cancellation)).Any(s => s.Ledger!.Of(key, null) is not null);
            if (remembered)
                return session.Fail(
                    $"{person} is still remembered in a project; forget them there first with: "
                        + $"reconciler state abandon PROJECT {person}"
                );
            // The reason is kept, so it must not name the person again.
            if (new[] { key, person.Trim() }.Any(a => reason.Contains(a, StringComparison.OrdinalIgnoreCase)))
                return session.Fail("--reason names the person, and would be kept; leave the address out");
            if (
                !yes
                && !await Confirmation.AskAsync(
                    environment,
                    "erase",
                    "erased",
                    $"Take {TerminalText.Escape(person)} out of the history? It cannot be brought back.",
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
                    : $"Erased from {TextNames.Count(count, "entry", "entries")}. Copies and exports keep the address."
            );
            return ExitCode.Done;
        });
}
