using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.State.Postgres;
using Reconciler.Testing;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests.Postgres;

/// <summary>Of several processes with one PostgreSQL, one at a time may write to an account.</summary>
public sealed class WriteRightTests : IDisposable
{
    private static readonly (string, string) Account = (Project.VendorType, Project.BaseUrl);
    private static readonly (string, string) Other = ("acme", "https://eu.acme.example/");

    // As in use, and some times shorter.
    private static readonly RightRules Rules = new(
        TimeSpan.FromMilliseconds(200),
        TimeSpan.FromMilliseconds(1_000),
        TimeSpan.FromMilliseconds(1_500),
        TimeSpan.FromMilliseconds(500),
        TimeSpan.FromMilliseconds(50)
    );

    private readonly PostgresBench _bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_times_in_use_leave_no_gap()
    {
        var rules = RightRules.Default;
        Assert.Equal(
            (2, 4, 6, 15),
            (rules.Heartbeat.Seconds, rules.Fresh.Seconds, rules.Idle.Seconds, rules.Settle.Seconds)
        );
        // A right that is fresh has a session that the server has not ended.
        Assert.True(rules.Heartbeat < rules.Fresh && rules.Fresh < rules.Idle);
    }

    [Fact]
    public async Task The_second_waits_names_the_first_and_gets_its_turn()
    {
        using var one = _bench.Open();
        using var two = _bench.Open();
        var first = await one.AcquireAsync(Request("apply"), TimeProvider.System, Cancellation);
        var waits = new TaskCompletionSource<Holder?>();
        var second = two.AcquireAsync(
            Request("worker") with
            {
                OnWaiting = waits.SetResult,
            },
            TimeProvider.System,
            Cancellation
        );
        Assert.Equal(("apply", Environment.ProcessId), (await waits.Task) is { } h ? (h.Verb, h.Pid) : default);
        Assert.False(second.IsCompleted);
        first.Dispose();
        using var taken = await second.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.True(taken.IsFresh && taken.HasWaited);
        Assert.Null(two.Objection(Project.VendorType, Project.BaseUrl));
        Assert.Equal(["2"], _bench.Column("SELECT epoch FROM rights"));
    }

