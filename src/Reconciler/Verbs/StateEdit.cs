using System.Collections.Immutable;
using System.CommandLine;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;
using Reconciler.Options;
using Reconciler.Runs;
using Reconciler.State;

namespace Reconciler.Verbs;

/// <summary>
/// <c>state adopt</c> and <c>state abandon</c>: a person corrects what is remembered. They save as an apply does, with
/// the version that was read, so that they are safe beside a running apply or worker; nothing is locked while a person
/// thinks.
/// </summary>
internal static class StateEdit
{
    public static Command Adopt(CliEnvironment environment)
    {
        var people = new Argument<string[]>("people")
        {
            Description = "Their addresses, or logins where the vendor knows people by logins",
            Arity = ArgumentArity.OneOrMore,
        };
        return Create(
            environment,
            people,
            new(
                "adopt",
                "adopted",
                "From now on own people's access in a project, so that prune: owned takes it away once "
                    + "nothing declares them"
            ),
            AdoptedBy
        );
    }

    public static Command Abandon(CliEnvironment environment)
    {
        var people = new Argument<string[]>("people")
        {
            Description = "Their addresses or logins; without any the whole project is forgotten",
            Arity = ArgumentArity.ZeroOrMore,
        };
        return Create(
            environment,
            people,
            new(
                "abandon",
                "abandoned",
                "Forget what is remembered of people, or of a whole project: nobody of them is owned, and "
                    + "people who are declared and absent are invited again"
            ),
            AbandonedBy
        );
    }

    private static Command Create(
        CliEnvironment environment,
        Argument<string[]> people,
        Wording wording,
        Func<ProjectLedger, string[], bool, Edit> edit
    )
    {
        var (state, noColour) = (new StateOption(environment), OutputOptions.NoColourOption());
        var project = new Argument<string>("project")
        {
            Description = "The project: its document's namespace and name, or name, or the vendor's id",
        };
        var reason = new Option<string>("--reason")
        {
            Description = "Why, for the audit trail",
            DefaultValueFactory = _ => "",
        };
        var yes = new Option<bool>("--yes", "-y")
        {
            Description = "Do it without asking; needed where nobody can be asked",
        };
        var command = new Command(wording.Verb, wording.Description) { project, people, state, reason, yes, noColour };
        command.SetAction(
            (parsed, cancellation) =>
            {
                var session = new StateSession(environment, parsed.GetValue(noColour), state.Read(parsed));
                var run = new Run(
                    environment,
                    session,
                    wording,
                    (ledger, areLogins) => edit(ledger, parsed.GetValue(people) ?? [], areLogins),
                    parsed.GetValue(reason)!
                );
                return run.RunAsync(parsed.GetValue(project)!, parsed.GetValue(yes), cancellation);
            }
        );
        return command;
    }

    private static Edit AdoptedBy(ProjectLedger ledger, string[] words, bool areLogins)
    {
        var (people, named) = (ledger.People.ToList(), new List<string>());
        foreach (var word in words)
        {
            var at = IndexOf(people, word);
            var name = areLogins ? Login.Parse(word)?.Text : EmailAddress.Existing(word)?.Text;
            if (at < 0 && name is null)
                return Edit.Refused($"{ProblemText.Quote(word)} is no {(areLogins ? "login" : "e-mail address")}");
            if (at >= 0 && people[at].Owned)
                continue;
            if (at >= 0)
                people[at] = people[at] with { Owned = true };
            else
                people.Add(new(name!) { Owned = true });
            named.Add(at >= 0 ? people[at].Email : people[^1].Email);
        }

        return new(ledger with { People = [.. people.OrderBy(p => p.Email, StringComparer.Ordinal)] }, named, null);
    }

    private static Edit AbandonedBy(ProjectLedger ledger, string[] words, bool areLogins)
    {
        // Abandoning a whole project is one audit entry that names no person.
        if (words.Length == 0)
            return new(null, [""], null);
        var (people, named) = (ledger.People.ToList(), new List<string>());
        foreach (var word in words)
        {
            var at = IndexOf(people, word);
            if (at < 0 && named.Any(n => EmailAddress.KeyOf(n) == EmailAddress.KeyOf(word)))
                continue;
            if (at < 0)
                return Edit.Refused(
                    $"nothing is remembered of {ProblemText.Quote(word)} in this project"
                        + ProblemText.DidYouMean(word, people.Select(p => p.Email))
                );
            named.Add(people[at].Email);
            people.RemoveAt(at);
        }

        var keys = named.Select(EmailAddress.KeyOf).ToHashSet(StringComparer.Ordinal);
        // An open write would bring the person's record back.
        var intents = ledger.Intents.Where(i =>
            !keys.Contains(i.PersonKey) && !keys.Contains(EmailAddress.KeyOf(i.Email))
        );
        return new(ledger with { People = [.. people], Intents = [.. intents] }, named, null);
    }

