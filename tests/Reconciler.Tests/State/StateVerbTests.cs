using System.Text.Json;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Testing.State;

namespace Reconciler.Tests;

/// <summary><c>state</c>, where a person looks at what is remembered.</summary>
public sealed class StateVerbTests : StateScene
{
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
        Assert.Empty(Directory.GetFileSystemEntries(Folder.Path));
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
}
