using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Hosting;
using Reconciler.State;
using Reconciler.Testing;
using Reconciler.Testing.State;

namespace Reconciler.Tests;

/// <summary><c>state</c>, where a person looks at what is remembered and corrects it.</summary>
public sealed class StateVerbTests : IDisposable
{
    private static readonly ProjectKey Key = TempFolder.Project;
    private static readonly ProjectKey Other = Key with { ProjectId = "p2" };
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(FakeClock.Morning);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string State => _folder.At(".reconciler/state.db");

    [Fact]
    public async Task Show_prints_what_is_remembered_with_hostile_text_spelled_out()
    {
        await RememberAsync(
            TempFolder.Of(
                new PersonRecord("ana@x.example")
                {
                    Owned = true,
                    State = PersonState.Invited,
                    InvitedAt = TempFolder.Now,
                    SentAt = TempFolder.Now.AddDays(1),
                    Resends = 2,
                },
                new PersonRecord("\u001b[31mbob@x.example")
                {
                    State = PersonState.GaveUp,
                    Asked = Access.Of([new("roles", "viewer", "viewer")]),
                }
            ) with
            {
                TrustedCount = 7,
                Applied = Applied("default/evals"),
                Intents =
                [
                    new(Reconciler.Core.Membership.ActionKind.Invite, "cyd@x.example", "cyd@x.example", TempFolder.Now),
                ],
            }
        );
        var (code, text) = await RunAsync("show");
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(
            """
            evals (acme https://api.acme.example/ p1)
              declared in people; deletionPolicy: orphan; last trusted: 7 members
              \u001b[31mbob@x.example  not owned, given up: never accepted, asked: viewer
              ana@x.example  owned, invited 2026-03-02 09:00:00 UTC, last mail 2026-03-03 09:00:00 UTC, 2 resends
              ? invite cyd@x.example, begun 2026-03-02 09:00:00 UTC: the next reconcile reads whether it was done

            1 project, 2 people, 1 write of unknown outcome.

            """,
            text
        );
        var (_, json) = await RunAsync("show", "--format", "json", "--project", "evals");
        using var document = JsonDocument.Parse(json);
        var person = document.RootElement.GetProperty("projects")[0].GetProperty("people")[1];
        Assert.Equal(
            ("ana@x.example", "invited", true),
            (
                person.GetProperty("email").GetString(),
                person.GetProperty("state").GetString(),
                person.GetProperty("owned").GetBoolean()
            )
        );
    }

