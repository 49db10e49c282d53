using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Hosting.Reconciling;
using Reconciler.Testing.Contract;

namespace Reconciler.Hosting.Tests.Reconciling;

public sealed class ScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DesiredProvider Provider = new(
        "default/one",
        ProgramVendors.Of("clarifeye"),
        new("https://one.example/api"),
        new()
        {
            Type = "clarifeye",
            BaseUrl = "https://one.example/api",
            Credentials = new() { Token = new() },
        }
    );

    private static readonly Account Account = new("clarifeye", "https://one.example/api");

    private readonly Schedule _schedule = new(() => 0.5);

    [Fact]
    public void What_is_new_is_due_at_once_and_all_together()
    {
        _schedule.Replace(Projects(100), Start);
        Assert.Equal(100, Take(Start).Count);
        Assert.Empty(Take(Start));
    }

    [Fact]
    public void A_change_of_the_manifests_waits_for_no_more_than_a_handful_of_others()
    {
        _schedule.Replace(Projects(100), Start);
        foreach (var entry in Take(Start))
            _schedule.Complete(entry, new(HasFailed: false), Start);
        var later = Start + TimeSpan.FromMinutes(11);
        var routine = Take(later);
        Assert.Equal(Schedule.MostAtOnce, routine.Count);
        _schedule.Replace(Projects(100).Select(p => p.Id == "default/p99" ? p with { DryRun = true } : p), later);
        Assert.Equal("default/p99", Assert.Single(Take(later)).Project.Id);
    }

    [Fact]
    public void A_failing_project_is_tried_after_30_s_then_less_often_up_to_a_quarter_of_an_hour()
    {
        _schedule.Replace(Projects(1), Start);
        var (now, waits) = (Start, new List<double>());
        for (var i = 0; i < 8; i++)
        {
            var entry = Assert.Single(Take(now));
            _schedule.Complete(entry, new(HasFailed: true), now);
            waits.Add((entry.NextAt - now).TotalSeconds);
            now = entry.NextAt;
        }

        Assert.Equal([30, 60, 120, 240, 480, 900, 900, 900], waits);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void A_vendor_that_asks_for_an_hour_is_given_it_whatever_the_chance(double chance)
    {
        var schedule = new Schedule(() => chance);
        schedule.Replace(Projects(1), Start);
        var entry = Assert.Single(schedule.TakeDue(Account, Start));
        schedule.Complete(entry, new(HasFailed: true) { RetryAfter = TimeSpan.FromHours(1) }, Start);
        Assert.Equal(Start + TimeSpan.FromHours(1), entry.NextAt);
    }

    [Fact]
    public void What_was_written_is_looked_at_soon()
    {
        _schedule.Replace(Projects(1), Start);
        var entry = Assert.Single(Take(Start));
        _schedule.Complete(entry, new(HasFailed: false) { HasWritten = true }, Start);
        Assert.Equal(Start + TimeSpan.FromSeconds(30), entry.NextAt);
    }

    [Fact]
    public void A_project_that_changes_while_its_pass_runs_has_another_at_once_and_never_two_at_a_time()
    {
        _schedule.Replace(Projects(1), Start);
        var entry = Assert.Single(Take(Start));
        _schedule.Replace(Projects(1).Select(p => p with { DryRun = true }), Start);
        Assert.Empty(Take(Start));
        _schedule.Complete(entry, new(HasFailed: false), Start);
        Assert.True(Assert.Single(Take(Start)).Project.DryRun);
    }

    [Fact]
    public void A_project_that_goes_and_comes_back_while_its_pass_runs_never_has_two_at_a_time()
    {
        _schedule.Replace(Projects(1), Start);
        var entry = Assert.Single(Take(Start));
        _schedule.Replace([], Start);
        _schedule.Replace(Projects(1), Start);
        Assert.Empty(Take(Start));
        _schedule.Complete(entry, new(HasFailed: false), Start);
        Assert.Single(Take(Start));
    }

    [Fact]
    public void Projects_whose_reminder_is_one_mail_are_planned_together()
    {
        var projects = Projects(3)
            .Select(p => p with { Invitations = InvitationPolicy.Default with { ResendAfter = TimeSpan.FromHours(1) } })
            .ToList();
        _schedule.Replace(projects, Start);
        foreach (var entry in Take(Start))
        {
            var ledger = ProjectLedger.Empty with
            {
                People =
                [
                    new("ana@example.com")
                    {
                        State = PersonState.Invited,
                        SentAt = Start,
                        InvitedAt = Start,
                    },
                ],
            };
            entry.Mails = entry.Project.Id == "default/p2" ? [] : ["mail-1"];
            _schedule.Complete(
                entry,
                new(HasFailed: false) { Remembered = new StoredLedger(entry.Project.Key, ledger, "1") },
                Start
            );
        }

        // One of them comes first; the other that shares the mail comes along, and the third does not.
        _schedule.Entries.Values.Single(e => e.Project.Id == "default/p0").NextAt = Start + TimeSpan.FromHours(1);
        foreach (var entry in _schedule.Entries.Values.Where(e => e.Project.Id != "default/p0"))
            entry.NextAt = Start + TimeSpan.FromHours(2);
        Assert.Equal(
            ["default/p0", "default/p1"],
            Take(Start + TimeSpan.FromHours(1)).Select(e => e.Project.Id).Order(StringComparer.Ordinal)
        );
    }

    private static IEnumerable<DesiredProject> Projects(int count) =>
        Enumerable
            .Range(0, count)
            .Select(n => new DesiredProject(
                $"default/p{n}",
                Provider,
                $"{n:00000000}-0000-0000-0000-000000000000",
                []
            ));

    private IReadOnlyList<Schedule.Entry> Take(DateTimeOffset now) => _schedule.TakeDue(Account, now);
}
