using Microsoft.Extensions.Time.Testing;
using Reconciler.Engine.Planning;
using Reconciler.Testing;
using Reconciler.Testing.Core;

namespace Reconciler.Reports.Tests;

/// <summary>What is shown while projects are read.</summary>
public sealed class ReadingProgressTests
{
    private static readonly PlannedProject Project = new(new World().Desired, null, null);

    private readonly FakeTimeProvider _clock = new(FakeClock.Morning);
    private readonly StringWriter _error = new() { NewLine = "\n" };

    [Fact]
    public void A_terminal_shows_the_count_on_one_line_and_the_time_left_once_it_can_be_guessed()
    {
        var progress = new ReadingProgress(_error, isTerminal: true, 10, _clock);
        progress.Read(Project);
        _clock.Advance(TimeSpan.FromSeconds(8));
        progress.Read(Project);
        progress.Clear();
        Assert.Equal(
            "\r\u001b[Kreading 1/10 projects\r\u001b[Kreading 2/10 projects, about 32 s left\r\u001b[K",
            _error.ToString()
        );
    }

    [Fact]
    public void A_log_gets_a_line_a_project_once_reading_takes_long()
    {
        var progress = new ReadingProgress(_error, isTerminal: false, 3, _clock);
        progress.Read(Project);
        _clock.Advance(TimeSpan.FromMinutes(4));
        progress.Read(Project);
        progress.Read(Project);
        progress.Clear();
        Assert.Equal(
            "reading 2/3 projects, about 2 min left: acme: demo\nreading 3/3 projects: acme: demo\n",
            _error.ToString()
        );
    }
}
