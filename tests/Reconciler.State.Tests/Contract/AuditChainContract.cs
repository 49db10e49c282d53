using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests.Contract;

/// <summary>
/// The audit trail of an account is a chain: what was written can be left as it is, or be seen to be changed.
/// </summary>
/// <param name="bench">The state.</param>
public abstract class AuditChainContract(StateBench bench) : IDisposable
{
    private static readonly ProjectKey Other = new("acme", "https://eu.acme.example/", "p9");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_account_has_a_chain_of_its_own_that_is_whole_over_many_saves()
    {
        await bench.AppendAsync(Project, "ana@x.example", "bob@x.example");
        await bench.AppendAsync(Other, "cyd@x.example");
        await bench.AppendAsync(Project, "dan@x.example");
        var trails = await bench.TrailsAsync();
        Assert.Equal([3, 1], trails.Select(t => t.Entries.Count));
        Assert.All(trails, t => Assert.Null(AuditChain.FirstBroken(t.Entries)));
        var first = trails[0].Entries;
        Assert.Equal("", first[0].Seal!.Previous);
        Assert.Equal(first[0].Seal!.Hash, first[1].Seal!.Previous);
        Assert.Equal(first[^1].Seal!.Hash, trails[0].Head);
        using var store = bench.Open();
        Assert.Equal(trails[0].Head, await store.HeadAsync(Project.VendorType, Project.BaseUrl, Cancellation));
    }

    [Theory]
    [InlineData("UPDATE audit SET action = 'adopt' WHERE id = 2", 2, "was changed after it was written")]
    [InlineData(
        "UPDATE audit SET person = 'eve@x.example' WHERE id = 2",
        2,
        "names another person than when it was written"
    )]
    [InlineData(
        "UPDATE audit SET reason = 'x' WHERE id = 2",
        2,
        "has another reason, message or author than when it was written"
    )]
    [InlineData("UPDATE audit SET actor = 'mallory' WHERE id = 2", 2, "was changed after it was written")]
    [InlineData("UPDATE audit SET definition = 'sha256:1' WHERE id = 2", 2, "was changed after it was written")]
    [InlineData(
        "UPDATE audit SET at = '2020-01-01T00:00:00.0000000Z' WHERE id = 1",
        1,
        "was changed after it was written"
    )]
    [InlineData(
        "DELETE FROM audit WHERE id = 2",
        3,
        "does not follow the entry before it: one was taken out, added or moved"
    )]
    [InlineData(
        "DELETE FROM audit WHERE id = 1",
        2,
        "does not follow the entry before it: one was taken out, added or moved"
    )]
    [InlineData(
        "UPDATE audit SET id = 9 WHERE id = 2",
        3,
        "does not follow the entry before it: one was taken out, added or moved"
    )]
    [InlineData(
        "UPDATE audit SET hash = '', previous = '' WHERE id = 3",
        3,
        "has no seal, though it stands behind one that has: it was added or changed"
    )]
    [InlineData("UPDATE audit SET person_salt = '' WHERE id = 2", 2, "names a person, though its person was erased")]
    public async Task A_change_of_the_rows_is_seen_at_its_first_entry(string change, long at, string problem)
    {
        await bench.AppendAsync(Project, "ana@x.example", "bob@x.example", "cyd@x.example");
        bench.Run(change);
        var broken = AuditChain.FirstBroken(Assert.Single(await bench.TrailsAsync()).Entries);
        Assert.Equal((at, problem), (broken!.Value.Entry.Number, broken.Value.Problem));
    }

    [Theory]
    [InlineData("UPDATE audit SET definition = 'sha256:other' WHERE id = 1")]
    [InlineData("UPDATE audit SET definition = '' WHERE id = 1")]
    public async Task The_definition_that_an_entry_was_written_under_is_kept_and_part_of_the_chain(string change)
    {
        using (var store = bench.Open())
        {
            var entry = Entry("ana@x.example", "invite") with { Definition = "sha256:one" };
            await store.SaveAsync(await store.LoadAsync(Project, Cancellation), Of(), [entry], Cancellation);
            await store.EraseAsync(ErasedPerson.WithAddress("ana@x.example"), Note, Cancellation);
        }

        var whole = Assert.Single(await bench.TrailsAsync()).Entries;
        Assert.Equal(("sha256:one", ""), (whole[0].Entry.Definition, whole[0].Entry.Person));
        Assert.Null(AuditChain.FirstBroken(whole));
        bench.Run(change);
        Assert.Equal(
            "was changed after it was written",
            AuditChain.FirstBroken(Assert.Single(await bench.TrailsAsync()).Entries)!.Value.Problem
        );
    }

