using Reconciler.Core.Ledgers;
using Reconciler.Testing;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests;

/// <summary>The audit trail of a state file, also of one that an older version wrote.</summary>
public sealed class AuditChainTests : IDisposable
{
    private readonly FileBench _bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trail_from_before_there_were_definitions_is_still_whole()
    {
        await _bench.AppendAsync(Project, "ana@x.example", "bob@x.example");
        _bench.Run("ALTER TABLE audit DROP COLUMN definition; PRAGMA user_version = 2");

        await _bench.AppendAsync(Project, "cyd@x.example");

        var trail = Assert.Single(await _bench.TrailsAsync()).Entries;
        Assert.Equal(3, trail.Count);
        Assert.Null(AuditChain.FirstBroken(trail));
    }

    [Fact]
    public async Task A_person_is_erased_for_good_and_the_chain_and_the_limits_stay()
    {
        await _bench.AppendAsync(Project, "ana@x.example", "Dave@x.example", "bob@x.example");
        using (var store = _bench.Open())
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
            Assert.Equal(3, await store.EraseAsync(ErasedPerson.WithAddress("DAVE@x.example"), Note, Cancellation));
            Assert.Equal(0, await store.EraseAsync(ErasedPerson.WithAddress("dave@x.example"), Note, Cancellation));
            Assert.Empty(await store.HistoryAsync(new() { Person = "dave@x.example" }, Cancellation));
            Assert.Equal(
                2,
                await store.RemovalsSinceAsync(Project.VendorType, Project.BaseUrl, Now.AddDays(-1), Cancellation)
            );
        }

        var trail = Assert.Single(await _bench.TrailsAsync());
        Assert.Null(AuditChain.FirstBroken(trail.Entries));
        Assert.Equal(("erase", ""), (trail.Entries[^1].Entry.Action, trail.Entries[^1].Entry.Person));
        var bytes = System.Text.Encoding.UTF8.GetString(await File.ReadAllBytesAsync(_bench.Place, Cancellation));
        Assert.DoesNotContain(
            trail.Entries,
            e =>
                $"{e.Entry.Person}{e.Entry.Reason}{e.Entry.Message}".Contains(
                    "dave",
                    StringComparison.OrdinalIgnoreCase
                )
        );
        Assert.Contains("bob@x.example", bytes, StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_bench.Place)!))
        {
            var content = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Cancellation));
            Assert.DoesNotContain("dave", content, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Entries_of_version_1_stand_before_the_chain_which_begins_after_them()
    {
        _bench.Run(
            await File.ReadAllTextAsync(Repository.At("tests/Reconciler.State.Tests/version1.sql"), Cancellation)
        );
        await _bench.AppendAsync(Project, "ana@x.example", "bob@x.example");
        var entries = Assert.Single(await _bench.TrailsAsync()).Entries;
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

    public void Dispose() => _bench.Dispose();

    private static AuditEntry Note => new(Now, new("", "", ""), "", "erase", AuditOutcome.Done);
}
