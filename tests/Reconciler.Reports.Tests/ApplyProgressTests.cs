using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Testing;
using Reconciler.Testing.Core;

namespace Reconciler.Reports.Tests;

/// <summary>What is shown while a plan is applied.</summary>
public sealed class ApplyProgressTests
{
    private const string Erase = "\r\u001b[K";

    private readonly FakeTimeProvider _clock = new(FakeClock.Morning);
    private readonly StringWriter _shown = new() { NewLine = "\n" };
    private readonly ProjectPlan _demo = Plan("demo", invited: 3);
    private readonly ProjectPlan _other = Plan("other", invited: 1);

    [Fact]
    public void A_terminal_shows_one_line_below_what_is_printed_and_the_time_left_once_it_can_be_guessed()
    {
        var progress = Progress(isTerminal: true);
        Over(progress, _demo, 0);
        _clock.Advance(TimeSpan.FromSeconds(8));
        Over(progress, _demo, 1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Over(progress, _other, 0);
        Over(progress, _demo, 2);
        progress.Clear();
        Assert.Equal(
            $"demo 0\n{Erase}applying 1/4 changes"
                + $"{Erase}demo 1\n{Erase}applying 2/4 changes, about 8 s left"
                + $"{Erase}other 0\n{Erase}applying 3/4 changes, about 3 s left"
                + $"{Erase}demo 2\n{Erase}applying 4/4 changes{Erase}",
            _shown.ToString()
        );
    }

    [Fact]
    public void A_log_gets_a_line_a_project_once_applying_takes_long()
    {
        var progress = Progress(isTerminal: false);
        Over(progress, _other, 0);
        _clock.Advance(TimeSpan.FromMinutes(4));
        foreach (var action in new[] { 0, 1, 2 })
            Over(progress, _demo, action);
        progress.Clear();
        Assert.Equal("other 0\ndemo 0\ndemo 1\ndemo 2\napplying 4/4 changes: acme: demo\n", _shown.ToString());
    }

    [Fact]
    public void A_log_says_how_long_the_other_projects_will_take()
    {
        var progress = Progress(isTerminal: false);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Over(progress, _other, 0);
        Assert.Equal("other 0\napplying 1/4 changes, about 3 min left: acme: other\n", _shown.ToString());
    }

    [Fact]
    public void Steps_are_told_instead_of_the_line_and_count_what_was_done()
    {
        var log = new List<string>();
        var progress = new ApplyProgress(_shown, isTerminal: true, Run(), _clock) { Log = log.Add };
        Over(progress, _demo, 0, OutcomeKind.Failed);
        Over(progress, _demo, 1);
        Assert.Empty(log);
        Over(progress, _demo, 2);
        Assert.Equal(["acme: demo: grants: 2 of 3 done", "applying 3/4 changes: acme: demo: over"], log);
        Assert.Equal("demo 0\ndemo 1\ndemo 2\n", _shown.ToString());
    }

    [Fact]
    public void What_is_held_is_not_waited_for()
    {
        var held = _other with { Holds = [new(HoldScope.Plan, "held") { Limit = "held" }] };
        Assert.Empty(held.Applicable);
        var progress = new ApplyProgress(_shown, isTerminal: true, Run(held), _clock);
        Over(progress, _demo, 0);
        Assert.EndsWith("applying 1/3 changes", _shown.ToString(), StringComparison.Ordinal);
    }

    private ApplyProgress Progress(bool isTerminal) => new(_shown, isTerminal, Run(), _clock);

    private RunPlan Run(ProjectPlan? other = null) =>
        new(
            [.. new[] { _demo, other ?? _other }.Select(p => new PlannedProject(p.Project, p, null))],
            World.Now,
            HasOwnershipRecord: true
        );

    private void Over(ApplyProgress progress, ProjectPlan plan, int action, OutcomeKind kind = OutcomeKind.Done) =>
        progress.Count(
            plan,
            new(plan.Actions[action], kind),
            () => _shown.WriteLine($"{TextNames.Short(plan.Project.Id)} {action}")
        );

    private static ProjectPlan Plan(string name, int invited)
    {
        var world = new World().Named(name);
        for (var i = 0; i < invited; i++)
            world.Declare($"p{i}@x.example", "read");
        return world.Plan();
    }
}
