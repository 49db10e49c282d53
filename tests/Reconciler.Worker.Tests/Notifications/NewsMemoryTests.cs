using Reconciler.Worker.Notifications;

namespace Reconciler.Worker.Tests.Notifications;

public sealed class NewsMemoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly NewsMemory _memory = new();

    [Fact]
    public void The_same_news_is_told_once_and_again_after_a_day()
    {
        Assert.True(Tells(WorkerEventKind.Failing));
        Assert.False(Tells(WorkerEventKind.Failing));
        Assert.False(Tells(WorkerEventKind.Failing, after: NewsMemory.RepeatAfter - TimeSpan.FromTicks(1)));
        Assert.True(Tells(WorkerEventKind.Failing, after: NewsMemory.RepeatAfter));
        Assert.False(Tells(WorkerEventKind.Failing, after: NewsMemory.RepeatAfter + TimeSpan.FromHours(1)));
    }

    [Fact]
    public void A_failure_that_each_try_words_anew_is_the_same_news()
    {
        Assert.True(
            Says(WorkerEventKind.Failing, "GET /members answered 503 (request 0b6cf2a1-6a3b-4d0e-9d5b-0a8f1c2d3e4f)")
        );
        Assert.False(
            Says(WorkerEventKind.Failing, "GET /members answered 503 (request 7f1e9c55-1111-4222-8333-944455556666)")
        );
        Assert.True(
            Says(
                WorkerEventKind.SourceFailing,
                "Failed to connect to git.example (10.0.0.1:443) after 132 ms (request 0b6cf2a1-6a3b-4d0e-9d5b-0a8f1c2d3e4f)"
            )
        );
        Assert.False(
            Says(
                WorkerEventKind.SourceFailing,
                "Failed to connect to git.example (10.0.0.2:443) after 7 ms (request 7f1e9c55-1111-4222-8333-944455556666)"
            )
        );
        Assert.True(Says(WorkerEventKind.SourceFailing, "revision 0a1b2c3d4e5f is broken: 2 problems"));
        Assert.True(Says(WorkerEventKind.SourceFailing, "revision 5f4e3d2c1b0a is broken: 2 problems"));

        bool Says(WorkerEventKind kind, string message) =>
            _memory.IsNews(new(kind, "default/a", message, Now), isWanted: true, Now);
    }

    [Fact]
    public void What_went_away_is_news_when_it_comes_back()
    {
        Assert.True(Tells(WorkerEventKind.Failing));
        Assert.True(Tells(WorkerEventKind.Held, digest: "sha256:a"));
        Assert.True(Tells(WorkerEventKind.Recovered));
        Assert.True(Tells(WorkerEventKind.Failing));
        Assert.True(Tells(WorkerEventKind.Held, digest: "sha256:a"));
    }

    [Fact]
    public void That_one_project_is_well_says_nothing_about_another()
    {
        Assert.True(Tells(WorkerEventKind.Failing, "default/a"));
        Assert.True(Tells(WorkerEventKind.Failing, "default/b"));
        Assert.True(Tells(WorkerEventKind.Recovered, "default/a"));
        Assert.False(Tells(WorkerEventKind.Failing, "default/b"));
    }

    [Fact]
    public void That_something_is_well_again_is_told_once_and_only_where_the_trouble_was()
    {
        Assert.False(Tells(WorkerEventKind.Recovered));
        Assert.True(Tells(WorkerEventKind.SourceFailing));
        Assert.False(Tells(WorkerEventKind.Recovered));
        Assert.True(Tells(WorkerEventKind.SourceRecovered));
        Assert.False(Tells(WorkerEventKind.SourceRecovered));
    }

    [Fact]
    public void Another_plan_of_a_held_project_is_news()
    {
        Assert.True(Tells(WorkerEventKind.Held, digest: "sha256:a"));
        Assert.True(Tells(WorkerEventKind.Held, digest: "sha256:b"));
        Assert.False(Tells(WorkerEventKind.Held, digest: "sha256:a"));
    }

    [Fact]
    public void An_invitation_that_was_given_up_stays_told_when_its_project_is_well_again()
    {
        Assert.True(Tells(WorkerEventKind.GaveUp));
        Assert.True(Tells(WorkerEventKind.Failing));
        Assert.True(Tells(WorkerEventKind.Recovered));
        Assert.False(Tells(WorkerEventKind.GaveUp));
    }

    [Fact]
    public void Who_does_not_want_to_hear_that_all_is_well_hears_of_the_next_trouble()
    {
        Assert.True(Tells(WorkerEventKind.Failing));
        Assert.False(Tells(WorkerEventKind.Recovered, isWanted: false));
        Assert.True(Tells(WorkerEventKind.Failing));
    }

    [Fact]
    public void Trouble_that_nobody_wants_to_hear_of_is_not_told_to_be_over()
    {
        Assert.False(Tells(WorkerEventKind.Failing, isWanted: false));
        Assert.False(Tells(WorkerEventKind.Recovered));
    }

    [Fact]
    public void What_was_not_told_after_all_is_news_again()
    {
        Assert.True(Tells(WorkerEventKind.Failing));
        _memory.Forget(Event(WorkerEventKind.Failing));
        Assert.True(Tells(WorkerEventKind.Failing));
    }

    [Fact]
    public void The_oldest_news_are_forgotten_where_there_are_too_many()
    {
        for (var i = 0; i <= NewsMemory.MaxEntries; i++)
            Assert.True(Tells(WorkerEventKind.Failing, $"default/{i}", TimeSpan.FromSeconds(i)));
        Assert.False(Tells(WorkerEventKind.Failing, "default/1", TimeSpan.FromSeconds(NewsMemory.MaxEntries)));
        Assert.True(Tells(WorkerEventKind.Failing, "default/0", TimeSpan.FromSeconds(NewsMemory.MaxEntries)));
    }

    private static WorkerEvent Event(WorkerEventKind kind, string subject = "default/a", string? digest = null) =>
        new(kind, subject, "so it is", Now) { Digest = digest };

    private bool Tells(
        WorkerEventKind kind,
        string subject = "default/a",
        TimeSpan after = default,
        string? digest = null,
        bool isWanted = true
    ) => _memory.IsNews(Event(kind, subject, digest), isWanted, Now + after);
}
