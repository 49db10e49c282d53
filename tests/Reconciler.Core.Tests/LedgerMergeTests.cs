using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Tests;

/// <summary>Two runs that wrote down different things about one project lose nothing of each other.</summary>
public sealed class LedgerMergeTests
{
    private static readonly ProjectLedger Before = ProjectLedger.Empty with
    {
        Intents = [Write("old@x.example", 0)],
        Believed = [Write("old@x.example", 0)],
        Released = ["hold:sha256:old"],
    };

    [Fact]
    public void A_write_that_the_other_run_is_about_to_send_stays_written_down()
    {
        var merged = LedgerMerge.Of(
            Before,
            Before with
            {
                Intents = [Write("ours@x.example", 2)],
            },
            Before with
            {
                Intents = [Write("theirs@x.example", 1)],
            }
        );
        Assert.Equal(["ours@x.example", "theirs@x.example"], merged.Intents.Select(i => i.Email));
    }

    [Fact]
    public void A_write_of_ours_that_is_under_way_stays_though_the_other_run_called_it_settled()
    {
        var merged = LedgerMerge.Of(Before, Before, Before with { Intents = [] });
        Assert.Equal("old@x.example", Assert.Single(merged.Intents).Email);
    }

    [Fact]
    public void What_the_other_run_was_told_is_believed_the_oldest_first()
    {
        var merged = LedgerMerge.Of(
            Before,
            Before with
            {
                Believed = [Write("ours@x.example", 2)],
            },
            Before with
            {
                Believed = [Write("theirs@x.example", 1)],
            }
        );
        Assert.Equal(["theirs@x.example", "ours@x.example"], merged.Believed.Select(i => i.Email));
    }

    [Fact]
    public void A_hold_that_the_other_run_released_is_not_released_again()
    {
        var merged = LedgerMerge.Of(Before, Before, Before with { Released = ["hold:sha256:old", "hold:sha256:new"] });
        Assert.Equal(["hold:sha256:old", "hold:sha256:new"], merged.Released);
    }

    [Fact]
    public void What_is_ended_here_and_was_known_to_both_does_not_come_back()
    {
        var merged = LedgerMerge.Of(Before, Before with { Intents = [], Believed = [] }, Before);
        Assert.Empty(merged.Intents);
        Assert.Empty(merged.Believed);
    }

    [Fact]
    public void A_project_that_the_other_run_forgot_keeps_what_is_noted_here()
    {
        var merged = LedgerMerge.Of(Before, Before, null);
        Assert.Equal(Before, merged);
    }

    private static WriteIntent Write(string email, int minute) =>
        new(ActionKind.Invite, email, email, new DateTimeOffset(2026, 1, 1, 0, minute, 0, TimeSpan.Zero));
}