    private static int IndexOf(List<PersonRecord> people, string word)
    {
        var key = EmailAddress.KeyOf(word);
        var byAddress = people.FindIndex(p => EmailAddress.KeyOf(p.Email) == key);
        return byAddress >= 0 ? byAddress : people.FindIndex(p => p.PersonId == word);
    }

    private sealed record Wording(string Verb, string Done, string Description);

    /// <summary>A ledger as it shall be.</summary>
    /// <param name="Ledger">The ledger; null forgets the project.</param>
    /// <param name="Named">Whom it changes; an empty name for the whole project.</param>
    /// <param name="Refusal">Why nothing can be changed; null where it can.</param>
    private sealed record Edit(ProjectLedger? Ledger, IReadOnlyList<string> Named, string? Refusal)
    {
        public static Edit Refused(string why) => new(null, [], why);
    }

    private sealed class Run(
        CliEnvironment environment,
        StateSession session,
        Wording wording,
        Func<ProjectLedger, bool, Edit> edit,
        string reason
    )
    {
        public async Task<int> RunAsync(string word, bool yes, CancellationToken cancellation) =>
            await session.ReadAsync(async reader =>
            {
                var all = await reader.LoadAllAsync(cancellation);
                if (session.Find(word, [.. StateSession.Named(all)], out var project) is { } unknown)
                    return session.Fail(unknown);
                var stored = all.First(s => s.Key == project!.Key);
                var wanted = edit(stored.Ledger!, AreLogins(stored));
                if (wanted.Refusal is { } refusal)
                    return session.Fail(refusal);
                if (wanted.Named.Count == 0)
                    return Say($"Nothing to do: they are {wording.Done} already.");
                Say(
                    $"{TerminalText.Escape(project!.Name)} ({TerminalText.Escape(project.Key.ProjectId)} at "
                        + $"{TerminalText.Escape(project.Key.BaseUrl)}): "
                        + $"{wording.Verb} {What(wanted, stored.Ledger!)}"
                );
                if (
                    !yes
                    && !await Confirmation.AskAsync(
                        environment,
                        wording.Verb,
                        wording.Done,
                        "Change what is remembered?",
                        cancellation
                    )
                )
                    return ExitCode.Failed;
                await using var store = StateStore.OpenOrCreate(session.FullPath);
                return await SaveAsync(store, project, stored, wanted, cancellation);
            });

        private async Task<int> SaveAsync(
            StateStore store,
            NamedProject project,
            StoredLedger stored,
            Edit wanted,
            CancellationToken cancellation
        )
        {
            try
            {
                return await WriteAsync(store, project, stored, wanted, cancellation);
            }
            catch (LedgerConflictException)
            {
                // A pass changed the ledger while the person decided, so the same edit is made to the new ledger.
                stored = await store.LoadAsync(project.Key, cancellation);
                wanted = edit(stored.Ledger ?? ProjectLedger.Empty, AreLogins(stored));
                if (wanted.Refusal is { } refusal)
                    return session.Fail(refusal);
            }

            try
            {
                return await WriteAsync(store, project, stored, wanted, cancellation);
            }
            catch (LedgerConflictException conflict)
            {
                return session.Fail($"{conflict.Message}, and nothing was {wording.Done}; run it again");
            }
        }

        private async Task<int> WriteAsync(
            StateStore store,
            NamedProject project,
            StoredLedger stored,
            Edit wanted,
            CancellationToken cancellation
        )
        {
            var notes = wanted
                .Named.Select(person => new AuditNote(
                    new(environment.Clock.GetUtcNow(), project.Key, project.Document, wording.Verb, AuditOutcome.Done)
                    {
                        Person = person,
                        Reason = reason,
                    },
                    Position.None
                ))
                .ToImmutableArray();
            var entries = await RunContext.Of(environment).CompleteAsync(notes);
            await store.SaveAsync(stored, wanted.Ledger, entries, cancellation);
            return Say($"{char.ToUpperInvariant(wording.Done[0])}{wording.Done[1..]}.");
        }

        // A vendor of the program's says so, and for another one what is remembered does.
        private static bool AreLogins(StoredLedger stored) =>
            ManifestLoaders.Vendors.Find(stored.Key.VendorType) is { } vendor
                ? vendor.Logins is not null
                : stored.Ledger?.People.Any(p => p.Email.Length > 0 && Login.IsUsable(p.Email)) == true;

        private static string What(Edit wanted, ProjectLedger before) =>
            wanted.Ledger is null
                ? $"the whole project, with {TextNames.Count(before.People.Length, "person", "people")}"
                : string.Join(", ", wanted.Named.Select(TerminalText.Escape));

        private int Say(string line)
        {
            environment.Out.WriteLine(line);
            return ExitCode.Done;
        }
    }
}
