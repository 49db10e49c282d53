using Reconciler.Core.Ports;
using Reconciler.State.Postgres;
using Reconciler.Testing;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests.Postgres;

/// <summary>Everybody sees who has the right to write to an account, and who had it last.</summary>
public sealed class RightRowsTests : IDisposable
{
    private readonly PostgresBench _bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_right_is_seen_by_its_holder_and_by_others_while_it_is_held_and_after()
    {
        using var one = _bench.Open();
        using var two = _bench.Read();
        Assert.Empty(await two.RightsAsync(Cancellation));
        var before = TimeProvider.System.GetUtcNow();
        var right = await AcquireAsync(one, "apply");
        var own = Assert.Single(await one.RightsAsync(Cancellation));
        Assert.Equal((RightUse.Own, Project.VendorType, Project.BaseUrl), (own.Use, own.VendorType, own.BaseUrl));
        Assert.Equal(own, Assert.Single(one.OwnRights));
        var seen = Assert.Single(await two.RightsAsync(Cancellation));
        Assert.Equal(own with { Use = RightUse.Other }, seen);
        Assert.Equal(
            ("apply", Environment.ProcessId, Environment.MachineName),
            (seen.Holder!.Verb, seen.Holder.Pid, seen.Holder.Host)
        );
        Assert.InRange(seen.Holder.Since, before, TimeProvider.System.GetUtcNow());

        right.Dispose();
        Assert.Empty(one.OwnRights);
        foreach (var store in new[] { one, two })
        {
            var last = Assert.Single(await store.RightsAsync(Cancellation));
            Assert.Equal(RightUse.GivenBack, last.Use);
            Assert.Equal(seen.Holder, last.Holder! with { Until = null });
            Assert.InRange(last.Holder.Until!.Value, seen.Holder.Since, TimeProvider.System.GetUtcNow());
        }
    }

    [Fact]
    public async Task A_right_that_was_given_back_makes_nobody_wait()
    {
        using var one = _bench.Open();
        (await AcquireAsync(one, "apply")).Dispose();
        using var right = await AcquireAsync(one, "worker");
        Assert.False(right.HasWaited);
        Assert.Equal("worker", Assert.Single(one.OwnRights).Holder!.Verb);
    }

    [Fact]
    public async Task A_right_whose_session_ended_is_seen_as_left()
    {
        using var one = _bench.Open();
        using var two = _bench.Open();
        using var right = await AcquireAsync(one, "worker");
        _bench.EndLockSession();
        var left = Assert.Single(await two.RightsAsync(Cancellation));
        Assert.Equal((RightUse.Abandoned, "worker"), (left.Use, left.Holder!.Verb));
        // The store that had it notices within seconds.
        await Eventually.Async(() => !one.OwnRights.Any());
        Assert.Equal(left, Assert.Single(await one.RightsAsync(Cancellation)));
    }

    [Fact]
    public async Task Somebody_who_took_it_and_has_not_yet_written_a_name_is_another_process()
    {
        using var one = _bench.Open();
        using var two = _bench.Open();
        (await AcquireAsync(one, "apply")).Dispose();
        using var session = _bench.Connect();
        StateBench.Run(
            session,
            $"SELECT pg_advisory_lock({RightKey.Of(_bench.Schema)}, "
                + $"{RightKey.Of(Project.VendorType, Project.BaseUrl)})"
        );
        var taken = Assert.Single(await two.RightsAsync(Cancellation));
        Assert.Equal((RightUse.Other, null), (taken.Use, taken.Holder));
    }

    [Fact]
    public async Task A_file_has_no_such_rights()
    {
        using var bench = new FileBench();
        using var store = bench.Open();
        Assert.Empty(await store.RightsAsync(Cancellation));
        Assert.Empty(store.OwnRights);
    }

    public void Dispose() => _bench.Dispose();

    private static Task<WriteRight> AcquireAsync(StateStore store, string verb) =>
        store.AcquireAsync(new(verb, [(Project.VendorType, Project.BaseUrl)]), TimeProvider.System, Cancellation);
}
