using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Core;
using Reconciler.Testing.Engine;

namespace Reconciler.Engine.Tests;

/// <summary>What was just written is believed until a list shows it, or the lists had time to.</summary>
public sealed class BeliefTests
{
    private const string Ana = "ana@x.example";
    private const string Bob = "bob@x.example";

    private readonly FakeVendor _vendor = new();
    private readonly MemoryLedger _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_confirmed_invitation_that_no_list_shows_waits_and_is_not_sent_again()
    {
        var world = Lagging(new World().Declare(Ana, "read"));
        await RunAsync(world);
        foreach (
            var later in new[]
            {
                TimeSpan.Zero,
                TimeSpan.FromMinutes(1),
                TimeSpan.FromMinutes(3),
                TimeSpan.FromHours(5),
            }
        )
        {
            var finding = Assert.Single((await RunAsync(world, later)).Plan.Plans.Single().Findings);
            Assert.Equal(FindingKind.Waiting, finding.Kind);
        }

        Assert.Equal(
            FindingKind.Vanished,
            Assert.Single((await RunAsync(world, TimeSpan.FromHours(25))).Plan.Plans.Single().Findings).Kind
        );
        Assert.Equal([$"Invite {Ana}"], _vendor.Calls);
    }

    [Fact]
    public async Task A_list_that_showed_an_invitation_is_taken_as_it_is_when_it_shows_it_no_more()
    {
        var world = Lagging(new World().Declare(Ana, "read"));
        await RunAsync(world);
        await RunAsync(Lagging(new World().Declare(Ana, "read").Pending(Ana, "read", 0)));
        var finding = Assert.Single((await RunAsync(world)).Plan.Plans.Single().Findings);
        Assert.Equal(FindingKind.Vanished, finding.Kind);
    }

    [Fact]
    public async Task A_believed_removal_is_not_sent_again_until_the_lists_had_time()
    {
        var world = Lagging(
            new World().Prune(PrunePolicy.All).Member(Ana, "read").Member(Bob, "read").Declare(Bob, "read")
        );
        await RunAsync(world);
        await RunAsync(world, TimeSpan.FromMinutes(1));
        Assert.Equal([$"Remove {Ana}"], _vendor.Calls);
        await RunAsync(world, TimeSpan.FromMinutes(3));
        Assert.Equal([$"Remove {Ana}", $"Remove {Ana}"], _vendor.Calls);
    }

    [Fact]
    public async Task A_believed_administrator_is_none_yet_and_a_believed_removal_is_gone()
    {
        var limits = Limits.None with { MinAdmins = [new("g", 1)] };
        var before = Lagging(
            new World()
                .Limited(limits)
                .Prune(PrunePolicy.All)
                .Member(Ana, "read")
                .Declare(Ana, "admin")
                .Member(Bob, "admin")
                .Declare(Bob, "admin")
        );
        await RunAsync(before);
        // Bob is undeclared now; Ana is an administrator as far as we wrote, and none as far as the list shows.
        var after = Lagging(
            new World()
                .Limited(limits)
                .Prune(PrunePolicy.All)
                .Member(Ana, "read")
                .Declare(Ana, "admin")
                .Member(Bob, "admin")
        );
        var plan = (await RunAsync(after, TimeSpan.FromSeconds(30))).Plan.Plans.Single();
        Assert.Contains(
            "0 administrators would be left of 1",
            Assert.Single(plan.Holds).Message,
            StringComparison.Ordinal
        );
        Assert.Equal([$"Update {Ana}"], _vendor.Calls);
    }

    [Fact]
    public async Task Trusted_numbers_are_those_that_were_read()
    {
        var world = Lagging(new World().Prune(PrunePolicy.All).Members(6, "read").Declare("m1@x.example", "read"));
        await RunAsync(world);
        await RunAsync(world, TimeSpan.FromSeconds(30));
        Assert.Equal(6, _store[world.Desired.Key]!.TrustedCount);
    }

    [Fact]
    public async Task Somebody_undeclared_whose_invitation_no_list_shows_yet_is_said_and_stays_on_record()
    {
        await RunAsync(Lagging(new World().Declare(Ana, "read")));
        var world = Lagging(new World());
        var finding = Assert.Single((await RunAsync(world, TimeSpan.FromSeconds(30))).Plan.Plans.Single().Findings);
        Assert.Contains(
            "no list shows the invitation yet: run again in a few minutes",
            finding.Message,
            StringComparison.Ordinal
        );
        _vendor.On = (_, _) => null;
        await RunAsync(Lagging(new World().Pending(Ana, "read", 0)), TimeSpan.FromMinutes(1));
        Assert.Equal($"Revoke {Ana}", _vendor.Calls[^1]);
    }

