using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Ports;
using Reconciler.Hosting.Web;
using Reconciler.State;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Hosts;
using Reconciler.Testing.Hosts.Worker;
using Reconciler.Testing.State;
using Reconciler.Worker;
using Reconciler.Worker.Web;
using static Reconciler.Testing.Hosts.Worker.WorkerScene;

namespace Reconciler.Tests.Worker;

/// <summary>
/// A state file that is deleted or replaced under a worker: nothing is written at a vendor until somebody says what
/// holds.
/// </summary>
public sealed class WatchedStateTests : IDisposable
{
    private static readonly StoredLedger Nothing = new(TempFolder.Project, null, "");
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Work => Path.Combine(_folder.Path, ".source");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task State_that_was_deleted_is_neither_read_nor_saved_until_a_copy_is_put_back(bool isRestarted)
    {
        var state = WatchedState.Open(_folder.File, Work);
        var saved = await state.SaveAsync(Nothing, ProjectLedger.Empty with { TrustedCount = 7 }, [], Cancellation);
        var copy = Path.Combine(_folder.Path, "copy.db");
        await StateStore.BackupAsync(_folder.File, copy, Cancellation);
        if (isRestarted)
            state.Dispose();
        Delete();
        if (isRestarted)
            state = WatchedState.Open(_folder.File, Work);
        using var watched = state;
        var refused = await Assert.ThrowsAsync<LedgerException>(() =>
            state.LoadAsync(TempFolder.Project, Cancellation)
        );
        Assert.Contains(
            isRestarted ? "is gone" : "was deleted or moved away while it was in use",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Contains($"reconciler state confirm --state {_folder.File}", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LedgerException>(() => state.SaveAsync(saved, ProjectLedger.Empty, [], Cancellation));
        Assert.False(File.Exists(_folder.File));

        File.Copy(copy, _folder.File);
        var restored = await state.LoadAsync(TempFolder.Project, Cancellation);
        Assert.Equal(7, restored.Ledger!.TrustedCount);
        await state.SaveAsync(restored, ProjectLedger.Empty with { TrustedCount = 8 }, [], Cancellation);
        Assert.Null(state.Trouble);
        using var other = StateStore.OpenExisting(_folder.File, mayBeOutdated: true)!;
        Assert.Equal(8, (await other.LoadAsync(TempFolder.Project, Cancellation)).Ledger!.TrustedCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task State_that_was_replaced_counts_once_somebody_has_confirmed_it(bool isRestarted)
    {
        var state = WatchedState.Open(_folder.File, Work);
        await state.SaveAsync(Nothing, ProjectLedger.Empty with { TrustedCount = 7 }, [], Cancellation);
        if (isRestarted)
            state.Dispose();
        Delete();
        StateStore.OpenOrCreate(_folder.File).Dispose();
        if (isRestarted)
            state = WatchedState.Open(_folder.File, Work);
        using var watched = state;
        var refused = await Assert.ThrowsAsync<LedgerException>(() => state.LoadAllAsync(Cancellation));
        Assert.Contains(
            isRestarted ? "another state file lies at" : "was replaced by another while it was in use",
            refused.Message,
            StringComparison.Ordinal
        );

        var output = new StringWriter();
        Assert.Equal(
            ExitCode.Done,
            await Cli.Root(CommandLines.Environment(output))
                .Parse(["state", "confirm", "--state", _folder.File])
                .InvokeAsync(cancellationToken: Cancellation)
        );
        Assert.StartsWith("Confirmed.", output.ToString(), StringComparison.Ordinal);
        Assert.Null((await state.LoadAsync(TempFolder.Project, Cancellation)).Ledger);
        using var other = StateStore.OpenExisting(_folder.File, mayBeOutdated: true)!;
        Assert.False(other.IsConfirmed);
    }

    [Fact]
    public async Task A_file_that_cannot_be_taken_over_is_closed_at_each_look_and_used_once_it_can()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux shows the open files of a process as links.");
        using var state = WatchedState.Open(_folder.File, Work);
        Delete();
        using (var other = StateStore.OpenOrCreate(_folder.File))
            other.Confirm();
        // A folder is in the way of the file in which the new id is kept.
        var obstacle = Directory.CreateDirectory(Path.Combine(Work, "state-id.unfinished"));
        for (var look = 0; look < 3; look++)
            await Assert.ThrowsAsync<LedgerException>(() => state.LoadAllAsync(Cancellation));
        var open = Directory.GetFileSystemEntries("/proc/self/fd").Select(f => new FileInfo(f).LinkTarget);
        Assert.DoesNotContain(_folder.File, open);
        obstacle.Delete();
        Assert.Empty(await state.LoadAllAsync(Cancellation));
        Assert.Null(state.Trouble);
    }

    [Fact]
    public void A_worker_does_not_begin_with_an_older_copy_while_what_was_saved_last_lies_beside_it()
    {
        StateStore.OpenOrCreate(_folder.File).Dispose();
        File.Copy(_folder.File, _folder.File + ".rescued");
        var refused = Assert.Throws<LedgerException>(() => WatchedState.Open(_folder.File, Work));
        Assert.StartsWith($"{_folder.File}.rescued holds", refused.Message, StringComparison.Ordinal);
        using (var confirmed = StateStore.OpenOrCreate(_folder.File, mayBeOutdated: true))
            confirmed.Confirm();
        using var state = WatchedState.Open(_folder.File, Work);
        Assert.Null(state.Trouble);
    }

    [Fact]
    public async Task Something_that_is_no_state_file_in_its_place_is_said_and_left_alone()
    {
        using var state = WatchedState.Open(_folder.File, Work);
        Delete();
        await File.WriteAllTextAsync(
            _folder.File,
            "not a database, and long enough to be read as one would be",
            Cancellation
        );
        await Assert.ThrowsAsync<LedgerException>(() => state.LoadAsync(TempFolder.Project, Cancellation));
        Assert.StartsWith(
            "not a database",
            await File.ReadAllTextAsync(_folder.File, Cancellation),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_worker_whose_state_vanished_writes_nothing_at_any_vendor_and_is_not_ready()
    {
        await using var scene = await SetAsync();
        scene.Write(AllProviders(), Project(VendorRows.Of("clarifeye"), "", "ana@example.com"));
        await scene.StartAsync();
        await scene.QuietAsync();
        var writes = scene.Server.NonGetCount;
        scene.DeleteState();
        await scene.LetPassAsync(TimeSpan.FromSeconds(5));

        await scene.PushAsync(
            AllProviders(),
            Project(VendorRows.Of("clarifeye"), "", "ana@example.com", "bob@example.com")
        );
        await scene.LetPassAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(writes, scene.Server.NonGetCount);
        Assert.NotNull(scene.State.Trouble);
        var unready = Readiness.Of(scene.Status, scene.Clock.GetUtcNow(), scene.State.Trouble is not null);
        Assert.Equal(StatusCodes.Status503ServiceUnavailable, unready.Status);
        Assert.Contains("the state file is gone or another", unready.Body, StringComparison.Ordinal);

        Assert.All(
            scene.Status.Projects,
            p => Assert.DoesNotContain("put it back with", p.Error ?? "", StringComparison.Ordinal)
        );

        var told = Assert.Single(scene.Events);
        Assert.Equal(WorkerEventKind.StateLost, told.Kind);
        Assert.Contains(".rescued", told.Message, StringComparison.Ordinal);
        Assert.Single(
            scene.Logs,
            l =>
                l.Contains("was deleted or moved away while it was in use", StringComparison.Ordinal)
                && l.StartsWith("Error", StringComparison.Ordinal)
        );
        scene.ConfirmState();
        await scene.LetPassAsync(TimeSpan.FromMinutes(30));
        Assert.Contains("bob@example.com (invited)", scene.People(VendorRows.Of("clarifeye")));
        Assert.Single(scene.Events, e => e.Kind == WorkerEventKind.StateRecovered);
    }

    [Fact]
    public async Task A_worker_with_nothing_to_do_notices_too_and_goes_on_with_what_was_saved_beside_it()
    {
        await using var scene = await SetAsync();
        scene.Write(AllProviders(), Project(VendorRows.Of("clarifeye"), "", "ana@example.com"));
        await scene.StartAsync();
        await scene.QuietAsync();
        scene.DeleteState();

        await scene.LetPassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(WorkerEventKind.StateLost, Assert.Single(scene.Events).Kind);

        scene.PutStateBack();
        await scene.LetPassAsync(TimeSpan.FromSeconds(30));
        Assert.Single(scene.Events, e => e.Kind == WorkerEventKind.StateRecovered);
        Assert.DoesNotContain(scene.Events, e => e.Kind == WorkerEventKind.Failing);
        // Ana declined meanwhile, and is not invited again.
        Assert.Contains("ana@example.com (invited)", scene.People(VendorRows.Of("clarifeye")));
        scene
            .Server.Connection(VendorRows.Of("clarifeye").Connection)
            .Decline(VendorRows.Of("clarifeye").ProjectId, "ana@example.com");
        var writes = scene.Server.NonGetCount;
        await scene.LetPassAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(writes, scene.Server.NonGetCount);
    }

    public void Dispose() => _folder.Dispose();

    private void Delete()
    {
        SqliteConnection.ClearAllPools();
        foreach (var part in new[] { "", "-wal", "-shm" })
            File.Delete(_folder.File + part);
    }
}
