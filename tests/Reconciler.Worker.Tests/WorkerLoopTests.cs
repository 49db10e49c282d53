using Reconciler.Hosting.Reconciling;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Hosts.Worker;
using static Reconciler.Testing.Hosts.Worker.WorkerScene;

namespace Reconciler.Worker.Tests;

public sealed class WorkerLoopTests
{
    private static readonly VendorRow Clarifeye = Vendors.Single(v => v.Type == "clarifeye");

    [Fact]
    public async Task A_revision_is_converged_at_all_vendors_and_then_left_alone()
    {
        await using var scene = await SetAsync();
        scene.Write([AllProviders(), .. Vendors.Select(v => Project(v, "", "ana@example.com"))]);
        await scene.StartAsync();
        await scene.QuietAsync();

        Assert.All(
            Vendors,
            v => Assert.Contains(scene.People(v), p => p.StartsWith("ana@example.com", StringComparison.Ordinal))
        );
        Assert.All(scene.Status.Projects, p => Assert.Equal(ProjectState.Converged, p.State));
        var writes = scene.Server.NonGetCount;
        await scene.LetPassAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(writes, scene.Server.NonGetCount);
        Assert.All(
            scene.Status.Projects,
            p =>
                Assert.True(
                    p.PassedAt > scene.Clock.GetUtcNow() - TimeSpan.FromMinutes(12),
                    $"{p.Project.Id} passed at {p.PassedAt}"
                )
        );
    }

