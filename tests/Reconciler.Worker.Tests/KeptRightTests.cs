using System.Collections.Concurrent;
using Reconciler.Core.Ports;
using Reconciler.Hosting.Reconciling;
using Reconciler.State;
using Reconciler.Testing;
using Reconciler.Testing.State;

namespace Reconciler.Worker.Tests;

/// <summary>
/// Workers with one state in PostgreSQL share the accounts, and let a run of the command line go first.
/// </summary>
public sealed class KeptRightTests : IDisposable
{
    private static readonly Account One = new("acme", "https://api.acme.example/");
    private static readonly Account Two = new("acme", "https://eu.acme.example/");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-rights-");
    private readonly string _url = PostgresProcess.Shared.NewUrl();
    private readonly List<Member> _members = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_keeps_what_it_has_and_another_one_waits_until_it_stops()
    {
        var (first, second) = (Start(), Start());
        await first.HasAsync(One, Two);
        _ = second.Gate.Choose([One, Two]);
        using (await first.EnterAsync(One))
        {
            // A reconcile of what it has.
        }

        await second.LeftAsync(One, Two);
        Assert.Equal([One, Two], first.Gate.Choose([One, Two]));
        Assert.Empty(second.Gate.Choose([One, Two]));
        // A reconcile that began before it lost the account to the first one.
        Assert.Null(await second.Gate.EnterAsync([One], second.Gate.Turns, Cancellation));
        first.Stop();
        await second.HasAsync(One, Two);
    }

    [Fact]
    public async Task What_was_planned_while_it_had_the_right_need_not_be_planned_again()
    {
        var worker = Start();
        await worker.HasAsync(One);
        var turns = worker.Gate.Turns;
        using (var place = await worker.Gate.EnterAsync([One], turns, Cancellation))
            Assert.False(place!.HasWaited);
        using (var again = await worker.Gate.EnterAsync([One], turns, Cancellation))
            Assert.False(again!.HasWaited);
        // An apply comes between the plan and the write.
        using (await ApplyAsync(One))
            Assert.Null(await worker.Gate.EnterAsync([One], turns, Cancellation));
        await worker.HasAsync(One);
        using var late = await worker.Gate.EnterAsync([One], turns, Cancellation);
        Assert.True(late!.HasWaited);
    }

    [Fact]
    public async Task An_apply_gets_its_turn_at_once_while_no_reconcile_writes_and_after_one_that_does()
    {
        var worker = Start();
        await worker.HasAsync(One, Two);
        using (await ApplyAsync(One))
        {
            Assert.Equal([Two], worker.Gate.Choose([One, Two]));
            await worker.LeftAsync(One);
        }

        await worker.HasAsync(One, Two);
        var place = await worker.EnterAsync(One);
        var apply = ApplyAsync(One);
        // As long as several tries of the apply.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancellation);
        Assert.False(apply.IsCompleted);
        place.Dispose();
        (await apply.WaitAsync(TimeSpan.FromSeconds(30), Cancellation)).Dispose();
    }

    [Fact]
    public async Task An_account_that_is_desired_no_more_is_given_back()
    {
        var (first, second) = (Start(), Start());
        await first.HasAsync(One, Two);
        Assert.Equal([Two], first.Gate.Choose([Two]));
        await second.HasAsync(One);
        _ = second.Gate.Choose([One, Two]);
        await second.LeftAsync(Two);
        Assert.Equal([One], second.Gate.Choose([One, Two]));
    }

    [Fact]
    public async Task A_right_that_was_lost_is_asked_for_again_and_what_was_planned_before_is_planned_again()
    {
        using var server = new PostgresProcess();
        var worker = Start(server.Url("reconciler"));
        await worker.HasAsync(One);
        var turns = worker.Gate.Turns;
        server.EndLockSessions();
        await Eventually.Async(() => worker.Gate.Choose([One]).Count == 0);
        // Its former session did not end in order, so it waits until no request of it can be under way.
        await worker.HasAsync(One);
        using var place = await worker.Gate.EnterAsync([One], turns, Cancellation);
        Assert.True(place!.HasWaited);
    }

