using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Leasing;
using Reconciler.Kubernetes.Tests.Servers;
using Reconciler.Testing;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Kubernetes.Tests.Leasing;

public sealed class LeaderElectorTests : IAsyncDisposable
{
    private const string Path = "/apis/coordination.k8s.io/v1/namespaces/a/leases/l";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private readonly MemoryApiServer _memory = new();
    private readonly FakeClock _clock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _writes = [];
    private readonly List<Exception> _failures = [];
    private Func<HttpContext, Task<bool>> _fault = _ => Task.FromResult(false);
    private TestServer? _server;
    private ClusterClient? _client;

    [Fact]
    public async Task The_only_candidate_leads_at_once_and_renews_every_2_s()
    {
        var (elector, _) = await LeadAsync();
        var first = await LeaseAsync();
        Assert.Equal(
            ("one", 15, 0),
            ((string)first["holderIdentity"]!, (int)first["leaseDurationSeconds"]!, (int)first["leaseTransitions"]!)
        );
        Assert.Equal("2026-03-02T09:00:00.000000Z", (string)first["renewTime"]!);
        for (var i = 1; i <= 20; i++)
            await RenewAsync(i);
        Assert.True(elector.IsLeader);
        var last = await LeaseAsync();
        Assert.Equal(
            ("2026-03-02T09:00:00.000000Z", "2026-03-02T09:00:40.000000Z"),
            ((string)last["acquireTime"]!, (string)last["renewTime"]!)
        );
        elector.EnsureLeader();
    }