    [Fact]
    public async Task Somebody_who_accepted_what_was_revoked_and_is_listed_late_is_still_ours()
    {
        var world = Lagging(new World().Pending(Ana, "read").Invited(Ana, 1));
        await RunAsync(world);
        _vendor.On = (_, _) => null;
        await RunAsync(Lagging(new World().Member(Ana, "read")), TimeSpan.FromSeconds(30));
        Assert.Equal([$"Revoke {Ana}", $"Remove {Ana}"], _vendor.Calls);
    }

    [Fact]
    public async Task Somebody_who_accepted_what_was_revoked_is_ours_in_the_first_pass_after_the_lists_had_time()
    {
        await RunAsync(Lagging(new World().Pending(Ana, "read").Invited(Ana, 1)));
        _vendor.On = (_, _) => null;
        await RunAsync(Lagging(new World().Member(Ana, "read")), TimeSpan.FromMinutes(3));
        Assert.Equal([$"Revoke {Ana}", $"Remove {Ana}"], _vendor.Calls);
    }

    [Fact]
    public async Task Sent_and_not_seen_is_told_after_the_grace_and_sent_at_most_twice_in_a_day()
    {
        var world = Lagging(new World().Declare(Ana, "read"));
        _vendor.Result = WriteResult.ReadBack;
        var outcome = Assert.Single((await RunAsync(world)).Outcomes);
        Assert.Equal(OutcomeKind.Failed, outcome.Kind);
        Assert.StartsWith("sent, not seen", outcome.Message, StringComparison.Ordinal);
        Assert.True(_vendor.Reads > 3);
        await RunAsync(world, TimeSpan.FromHours(1));
        var third = await RunAsync(world, TimeSpan.FromHours(2));
        Assert.Contains(
            "was invited twice",
            Assert.Single(third.Plan.Plans.Single().Findings).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(2, _vendor.Calls.Count);
        await RunAsync(world, TimeSpan.FromHours(26));
        Assert.Equal(3, _vendor.Calls.Count);
    }

    [Fact]
    public async Task A_lost_invitation_is_not_sent_again_before_the_lists_had_time()
    {
        var world = new World().SettlesAfter(TimeSpan.FromMinutes(2)).Declare(Ana, "read");
        var clock = new HastyClock(World.Now);
        _vendor.On = (_, _) => Answer.Lost(done: false);
        _vendor.OnRead = _ =>
        {
            // The list shows it a minute late.
            if (_vendor.Calls.Count == 1 && clock.GetUtcNow() > World.Now.AddMinutes(1))
                _vendor.Has(world.Desired, new World().Pending(Ana, "read", 0).Live);
            return null;
        };
        Assert.Equal(OutcomeKind.Done, Assert.Single((await RunAsync(world, clock: clock)).Outcomes).Kind);
        Assert.Single(_vendor.Calls);
    }

    // The vendor says yes to every write, and its list stays as it is.
    private World Lagging(World world)
    {
        _vendor.On = (_, _) => new(Done: false, Failure: null);
        return world.SettlesAfter(TimeSpan.FromMinutes(2));
    }

    private async Task<RunResult> RunAsync(World world, TimeSpan later = default, HastyClock? clock = null)
    {
        _vendor.Has(world.Desired, world.Live);
        if (_store[world.Desired.Key] is null)
            await _store.SaveAsync(await _store.LoadAsync(world.Desired.Key, Cancel), world.Ledger, [], Cancel);
        clock ??= new HastyClock(World.Now + later);
        var plan = await new PlanRun(_ => _vendor, new(_store, _ => ProjectLedger.None), clock).RunAsync(
            [world.Desired],
            null,
            Cancel
        );
        return await new Applier(_ => _vendor.Connection, _store, clock).ApplyAsync(plan, null, CancellationToken.None);
    }

    /// <summary>A clock on which nobody has to wait: time passes as soon as somebody does.</summary>
    private sealed class HastyClock(DateTimeOffset start) : TimeProvider
    {
        private readonly Lock _gate = new();
        private DateTimeOffset _now = start;

        public override DateTimeOffset GetUtcNow()
        {
            lock (_gate)
                return _now;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
                _now += dueTime > TimeSpan.Zero ? dueTime : TimeSpan.Zero;
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
