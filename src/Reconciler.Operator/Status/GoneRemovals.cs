using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Status;

/// <summary>
/// Counts removals by memberships that are gone, which limits over a provider still count. They are kept by shard, so
/// that each shard writes only its own part into the status of a provider; and by second, rounded up, so that several
/// providers of one account can be merged.
/// </summary>
internal sealed class GoneRemovals
{
    private const int Most = 200;
    private static readonly TimeSpan Unit = TimeSpan.FromSeconds(1);

    /// <summary>None.</summary>
    public static GoneRemovals None { get; } = new();

    private ImmutableDictionary<string, ImmutableSortedDictionary<DateTimeOffset, int>> Shards { get; init; } =
        ImmutableDictionary.Create<string, ImmutableSortedDictionary<DateTimeOffset, int>>(StringComparer.Ordinal);

    /// <summary>With removals of a membership that is gone now.</summary>
    public GoneRemovals With(string shard, IEnumerable<RemovalCount> removals) => Merged(shard, removals, Sum);

    /// <summary>
    /// With removals of a membership of another shard, which writes them into the status of a provider itself.
    /// </summary>
    public GoneRemovals WithForeign(string shard, IEnumerable<RemovalCount> removals) =>
        Merged(shard, removals, Math.Max);

    /// <summary>Rounds a time up to the whole second, so that no removal stops counting too early.</summary>
    public static DateTimeOffset WholeSecond(DateTimeOffset at) =>
        at.Ticks % Unit.Ticks == 0 ? at : at.AddTicks(Unit.Ticks - (at.Ticks % Unit.Ticks));

    /// <summary>With the removals in the status of a provider. Those that are known already count once.</summary>
    public GoneRemovals WithStatusOf(ClusterResource provider)
    {
        if (
            provider.Status is not { ValueKind: JsonValueKind.Object } status
            || !status.TryGetProperty("removals", out var shards)
            || shards.ValueKind != JsonValueKind.Object
        )
            return this;
        return shards
            .EnumerateObject()
            .Where(s => s.Value.ValueKind == JsonValueKind.Array)
            .Aggregate(this, (all, s) => all.Merged(s.Name, Read(s.Value), Math.Max));
    }

    /// <summary>How many there were since a time, of all shards.</summary>
    public long Since(DateTimeOffset since) =>
        Shards.Values.SelectMany(s => s).Where(r => r.Key >= since).Sum(r => (long)r.Value);

    /// <summary>A shard's part, as the status of a provider has it; null where there is none.</summary>
    public JsonArray? Of(string shard) =>
        Shards.TryGetValue(shard, out var removals) && removals.Count > 0
            ? new([.. removals.Select(r => new JsonObject { ["at"] = LedgerStatus.Text(r.Key), ["count"] = r.Value })])
            : null;

    private static int Sum(int one, int other) => (int)Math.Min(int.MaxValue, (long)one + other);

    // Anybody may have written something of another form.
    private static IEnumerable<RemovalCount> Read(JsonElement list)
    {
        foreach (var removal in list.EnumerateArray().Where(r => r.ValueKind == JsonValueKind.Object))
        {
            if (
                removal.TryGetProperty("at", out var at)
                && at.ValueKind == JsonValueKind.String
                && at.TryGetDateTimeOffset(out var when)
                && removal.TryGetProperty("count", out var count)
                && count.ValueKind == JsonValueKind.Number
                && count.TryGetInt32(out var people)
            )
                yield return new(when, people);
        }
    }

    // Where there are too many, the two oldest are merged at the later time.
    private GoneRemovals Merged(string shard, IEnumerable<RemovalCount> removals, Func<int, int, int> merge)
    {
        var all = Shards.GetValueOrDefault(shard, ImmutableSortedDictionary<DateTimeOffset, int>.Empty).ToBuilder();
        foreach (var (at, count) in removals.Where(r => r.Count > 0 && r.At < DateTimeOffset.MaxValue - Unit))
        {
            var second = WholeSecond(at);
            all[second] = merge(all.GetValueOrDefault(second), count);
        }

        while (all.Count > Most)
        {
            var oldest = all.First();
            all.Remove(oldest.Key);
            all[all.First().Key] = merge(all.First().Value, oldest.Value);
        }

        return new() { Shards = Shards.SetItem(shard, all.ToImmutable()) };
    }
}
