using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Tests.Status;

/// <summary>Removals of memberships that are gone, over restarts and shards.</summary>
public sealed class GoneRemovalsTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Two_memberships_of_one_second_both_count() =>
        Assert.Equal(5, GoneRemovals.None.With("a", [new(At, 2)]).With("a", [new(At, 3)]).Since(At));

    [Fact]
    public void Two_providers_of_one_account_tell_the_same_and_it_counts_once()
    {
        var provider = Provider(new JsonObject { ["a"] = GoneRemovals.None.With("a", [new(At, 2)]).Of("a") });
        Assert.Equal(2, GoneRemovals.None.WithStatusOf(provider).WithStatusOf(provider).Since(At));
    }

    [Fact]
    public void A_shard_counts_what_all_made_and_writes_its_own()
    {
        var known = GoneRemovals.None.WithStatusOf(
            Provider(
                new JsonObject
                {
                    ["a"] = GoneRemovals.None.With("a", [new(At, 2)]).Of("a"),
                    ["b"] = GoneRemovals.None.With("b", [new(At, 3)]).Of("b"),
                }
            )
        );

        Assert.Equal(5, known.Since(At));
        Assert.Equal("""[{"at":"2026-01-02T03:04:05Z","count":3}]""", known.Of("b")!.ToJsonString());
        Assert.Null(known.Of("c"));
    }

    [Fact]
    public void What_is_too_old_counts_no_more_and_a_fraction_of_a_second_counts_longer()
    {
        var known = GoneRemovals.None.With("a", [new(At, 1), new(At.AddSeconds(10.2), 4)]);

        Assert.Equal(4, known.Since(At.AddSeconds(11)));
        Assert.Equal(0, known.Since(At.AddSeconds(11.5)));
    }

    [Fact]
    public void Where_there_are_too_many_the_oldest_become_one_and_none_is_lost()
    {
        var known = GoneRemovals.None.With(
            "a",
            Enumerable.Range(0, 1_000).Select(i => new RemovalCount(At.AddSeconds(i), 1))
        );

        Assert.Equal(200, known.Of("a")!.Count);
        Assert.Equal(1_000, known.Since(At.AddSeconds(800)));
    }

    [Theory]
    [InlineData("""[{"at":"2026-01-02T03:04:05Z","count":3}]""")]
    [InlineData("""{"a":{"at":"2026-01-02T03:04:05Z"}}""")]
    [InlineData(
        """{"a":[7,{"at":"yesterday","count":3},{"at":"2026-01-02T03:04:05Z","count":"3"},{"at":"2026-01-02T03:04:05Z","count":-3}]}"""
    )]
    [InlineData("""{"a":[{"at":"9999-12-31T23:59:59.5Z","count":3}]}""")]
    public void What_somebody_else_wrote_in_another_form_counts_for_nothing(string removals) =>
        Assert.Equal(
            0,
            GoneRemovals.None.WithStatusOf(Provider(JsonNode.Parse(removals))).Since(DateTimeOffset.MinValue)
        );

    [Fact]
    public void Counts_that_are_too_large_stay_as_large_as_can_be()
    {
        var known = GoneRemovals.None.With(
            "a",
            Enumerable.Range(0, 300).Select(i => new RemovalCount(At.AddSeconds(i), int.MaxValue))
        );

        Assert.True(known.Since(At) >= int.MaxValue);
        Assert.All(known.Of("a")!, r => Assert.InRange((int)r!["count"]!, 1, int.MaxValue));
    }

    [Fact]
    public void What_another_shard_made_and_noted_counts_once()
    {
        var noted = Provider(new JsonObject { ["b"] = GoneRemovals.None.With("b", [new(At, 3)]).Of("b") });

        Assert.Equal(
            3,
            GoneRemovals.None.WithForeign("b", [new(At, 3)]).WithStatusOf(noted).WithStatusOf(noted).Since(At)
        );
        Assert.Equal(3, GoneRemovals.None.WithStatusOf(noted).WithForeign("b", [new(At, 3)]).Since(At));
    }

    [Fact]
    public void What_the_leader_before_noted_late_counts_and_ones_own_that_comes_back_counts_once()
    {
        var (own, many) = (
            GoneRemovals.None.With("a", [new(At, 2), new(At.AddSeconds(249), 2)]),
            GoneRemovals.None.With("a", Enumerable.Range(0, 250).Select(i => new RemovalCount(At.AddSeconds(i), 2)))
        );
        var late = Provider(
            new JsonObject
            {
                ["a"] = GoneRemovals.None.With("a", [new(At.AddSeconds(249), 2), new(At.AddSeconds(300), 3)]).Of("a"),
                ["b"] = GoneRemovals.None.With("b", [new(At, 3)]).Of("b"),
            }
        );

        Assert.Equal(500, many.WithStatusOf(Provider(new JsonObject { ["a"] = many.Of("a") })).Since(At));
        Assert.Equal(10, own.WithStatusOf(late).WithStatusOf(late).Since(At));
    }

    [Fact]
    public void Removals_of_one_second_are_one_entry_and_lose_nobody() =>
        Assert.Equal(
            [new(At, 2), new(At.AddSeconds(1), 4)],
            new ProjectLedgerEntry(new("acme", "https://a.example/", "p"), null)
                .With(new(At, 1))
                .With(new(At, 1))
                .With(new(At.AddSeconds(1), 4))
                .Removals.AsEnumerable()
        );

    private static ClusterResource Provider(JsonNode? removals) =>
        new()
        {
            Metadata = new() { Name = "vendor" },
            Status = JsonDocument.Parse(new JsonObject { ["removals"] = removals }.ToJsonString()).RootElement,
        };
}