    [Fact]
    public async Task A_reconcile_whose_right_is_lost_does_not_go_on_under_the_next_one()
    {
        using var server = new PostgresProcess();
        var worker = Start(server.Url("reconciler"));
        await worker.HasAsync(One);
        var place = await worker.EnterAsync(One);
        Assert.Null(worker.Objection(One));
        server.Kill();
        server.Start();
        await Eventually.Async(() => worker.Objection(One) is not null);
        // As long as several turns of the loop.
        for (var turn = 0; turn < 10; turn++)
        {
            Assert.Empty(worker.Gate.Choose([One]));
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancellation);
        }

        Assert.NotNull(worker.Objection(One));
        place.Dispose();
        await Eventually.Async(() => worker.Gate.Choose([One]).Count == 1 && worker.Objection(One) is null);
    }

    [Fact]
    public async Task A_worker_that_ends_in_a_reconcile_leaves_its_successor_to_wait_for_what_is_under_way()
    {
        var (first, second) = (Start(), Start());
        await first.HasAsync(One, Two);
        _ = await first.EnterAsync(One);
        _ = second.Gate.Choose([One, Two]);
        await second.LeftAsync(One, Two);
        first.Stop();
        await second.HasAsync(Two);
        Assert.DoesNotContain(One, second.Gate.Choose([One, Two]));
        await second.HasAsync(One);
    }

    [Fact]
    public async Task A_worker_that_cannot_ask_for_the_right_begins_and_says_why_where_it_writes()
    {
        using var server = new PostgresProcess();
        var worker = Start(server.Url("reconciler"));
        server.Kill();
        await worker.HasAsync(One, Two);
        var refused = await Assert.ThrowsAsync<LedgerException>(() => worker.EnterAsync(One));
        Assert.Contains("cannot be reached", refused.Message, StringComparison.Ordinal);
        // Each turn of the loop may ask again, and each answer wakes the loop.
        var woken = worker.Woken;
        for (var turn = 0; turn < 100; turn++)
            _ = worker.Gate.Choose([One, Two]);
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, Cancellation);
        Assert.InRange(worker.Woken - woken, 0, 2);
        server.Start();
        await Eventually.Async(() => worker.Gate.Choose([One]).Count == 1 && worker.Enters(One));
    }

    public void Dispose()
    {
        foreach (var member in _members)
            member.Stop();
        _folder.Delete(recursive: true);
    }

    private Member Start(string? url = null)
    {
        var folder = _folder.CreateSubdirectory(Path.GetRandomFileName()).FullName;
        var member = new Member(WatchedState.Open(url ?? _url, folder));
        _members.Add(member);
        return member;
    }

    // As a run of the command line asks: it waits for a worker, and goes before any other.
    private async Task<IDisposable> ApplyAsync(Account account)
    {
        var store = StateStore.OpenOrCreate(_url);
        var right = await store.AcquireAsync(
            new("apply", [(account.VendorType, account.BaseUrl)]),
            TimeProvider.System,
            Cancellation
        );
        return new Run(store, right);
    }

    private sealed class Run(StateStore store, IDisposable right) : IDisposable
    {
        public void Dispose()
        {
            right.Dispose();
            store.Dispose();
        }
    }

    /// <summary>One worker of the team.</summary>
    private sealed class Member
    {
        private readonly ConcurrentDictionary<Account, Holder?> _left = new();
        private readonly WatchedState _state;
        private int _woken;

        public Member(WatchedState state)
        {
            _state = state;
            Gate = new(
                state,
                TimeProvider.System,
                (account, holder) => _left[account] = holder,
                () => Interlocked.Increment(ref _woken)
            );
        }

        /// <summary>How often the loop was woken.</summary>
        public int Woken => Volatile.Read(ref _woken);

        public ServerGate Gate { get; }

        public Task HasAsync(params Account[] accounts) =>
            Eventually.Async(() => Gate.Choose(accounts).Count == accounts.Length);

        public Task LeftAsync(params Account[] accounts) => Eventually.Async(() => accounts.All(_left.ContainsKey));

        public async Task<WritePlace> EnterAsync(Account account) =>
            (await Gate.EnterAsync([account], Gate.Turns, Cancellation))!;

        /// <summary>Whether a reconcile could write now.</summary>
        public bool Enters(Account account)
        {
            try
            {
                using var place = Gate.EnterAsync([account], Gate.Turns, Cancellation).GetAwaiter().GetResult();
                return place is not null;
            }
            catch (LedgerException)
            {
                return false;
            }
        }

        public string? Objection(Account account) => _state.Objection(account.VendorType, account.BaseUrl);

        public void Stop()
        {
            Gate.Dispose();
            _state.Dispose();
        }
    }
}
