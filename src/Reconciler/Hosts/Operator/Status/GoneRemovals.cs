using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reconciler.Hosts.Operator.Status;

/// <summary>
/// Removals by memberships that are gone, which limits over a provider still count: by the shard that made them, so that each shard writes its own
/// into the status of a provider and reads those of all; and by the second, rounded up, so that several providers of one account may tell the same.
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

    /// <summary>With removals of a membership of another shard, which notes them in the status of a provider itself.</summary>
    public GoneRemovals Seen(string shard, IEnumerable<RemovalCount> removals) => Merged(shard, removals, Math.Max);

    /// <summary>A time rounded up to the whole second: rather counted too long than too short.</summary>
    public static DateTimeOffset WholeSecond(DateTimeOffset at) =>
        at.Ticks % Unit.Ticks == 0 ? at : at.AddTicks(Unit.Ticks - (at.Ticks % Unit.Ticks));

    /// <summary>With what the status of a provider says. What is known already, since this process or another status of the account said it, counts once.</summary>
    public GoneRemovals Recalled(ClusterResource provider)
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

    // Somebody else may have written something of another form.
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

    // Where there are too many, the oldest become one, which counts at the later time.
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
