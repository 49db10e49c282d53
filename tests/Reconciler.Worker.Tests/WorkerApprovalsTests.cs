using Reconciler.Engine.Planning;
using Reconciler.Hosting.Reconciling;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Hosts.Worker;
using static Reconciler.Testing.Hosts.Worker.WorkerScene;

namespace Reconciler.Worker.Tests;

/// <summary>
/// Approvals of the runner release what a worker holds; what they come to is said in the log and in its status.
/// </summary>
public sealed class WorkerApprovalsTests
{
    private static readonly VendorRow Clarifeye = VendorRows.Of("clarifeye");
    private static readonly string Other = $"hold:sha256:{new string('0', 64)}";

    private static readonly (string, string) Limit = (
        "guardrail.yaml",
        "apiVersion: reconciler.dev/v1alpha1\nkind: Guardrail\nmetadata: {name: few}\nspec: {selector: {}, maxRemovals: {count: 3}}\n"
    );

    [Fact]
    public async Task An_Approval_in_the_runners_folder_releases_what_is_held_once()
    {
        await using var scene = await HeldAsync();
        var hold = Assert.Single(scene.Events, e => e.Kind == WorkerEventKind.Held).Digest!;
        Assert.StartsWith("hold:sha256:", hold, StringComparison.Ordinal);

        Approve(scene, "leavers", hold);
        await scene.AskAsync();

        Assert.Equal(ProjectState.Converged, scene.Of(Clarifeye.Connection).State);
        Assert.Equal([Bot], scene.People(Clarifeye));
        Assert.Contains(scene.Logs, l => l.Contains("releases a hold, once", StringComparison.Ordinal));
        Assert.Contains(hold, Assert.Single(scene.Status.Approvals).Approval.Hold, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_says_since_when_and_from_which_revision_a_plan_is_held_and_what_was_done()
    {
        await using var scene = await HeldAsync();
        var held = scene.Of(Clarifeye.Connection);
        Assert.Equal(held.PassedAt, held.HeldSince);
        Assert.Equal(scene.Status.Source.Revision, held.HeldRevision);
        Assert.Equal(scene.Approvals, scene.Status.ApprovalsFolder);

        await scene.LetPassAsync(TimeSpan.FromHours(1));
        var later = scene.Of(Clarifeye.Connection);
        Assert.NotEqual(held.PassedAt, later.PassedAt);
        Assert.Equal((held.HeldSince, held.HeldRevision), (later.HeldSince, later.HeldRevision));

        Approve(scene, "leavers", later.Planned!.Plan!.HeldDigest!);
        await scene.AskAsync();
        var done = scene.Of(Clarifeye.Connection);
        Assert.Equal((null, null), (done.HeldSince, done.HeldRevision));
        IWorkerView view = scene.Loop;
        var history = await view.HistoryAsync(done.Project.Key, 5, TestContext.Current.CancellationToken);
        Assert.Null(history.Failure);
        Assert.Equal(5, history.Entries.Length);
        Assert.Equal("remove", history.Entries[0].Action);
        Assert.Equal(scene.Status.Source.Revision, history.Entries[0].Origin.Revision);
    }

    [Fact]
    public async Task An_Approval_that_fits_nothing_or_has_ended_is_said_in_the_log_and_the_status()
    {
        await using var scene = await HeldAsync();
        Approve(scene, "other", Other);
        await scene.AskAsync();

        Assert.Equal(ProjectState.Held, scene.Of(Clarifeye.Connection).State);
        Assert.Equal(ApprovalFate.FitsNothing, Assert.Single(scene.Status.Approvals).Fate);
        Assert.Contains(scene.Logs, l => l.Contains("fits nothing that is held now", StringComparison.Ordinal));

        await scene.LetPassAsync(TimeSpan.FromHours(25));
        Assert.Equal(ApprovalFate.Expired, Assert.Single(scene.Status.Approvals).Fate);
        Assert.Contains(scene.Logs, l => l.Contains(") ended on ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_Approval_that_cannot_be_read_is_said_and_the_others_count()
    {
        await using var scene = await HeldAsync();
        var hold = Assert.Single(scene.Events, e => e.Kind == WorkerEventKind.Held).Digest!;
        await File.WriteAllTextAsync(
            Path.Combine(scene.Approvals, "broken.yaml"),
            "apiVersion: reconciler.dev/v1alpha1\nkind: Approval\nmetadata: {name: x}\nspec: {}\n",
            TestContext.Current.CancellationToken
        );
        Approve(scene, "leavers", hold);
        await scene.AskAsync();

        Assert.Contains(scene.Logs, l => l.Contains("Approvals cannot be read", StringComparison.Ordinal));
        Assert.Equal([Bot], scene.People(Clarifeye));
    }

    [Fact]
    public async Task A_held_plan_keeps_its_digest_while_its_neighbours_change_and_time_passes()
    {
        var clock = new FakeClock();
        string[] ids = [.. Enumerable.Range(1, 4).Select(n => $"{n:00000000}-0d44-4b50-8888-8dd25736052a")];
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
        Directory.CreateDirectory(scene.Approvals);
        scene.Write(Declaring("ana@example.com"));
        await scene.StartAsync();
        await scene.QuietAsync();
        // Ana goes from four projects, and a mail waits in each of them.
        await scene.PushAsync(Declaring("new@example.com"));
        var told = scene.Events.Where(e => e.Kind == WorkerEventKind.Held).ToDictionary(e => e.Subject, e => e.Digest!);
        Assert.Equal(4, told.Count);

        Approve(scene, "first", told["default/p0"]);
        await scene.AskAsync();
        Assert.Equal(ProjectState.Converged, scene.Of("p0").State);
        // The removal counts for an hour, and reminders fall due after a day.
        foreach (var wait in new[] { TimeSpan.FromHours(3), TimeSpan.FromDays(2) })
            await scene.LetPassAsync(wait);

        Assert.Equal(3, scene.Status.Projects.Count(p => p.State == ProjectState.Held));
        Assert.All(
            scene.Events.Where(e => e.Kind == WorkerEventKind.Held),
            e => Assert.Equal(told[e.Subject], e.Digest)
        );
        Approve(scene, "second", told["default/p1"]);
        await scene.AskAsync();
        Assert.NotEqual(ProjectState.Held, scene.Of("p1").State);

        (string, string)[] Declaring(string email) =>
            [
                Provider(Clarifeye),
                (
                    "guardrail.yaml",
                    "apiVersion: reconciler.dev/v1alpha1\nkind: Guardrail\nmetadata: {name: few}\n"
                        + "spec: {selector: {}, maxRemovalsPerProvider: {count: 2, window: 1h}}\n"
                ),
                .. ids.Select((id, n) => OneOf(Clarifeye, id, $"p{n}", "  invitations: {resendAfter: 1d}", email)),
            ];
    }

    private static async Task<WorkerScene> HeldAsync()
    {
        string[] twelve = [.. Enumerable.Range(1, 12).Select(n => $"user{n}@example.com")];
        var scene = await SetAsync();
        Directory.CreateDirectory(scene.Approvals);
        foreach (var email in twelve)
            scene.Server.Connection(Clarifeye.Connection).AddMember(Clarifeye.ProjectId, email, Clarifeye.SeedLesser);
        scene.Write(AllProviders(), Limit, Project(Clarifeye, "", twelve));
        await scene.StartAsync();
        await scene.QuietAsync();
        await scene.PushAsync(AllProviders(), Limit, Project(Clarifeye, ""));
        Assert.Equal(ProjectState.Held, scene.Of(Clarifeye.Connection).State);
        return scene;
    }

    private static void Approve(WorkerScene scene, string name, string hold) =>
        File.WriteAllText(
            Path.Combine(scene.Approvals, $"{name}.yaml"),
            $"apiVersion: reconciler.dev/v1alpha1\nkind: Approval\nmetadata: {{name: {name}}}\n"
                + $"spec: {{hold: \"{hold}\", reason: they left}}\n"
        );
}