    [Theory]
    [InlineData("evals")]
    [InlineData("default/evals")]
    [InlineData("p1")]
    public async Task A_project_is_named_by_its_document_or_the_vendors_id(string name)
    {
        await RememberAsync(TempFolder.Of() with { Applied = Applied("default/evals") });
        await RememberAsync(TempFolder.Of() with { Applied = Applied("default/pricing") }, Other);
        var (code, text) = await RunAsync("show", "--project", name);
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("evals (acme", text, StringComparison.Ordinal);
        Assert.DoesNotContain("pricing", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_or_ambiguous_name_of_a_project_is_told()
    {
        await RememberAsync(TempFolder.Of() with { Applied = Applied("default/evals") });
        Assert.Equal(
            (ExitCode.Failed, "error: .reconciler/state.db remembers no project \"evils\"; did you mean \"evals\"?\n"),
            await RunAsync("show", "--project", "evils")
        );
        await RememberAsync(TempFolder.Of() with { Applied = Applied("team-b/evals") }, Other);
        var (code, text) = await RunAsync("abandon", "evals", "--yes");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal(
            "error: several projects are named \"evals\"; name one by the vendor's id: p1 (default/evals at "
                + "https://api.acme.example/), p2 (team-b/evals at https://api.acme.example/)\n",
            text
        );
        Assert.Equal(ExitCode.Done, (await RunAsync("abandon", "team-b/evals", "--yes")).Code);
        Assert.Equal([Key], (await LoadAsync()).Select(s => s.Key));
    }

    [Theory]
    [InlineData("show")]
    [InlineData("history")]
    [InlineData("adopt evals ana@x.example --yes")]
    [InlineData("abandon evals --yes")]
    [InlineData("backup copy.db")]
    public async Task Without_a_state_every_verb_says_so_and_makes_none(string words)
    {
        var (code, text) = await RunAsync(words.Split(' '));
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("state.db does not exist", text, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

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

    [Fact]
    public async Task History_is_the_newest_first_and_says_that_there_is_more()
    {
        AuditEntry[] entries =
        [
            .. Enumerable
                .Range(1, 3)
                .Select(i =>
                    TempFolder.Entry($"p{i}@x.example", "remove", at: TempFolder.Now.AddDays(-i)) with
                    {
                        Removed = "−viewer",
                        Plan = "sha256:1",
                        Reason = "not declared \u202e",
                    }
                ),
        ];
        await RememberAsync(TempFolder.Of(new PersonRecord("p1@x.example")), audit: entries);
        var (_, text) = await RunAsync("history", "--limit", "1");
        Assert.Equal(
            "2026-03-01 09:00:00 UTC  remove p1@x.example  in evals  [−viewer]  done\n"
                + "    not declared \\u202e\n    sha256:1\n1 entry; older ones are left out (--limit).\n",
            text
        );
        Assert.Contains("2 entries.", (await RunAsync("history", "--since", "2d")).Text, StringComparison.Ordinal);
        Assert.Contains(
            "1 entry.",
            (await RunAsync("history", "--since", "2026-03-01")).Text,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "No entry; did you mean \"p1@x.example\"?\n",
            (await RunAsync("history", "--person", "q1@x.example")).Text
        );
        using var json = JsonDocument.Parse((await RunAsync("history", "--format", "json", "--limit", "2")).Text);
        Assert.True(json.RootElement.GetProperty("more").GetBoolean());
        Assert.Equal(
            ["p1@x.example", "p2@x.example"],
            json.RootElement.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("person").GetString())
        );
        Assert.Equal("done", json.RootElement.GetProperty("entries")[0].GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("--since", "yesterday", "--since yesterday: expected a date")]
    [InlineData("--limit", "0", "--limit: expected a whole number from 1 on")]
    public async Task A_value_that_means_nothing_is_refused(string option, string value, string words)
    {
        var (code, text) = await RunAsync("history", option, value);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(words, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_lies_where_the_person_is_and_overwrites_nothing()
    {
        await RememberAsync(TempFolder.Of(new PersonRecord("ana@x.example")));
        Assert.Equal(
            (ExitCode.Done, "Copied to copy.db. It holds people's addresses: keep it as you keep those.\n"),
            await RunAsync("backup", "copy.db")
        );
        Assert.Equal(ExitCode.Done, (await RunAsync("show", "--state", "copy.db")).Code);
        var (code, text) = await RunAsync("backup", "copy.db");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("copy.db exists already", text, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static LastApplied Applied(string document) =>
        new("people", document, "p1", Reconciler.Core.Manifests.Kinds.DeletionPolicy.Orphan, Limits.BuiltIn);

    private async Task RememberAsync(ProjectLedger ledger, ProjectKey? key = null, params AuditEntry[] audit)
    {
        using var store = StateStore.OpenOrCreate(State);
        await store.SaveAsync(await store.LoadAsync(key ?? Key, Cancellation), ledger, audit, Cancellation);
    }

    private async Task<System.Collections.Immutable.ImmutableArray<StoredLedger>> LoadAsync()
    {
        using var store = StateStore.OpenExisting(State)!;
        return await store.LoadAllAsync(Cancellation);
    }

    private Task<(int Code, string Text)> RunAsync(params string[] words) => PlayAsync(null, words);

    private Task<(int Code, string Text)> AskedAsync(TextReader answer, params string[] words) =>
        PlayAsync(answer, words);

    private async Task<(int Code, string Text)> PlayAsync(TextReader? answer, string[] words)
    {
        using var said = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = said,
            Error = said,
            In = answer ?? TextReader.Null,
            CanAsk = answer is not null,
            Variable = _ => null,
            Folder = _folder.Path,
            Clock = _clock,
        };
        var code = await Cli.RunAsync(["state", .. words], environment, Cancellation);
        return (code, said.ToString());
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
