using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Testing;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests;

/// <summary>
/// The audit trail of an account is a chain: what was written can be left as it is, or be seen to be changed.
/// </summary>
public sealed class AuditChainTests : IDisposable
{
    private static readonly ProjectKey Other = new("acme", "https://eu.acme.example/", "p9");
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_account_has_a_chain_of_its_own_that_is_whole_over_many_saves()
    {
        await WriteAsync("ana@x.example", "bob@x.example");
        await WriteAsync(Other, "cyd@x.example");
        await WriteAsync("dan@x.example");
        var trails = await TrailsAsync();
        Assert.Equal([3, 1], trails.Select(t => t.Entries.Count));
        Assert.All(trails, t => Assert.Null(AuditChain.FirstBroken(t.Entries)));
        var first = trails[0].Entries;
        Assert.Equal("", first[0].Seal!.Previous);
        Assert.Equal(first[0].Seal!.Hash, first[1].Seal!.Previous);
        Assert.Equal(first[^1].Seal!.Hash, trails[0].Head);
        using var store = _folder.Open();
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
    public async Task A_change_of_the_file_is_seen_at_its_first_entry(string change, long at, string problem)
    {
        await WriteAsync("ana@x.example", "bob@x.example", "cyd@x.example");
        using (var raw = _folder.Raw())
            raw.Run(change);
        var broken = AuditChain.FirstBroken(Assert.Single(await TrailsAsync()).Entries);
        Assert.Equal((at, problem), (broken!.Value.Entry.Number, broken.Value.Problem));
    }

    [Theory]
    [InlineData("UPDATE audit SET definition = 'sha256:other' WHERE id = 1")]
    [InlineData("UPDATE audit SET definition = '' WHERE id = 1")]
    public async Task The_definition_that_an_entry_was_written_under_is_kept_and_part_of_the_chain(string change)
    {
        using (var store = _folder.Open())
        {
            var entry = Entry("ana@x.example", "invite") with { Definition = "sha256:one" };
            await store.SaveAsync(await store.LoadAsync(Project, Cancellation), Of(), [entry], Cancellation);
            await store.EraseAsync("ana@x.example", Note, Cancellation);
        }

        var whole = Assert.Single(await TrailsAsync()).Entries;
        Assert.Equal(("sha256:one", ""), (whole[0].Entry.Definition, whole[0].Entry.Person));
        Assert.Null(AuditChain.FirstBroken(whole));
        using (var raw = _folder.Raw())
            raw.Run(change);
        Assert.Equal(
            "was changed after it was written",
            AuditChain.FirstBroken(Assert.Single(await TrailsAsync()).Entries)!.Value.Problem
        );
    }

    [Fact]
    public async Task A_trail_from_before_there_were_definitions_is_still_whole()
    {
        await WriteAsync("ana@x.example", "bob@x.example");
        using (var raw = _folder.Raw())
            raw.Run("ALTER TABLE audit DROP COLUMN definition; PRAGMA user_version = 2");

        await WriteAsync("cyd@x.example");

        var trail = Assert.Single(await TrailsAsync()).Entries;
        Assert.Equal(3, trail.Count);
        Assert.Null(AuditChain.FirstBroken(trail));
    }

    [Fact]
    public async Task A_person_is_erased_for_good_and_the_chain_and_the_limits_stay()
    {
        await WriteAsync("ana@x.example", "Dave@x.example", "bob@x.example");
        using (var store = _folder.Open())
        {
            var named = Entry("bob@x.example", "remove") with
            {
                Reason = "replaces dave@x.example",
                Message = "dave@x.example left",
            };
            await store.SaveAsync(
                await store.LoadAsync(Project, Cancellation),
                Of(),
                [Entry("dave@x.example", "remove"), named],
                Cancellation
            );
            Assert.Equal(3, await store.EraseAsync("DAVE@x.example", Note, Cancellation));
            Assert.Equal(0, await store.EraseAsync("dave@x.example", Note, Cancellation));
            Assert.Empty(await store.HistoryAsync(new() { Person = "dave@x.example" }, Cancellation));
            Assert.Equal(
                2,
                await store.RemovalsSinceAsync(Project.VendorType, Project.BaseUrl, Now.AddDays(-1), Cancellation)
            );
        }

        var trail = Assert.Single(await TrailsAsync());
        Assert.Null(AuditChain.FirstBroken(trail.Entries));
        Assert.Equal(("erase", ""), (trail.Entries[^1].Entry.Action, trail.Entries[^1].Entry.Person));
        var bytes = System.Text.Encoding.UTF8.GetString(await File.ReadAllBytesAsync(_folder.File, Cancellation));
        Assert.DoesNotContain(
            trail.Entries,
            e =>
                $"{e.Entry.Person}{e.Entry.Reason}{e.Entry.Message}".Contains(
                    "dave",
                    StringComparison.OrdinalIgnoreCase
                )
        );
        Assert.Contains("bob@x.example", bytes, StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_folder.File)!))
        {
            var content = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Cancellation));
            Assert.DoesNotContain("dave", content, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_person_is_erased_under_every_spelling_that_the_trail_holds()
    {
        using var store = _folder.Open();
        var named = Entry("bob@x.example", "remove") with
        {
            Reason = "replaces dave@bücher.example",
            Message = "dave@xn--bcher-kva.example left",
        };
        await store.SaveAsync(await store.LoadAsync(Project, Cancellation), Of(), [named], Cancellation);
        Assert.Equal(1, await store.EraseAsync("Dave@bücher.example", Note, Cancellation));
        var entry = (await store.HistoryAsync(new() { Person = "bob@x.example" }, Cancellation)).Single();
        Assert.Equal(("", ""), (entry.Reason, entry.Message));
    }

    [Fact]
    public async Task Entries_of_version_1_stand_before_the_chain_which_begins_after_them()
    {
        using (var raw = _folder.Raw())
            raw.Run(
                await File.ReadAllTextAsync(Repository.At("tests/Reconciler.State.Tests/version1.sql"), Cancellation)
            );
        await WriteAsync("ana@x.example", "bob@x.example");
        var entries = Assert.Single(await TrailsAsync()).Entries;
        Assert.Equal([false, true, true], entries.Select(e => e.Seal is not null));
        Assert.Equal("", entries[1].Seal!.Previous);
        Assert.Null(AuditChain.FirstBroken(entries));
    }

    [Fact]
    public void The_hash_is_over_netstrings_so_that_no_text_can_pass_for_two()
    {
        Assert.NotEqual(AuditChain.HashOf("ab", "c"), AuditChain.HashOf("a", "bc"));
        // printf '2:\303\274,0:,' | sha256sum
        Assert.Equal(
            $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("2:ü,0:,"u8))}",
            AuditChain.HashOf("ü", "")
        );
    }

    public void Dispose() => _folder.Dispose();

    private static AuditEntry Note => new(Now, new("", "", ""), "", "erase", AuditOutcome.Done);

    private Task WriteAsync(params string[] people) => WriteAsync(Project, people);

    private async Task WriteAsync(ProjectKey project, params string[] people)
    {
        using var store = _folder.Open();
        var entries = people
            .Select(p =>
                Entry(p) with
                {
                    Project = project,
                    Origin = new() { Actor = "ana", Host = "laptop" },
                }
            )
            .ToList();
        var before = await store.LoadAsync(project, Cancellation);
        await store.SaveAsync(before, before.Ledger ?? Of(), entries, Cancellation);
    }

    private async Task<List<AuditTrail>> TrailsAsync()
    {
        using var store = StateStore.OpenExisting(_folder.File)!;
        return await store.TrailsAsync(Cancellation);
    }
}