    [Fact]
    public async Task Leadership_ends_10_s_after_the_last_renewal_began_to_the_tick()
    {
        var (elector, running) = await LeadAsync();
        await RenewAsync(1);
        _fault = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        };
        _clock.Advance(TimeSpan.FromSeconds(10) - Tick);
        Assert.True(elector.IsLeader);
        _clock.Advance(Tick);
        Assert.False(elector.IsLeader);
        Assert.Throws<LeadershipLostException>(elector.EnsureLeader);
        await Assert.ThrowsAsync<LeadershipLostException>(() => running);
    }

    [Fact]
    public async Task The_time_that_a_renewal_took_is_no_time_won()
    {
        var (elector, _) = await LeadAsync();
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        _fault = async context =>
        {
            if (context.Request.Method != "PUT")
                return false;
            asked.SetResult();
            await answer.Task;
            return false;
        };
        _clock.Advance(Retry);
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(4));
        _fault = _ => Task.FromResult(false);
        answer.SetResult();
        await _clock.SomebodyWaits(Retry);
        // The renewal began at 2 s and was answered at 6 s.
        _fault = context => AnswerAsync(context, 500);
        _clock.Advance(TimeSpan.FromSeconds(6) - Tick);
        Assert.True(elector.IsLeader);
        _clock.Advance(Tick);
        Assert.False(elector.IsLeader);
    }

    [Fact]
    public async Task A_process_that_was_stopped_past_its_deadline_knows_it_before_anything_runs()
    {
        for (var i = 1; i <= 50; i++)
        {
            var (elector, running) = await LeadAsync($"candidate {i}");
            _fault = context => AnswerAsync(context, 503);
            _clock.Advance(TimeSpan.FromSeconds(10 + i));
            Assert.False(elector.IsLeader);
            await Assert.ThrowsAsync<LeadershipLostException>(() => running);
            _fault = _ => Task.FromResult(false);
            _memory.Delete(Path[..Path.LastIndexOf('/')], "l");
        }
    }

    [Fact]
    public async Task Renewals_that_fail_are_tried_again_until_one_succeeds()
    {
        var (elector, _) = await LeadAsync();
        _fault = context => AnswerAsync(context, 500);
        for (var i = 1; i <= 3; i++)
        {
            _clock.Advance(Retry);
            await Eventually.Async(() => _failures.Count == i);
            await WaitsAsync();
        }

        _fault = _ => Task.FromResult(false);
        await RenewAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.True(elector.IsLeader);
    }

    [Theory]
    [InlineData("2000-01-01T00:00:00.000000Z")]
    [InlineData("2100-01-01T00:00:00.000000Z")]
    public async Task A_lease_of_another_is_taken_15_s_after_it_was_seen_to_stand_still_whatever_its_timestamps_say(
        string renewed
    )
    {
        _memory.Put(Path[..Path.LastIndexOf('/')], "l", "");
        var client = await ClientAsync();
        // There before the candidate looks for the first time: else it may be quicker, and lead.
        await WriteLeaseAsync(client, "other", renewed);
        var (elector, _) = Start(client);
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(3.2));
        for (var i = 0; i < 3; i++)
            await PassAsync(elector, leads: false);
        // It moves once more: the wait begins anew.
        await WriteLeaseAsync(client, "other", "2001-01-01T00:00:00.000000Z");
        for (var i = 0; i < 5; i++)
            await PassAsync(elector, leads: false);
        _clock.Advance(TimeSpan.FromSeconds(3.2));
        await Eventually.Async(() => elector.IsLeader);
        Assert.Equal(1, (int)(await LeaseAsync())["leaseTransitions"]!);
    }

    [Fact]
    public async Task The_lease_is_renewed_while_the_work_winds_down_and_given_back_after_it()
    {
        var (elector, running) = await LeadAsync();
        await _stop.CancelAsync();
        for (var i = 1; i <= 10; i++)
            await RenewAsync(i);
        Assert.True(elector.IsLeader);
        Assert.Equal("one", (string)(await LeaseAsync())["holderIdentity"]!);
        _end.SetResult();
        await running;
        Assert.False(elector.IsLeader);
        Assert.Equal(
            ("", 1),
            ((string)(await LeaseAsync())["holderIdentity"]!, (int)(await LeaseAsync())["leaseDurationSeconds"]!)
        );
        var other = new LeaderElector(_client!, Options("two"), _clock);
        using var stop = new CancellationTokenSource();
        _ = other.RunAsync(token => Task.Delay(Timeout.Infinite, token), stop.Token);
        await Eventually.Async(() => other.IsLeader);
        await stop.CancelAsync();
    }

    [Fact]
    public async Task A_lease_that_another_took_is_lost_at_once_and_not_given_back()
    {
        var (elector, running) = await LeadAsync();
        await WriteLeaseAsync(_client!, "thief", "2026-03-02T09:00:01.000000Z");
        _clock.Advance(Retry);
        await Assert.ThrowsAsync<LeadershipLostException>(() => running);
        Assert.False(elector.IsLeader);
        Assert.Equal("thief", (string)(await LeaseAsync())["holderIdentity"]!);
    }

    [Fact]
    public async Task Work_that_fails_gives_the_lease_back_and_its_failure_on()
    {
        var (_, running) = await LeadAsync();
        _end.SetException(new InvalidOperationException("broken work"));
        Assert.Equal("broken work", (await Assert.ThrowsAsync<InvalidOperationException>(() => running)).Message);
        Assert.Equal("", (string)(await LeaseAsync())["holderIdentity"]!);
    }

    [Fact]
    public async Task A_candidate_that_is_stopped_leaves_without_working()
    {
        var client = await ClientAsync();
        _fault = context => AnswerAsync(context, 500);
        var (elector, running) = Start(client);
        await _clock.SomebodyWaits(TimeSpan.FromSeconds(3.2));
        await _stop.CancelAsync();
        await running;
        Assert.False(elector.IsLeader);
    }

    [Fact]
    public async Task Times_that_cannot_be_safe_are_refused()
    {
        var client = await ClientAsync();
        Assert.Throws<ArgumentException>(() =>
            new LeaderElector(client, Options() with { RenewDeadline = TimeSpan.FromSeconds(15) })
        );
        Assert.Throws<ArgumentException>(() =>
            new LeaderElector(client, Options() with { RetryPeriod = TimeSpan.FromSeconds(9) })
        );
        Assert.Throws<ArgumentException>(() =>
            new LeaderElector(client, Options() with { LeaseDuration = TimeSpan.FromSeconds(15.5) })
        );
        Assert.Throws<ArgumentException>(() => new LeaderElector(client, Options() with { Identity = "" }));
    }

    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult();
        await _stop.CancelAsync();
        _client?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        _stop.Dispose();
    }

    private static LeaderElectionOptions Options(string identity = "one") =>
        new()
        {
            Lease = new("a", "l"),
            Identity = identity,
            Random = new Half(),
        };

    private static async Task<bool> AnswerAsync(HttpContext context, int code)
    {
        context.Response.StatusCode = code;
        await context.Response.WriteAsync("");
        return true;
    }

    private async Task<ClusterClient> ClientAsync()
    {
        _server ??= await TestServer.StartAsync(async context =>
        {
            if (await _fault(context))
                return;
            await _memory.AnswerAsync(context);
            lock (_writes)
                if (context.Request.Method != "GET")
                    _writes.Add(context.Request.Method);
        });
        // Its timeouts are not what is tested; the elector's are on the clock.
        return _client ??= new(new() { Server = _server.Address });
    }

    private (LeaderElector Elector, Task Running) Start(ClusterClient client, string identity = "one")
    {
        var elector = new LeaderElector(
            client,
            Options(identity) with
            {
                Failed = failed =>
                {
                    lock (_failures)
                        _failures.Add(failed);
                },
            },
            _clock
        );
        return (elector, elector.RunAsync(WorkAsync, _stop.Token));
    }

    // Ends at once when the lease is lost; when it is to stop, it takes its time.
    private async Task WorkAsync(CancellationToken cancellation)
    {
        await Task.WhenAny(_end.Task, Task.Delay(Timeout.Infinite, cancellation));
        if (!cancellation.IsCancellationRequested || _stop.IsCancellationRequested)
            await _end.Task;
    }

    private async Task<(LeaderElector Elector, Task Running)> LeadAsync(string identity = "one")
    {
        var (elector, running) = Start(await ClientAsync(), identity);
        await Eventually.Async(() => elector.IsLeader);
        await WaitsAsync();
        return (elector, running);
    }

    private Task WaitsAsync() => Eventually.Async(() => _clock.Waiting(Retry) == 1);

    private async Task RenewAsync(int count)
    {
        int before;
        lock (_writes)
            before = _writes.Count;
        Assert.Equal(count, before);
        _clock.Advance(Retry);
        await Eventually.Async(() =>
        {
            lock (_writes)
                return _writes.Count == before + 1;
        });
        await WaitsAsync();
    }

    private async Task PassAsync(LeaderElector elector, bool leads)
    {
        _clock.Advance(TimeSpan.FromSeconds(3.2));
        await Eventually.Async(() => _clock.Waiting(TimeSpan.FromSeconds(3.2)) == 1);
        Assert.Equal(leads, elector.IsLeader);
    }

    private async Task<JsonObject> LeaseAsync() =>
        (JsonObject)(await _client!.GetAsync(Untyped, new("a", "l"), TestContext.Current.CancellationToken))["spec"]!;

    private static readonly ResourceType<JsonObject> Untyped = ResourceType.Untyped(
        "coordination.k8s.io",
        "v1",
        "leases",
        "Lease"
    );

    private static async Task WriteLeaseAsync(ClusterClient client, string holder, string renewed)
    {
        var spec = new JsonObject
        {
            ["holderIdentity"] = holder,
            ["leaseDurationSeconds"] = 15,
            ["acquireTime"] = renewed,
            ["renewTime"] = renewed,
        };
        await client.ReplaceAsync(
            Untyped,
            new("a", "l"),
            new()
            {
                ["metadata"] = new JsonObject { ["name"] = "l", ["uid"] = "u" },
                ["spec"] = spec,
            },
            TestContext.Current.CancellationToken
        );
    }

    private sealed class Half : Random
    {
        public override double NextDouble() => 0.5;
    }
}