    [Fact]
    public async Task A_person_is_erased_under_every_spelling_that_the_trail_holds()
    {
        using var store = bench.Open();
        var named = Entry("bob@x.example", "remove") with
        {
            Reason = "replaces dave@bücher.example",
            Message = "dave@xn--bcher-kva.example left",
        };
        await store.SaveAsync(await store.LoadAsync(Project, Cancellation), Of(), [named], Cancellation);
        Assert.Equal(1, await store.EraseAsync(ErasedPerson.WithAddress("Dave@bücher.example"), Note, Cancellation));
        var entry = (await store.HistoryAsync(new() { Person = "bob@x.example" }, Cancellation)).Single();
        Assert.Equal(("", ""), (entry.Reason, entry.Message));
    }

    [Fact]
    public async Task A_login_is_erased_in_its_account_alone_and_as_a_word_of_its_own()
    {
        using var store = bench.Open();
        var elsewhere = Project with { BaseUrl = "https://other.acme.example/" };
        AuditEntry[] here =
        [
            Entry("Ana", "invite"),
            Entry("bob", "remove") with
            {
                Reason = "asked by _ana_; see @ANA.",
                Message = "the manager said so",
            },
            Entry("cy", "remove") with
            {
                Reason = "the manager of ana-maria, of ana_2 and of ana.smith said so",
            },
        ];
        await store.SaveAsync(await store.LoadAsync(Project, Cancellation), Of(), here, Cancellation);
        var there = Entry("ana", "invite") with { Project = elsewhere };
        await store.SaveAsync(await store.LoadAsync(elsewhere, Cancellation), Of(), [there], Cancellation);
        var ana = ErasedPerson.WithLogin(
            Login.Parse("ana")!,
            new HashSet<(string, string)> { (Project.VendorType, Project.BaseUrl) }
        );

        Assert.Equal(2, await store.EraseAsync(ana, Note, Cancellation));

        var left = (await store.HistoryAsync(new(), Cancellation)).Where(e => e.Action != Note.Action).ToList();
        Assert.Equal(["", "ana", "bob", "cy"], left.Select(e => e.Person).Order(StringComparer.Ordinal));
        Assert.Equal("", left.Single(e => e.Person == "bob").Reason);
        Assert.Equal(here[2].Reason, left.Single(e => e.Person == "cy").Reason);
        Assert.All(await bench.TrailsAsync(), t => Assert.Null(AuditChain.FirstBroken(t.Entries)));
    }

    [Fact]
    public async Task A_person_is_erased_and_the_chain_and_the_limits_stay()
    {
        await bench.AppendAsync(Project, "ana@x.example", "Dave@x.example", "bob@x.example");
        using (var store = bench.Open())
        {
            await store.SaveAsync(
                await store.LoadAsync(Project, Cancellation),
                Of(),
                [Entry("dave@x.example", "remove")],
                Cancellation
            );
            Assert.Equal(2, await store.EraseAsync(ErasedPerson.WithAddress("DAVE@x.example"), Note, Cancellation));
            Assert.Equal(0, await store.EraseAsync(ErasedPerson.WithAddress("dave@x.example"), Note, Cancellation));
            Assert.Equal(
                1,
                await store.RemovalsSinceAsync(Project.VendorType, Project.BaseUrl, Now.AddDays(-1), Cancellation)
            );
        }

        var trail = Assert.Single(await bench.TrailsAsync());
        Assert.Null(AuditChain.FirstBroken(trail.Entries));
        Assert.DoesNotContain(trail.Entries, e => e.Entry.Person.Contains("dave", StringComparison.OrdinalIgnoreCase));
    }

    public void Dispose()
    {
        bench.Dispose();
        GC.SuppressFinalize(this);
    }

    private static AuditEntry Note => new(Now, new("", "", ""), "", "erase", AuditOutcome.Done);
}
