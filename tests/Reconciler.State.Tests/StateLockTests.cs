using Reconciler.Core.Ports;
using Reconciler.Testing;
using Reconciler.Testing.State;

namespace Reconciler.State.Tests;

/// <summary>One apply at a time.</summary>
public sealed class StateLockTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeClock _clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Only_one_has_it_and_others_are_told_who()
    {
        using (var held = StateLock.TryAcquire(_folder.File, "apply", _clock, out var nobody))
        {
            Assert.NotNull(held);
            Assert.Null(nobody);
            Assert.Null(StateLock.TryAcquire(_folder.File, "worker", _clock, out var holder));
            Assert.Equal(
                new Holder(
                    "apply",
                    Environment.ProcessId,
                    Environment.MachineName,
                    Environment.UserName,
                    _clock.GetUtcNow()
                ),
                holder
            );
        }

        using var again = StateLock.TryAcquire(_folder.File, "worker", _clock, out _);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task Whoever_waits_is_told_once_and_goes_on_when_it_is_free()
    {
        var held = StateLock.TryAcquire(_folder.File, "apply", _clock, out _)!;
        var told = new List<Holder?>();
        var waiting = StateLock.AcquireAsync(
            _folder.File,
            "apply",
            TimeSpan.FromMinutes(5),
            told.Add,
            _clock,
            Cancellation
        );
        for (var i = 0; i < 3; i++)
        {
            await _clock.SomebodyWaits(TimeSpan.FromMilliseconds(200));
            _clock.Advance(TimeSpan.FromMilliseconds(200));
        }

        await _clock.SomebodyWaits(TimeSpan.FromMilliseconds(200));
        Assert.Equal("apply", Assert.Single(told)!.Verb);
        held.Dispose();
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        using var taken = await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task Whoever_waits_in_vain_is_told_by_whom_and_what_to_do()
    {
        using var held = StateLock.TryAcquire(_folder.File, "apply", _clock, out _);
        var waiting = StateLock.AcquireAsync(
            _folder.File,
            "apply",
            TimeSpan.FromMilliseconds(300),
            _ => { },
            _clock,
            Cancellation
        );
        await _clock.SomebodyWaits(TimeSpan.FromMilliseconds(200));
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        await _clock.SomebodyWaits(TimeSpan.FromMilliseconds(200));
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        var failure = await Assert.ThrowsAsync<LedgerException>(() =>
            waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancellation)
        );
        Assert.StartsWith(
            $"{_folder.File} is in use by \"apply\" (process {Environment.ProcessId} of "
                + $"\"{Environment.UserName}\" on \"{Environment.MachineName}\", since 2026-03-02 09:00:00 UTC); ",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith("or end that process: its lock ends with it", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_ends_when_it_is_cancelled()
    {
        using var held = StateLock.TryAcquire(_folder.File, "apply", _clock, out _);
        using var stop = new CancellationTokenSource();
        var waiting = StateLock.AcquireAsync(
            _folder.File,
            "apply",
            TimeSpan.FromMinutes(5),
            _ => { },
            _clock,
            stop.Token
        );
        await _clock.SomebodyWaits(TimeSpan.FromMilliseconds(200));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancellation)
        );
    }

    [Fact]
    public void A_note_that_cannot_be_read_leaves_the_holder_unnamed()
    {
        using var held = StateLock.TryAcquire(_folder.File, "apply", _clock, out _);
        File.WriteAllText($"{_folder.File}.lock.json", "{");
        Assert.Null(StateLock.TryAcquire(_folder.File, "apply", _clock, out var holder));
        Assert.Null(holder);
    }

    [Fact]
    public void A_place_where_no_lock_can_be_is_named()
    {
        File.WriteAllText(_folder.At("file"), "");
        var failure = Assert.Throws<LedgerException>(() =>
            StateLock.TryAcquire(_folder.At("file/state.db"), "apply", _clock, out _)
        );
        Assert.StartsWith(_folder.At("file/state.db.lock cannot be used: "), failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
