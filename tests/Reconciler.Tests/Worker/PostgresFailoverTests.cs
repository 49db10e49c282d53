using System.Collections.Concurrent;
using System.Globalization;
using Reconciler.Testing;

namespace Reconciler.Tests.Worker;

/// <summary>No other test runs beside it, since it judges times.</summary>
[CollectionDefinition(nameof(PostgresFailoverTests), DisableParallelization = true)]
public sealed class PostgresFailoverGroup;

/// <summary>
/// Real processes, a real PostgreSQL, real signals: how long a worker takes to go on where another one was killed,
/// frozen or stopped in the middle of a write. Two of each kind; RECONCILER_FAILOVERS=20 makes twenty.
/// </summary>
[Collection(nameof(PostgresFailoverTests))]
[Trait("Runs", "Program")]
public sealed class PostgresFailoverTests(ITestOutputHelper output)
{
    private static readonly int Times = Environment.GetEnvironmentVariable("RECONCILER_FAILOVERS")
        is { Length: > 0 } times
        ? int.Parse(times, CultureInfo.InvariantCulture)
        : 2;

    private static readonly TimeSpan AfterALoss = TimeSpan.FromSeconds(24);
    private static readonly TimeSpan AfterAStop = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_worker_that_is_killed_or_frozen_is_taken_over_within_24_s()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals between processes");
        await Task.WhenAll(
            EachAsync("kill", AfterALoss, atOnce: 2, KillAsync),
            EachAsync("freeze", AfterALoss, atOnce: 2, FreezeAsync)
        );
    }

    // One after the other: what takes a second is easily held up by others that start.
    [Fact]
    public async Task A_worker_that_is_stopped_is_taken_over_within_5_s()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals between processes");
        await EachAsync("stop", AfterAStop, atOnce: 1, StopAsync);
    }

    private static Task<TimeSpan> KillAsync(WorkerPair pair, TimeSpan limit) =>
        Takeover.IsWithinAsync(limit, pair.NextWriteAsync, pair.Working.KillAsync);

    private static async Task<TimeSpan> FreezeAsync(WorkerPair pair, TimeSpan limit)
    {
        var took = await Takeover.IsWithinAsync(
            limit,
            pair.NextWriteAsync,
            async () =>
            {
                await pair.Working.SignalAsync("STOP");
                pair.Answer();
            }
        );
        await pair.ConvergedAsync();
        var writes = pair.Writes;
        await pair.Working.SignalAsync("CONT");
        await pair.Working.UntilSaidAsync("another process");
        Assert.Equal(writes, pair.Writes);
        return took;
    }

    private static Task<TimeSpan> StopAsync(WorkerPair pair, TimeSpan limit) =>
        Takeover.IsWithinAsync(
            limit,
            async () =>
            {
                Assert.True(await pair.Working.EndAsync() == ExitCode.Done, pair.Working.Said);
                await pair.NextWriteAsync();
            },
            async () =>
            {
                await pair.Working.SignalAsync("TERM");
                await pair.Working.UntilSaidAsync("finishes what is under way");
                Assert.Equal(1, pair.Writes);
                pair.Answer();
            }
        );

    private async Task EachAsync(
        string kind,
        TimeSpan limit,
        int atOnce,
        Func<WorkerPair, TimeSpan, Task<TimeSpan>> failOver
    )
    {
        var took = new ConcurrentBag<TimeSpan>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Times),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = atOnce,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (_, _) =>
            {
                await using var pair = await WorkerPair.StartAsync();
                took.Add(await failOver(pair, limit));
                await pair.ConvergedAsync();
            }
        );
        var sorted = took.Order().ToList();
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{kind}, {sorted.Count} times: median {sorted[sorted.Count / 2].TotalSeconds:0.0} s, "
                    + $"largest {sorted[^1].TotalSeconds:0.0} s"
            )
        );
    }
}
