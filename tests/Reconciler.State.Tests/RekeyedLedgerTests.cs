using Reconciler.Core.Ledgers;
using Reconciler.Core.Ports;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests;

/// <summary>What was stored under other spellings is one person and one account once it is loaded.</summary>
public sealed class RekeyedLedgerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_two_records_that_become_one_the_one_with_the_vendors_id_wins()
    {
        await SaveTwoSpellingsAsync();

        using var again = _folder.Open();
        var stored = await again.LoadAsync(Project, Cancellation);
        var only = Assert.Single(stored.Ledger!.People);
        Assert.Equal(("kim@xn--mnchen-3ya.example", "u1", true), (only.Email, only.PersonId, only.Owned));
        await again.SaveAsync(stored, stored.Ledger with { People = [] }, [], Cancellation);
        using var raw = _folder.Raw();
        Assert.Equal(0, raw.Number("SELECT count(*) FROM people"));
    }

    [Fact]
    public async Task A_save_that_fails_does_not_leave_the_other_spelling_in_the_file_for_good()
    {
        await SaveTwoSpellingsAsync();

        using var again = _folder.Open();
        var stored = await again.LoadAsync(Project, Cancellation);
        var changed = stored.Ledger! with { People = [stored.Ledger.People[0] with { Owned = false }] };
        using var raw = _folder.Raw();
        raw.Run("CREATE TRIGGER full BEFORE DELETE ON people BEGIN SELECT raise(ABORT, 'no room'); END");
        await Assert.ThrowsAnyAsync<LedgerException>(() => again.SaveAsync(stored, changed, [], Cancellation));
        raw.Run("DROP TRIGGER full");
        await again.SaveAsync(stored, changed, [], Cancellation);
        Assert.Equal(1, raw.Number("SELECT count(*) FROM people"));
    }

    [Fact]
    public async Task A_save_of_an_entry_alone_leaves_no_other_spelling_in_the_file()
    {
        await SaveTwoSpellingsAsync();

        using var again = _folder.Open();
        var stored = await again.LoadAsync(Project, Cancellation);
        stored = await again.SaveAsync(stored, stored.Ledger, [Entry("ana@x.example")], Cancellation);
        await again.SaveAsync(stored, stored.Ledger! with { TrustedCount = 1 }, [], Cancellation);
        using var raw = _folder.Raw();
        Assert.Equal(1, raw.Number("SELECT count(*) FROM people"));
    }

    [Fact]
    public async Task Two_spellings_of_an_account_become_one_with_the_people_of_both()
    {
        _folder.Open(new StateSchema([StateSchema.Current.Steps[0]])).Dispose();
        using (var raw = _folder.Raw())
        {
            const string Kim = "'KIM@münchen.example', 'kim@münchen.example'";
            raw.Run(
                $$"""
                INSERT INTO projects VALUES (1, 'acme', 'https://api.acme.example/', 'p1', 1, NULL, NULL, '[]'),
                    (2, 'acme', 'https://api.acme.example//', 'p1', 1, NULL, NULL, '[]');
                INSERT INTO people VALUES (1, 'ana@x.example', NULL, 1, 'Known', NULL, NULL, 0, NULL, NULL, 0),
                    (2, 'bob@x.example', NULL, 0, 'Known', NULL, NULL, 0, NULL, NULL, 0),
                    (2, 'ana@x.example', 'u1', 0, 'Known', NULL, NULL, 0, NULL, NULL, 0);
                INSERT INTO audit VALUES
                    (1, $at, 'acme', 'https://api.acme.example/', 'p1', 'd', {{Kim}}, 'remove', 'Done',
                        '', '', '', '', '', '', 1),
                    (2, $at, 'acme', 'https://api.acme.example//', 'p1', 'd', 'bob@x.example', 'bob@x.example', 'remove', 'Done',
                        '', '', '', '', '', '', 1);
                """,
                ("$at", Sql.Time(Now))
            );
        }

        using var again = _folder.Open();
        var stored = Assert.Single(await again.LoadAllAsync(Cancellation));
        Assert.Equal(Project, stored.Key);
        Assert.Equal(
            ["ana@x.example u1 True", "bob@x.example  False"],
            stored.Ledger!.People.Select(p => $"{p.Email} {p.PersonId} {p.Owned}")
        );
        Assert.Equal(
            2,
            await again.RemovalsSinceAsync(Project.VendorType, Project.BaseUrl, Now.AddHours(-1), Cancellation)
        );
        Assert.Single(await again.HistoryAsync(new() { Person = "kim@xn--mnchen-3ya.example" }, Cancellation));
    }

    [Fact]
    public void Open_writes_are_keyed_anew_too()
    {
        var intent = new WriteIntent(
            Reconciler.Core.Membership.ActionKind.Invite,
            "kim@MÜNCHEN.example",
            "kim@münchen.example",
            Now
        );
        Assert.Equal(
            "kim@xn--mnchen-3ya.example",
            Assert.Single((ProjectLedger.Empty with { Intents = [intent] }).Rekeyed().Intents).PersonKey
        );
    }

    private async Task SaveTwoSpellingsAsync()
    {
        using var store = _folder.Open();
        await store.SaveAsync(
            new(Project, null, ""),
            Of(new("kim@münchen.example") { Owned = true }, new("kim@xn--mnchen-3ya.example") { PersonId = "u1" }),
            [],
            Cancellation
        );
    }
}
