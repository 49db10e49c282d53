using System.Text;
using Microsoft.AspNetCore.Http;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Leasing;
using Reconciler.Kubernetes.Tests.Servers;
using Reconciler.Testing;
using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Kubernetes.Tests.Leasing;

/// <summary>
/// Two replicas whose wall clocks differ live through a stop, a return and a crash. Who leads in each fifth of a second
/// must be the same, letter for letter, as where both clocks are right.
/// </summary>
public sealed class ClockSkewTests : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(3.2);
    private readonly MemoryApiServer _memory = new();
    private readonly FakeClock _clock = new();
    private readonly List<IDisposable> _open = [];
    private readonly StringBuilder _history = new();
    private readonly HashSet<string> _cut = [];
    private readonly List<Replica> _replicas = [];
    private TestServer? _server;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    public async Task An_hour_between_two_wall_clocks_changes_nothing_in_who_leads(int first, int second)
    {
        _server = await TestServer.StartAsync(AnswerAsync);
        var one = await StartAsync("1", first);
        var two = await StartAsync("2", second);
        await PassAsync(TimeSpan.FromSeconds(20));
        await one.Stop.CancelAsync();
        await SettleAsync(one);
        await PassAsync(TimeSpan.FromSeconds(4));
        await StartAsync("1", first);
        await PassAsync(TimeSpan.FromSeconds(20));
        _cut.Add("2");
        await PassAsync(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<LeadershipLostException>(() =>
            two.Running.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)
        );
        // Replica 2 looks every 3.2 s and finds the lease free at 22.4 s. Cut off at 44 s, it has renewed at 42.4 s for
        // the last time, and ends at 52.4 s. Replica 1, back since 24 s, sees that renewal at 43.2 s; its first look 15
        // s after that is at 59.2 s.
        Assert.Equal(
            new string('1', 100)
                + new string('-', 11)
                + new string('2', 150)
                + new string('-', 34)
                + new string('1', 75),
            _history.ToString()
        );
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
            await replica.Stop.CancelAsync();
        _open.ForEach(one => one.Dispose());
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (_cut.Contains(context.Request.Headers.UserAgent.ToString()))
            context.Response.StatusCode = 503;
        else
            await _memory.AnswerAsync(context);
    }

    private async Task<Replica> StartAsync(string name, int hours)
    {
        var client = new ClusterClient(new() { Server = _server!.Address }, new() { UserAgent = name });
        var stop = new CancellationTokenSource();
        _open.AddRange([client, stop]);
        var elector = new LeaderElector(
            client,
            new()
            {
                Lease = new("a", "l"),
                Identity = name,
                Random = new Half(),
            },
            new WrongClock(_clock, TimeSpan.FromHours(hours))
        );
        var replica = new Replica(
            name,
            elector,
            elector.RunAsync(
                working => Task.Delay(Timeout.Infinite, working).ContinueWith(_ => { }, TaskScheduler.Default),
                stop.Token
            ),
            stop
        );
        _replicas.Add(replica);
        await SettleAsync();
        return replica;
    }

    private async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            _clock.Advance(Step);
            await SettleAsync();
            var leading = _replicas.Where(replica => replica.Elector.IsLeader).Select(replica => replica.Name).ToList();
            _history.Append(leading.Count > 1 ? "!" : leading.FirstOrDefault() ?? "-");
        }
    }

    // Nothing is under way any more when each replica waits for its next attempt or has ended.
    private Task SettleAsync(Replica? ended = null) =>
        Eventually.Async(() =>
            (ended is null || ended.Running.IsCompleted)
            && Waiting() == _replicas.Count(replica => !replica.Running.IsCompleted)
        );

    private int Waiting() => _clock.Waiting(Retry) + _clock.Waiting(Poll);

    private sealed record Replica(string Name, LeaderElector Elector, Task Running, CancellationTokenSource Stop);

    private sealed class WrongClock(FakeClock right, TimeSpan by) : TimeProvider
    {
        public override long TimestampFrequency => right.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + by;

        public override long GetTimestamp() => right.GetTimestamp();

        // The deadline of the last attempt before a lease ends is as long as the wait between two attempts. A tick more
        // tells the two apart, or a replica whose request is under way would count as one that waits.
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            right.CreateTimer(
                callback,
                state,
                state is CancellationTokenSource ? dueTime + TimeSpan.FromTicks(1) : dueTime,
                period
            );
    }

    private sealed class Half : Random
    {
        public override double NextDouble() => 0.5;
    }
}
