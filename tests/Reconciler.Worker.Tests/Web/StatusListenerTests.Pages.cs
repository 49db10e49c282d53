using System.Text.Json;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Hosting.Reconciling;
using Reconciler.Testing.Core;
using Reconciler.Worker.Web;

namespace Reconciler.Worker.Tests.Web;

/// <summary>The pages of the state and of one project.</summary>
public sealed partial class StatusListenerTests
{
    [Fact]
    public async Task The_first_page_says_what_needs_somebody_and_how_everything_stands()
    {
        var text = await TextAsync("/");
        Assert.Contains("2 projects need attention", text, StringComparison.Ordinal);
        foreach (var state in Enum.GetValues<ProjectState>().Where(s => s != ProjectState.Elsewhere))
            Assert.Contains($"1 {StatusWords.Of(state)} ", text, StringComparison.Ordinal);
        Assert.Contains(
            "Revision c0ffee4b7a8d is broken and is not in force; the last valid one stays in force.",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "people/churn.yaml:12:7 spec.members[3].email: \"jo@example\" is no address",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("acme-us could not be read 31 min ago: no answer within 15 s", text, StringComparison.Ordinal);
        Assert.Contains("GET /projects/p-7/members answered 503 three times", text, StringComparison.Ordinal);
        Assert.Contains("3 times in a row", text, StringComparison.Ordinal);
        Assert.Contains("due for 4 s", text, StringComparison.Ordinal);
        Assert.Contains("a reconcile is under way", text, StringComparison.Ordinal);
        Assert.Contains("https://git.example/people.git, main", text, StringComparison.Ordinal);
        Assert.Contains("chi@example.com acme-eu: credit-risk write 12 days", text, StringComparison.Ordinal);
        Assert.Contains("01J8ZQ4W", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/projects/default/fraud-detection")]
    public async Task A_held_plan_shows_who_loses_what_since_when_and_the_command_that_releases_it(string path)
    {
        var held = _worker.Status.Projects.Single(p => p.State == ProjectState.Held);
        _worker.Status = _worker.Status with
        {
            ApprovalsFolder = "/etc/reconciler/approvals",
            Projects = _worker.Status.Projects.Replace(
                held,
                held with
                {
                    HeldSince = WorkerSample.Now.AddHours(-3),
                    HeldRevision = "9f1c2e4b7a8d0c3e5f6a7b8c9d0e1f2a",
                }
            ),
        };
        var shown = await TextAsync(path);
        Assert.Contains("Held since 3 h ago, from revision 9f1c2e4b7a8d", shown, StringComparison.Ordinal);
        Assert.Contains("− remove leaver-1@example.com −read −write", shown, StringComparison.Ordinal);
        Assert.Contains(
            "cat > /etc/reconciler/approvals/release-fraud-detection.yaml <<'END' apiVersion: reconciler.dev/v1alpha1",
            shown,
            StringComparison.Ordinal
        );
        Assert.Contains("Copy the command", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/projects/default/many")]
    public async Task Too_many_invitations_are_shown_as_all_that_waits(string path)
    {
        var world = new World()
            .Named("many")
            .Prune(PrunePolicy.All)
            .Limited(Limits.None with { ProjectInvitations = [new("the Guardrail g", 1)] })
            .Declare("ana@example.com", "read")
            .Declare("ben@example.com", "read")
            .Member("leaver@example.com", "read");
        _worker.Status = WorkerSample.Of(WorkerSample.Passed("many", ProjectState.Held, world));

        Assert.Contains(
            "Invitations only: 2 invitations; the Guardrail g allows 1 a project",
            await TextAsync(path),
            StringComparison.Ordinal
        );
        using var document = JsonDocument.Parse(Whole(await GetAsync("/status.json")));
        var hold = document.RootElement.GetProperty("projects")[0].GetProperty("holds")[0];
        Assert.Equal("invitations", hold.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task The_revision_in_force_stands_at_the_top()
    {
        var text = await TextAsync("/");
        var at = text.IndexOf("Revision 9f1c2e4b7a8d is in force since 4 h ago", StringComparison.Ordinal);
        Assert.InRange(at, 1, text.IndexOf("Held plans", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_project_has_its_history_and_says_where_it_cannot_be_read()
    {
        var project = _worker.Status.Projects[0].Project;
        _worker.History = new([
            new AuditEntry(WorkerSample.Now.AddDays(-2), project.Key, project.Id, "remove", AuditOutcome.Failed)
            {
                Person = "bob.rossi@example.com",
                Removed = "CAN_VIEW_DATA",
                Reason = "no longer declared",
                Message = "the vendor answered 503",
                Approver = "approved by kim",
                Origin = new()
                {
                    Actor = "worker as reconciler",
                    Revision = "9f1c2e4b7a8d0c3e5f6a7b8c9d0e1f2a3b4c5d6e",
                },
            },
        ]);
        var path = StatusQuery.Project(project.Id);
        var text = await TextAsync(path);
        Assert.Contains("2 days ago", text, StringComparison.Ordinal);
        foreach (
            var part in new[]
            {
                "remove failed",
                "CAN_VIEW_DATA",
                "no longer declared",
                "the vendor answered 503",
                "approved by kim",
                "revision 9f1c2e4b7a8d",
            }
        )
            Assert.Contains(part, text, StringComparison.Ordinal);
        _worker.History = new([], "the state file is gone; name one with --state");
        Assert.Contains(
            "The audit trail cannot be read: the state file is gone; name one with the setting state",
            await TextAsync(path),
            StringComparison.Ordinal
        );
        _worker.History = ProjectHistory.None;
        Assert.Contains("Nothing was done here yet.", await TextAsync(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--max-removals allows 2", "the setting maxRemovals allows 2")]
    [InlineData("or run with --allow-host acme.example", "or set allowHosts acme.example")]
    [InlineData("a path below --secrets-dir, without dots", "a path below the setting secretsDir, without dots")]
    [InlineData("a folder, which --vendors names", "a folder, which the setting vendors names")]
    [InlineData("a name, or --override-vendor gorules", "a name, or the setting overrideVendors gorules")]
    [InlineData("asked for by x--state and --unknown-word", "asked for by x--state and --unknown-word")]
    public void Options_of_the_command_line_are_named_as_settings(string message, string shown) =>
        Assert.Equal(shown, SettingNames.InsteadOfOptions(message));

    [Theory]
    [InlineData("/")]
    [InlineData("/projects/default/fraud-detection")]
    public async Task A_held_plan_shows_the_Approval_that_releases_it(string path)
    {
        var plan = _worker.Status.Projects.Single(p => p.State == ProjectState.Held).Planned!.Plan!;
        var text = await TextAsync(path);
        Assert.Contains(plan.Holds[0].Message, text, StringComparison.Ordinal);
        Assert.Contains($"spec: hold: {plan.HeldDigest} reason:", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_shows_its_plan_its_result_its_findings_and_its_people()
    {
        var held = _worker.Status.Projects.Single(p => p.State == ProjectState.Held);
        _worker.Status = WorkerSample.Of(held with { Result = WorkerSample.ResultOf(held.Planned!.Plan!) });
        var text = await TextAsync("/projects/default/fraud-detection");
        Assert.Contains("newcomer@example.com + invite +read", text, StringComparison.Ordinal);
        Assert.Contains("leaver-1@example.com − remove −read −write", text, StringComparison.Ordinal);
        Assert.Contains("2 done, 2 failed, 1 skipped", text, StringComparison.Ordinal);
        Assert.Contains("the seat limit of the account is reached", text, StringComparison.Ordinal);
        Assert.Contains("ana@example.com member admin", text, StringComparison.Ordinal);
        Assert.Contains("2026-06-24 12:00 UTC", text, StringComparison.Ordinal);
        var converged = WorkerSample.Status();
        _worker.Status = converged;
        Assert.Contains(
            "chi@example.com waiting",
            await TextAsync("/projects/default/credit-risk"),
            StringComparison.Ordinal
        );
        Assert.Contains("nothing: dry run", await TextAsync("/projects/default/churn"), StringComparison.Ordinal);
        Assert.Contains(
            "The last reconcile failed, the 3rd in a row: GET /projects/p-7",
            await TextAsync("/projects/default/billing"),
            StringComparison.Ordinal
        );
        Assert.Contains("onboarding new", await TextAsync("/projects/default/onboarding"), StringComparison.Ordinal);
        Assert.Contains("suspend: true", await TextAsync("/projects/default/archive"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_released_plan_says_what_released_it()
    {
        var held = _worker.Status.Projects.Single(p => p.State == ProjectState.Held);
        _worker.Status = WorkerSample.Of(
            held with
            {
                State = ProjectState.Drifted,
                Planned = held.Planned! with
                {
                    Plan = held.Planned.Plan! with
                    {
                        Release = new("the annotation reconciler.dev/approve of people/x.yaml:3:1", "hold:sha256:0"),
                    },
                },
            }
        );
        Assert.Contains(
            "Limits would hold this plan; the annotation reconciler.dev/approve of people/x.yaml:3:1 releases it.",
            await TextAsync("/projects/default/fraud-detection"),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Held plans", await TextAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_a_revision_is_in_force_and_at_the_end_the_page_says_so()
    {
        _worker.Status = WorkerSample.Starting();
        Assert.Contains("No revision of the manifests is in force yet", await TextAsync("/"), StringComparison.Ordinal);
        Assert.Contains("Nobody fits.", await TextAsync("/people"), StringComparison.Ordinal);
        _worker.Status = WorkerSample.Status() with { IsStopping = true };
        Assert.Contains("The worker is stopping", await TextAsync("/"), StringComparison.Ordinal);
        _worker.Status = WorkerSample.Of();
        Assert.Contains("The manifests declare no project", await TextAsync("/"), StringComparison.Ordinal);
        _worker.Status = WorkerSample.Large(2) with { BeatAt = _clock.Now.AddMinutes(-2) };
        var text = await TextAsync("/");
        Assert.Contains("Every project has the declared access", text, StringComparison.Ordinal);
        Assert.Contains("The scheduler is silent since 2 min ago", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_file_that_was_taken_away_is_the_first_thing_that_is_said()
    {
        var snapshots = new WorkerSnapshotBuilder("https://git.example/people.git", _clock);
        snapshots.SetStateTrouble("the state file /x/state.db was deleted; put it back with: mv /x/a /x/b");
        _worker.Status = WorkerSample.Status() with { StateTrouble = snapshots.Status.StateTrouble };
        var page = await TextAsync("/");
        Assert.Contains("The state file cannot be used", page, StringComparison.Ordinal);
        Assert.Contains("the state file /x/state.db was deleted.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("mv ", page, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await GetAsync("/status.json"));
        Assert.Equal(
            "the state file /x/state.db was deleted",
            json.RootElement.GetProperty("stateTrouble").GetString()
        );
    }

    [Fact]
    public async Task The_page_loads_itself_anew_unless_asked_not_to_and_never_while_somebody_searches_people()
    {
        Assert.Contains(
            "<meta http-equiv=\"refresh\" content=\"30\">",
            await GetAsync("/?state=held"),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("http-equiv", await GetAsync("/?refresh=off"), StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", await GetAsync("/people"), StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_told_as_people_say_them()
    {
        var now = WorkerSample.Now;
        Assert.Equal(
            ["now", "7 s ago", "in 8 min", "59 min ago", "47 h ago", "2 days ago"],
            new[] { 0.0, 7, -480, 3599, 47.9 * 3600, 48 * 3600 }.Select(s =>
                StatusWords.Distance(now.AddSeconds(-s), now)
            )
        );
    }
}
