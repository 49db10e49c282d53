using System.Globalization;
using Reconciler.Core.Planning;

namespace Reconciler.Tests.Model;

/// <summary>
/// Random histories of manifests, people, vendors and faults: whatever happens, no limit is broken on the way, and the end is quiet.
/// <c>RECONCILER_MODEL_SEED=n</c> replays one and shows it; <c>RECONCILER_MODEL_HISTORIES=n</c> runs more.
/// </summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    private const int Fewest = 100;

    private static readonly int Count = Setting("RECONCILER_MODEL_HISTORIES") ?? 10_000;

    [Fact]
    public async Task Random_histories_break_no_limit_and_end_in_a_fixpoint()
    {
        if (Setting("RECONCILER_MODEL_SEED") is { } only)
        {
            await RunAsync(only, new long[Planner.RowNames.Length], output.WriteLine);
            return;
        }

        var hits = new long[Planner.RowNames.Length];
        await Parallel.ForEachAsync(Enumerable.Range(1, Count), new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken }, async (seed, _) => await RunAsync(seed, hits, null));
        for (var row = 0; row < hits.Length; row++) output.WriteLine($"{Planner.RowNames[row],-15} {hits[row],12:N0}");
        Assert.Equal([], Planner.RowNames.Where((_, row) => hits[row] < Fewest));
    }

    [Fact]
    public async Task A_seed_replays_its_history()
    {
        var (first, second) = (new History(7), new History(7));
        await first.RunAsync();
        await second.RunAsync();
        Assert.Equal(first.Log, second.Log);
        Assert.Equal(first.Hits, second.Hits);
    }

    private static async Task RunAsync(int seed, long[] hits, Action<string>? show)
    {
        var history = new History(seed);
        try
        {
            await history.RunAsync();
        }
        catch (Exception broken)
        {
            Assert.Fail($"{broken.Message}\nRECONCILER_MODEL_SEED={seed} replays this history:\n{string.Join("\n", history.Log)}\n{(broken is BrokenException ? "" : broken)}");
        }

        foreach (var line in show is null ? [] : history.Log) show!(line);
        lock (hits)
        {
            for (var row = 0; row < hits.Length; row++) hits[row] += history.Hits[row];
        }
    }

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
