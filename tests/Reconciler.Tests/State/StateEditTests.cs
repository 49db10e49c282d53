using Reconciler.Core.Ledgers;
using Reconciler.Hosting;
using Reconciler.Testing.State;

namespace Reconciler.Tests;

/// <summary><c>state adopt</c> and <c>state abandon</c>, where a person corrects what is remembered.</summary>
public sealed class StateEditTests : StateScene
{
    [Fact]
    public async Task Adopted_people_are_owned_also_those_whom_nobody_knew()
    {
        await RememberAsync(
            TempFolder.Of(
                new PersonRecord("Bob@x.example") { PersonId = "u2" },
                new PersonRecord("cyd@x.example") { Owned = true }
            ) with
            {
                Applied = Applied("default/evals"),
            }
        );
        var (code, text) = await RunAsync(
            "adopt",
            "evals",
            "bob@X.example",
            "ana@x.example",
            "cyd@x.example",
            "--yes",
            "--reason",
            "was here \u001b[1m before"
        );
        Assert.Equal(
            (ExitCode.Done, "evals (p1 at https://api.acme.example/): adopt Bob@x.example, ana@x.example\nAdopted.\n"),
            (code, text)
        );
        var ledger = (await LoadAsync()).Single().Ledger!;
        Assert.Equal(
            [("Bob@x.example", "u2", true), ("ana@x.example", null, true), ("cyd@x.example", null, true)],
            ledger.People.Select(p => (p.Email, p.PersonId, p.Owned))
        );
        var (_, history) = await RunAsync("history", "--person", "BOB@x.example");
        Assert.Equal(
            $"""
            2026-03-02 09:00:00 UTC  adopt Bob@x.example  in evals  done
                was here \u001b[1m before
                by {Environment.UserName} on {Environment.MachineName}, {ServiceOrigin.Program}
            1 entry.

            """,
            history
        );
        Assert.Equal(
            (ExitCode.Done, "Nothing to do: they are adopted already.\n"),
            await RunAsync("adopt", "evals", "ana@x.example", "--yes")
        );
        Assert.Equal(
            (ExitCode.Failed, "error: \"ana\" is no e-mail address\n"),
            await RunAsync("adopt", "evals", "ana", "--yes")
        );
    }

    [Fact]
    public async Task Abandoned_people_are_forgotten_with_their_open_writes_and_the_others_stay()
    {
        await RememberAsync(
            TempFolder.Of(new PersonRecord("ana@x.example"), new PersonRecord("bob@x.example")) with
            {
                Applied = Applied("default/evals"),
                Intents =
                [
                    .. new[] { "ana@x.example", "bob@x.example" }.Select(p => new WriteIntent(
                        Reconciler.Core.Membership.ActionKind.Invite,
                        p,
                        p,
                        TempFolder.Now
                    )),
                ],
            }
        );
        Assert.Equal(
            (
                ExitCode.Failed,
                "error: nothing is remembered of \"anna@x.example\" in this project; did you mean \"ana@x.example\"?\n"
            ),
            await RunAsync("abandon", "evals", "anna@x.example", "--yes")
        );
        Assert.Equal(ExitCode.Done, (await RunAsync("abandon", "evals", "ANA@x.example", "--yes")).Code);
        var ledger = (await LoadAsync()).Single().Ledger!;
        Assert.Equal("bob@x.example", Assert.Single(ledger.People).Email);
        Assert.Equal("bob@x.example", Assert.Single(ledger.Intents).Email);
    }

    [Fact]
    public async Task An_abandoned_project_is_forgotten_and_its_history_stays()
    {
        await RememberAsync(
            TempFolder.Of(new PersonRecord("ana@x.example")) with
            {
                Applied = Applied("default/evals"),
            }
        );
        var (code, text) = await RunAsync("abandon", "evals", "--yes", "--reason", "closed");
        Assert.Equal(
            (
                ExitCode.Done,
                "evals (p1 at https://api.acme.example/): abandon the whole project, with 1 person\nAbandoned.\n"
            ),
            (code, text)
        );
        Assert.Empty(await LoadAsync());
        Assert.Contains(
            "abandon the project  in evals  done\n    closed\n",
            (await RunAsync("history", "--project", "evals")).Text,
            StringComparison.Ordinal
        );
        Assert.Equal((ExitCode.Done, "0 projects, 0 people.\n"), await RunAsync("show"));
    }

    [Fact]
    public async Task Anything_but_a_yes_changes_nothing()
    {
        await RememberAsync(
            TempFolder.Of(new PersonRecord("ana@x.example")) with
            {
                Applied = Applied("default/evals"),
            }
        );
        var before = await LoadAsync();
        var (code, text) = await AskedAsync(new StringReader("y"), "abandon", "evals");
        Assert.Equal(ExitCode.Failed, code);
        Assert.EndsWith("Only \"yes\" is accepted: Nothing was abandoned.\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "pass --yes to adopt without asking",
            (await RunAsync("adopt", "evals", "bob@x.example")).Text,
            StringComparison.Ordinal
        );
        Assert.Equal(before, await LoadAsync());
    }

    [Fact]
    public async Task What_a_pass_saved_while_a_person_thought_is_kept()
    {
        await RememberAsync(
            TempFolder.Of(new PersonRecord("ana@x.example")) with
            {
                Applied = Applied("default/evals"),
            }
        );
        using var answer = new Meanwhile(() =>
            RememberAsync(
                    TempFolder.Of(new PersonRecord("ana@x.example") { Resends = 3 }) with
                    {
                        Applied = Applied("default/evals"),
                    }
                )
                .GetAwaiter()
                .GetResult()
        );
        Assert.Equal(ExitCode.Done, (await AskedAsync(answer, "adopt", "evals", "ana@x.example")).Code);
        var person = Assert.Single((await LoadAsync()).Single().Ledger!.People);
        Assert.Equal((true, 3), (person.Owned, person.Resends));
    }

    /// <summary>Somebody who says yes after something else happened.</summary>
    private sealed class Meanwhile(Action happens) : TextReader
    {
        public override string ReadLine()
        {
            happens();
            return "yes";
        }
    }
}