    [Fact]
    public async Task A_broken_revision_keeps_the_last_good_one_in_force_and_says_so()
    {
        await using var scene = await SetAsync();
        scene.Write(AllProviders(), Project(Clarifeye, "", "ana@example.com"));
        await scene.StartAsync();
        await scene.QuietAsync();
        await scene.PushAsync(
            AllProviders(),
            Project(Clarifeye, "", "ana@example.com", "bob@example.com"),
            (
                "broken.yaml",
                "apiVersion: reconciler.dev/v1alpha1\nkind: Team\nmetadata: {name: x}\nspec: {memberz: []}\n"
            )
        );

        Assert.Equal("revision-1", scene.Status.Source.Revision);
        Assert.Equal("revision-2", scene.Status.Source.BrokenRevision);
        Assert.Contains(
            scene.Status.Source.Problems,
            p => p.ToString().Contains("broken.yaml:4:", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(scene.People(Clarifeye), p => p.StartsWith("bob", StringComparison.Ordinal));
        var told = Assert.Single(scene.Events);
        Assert.Equal(WorkerEventKind.SourceFailing, told.Kind);
        Assert.True(told.Message.Contains("broken.yaml:4:", StringComparison.Ordinal), told.Message);

        await scene.PushAsync(AllProviders(), Project(Clarifeye, "", "ana@example.com", "bob@example.com"));
        Assert.Equal("revision-3", scene.Status.Source.Revision);
        Assert.Null(scene.Status.Source.BrokenRevision);
        Assert.Contains("bob@example.com (invited)", scene.People(Clarifeye));
        Assert.Equal(WorkerEventKind.SourceRecovered, scene.Events.Last().Kind);
    }

    [Fact]
    public async Task A_revision_without_a_manifest_of_ours_keeps_the_last_good_one_in_force()
    {
        await using var scene = await SetAsync();
        scene.Write(AllProviders(), Project(Clarifeye, "", "ana@example.com"));
        await scene.StartAsync();
        await scene.QuietAsync();
        await scene.PushAsync(("deployment.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n"));

        Assert.Equal(("revision-1", "revision-2"), (scene.Status.Source.Revision, scene.Status.Source.BrokenRevision));
        Assert.Contains("ana@example.com (invited)", scene.People(Clarifeye));
        Assert.Contains("the setting allowEmpty: true", Assert.Single(scene.Events).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_cannot_be_had_changes_nothing_until_it_can()
    {
        await using var scene = await SetAsync();
        scene.Write(AllProviders(), Project(Clarifeye, "", "ana@example.com"));
        scene.FailSource("the host does not answer");
        await scene.StartAsync();
        await scene.QuietAsync();
        Assert.Empty(scene.Status.Projects);
        Assert.Equal("the host does not answer", scene.Status.Source.Failure);
        Assert.Empty(scene.Server.Requests);
        scene.FailSource(null);
        await scene.LetPassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(ProjectState.Converged, scene.Of(Clarifeye.Connection).State);
        Assert.Null(scene.Status.Source.Failure);
        Assert.Null(scene.Status.Source.FailingSince);
    }

    [Fact]
    public async Task One_vendor_that_is_down_stops_no_other_and_is_tried_less_and_less_often()
    {
        await using var scene = await SetAsync();
        scene.Server.Inject(Fault.Answer(401) with { Connection = Clarifeye.Connection, Times = null });
        scene.Write([AllProviders(), .. Vendors.Select(v => Project(v, "", "ana@example.com"))]);
        await scene.StartAsync();
        await scene.QuietAsync();
        Assert.Equal(ProjectState.Failing, scene.Of(Clarifeye.Connection).State);
        Assert.All(
            Vendors.Where(v => v != Clarifeye),
            v => Assert.Equal(ProjectState.Converged, scene.Of(v.Connection).State)
        );
        Assert.False(scene.Status.Providers.Single(p => p.Provider.Name == Clarifeye.Connection).IsReachable);
        Assert.Contains(
            scene.Events,
            e => e.Kind == WorkerEventKind.Failing && e.Subject == $"default/{Clarifeye.Connection}"
        );

        await scene.LetPassAsync(TimeSpan.FromHours(2));
        // 30 s, 1, 2, 4, 8 minutes, then every 15: some twelve passes in two hours.
        Assert.InRange(scene.Of(Clarifeye.Connection).Failures, 10, 14);
        scene.Server.ClearFaults();
        await scene.LetPassAsync(TimeSpan.FromMinutes(17));
        Assert.Equal(ProjectState.Converged, scene.Of(Clarifeye.Connection).State);
        Assert.Equal(0, scene.Of(Clarifeye.Connection).Failures);
        Assert.Contains(scene.Events, e => e.Kind == WorkerEventKind.Recovered);
    }

    [Fact]
    public async Task Access_that_ends_is_taken_back_at_its_time_whatever_the_interval()
    {
        await using var scene = await SetAsync();
        var end = scene.Clock.GetUtcNow() + TimeSpan.FromHours(3);
        scene.Write(
            AllProviders(),
            Project(
                Clarifeye,
                "  interval: 24h",
                $"email: ana@example.com, expiresAt: \"{end:yyyy-MM-dd'T'HH:mm:ss'Z'}\""
            )
        );
        await scene.StartAsync();
        await scene.QuietAsync();
        scene.Server.Connection(Clarifeye.Connection).Accept(Clarifeye.ProjectId, "ana@example.com");
        await scene.LetPassAsync(TimeSpan.FromHours(3) - TimeSpan.FromSeconds(1));
        Assert.Contains("ana@example.com", scene.People(Clarifeye));
        await scene.LetPassAsync(TimeSpan.FromSeconds(30));
        Assert.DoesNotContain("ana@example.com", scene.People(Clarifeye));
    }

    [Fact]
    public async Task A_reminder_is_sent_at_its_time_whatever_the_interval_and_once()
    {
        await using var scene = await SetAsync();
        scene.Write(
            AllProviders(),
            Project(
                Clarifeye,
                "  interval: 24h\n  invitations: {resendAfter: 2h, maxResends: 1, expireAfter: 30d, resendBy: reinvite}",
                "ana@example.com"
            )
        );
        await scene.StartAsync();
        await scene.QuietAsync();
        var connection = scene.Server.Connection(Clarifeye.Connection);
        Assert.Equal(1, connection.MailsTo("ana@example.com"));
        await scene.LetPassAsync(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        Assert.Equal(1, connection.MailsTo("ana@example.com"));
        await scene.LetPassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(2, connection.MailsTo("ana@example.com"));
        await scene.LetPassAsync(TimeSpan.FromMinutes(110));
        Assert.Equal(2, connection.MailsTo("ana@example.com"));
    }

    [Fact]
    public async Task Changed_manifests_go_first_and_only_what_changed_is_hurried()
    {
        await using var scene = await SetAsync();
        scene.Write([AllProviders(), .. Vendors.Select(v => Project(v, ""))]);
        await scene.StartAsync();
        await scene.QuietAsync();
        scene.Server.ForgetRequests();
        await scene.PushAsync([
            AllProviders(),
            .. Vendors.Select(v => v == Clarifeye ? Project(v, "", "ana@example.com") : Project(v, "")),
        ]);
        Assert.NotEmpty(scene.Server.Requests);
        Assert.All(scene.Server.Requests, r => Assert.Equal(Clarifeye.Connection, r.Connection));
    }

    [Fact]
    public async Task A_plan_that_a_guardrail_holds_waits_until_a_commit_approves_it()
    {
        string[] twelve = [.. Enumerable.Range(1, 12).Select(n => $"user{n}@example.com")];
        await using var scene = await SetAsync();
        foreach (var email in twelve)
            scene.Server.Connection(Clarifeye.Connection).AddMember(Clarifeye.ProjectId, email, Clarifeye.SeedLesser);
        (string, string) guardrail = (
            "guardrail.yaml",
            "apiVersion: reconciler.dev/v1alpha1\nkind: Guardrail\nmetadata: {name: few}\nspec: {selector: {}, maxRemovals: {count: 3}}\n"
        );
        scene.Write(AllProviders(), guardrail, Project(Clarifeye, "", twelve));
        await scene.StartAsync();
        await scene.QuietAsync();
        await scene.PushAsync(AllProviders(), guardrail, Project(Clarifeye, ""));
        Assert.Equal(ProjectState.Held, scene.Of(Clarifeye.Connection).State);
        Assert.Equal(13, scene.People(Clarifeye).Length);
        var held = Assert.Single(scene.Events, e => e.Kind == WorkerEventKind.Held);

        var (name, text) = Project(Clarifeye, "");
        await scene.PushAsync(
            AllProviders(),
            guardrail,
            (
                name,
                text.Replace(
                    $"name: {Clarifeye.Connection}}}",
                    $"name: {Clarifeye.Connection}, annotations: {{reconciler.dev/approve: \"{held.Digest}\"}}}}",
                    StringComparison.Ordinal
                )
            )
        );
        Assert.Equal(ProjectState.Converged, scene.Of(Clarifeye.Connection).State);
        Assert.Equal([Bot], scene.People(Clarifeye));
    }

    [Fact]
    public async Task A_commit_that_raises_a_limit_and_needs_it_at_once_stays_held_in_every_pass()
    {
        string[] twelve = [.. Enumerable.Range(1, 12).Select(n => $"user{n}@example.com")];
        await using var scene = await SetAsync();
        foreach (var email in twelve)
            scene.Server.Connection(Clarifeye.Connection).AddMember(Clarifeye.ProjectId, email, Clarifeye.SeedLesser);
        scene.Write(AllProviders(), Few(3), Project(Clarifeye, "", twelve));
        await scene.StartAsync();
        await scene.QuietAsync();
        await scene.PushAsync(AllProviders(), Few(1000), Project(Clarifeye, ""));
        await scene.LetPassAsync(TimeSpan.FromHours(1));
        Assert.Equal(ProjectState.Held, scene.Of(Clarifeye.Connection).State);
        Assert.Equal(13, scene.People(Clarifeye).Length);
        Assert.Contains(
            scene.Logs,
            l =>
                l.Contains(
                    "the Guardrail few allowed 3 removals per project; now 1000 are allowed",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(
            scene.Events,
            e =>
                e.Kind == WorkerEventKind.Held
                && e.Message.Contains(
                    "the Guardrail few, as last applied, allows 3 a project",
                    StringComparison.Ordinal
                )
        );

        // A change of its own brings the limit; the next one may use it.
        await scene.PushAsync(AllProviders(), Few(1000), Project(Clarifeye, "", twelve));
        await scene.PushAsync(AllProviders(), Few(1000), Project(Clarifeye, ""));
        Assert.Equal([Bot], scene.People(Clarifeye));

        static (string, string) Few(int most) =>
            (
                "guardrail.yaml",
                "apiVersion: reconciler.dev/v1alpha1\nkind: Guardrail\nmetadata: {name: few}\n"
                    + $"spec: {{selector: {{}}, maxRemovals: {{count: {most}}}}}\n"
            );
    }

    [Fact]
    public async Task Removals_that_a_limit_over_the_provider_holds_stay_held_however_often_their_projects_are_due()
    {
        var clock = new FakeClock();
        string[] ids = [.. Enumerable.Range(1, 30).Select(n => $"{n:00000000}-0d44-4b50-8888-8dd25736052a")];
        SeedProject[] projects =
        [
            .. ids.Select(id =>
                Clarifeye.Prepare(
                    new(id, Clarifeye.Connection)
                    {
                        Members = [new(Bot, Clarifeye.SeedGreater), new("ana@example.com", Clarifeye.SeedLesser)],
                    }
                )
            ),
        ];
        await using var scene = await SetAsync(clock, new() { Token = Token, Projects = [.. projects] });
        scene.Write([
            Provider(Clarifeye),
            .. ids.Select((id, n) => OneOf(Clarifeye, id, $"p{n}", "", "ana@example.com")),
        ]);
        await scene.StartAsync();
        await scene.QuietAsync();
        // Ana goes from thirty projects: more than the built-in limit of 25 an hour.
        await scene.PushAsync([Provider(Clarifeye), .. ids.Select((id, n) => OneOf(Clarifeye, id, $"p{n}", ""))]);
        Assert.All(scene.Status.Projects, p => Assert.Equal(ProjectState.Held, p.State));
        await scene.LetPassAsync(TimeSpan.FromHours(3));
        Assert.All(scene.Status.Projects, p => Assert.Equal(ProjectState.Held, p.State));
        Assert.All(ids, id => Assert.Equal(2, scene.Server.Connection(Clarifeye.Connection).Members(id).Count));
    }

    [Fact]
    public async Task A_state_file_that_cannot_be_written_shows_and_is_told()
    {
        await using var scene = await SetAsync();
        scene.Write(AllProviders(), Project(Clarifeye, "", "ana@example.com"));
        await scene.StartAsync();
        await scene.QuietAsync();
        Directory.CreateDirectory(scene.LockFile + ".gone");
        File.Move(scene.LockFile, Path.Combine(scene.LockFile + ".gone", "lock"));
        Directory.CreateDirectory(scene.LockFile);
        await scene.PushAsync(AllProviders(), Project(Clarifeye, "", "ana@example.com", "bob@example.com"));
        Assert.True(scene.Of(Clarifeye.Connection).State == ProjectState.Failing, string.Join('\n', scene.Logs));
        Assert.NotNull(scene.Of(Clarifeye.Connection).Error);
        await scene.LetPassAsync(TimeSpan.FromMinutes(2));
        Assert.Contains(scene.Events, e => e.Kind == WorkerEventKind.Failing);

        Directory.Delete(scene.LockFile);
        await scene.LetPassAsync(TimeSpan.FromMinutes(16));
        Assert.Equal(ProjectState.Converged, scene.Of(Clarifeye.Connection).State);
        Assert.Contains("bob@example.com (invited)", scene.People(Clarifeye));
    }

    [Theory]
    [InlineData("revoke", false)]
    [InlineData("orphan", true)]
    public async Task A_deleted_document_does_what_its_policy_says_and_is_forgotten(string policy, bool stays)
    {
        await using var scene = await SetAsync();
        var other = Vendors.First(v => v != Clarifeye);
        scene.Write(
            AllProviders(),
            Project(Clarifeye, $"  deletionPolicy: {policy}", "ana@example.com"),
            Project(other, "")
        );
        await scene.StartAsync();
        await scene.QuietAsync();
        await scene.PushAsync(AllProviders(), Project(other, ""));
        await scene.LetPassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(stays, scene.People(Clarifeye).Contains("ana@example.com (invited)"));
        Assert.Equal([$"default/{other.Connection}"], scene.Status.Projects.Select(p => p.Project.Id));
    }

    [Fact]
    public async Task A_token_that_is_rotated_while_it_runs_fails_no_pass()
    {
        await using var scene = await SetAsync();
        scene.Write(AllProviders(), Project(Clarifeye, "  interval: 30s", "ana@example.com"));
        await scene.StartAsync();
        await scene.QuietAsync();
        for (var i = 0; i < 5; i++)
        {
            var next = $"rotated-{i}";
            scene.Server.Connection(Clarifeye.Connection).Rotate(next);
            await File.WriteAllTextAsync(scene.TokenFile, next, TestContext.Current.CancellationToken);
            await scene.LetPassAsync(TimeSpan.FromMinutes(2));
            Assert.Equal(0, scene.Of(Clarifeye.Connection).Failures);
        }

        Assert.DoesNotContain(scene.Events, e => e.Kind == WorkerEventKind.Failing);
    }
}
