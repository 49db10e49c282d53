using System.Collections.Concurrent;

namespace Reconciler.Tests.Crashes;

/// <summary>Disturbs an apply at each of many points, some of them at a time.</summary>
internal static class EachPoint
{
    /// <summary>Whether every point is taken, and not a sample.</summary>
    public static bool TakesAll { get; } = Environment.GetEnvironmentVariable("RECONCILER_EVERY_STATEMENT") == "1";

    /// <param name="points">The points.</param>
    /// <param name="disturb">Disturbs an apply at a point, and returns what is wrong afterwards.</param>
    /// <param name="atOnce">How many at a time, for each processor.</param>
    /// <returns>What is wrong, each with its point; empty where nothing is.</returns>
    public static async Task<string> WrongAsync<T>(
        IEnumerable<T> points,
        Func<T, Task<List<string>>> disturb,
        int atOnce = 1
    )
    {
        var wrong = new ConcurrentBag<string>();
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Max(2, atOnce * Environment.ProcessorCount),
            CancellationToken = TestContext.Current.CancellationToken,
        };
        await Parallel.ForEachAsync(
            points,
            options,
            async (point, _) =>
            {
                foreach (var one in await disturb(point))
                    wrong.Add($"{point}: {one}");
            }
        );
        return string.Join('\n', wrong.Order(StringComparer.Ordinal));
    }
}