    [Fact]
    public async Task A_process_that_waits_too_long_is_told_who_holds_the_right()
    {
        using var one = _bench.Open();
        using var two = _bench.Open();
        using var first = await one.AcquireAsync(Request("apply"), TimeProvider.System, Cancellation);
        var late = await Assert.ThrowsAsync<LedgerException>(() =>
            two.AcquireAsync(
                Request("apply") with
                {
                    Wait = TimeSpan.FromMilliseconds(200),
                },
                TimeProvider.System,
                Cancellation
            )
        );
        Assert.Contains("is in use by \"apply\" (process ", late.Message, StringComparison.Ordinal);
        Assert.Contains("its right ends with it", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_and_schemas_are_apart()
    {
        using var one = _bench.Open();
        using var two = _bench.Open();
        using var elsewhere = new PostgresBench();
        using var three = elsewhere.Open();
        using var first = await one.AcquireAsync(Request("apply"), TimeProvider.System, Cancellation);
        using var other = await two.AcquireAsync(
            Request("apply") with
            {
                Accounts = [Other],
            },
            TimeProvider.System,
            Cancellation
        );
        using var same = await three.AcquireAsync(Request("apply"), TimeProvider.System, Cancellation);
        Assert.False(first.HasWaited || other.HasWaited || same.HasWaited);
    }

    [Fact]
    public async Task Without_the_right_nothing_may_be_sent_and_a_reader_never_waits()
    {
        using var one = _bench.Open();
        Assert.Contains(
            "this run has no right to write to acme https://api.acme.example/",
            one.Objection(Project.VendorType, Project.BaseUrl)!,
            StringComparison.Ordinal
        );
        using (await one.AcquireAsync(Request("apply"), TimeProvider.System, Cancellation))
        {
            Assert.Null(one.Objection(Project.VendorType, Project.BaseUrl));
            using var reader = _bench.Read();
            Assert.Empty(await reader.LoadAllAsync(Cancellation));
        }

        Assert.NotNull(one.Objection(Project.VendorType, Project.BaseUrl));
    }

    [Fact]
    public async Task A_session_that_ended_may_neither_send_nor_save_and_its_successor_waits_for_what_it_sent()
    {
        using var one = _bench.Open();
        using var two = _bench.Open();
        using var first = await one.AcquireAsync(Request("apply"), TimeProvider.System, Cancellation);
        var stored = await one.SaveAsync(new(Project, null, ""), Of(), [], Cancellation);
        _bench.EndLockSession();
        await Eventually.Async(() => !first.IsFresh);
        Assert.NotNull(one.Objection(Project.VendorType, Project.BaseUrl));
        TimeSpan? settled = null;
        using var second = await two.AcquireAsync(
            Request("apply") with
            {
                OnSettling = wait => settled = wait,
            },
            TimeProvider.System,
            Cancellation
        );
        Assert.Equal(Rules.Settle, settled);
        Assert.True(second.HasWaited);
        var refused = await Assert.ThrowsAsync<LedgerException>(() =>
            one.SaveAsync(stored, Of(new PersonRecord("late@x.example")), [Entry("late")], Cancellation)
        );
        Assert.Contains("another process has taken the right to write", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await two.HistoryAsync(new(), Cancellation));
        // Nothing was in the way of the successor, nor of another account.
        await two.SaveAsync(stored, Of(new PersonRecord("ana@x.example")), [], Cancellation);
        await one.SaveAsync(
            new(new(Other.Item1, Other.Item2, "p1"), null, ""),
            Of(new PersonRecord("ana@x.example")),
            [],
            Cancellation
        );
    }

    [Fact]
    public async Task A_session_that_the_server_ends_is_known_as_lost_before_the_next_heartbeat()
    {
        using var one = _bench.Open();
        // Neither a heartbeat nor the age of an answer can tell it.
        var never = TimeSpan.FromHours(1);
        using var right = await one.AcquireAsync(
            Request("apply") with
            {
                Rules = new(never, never, never, TimeSpan.Zero, TimeSpan.FromMilliseconds(50)),
            },
            TimeProvider.System,
            Cancellation
        );
        Assert.True(right is { IsFresh: true, IsLost: false });
        _bench.EndLockSession();
        await Eventually.Async(() => right.IsLost);
        Assert.False(right.IsFresh);
        Assert.NotNull(one.Objection(Project.VendorType, Project.BaseUrl));
    }

    [Fact]
    public async Task A_run_that_ends_while_it_waits_for_a_request_of_a_dead_one_leaves_that_wait_to_the_next()
    {
        using var one = _bench.Open();
        using var two = _bench.Open();
        (await one.AcquireAsync(Request("apply"), TimeProvider.System, Cancellation)).Abandon();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            one.AcquireAsync(
                Request("apply") with
                {
                    Rules = Rules with { Settle = TimeSpan.FromHours(1) },
                    OnSettling = _ => stop.Cancel(),
                },
                TimeProvider.System,
                stop.Token
            )
        );
        TimeSpan? settled = null;
        using var next = await two.AcquireAsync(
            Request("worker") with
            {
                OnSettling = wait => settled = wait,
            },
            TimeProvider.System,
            Cancellation
        );
        Assert.Equal(Rules.Settle, settled);
    }

    [Fact]
    public async Task A_right_that_is_kept_for_long_is_given_back_in_order()
    {
        using var one = _bench.Open();
        using var two = _bench.Open();
        var first = await one.AcquireAsync(Request("worker"), TimeProvider.System, Cancellation);
        // Longer than the server waits for a session that says nothing.
        await Task.Delay(2 * Rules.Idle, TimeProvider.System, Cancellation);
        Assert.False(first.IsLost);
        first.Dispose();
        using var second = await two.AcquireAsync(
            Request("apply") with
            {
                OnSettling = _ => Assert.Fail("the right was not given back in order"),
            },
            TimeProvider.System,
            Cancellation
        );
        Assert.False(second.HasWaited);
    }

    [Fact]
    public async Task A_holder_hears_of_an_apply_that_waits_and_not_of_a_worker()
    {
        using var one = _bench.Open();
        using var two = _bench.Open();
        using var three = _bench.Open();
        var asked = 0;
        var holder = await one.AcquireAsync(
            Request("worker") with
            {
                OnAwaited = () => Interlocked.Increment(ref asked),
            },
            TimeProvider.System,
            Cancellation
        );
        var waits = new TaskCompletionSource();
        var worker = two.AcquireAsync(
            Request("worker") with
            {
                Yields = true,
                OnWaiting = _ => waits.SetResult(),
            },
            TimeProvider.System,
            Cancellation
        );
        await waits.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await Task.Delay(10 * Rules.Poll, TimeProvider.System, Cancellation);
        Assert.Equal(0, asked);
        var apply = three.AcquireAsync(Request("apply"), TimeProvider.System, Cancellation);
        await Eventually.Async(() => Volatile.Read(ref asked) > 1);
        holder.Dispose();
        // The worker that waited first lets the apply go first.
        using (await apply.WaitAsync(TimeSpan.FromSeconds(30), Cancellation))
            Assert.False(worker.IsCompleted);
        (await worker.WaitAsync(TimeSpan.FromSeconds(30), Cancellation)).Dispose();
    }

    [Fact]
    public async Task The_server_ends_the_session_of_a_process_that_is_frozen()
    {
        using var one = _bench.Open();
        using var two = _bench.Open();
        // No heartbeat comes, as of a process that is stopped.
        using var frozen = await one.AcquireAsync(
            Request("apply") with
            {
                Rules = Rules with { Heartbeat = TimeSpan.FromHours(1) },
            },
            TimeProvider.System,
            Cancellation
        );
        Assert.True(frozen.IsFresh);
        using var second = await two.AcquireAsync(Request("apply"), TimeProvider.System, Cancellation)
            .WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.False(frozen.IsFresh);
    }

    [Fact]
    public async Task A_worker_lets_an_apply_that_waits_go_first()
    {
        using var worker = _bench.Open();
        using var apply = _bench.Open();
        var held = await worker.AcquireAsync(Request("worker"), TimeProvider.System, Cancellation);
        var waits = new TaskCompletionSource();
        var waiting = apply.AcquireAsync(
            Request("apply") with
            {
                OnWaiting = _ => waits.SetResult(),
            },
            TimeProvider.System,
            Cancellation
        );
        await waits.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        held.Dispose();
        var again = worker.AcquireAsync(Request("worker") with { Yields = true }, TimeProvider.System, Cancellation);
        using (await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancellation))
            Assert.False(again.IsCompleted);
        using var next = await again;
        Assert.True(next.HasWaited);
    }

    [Fact]
    public async Task Many_that_want_one_account_get_it_one_after_the_other()
    {
        var inside = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 6),
            Cancellation,
            async (_, stop) =>
            {
                using var store = _bench.Open();
                for (var n = 0; n < 3; n++)
                {
                    using var right = await store.AcquireAsync(Request("apply"), TimeProvider.System, stop);
                    Assert.Equal(1, Interlocked.Increment(ref inside));
                    var before = await store.LoadAsync(Project, stop);
                    await store.SaveAsync(
                        before,
                        Of() with
                        {
                            TrustedCount = (before.Ledger?.TrustedCount ?? 0) + 1,
                        },
                        [],
                        stop
                    );
                    Interlocked.Decrement(ref inside);
                }
            }
        );
        using var reader = _bench.Read();
        Assert.Equal(18, (await reader.LoadAsync(Project, Cancellation)).Ledger!.TrustedCount);
        Assert.Equal(["18"], _bench.Column("SELECT epoch FROM rights"));
    }

    public void Dispose() => _bench.Dispose();

    private static RightRequest Request(string verb) => new(verb, [Account]) { Rules = Rules };
}
