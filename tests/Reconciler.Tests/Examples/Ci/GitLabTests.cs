namespace Reconciler.Tests.Examples.Ci;

/// <summary>The component of GitLab, run as its runner does, with merged results and without.</summary>
public sealed class GitLabTests : IAsyncLifetime
{
    private const int Number = 12;
    private CiScene _scene = null!;

    public static TheoryData<string> Types => ["detached", "merged_result"];

    public async ValueTask InitializeAsync() => _scene = await CiScene.StartAsync();

    public ValueTask DisposeAsync() => _scene?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_merge_request_gets_its_plan_as_one_note_behind_a_hundred_others(string type)
    {
        _scene.Forge.Write(Number, "mallory", "<!-- reconciler.dev/plan/v1 digest=none -->\nnothing to see");
        foreach (var i in Enumerable.Range(0, 120))
            _scene.Forge.Write(Number, "ana", $"note {i}");
        await PlanAsync("leave", type, CiScene.Old(1, 2, 3));
        Assert.Contains("- remove  old4@example.com", Note, Sense);

        var again = await PlanAsync("leave", type, CiScene.Old(1, 2, 4));
        Assert.All(again.Values, j => Assert.Equal("success", j.Result));
        Assert.Equal(122, _scene.Forge.CommentsOf(Number).Count);
        Assert.Contains("- remove  old3@example.com", Note, Sense);
        Assert.Contains("- no longer:  - remove  old4@example.com", Note, Sense);
        Assert.Equal(0, _scene.Writes);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_merge_request_behind_main_is_planned_as_it_would_be_merged(string type)
    {
        _scene.Change("b", ("access/people/more.yaml", "# more\n"));
        _scene.Declare("a", [.. CiScene.Old(1, 2, 3, 4), "new@example.com"]);
        _scene.Merge("a", 11);
        var run = await PlanAsync("b", type);
        Assert.Equal("success", run["access-plan"].Result);
        Assert.Contains("+ invite  new@example.com", Note, Sense);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task What_was_reviewed_is_applied_and_the_tag_moves(string type)
    {
        await PlanAsync("leave", type, CiScene.Old(1, 2, 3));
        var run = await MergeAsync("leave");
        Assert.All(run.Values, j => Assert.Equal("success", j.Result));
        Assert.Equal(CiScene.Old(1, 2, 3), _scene.Members);
        Assert.Equal(_scene.Head, _scene.Applied);
        Assert.DoesNotContain("access-report", run.Keys);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task The_second_of_two_merge_requests_is_not_applied_blindly_and_says_what_changed(string type)
    {
        _scene.Change("b", ("access/people/more.yaml", "# more\n"));
        await PlanAsync("b", type);
        _scene.Declare("a", [.. CiScene.Old(1, 2, 3, 4), "new@example.com"]);
        _scene.Merge("a", 11);
        var run = await MergeAsync("b");
        Assert.Equal(4, run["access-apply"].Code);
        Assert.DoesNotContain("access-mark", run.Keys);
        Assert.Equal(0, _scene.Writes);
        var note = _scene.Forge.Only(Number, "not-applied");
        Assert.Contains("[the job](https://gitlab.example/acme/access/-/jobs/42)", note, Sense);
        Assert.Contains("+ new:        + invite  new@example.com", note, Sense);

        var again = await ByHandAsync(CommentText.DigestOf(note));
        Assert.Equal("success", again["access-apply"].Result);
        Assert.Contains("new@example.com", _scene.Invited);
        Assert.Equal(_scene.Head, _scene.Applied);
    }

    [Fact]
    public async Task A_held_apply_fails_shows_the_hold_and_passes_once_its_digest_is_given()
    {
        await PlanAsync("many", "merged_result", CiScene.Old(1, 2));
        var run = await MergeAsync("many");
        Assert.Equal(4, run["access-apply"].Code);
        Assert.Equal(4, _scene.Members.Count());
        var note = _scene.Forge.Only(Number, "not-applied");
        var again = await ByHandAsync(CommentText.DigestOf(note), CommentText.HoldOf(note));
        Assert.Equal("success", again["access-apply"].Result);
        Assert.Equal(CiScene.Old(1, 2), _scene.Members);
    }

    [Fact]
    public async Task A_merge_of_other_files_applies_nothing_and_leaves_the_tag_where_it_is()
    {
        _scene.Declare("failed", CiScene.Old(1, 2, 3));
        _scene.Merge("failed", 11);
        var applied = _scene.Applied;
        _scene.Change("docs", ("README.md", "Who may do what"));
        var planned = await PlanAsync("docs", "merged_result");
        Assert.All(planned.Values, j => Assert.Equal("success", j.Result));
        Assert.Empty(_scene.Forge.CommentsOf(Number));
        var run = await MergeAsync("docs");
        Assert.All(run.Values, j => Assert.Equal("success", j.Result));
        Assert.Contains("what was merged before this commit is not applied yet", run["access-apply"].Log, Sense);
        Assert.Equal(applied, _scene.Applied);
        Assert.Equal(0, _scene.Writes);
    }

    [Fact]
    public async Task A_merge_without_a_reviewed_plan_is_refused()
    {
        _scene.Declare("direct", CiScene.Old(1, 2, 3));
        var run = await MergeAsync("direct");
        Assert.Equal(1, run["access-apply"].Code);
        Assert.Contains("error: no reviewed plan was found for this commit", run["access-apply"].Log, Sense);
        Assert.Equal(0, _scene.Writes);
    }

    [Fact]
    public async Task A_limit_and_a_connection_of_the_merge_request_do_not_count()
    {
        _scene.Change(
            "steal",
            ("access/connections/clarifeye.yaml", CiScene.Connection("https://us.app.clarifeye.ai/api/v1")),
            CiScene.Guardrail(100)
        );
        var run = await PlanAsync("steal", "detached", CiScene.Old(1, 2));
        Assert.Equal(4, run["access-plan"].Code);
        Assert.Contains("held</b>", Note, Sense);
    }

    [Fact]
    public async Task A_plan_that_fails_fails_the_job_and_is_shown_all_the_same()
    {
        _scene.Change("slip", ("access/people/projects.yaml", "apiVersion: reconciler.dev/v1alpha1\nkind: Teem\n"));
        var run = await PlanAsync("slip", "merged_result");
        Assert.Equal(3, run["access-plan"].Code);
        Assert.Equal(3, run["access-validate"].Code);
        Assert.Contains("Teem", Note, Sense);
    }

    [Fact]
    public async Task A_note_that_cannot_be_written_fails_the_job_and_says_so()
    {
        _scene.Forge.RefusesComments = true;
        var run = await PlanAsync("leave", "merged_result", CiScene.Old(1, 2, 3));
        Assert.Equal("success", run["access-plan"].Result);
        Assert.Equal("failed", run["access-comment"].Result);
        Assert.Contains("error: the note could not be written", run["access-comment"].Log, Sense);
    }

    [Fact]
    public async Task A_token_that_is_not_set_is_named()
    {
        _scene.Declare("leave", CiScene.Old(1, 2, 3));
        using var runner = new GitLabRunner(_scene, _scene.With) { HasTokens = false };
        var run = await runner.RunAsync(Pipeline.OfMergeRequest(_scene.Merged("leave"), Number, "merged_result"));
        Assert.Contains("the variable ACCESS_COMMENT_TOKEN is not set", run["access-earlier"].Log, Sense);
        Assert.DoesNotContain("access-plan", run.Keys);
    }

    [Fact]
    public async Task A_fork_and_a_merge_train_are_checked_and_not_planned()
    {
        var commit = _scene.Declare("fork", CiScene.Old(1));
        using var runner = new GitLabRunner(_scene, _scene.With);
        var fork = await runner.RunAsync(Pipeline.OfMergeRequest(commit, Number, "detached", source: "2"));
        Assert.Equal(["access-validate"], fork.Keys);
        var train = await runner.RunAsync(Pipeline.OfMergeRequest(commit, Number, "merge_train"));
        Assert.Equal(["access-validate"], train.Keys);
    }

    [Fact]
    public async Task A_schedule_ends_access_that_ends_by_a_date_and_applies_nothing_that_was_not_applied_before()
    {
        _scene.Declare("until", [.. CiScene.Old(1, 2, 3), "old4@example.com 2026-01-01"]);
        var (_, applied) = _scene.Merge("until", 11);
        _scene.Forge.Repository.Point($"refs/tags/{CiScene.Tag}", applied);
        _scene.Declare("later", [.. CiScene.Old(1, 2, 3), "new@example.com"]);
        _scene.Merge("later", Number);
        var run = await RunAsync(Pipeline.OfSchedule(_scene.Head, "reapply"));
        Assert.Equal(["access-reapply"], run.Keys);
        Assert.Equal(CiScene.Old(1, 2, 3), _scene.Members);
        Assert.Empty(_scene.Invited);
    }

    [Fact]
    public async Task A_schedule_applies_nothing_where_the_tag_names_a_commit_that_was_not_merged()
    {
        var unreviewed = _scene.Declare("push", [.. CiScene.Old(1, 2, 3, 4), "mallory@example.com"]);
        _scene.Forge.Repository.Point($"refs/tags/{CiScene.Tag}", unreviewed);
        var run = await RunAsync(Pipeline.OfSchedule(_scene.Head, "reapply"));
        Assert.Equal("failed", run["access-reapply"].Result);
        Assert.Contains(
            "error: the tag reconciler-applied names a commit that is not part of this branch; set it back",
            run["access-reapply"].Log,
            Sense
        );
        Assert.Equal(0, _scene.Writes);
    }

    [Fact]
    public async Task A_pipeline_that_ends_late_does_not_move_the_tag_back()
    {
        await PlanAsync("leave", "merged_result", CiScene.Old(1, 2, 3));
        var (before, after) = _scene.Merge("leave", Number);
        _scene.Change("later", ("README.md", "later"));
        var later = _scene.Merge("later", 13).After;
        using var runner = new GitLabRunner(_scene, _scene.With)
        {
            // A pipeline of the newer commit ends between the apply and the job that moves the tag.
            Starting = job =>
            {
                if (job == "access-mark")
                    _scene.Forge.Repository.Point($"refs/tags/{CiScene.Tag}", later);
            },
        };
        var run = await runner.RunAsync(Pipeline.OfPush(before, after));
        Assert.Equal("success", run["access-apply"].Result);
        Assert.Equal("failed", run["access-mark"].Result);
        Assert.Contains(
            "error: a newer commit was applied already (the tag reconciler-applied); the tag stays",
            run["access-mark"].Log,
            Sense
        );
        Assert.Equal(later, _scene.Applied);
    }

    [Fact]
    public async Task Drift_fails_the_pipeline_with_its_exit_code()
    {
        _scene.RemoveMember("old4@example.com");
        var run = await RunAsync(Pipeline.OfSchedule(_scene.Head, "drift"));
        Assert.Equal(2, run["access-drift"].Code);
        Assert.Contains("+ invite  old4@example.com", run["access-drift"].Log, Sense);
    }

    private const StringComparison Sense = StringComparison.Ordinal;

    private string Note => _scene.Forge.Only(Number, "plan");

    private Task<IReadOnlyDictionary<string, GitLabJobRun>> PlanAsync(
        string branch,
        string type,
        params string[] people
    )
    {
        var head = people.Length > 0 ? _scene.Declare(branch, people) : _scene.Change(branch, ("note.md", type));
        var commit = type == "detached" ? head : _scene.Merged(branch);
        return RunAsync(Pipeline.OfMergeRequest(commit, Number, type));
    }

    private Task<IReadOnlyDictionary<string, GitLabJobRun>> MergeAsync(string branch)
    {
        var (before, after) = _scene.Merge(branch, Number);
        return RunAsync(Pipeline.OfPush(before, after));
    }

    private Task<IReadOnlyDictionary<string, GitLabJobRun>> ByHandAsync(string digest, string approve = "") =>
        RunAsync(Pipeline.ByHand(_scene.Head, digest, approve));

    private async Task<IReadOnlyDictionary<string, GitLabJobRun>> RunAsync(Pipeline pipeline)
    {
        using var runner = new GitLabRunner(_scene, _scene.With);
        return await runner.RunAsync(pipeline);
    }
}
