namespace Reconciler.Tests.Examples.Ci;

/// <summary>The workflow that plans a pull request, run with the action of this repository, in one job and in two.</summary>
public sealed class GitHubPlanTests : IAsyncLifetime
{
    private const int Number = 12;
    private CiScene _scene = null!;

    public static TheoryData<string> Workflows => ["github/plan", "github-apart/plan"];

    public async ValueTask InitializeAsync() => _scene = await CiScene.StartAsync();

    public ValueTask DisposeAsync() => _scene?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Workflows))]
    public async Task A_pull_request_gets_its_plan_as_one_comment_that_is_written_anew(string workflow)
    {
        _scene.Declare("leave", CiScene.Old(1, 2, 3));
        var first = await RunAsync(workflow, "leave");
        Assert.All(first.Values, j => Assert.Equal("success", j.Result));
        Assert.Contains("- remove  old4@example.com", Comment, Sense);
        Assert.Contains("(access/people/projects.yaml:", Comment, Sense);
        Assert.Contains("- remove  old4@example.com", first["plan"].Summary, Sense);
        Assert.DoesNotContain("earlier plan", Comment, Sense);

        _scene.Declare("leave", [.. CiScene.Old(1, 2, 3), "new@example.com"]);
        await RunAsync(workflow, "leave");
        Assert.Contains("This has changed since the earlier plan", Comment, Sense);
        Assert.Contains("+ new:        + invite  new@example.com", Comment, Sense);
        Assert.Equal(0, _scene.Writes);
    }

    [Fact]
    public async Task Its_own_comment_is_found_behind_a_hundred_others_and_no_stranger_can_pose_as_it()
    {
        const string workflow = "github/plan";
        _scene.Forge.Write(Number, "mallory", "<!-- reconciler.dev/plan/v1 digest=none -->\nnothing to see");
        foreach (var i in Enumerable.Range(0, 120))
            _scene.Forge.Write(Number, "ana", $"comment {i}");
        _scene.Declare("leave", CiScene.Old(1, 2, 3));
        await RunAsync(workflow, "leave");
        _scene.Declare("leave", CiScene.Old(1, 2, 4));
        await RunAsync(workflow, "leave");
        Assert.Equal(122, _scene.Forge.CommentsOf(Number).Count);
        Assert.Contains("- remove  old3@example.com", Comment, Sense);
        Assert.Contains("- no longer:  - remove  old4@example.com", Comment, Sense);
    }

    [Fact]
    public async Task A_change_of_other_files_reports_at_once_and_writes_no_comment()
    {
        const string workflow = "github/plan";
        _scene.Change("docs", ("README.md", "Who may do what"));
        var run = await RunAsync(workflow, "docs");
        Assert.All(run.Values, j => Assert.Equal("success", j.Result));
        Assert.Empty(_scene.Forge.CommentsOf(Number));
    }

    [Fact]
    public async Task A_change_that_was_taken_back_is_planned_again_so_that_the_comment_says_so()
    {
        const string workflow = "github/plan";
        _scene.Declare("back", CiScene.Old(1, 2, 3));
        await RunAsync(workflow, "back");
        _scene.Declare("back", CiScene.Old(1, 2, 3, 4));
        await RunAsync(workflow, "back");
        Assert.Contains("**No changes.", Comment, Sense);
    }

    [Fact]
    public async Task A_held_plan_fails_the_check_with_its_exit_code_and_is_shown()
    {
        const string workflow = "github/plan";
        _scene.Change("many", ("access/people/projects.yaml", CiScene.People(CiScene.Old(1))), CiScene.Guardrail(100));
        var run = await RunAsync(workflow, "many");
        Assert.Equal("failure", run["plan"].Result);
        Assert.Contains("held</b>", Comment, Sense);
    }

    [Fact]
    public async Task Manifests_with_problems_fail_the_check_and_the_comment_names_them()
    {
        const string workflow = "github/plan";
        _scene.Change("slip", ("access/people/projects.yaml", "apiVersion: reconciler.dev/v1alpha1\nkind: Teem\n"));
        var run = await RunAsync(workflow, "slip");
        Assert.Equal("failure", run["plan"].Result);
        Assert.StartsWith("<!-- reconciler.dev/plan/v1 digest=none -->", Comment, Sense);
        Assert.Contains("Teem", Comment, Sense);
    }

    [Fact]
    public async Task A_connection_of_the_pull_request_gets_no_token()
    {
        const string workflow = "github/plan";
        _scene.Change(
            "steal",
            ("access/connections/clarifeye.yaml", CiScene.Connection("https://us.app.clarifeye.ai/api/v1"))
        );
        var run = await RunAsync(workflow, "steal");
        Assert.Equal("success", run["plan"].Result);
        Assert.Contains("**No changes.", Comment, Sense);
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public async Task A_comment_that_cannot_be_written_fails_the_job_and_says_so(string workflow)
    {
        _scene.Forge.RefusesComments = true;
        _scene.Declare("leave", CiScene.Old(1, 2, 3));
        var run = await RunAsync(workflow, "leave");
        var job = run[run.ContainsKey("comment") ? "comment" : "plan"];
        Assert.Equal("failure", job.Result);
        Assert.Contains("::error::the comment could not be written", job.Log, Sense);
        Assert.Contains("No server is currently available", job.Log, Sense);
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public async Task A_program_that_fails_without_a_plan_leaves_no_old_plan_standing(string workflow)
    {
        _scene.Declare("leave", CiScene.Old(1, 2, 3));
        await RunAsync(workflow, "leave");
        var run = await RunAsync(workflow, "leave", arguments: "--no-such-option");
        Assert.Equal("failure", run["plan"].Result);
        Assert.Contains("**There is no plan:** the program ended with 64.", Comment, Sense);
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public async Task A_fork_and_a_merge_queue_report_without_a_token(string workflow)
    {
        var commit = _scene.Declare("fork", CiScene.Old(1));
        using var runner = new GitHubRunner(_scene) { With = _scene.With };
        var fork = await runner.RunAsync(
            workflow,
            new("pull_request", commit) { PullRequest = Number, Head = "mallory/access" }
        );
        Assert.All(fork.Values, j => Assert.Equal("skipped", j.Result));
        var queue = await runner.RunAsync(workflow, new("merge_group", commit));
        Assert.All(queue.Values, j => Assert.Equal("skipped", j.Result));
        Assert.Empty(_scene.Forge.CommentsOf(Number));
    }

    [Fact]
    public async Task A_pull_request_behind_main_is_planned_as_it_would_be_merged()
    {
        _scene.Declare("a", CiScene.Old(1, 2, 3, 4));
        var behind = _scene.Change("b", ("access/people/more.yaml", "# nothing yet\n"));
        _scene.Declare("a", [.. CiScene.Old(1, 2, 3, 4), "new@example.com"]);
        _scene.Merge("a", 11);
        using var runner = new GitHubRunner(_scene) { With = _scene.With };
        var run = await runner.RunAsync("github/plan", new("pull_request", behind) { PullRequest = Number });
        Assert.Equal("success", run["plan"].Result);
        Assert.Contains("+ invite  new@example.com", Comment, Sense);
    }

    private const StringComparison Sense = StringComparison.Ordinal;

    private string Comment => _scene.Forge.Only(Number, "plan");

    private async Task<IReadOnlyDictionary<string, JobRun>> RunAsync(
        string workflow,
        string branch,
        string? arguments = null
    )
    {
        var with = new Dictionary<string, string>(_scene.With, StringComparer.Ordinal);
        if (arguments is not null)
            with["arguments"] = arguments;
        using var runner = new GitHubRunner(_scene) { With = with };
        return await runner.RunAsync(workflow, new("pull_request", _scene.Merged(branch)) { PullRequest = Number });
    }
}
