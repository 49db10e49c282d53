namespace Reconciler.Tests.Examples.Ci;

/// <summary>What happens once a pull request is merged, in one job and in three, and what a schedule does.</summary>
public sealed class GitHubApplyTests : IAsyncLifetime
{
    private CiScene _scene = null!;

    public static TheoryData<string> Forms => ["github", "github-apart"];

    public async ValueTask InitializeAsync() => _scene = await CiScene.StartAsync();

    public ValueTask DisposeAsync() => _scene?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task What_was_reviewed_is_applied_and_the_tag_moves(string form)
    {
        await PlanAsync(form, "leave", 12, CiScene.Old(1, 2, 3));
        var run = await MergeAsync(form, "leave", 12);
        Assert.Equal("success", run["apply"].Result);
        Assert.Equal(CiScene.Old(1, 2, 3), _scene.Members);
        Assert.Equal(_scene.Head, _scene.Applied);
        Assert.Single(_scene.Forge.CommentsOf(12));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task The_second_of_two_pull_requests_is_not_applied_blindly_and_says_what_changed(string form)
    {
        // Both are planned against the same main; the first is merged, and its apply never runs.
        _scene.Change("b", ("access/people/more.yaml", "# more\n"));
        await PlanAsync(form, "a", 11, [.. CiScene.Old(1, 2, 3, 4), "new@example.com"]);
        await PlanAsync(form, "b", 12);
        _scene.Merge("a", 11);
        var run = await MergeAsync(form, "b", 12);
        Assert.Equal("failure", run["apply"].Result);
        Assert.Equal(0, _scene.Writes);
        Assert.NotEqual(_scene.Head, _scene.Applied);
        Assert.Contains("new:        + invite  new@example.com", run["apply"].Log, Sense);
        var comment = _scene.Forge.Only(12, "not-applied");
        Assert.Contains("[the run](https://github.com/acme/access/actions/runs/42)", comment, Sense);
        Assert.Contains("+ new:        + invite  new@example.com", comment, Sense);

        // Somebody reads it, and starts the workflow by hand.
        var again = await ByHandAsync(form, CommentText.DigestOf(comment));
        Assert.Equal("success", again["apply"].Result);
        Assert.Contains("new@example.com", _scene.Invited);
        Assert.Equal(_scene.Head, _scene.Applied);
    }

    [Fact]
    public async Task A_second_pull_request_that_is_planned_again_says_what_the_first_one_changed()
    {
        const string form = "github";
        _scene.Change("b", ("access/people/more.yaml", "# more\n"));
        await PlanAsync(form, "b", 12);
        _scene.Declare("a", [.. CiScene.Old(1, 2, 3, 4), "new@example.com"]);
        _scene.Merge("a", 11);
        await PlanAsync(form, "b", 12);
        Assert.Contains("+ new:        + invite  new@example.com", _scene.Forge.Only(12, "plan"), Sense);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_held_apply_fails_shows_the_hold_and_passes_once_its_digest_is_given(string form)
    {
        await PlanAsync(form, "many", 12, CiScene.Old(1, 2));
        var run = await MergeAsync(form, "many", 12);
        Assert.Equal("failure", run["apply"].Result);
        Assert.Equal(4, _scene.Members.Count());
        var comment = _scene.Forge.Only(12, "not-applied");
        Assert.Contains("--approve hold:sha256:", comment, Sense);

        var again = await ByHandAsync(form, CommentText.DigestOf(comment), CommentText.HoldOf(comment));
        Assert.Equal("success", again["apply"].Result);
        Assert.Equal(CiScene.Old(1, 2), _scene.Members);
        Assert.Contains("released once::would be held: 2 removals", again["apply"].Log, Sense);
        Assert.DoesNotContain("held::", again["apply"].Log, Sense);
    }

    [Fact]
    public async Task A_merge_without_a_reviewed_plan_is_refused()
    {
        const string form = "github";
        _scene.Declare("direct", CiScene.Old(1, 2, 3));
        var run = await MergeAsync(form, "direct", 12);
        Assert.Equal("failure", run["apply"].Result);
        Assert.Contains("::error::no reviewed plan was found for this commit", run["apply"].Log, Sense);
        Assert.Equal(0, _scene.Writes);
    }

    [Fact]
    public async Task A_merge_of_other_files_applies_nothing_and_leaves_the_tag_where_it_is()
    {
        const string form = "github";
        // What was merged before and not applied must not count as applied.
        _scene.Declare("failed", CiScene.Old(1, 2, 3));
        _scene.Merge("failed", 11);
        var applied = _scene.Applied;
        _scene.Change("docs", ("README.md", "Who may do what"));
        var run = await MergeAsync(form, "docs", 12);
        Assert.Equal("success", run["apply"].Result);
        Assert.Contains("::warning::what was merged before this commit is not applied yet", run["apply"].Log, Sense);
        Assert.Equal(applied, _scene.Applied);
        Assert.Equal(0, _scene.Writes);
    }

    [Fact]
    public async Task A_commit_that_is_older_than_what_was_applied_is_refused()
    {
        const string form = "github";
        await PlanAsync(form, "leave", 12, CiScene.Old(1, 2, 3));
        var (before, after) = _scene.Merge("leave", 12);
        _scene.Change("later", ("README.md", "later"));
        var later = _scene.Merge("later", 13).After;
        _scene.Forge.Repository.Point($"refs/tags/{CiScene.Tag}", later);
        var run = await RunAsync($"{form}/apply", new("push", after) { Before = before });
        Assert.Equal("failure", run["apply"].Result);
        Assert.Contains("::error::a commit was applied that is not part of this one", run["apply"].Log, Sense);
        Assert.Equal(later, _scene.Applied);
    }

    [Fact]
    public async Task A_run_that_ends_late_does_not_move_the_tag_back()
    {
        const string form = "github-apart";
        await PlanAsync(form, "leave", 12, CiScene.Old(1, 2, 3));
        var (before, after) = _scene.Merge("leave", 12);
        _scene.Change("later", ("README.md", "later"));
        var later = _scene.Merge("later", 13).After;
        using var runner = new GitHubRunner(_scene)
        {
            With = _scene.With,
            // A run of the newer commit ends between the apply and the job that moves the tag.
            Starting = job =>
            {
                if (job == "mark")
                    _scene.Forge.Repository.Point($"refs/tags/{CiScene.Tag}", later);
            },
        };
        var run = await runner.RunAsync($"{form}/apply", new("push", after) { Before = before });
        Assert.Equal("success", run["apply"].Result);
        Assert.Equal("failure", run["mark"].Result);
        Assert.Contains(
            "::error::a newer commit was applied already (the tag reconciler-applied); the tag stays",
            run["mark"].Log,
            Sense
        );
        Assert.Equal(later, _scene.Applied);
    }

    [Fact]
    public async Task A_limit_that_is_merged_with_a_change_does_not_judge_it()
    {
        const string form = "github";
        _scene.Change("loosen", CiScene.Guardrail(100));
        await PlanAsync(form, "loosen", 12, CiScene.Old(1, 2));
        var run = await MergeAsync(form, "loosen", 12);
        Assert.Equal("failure", run["apply"].Result);
        Assert.Equal(4, _scene.Members.Count());
    }

    [Fact]
    public async Task A_schedule_ends_access_that_ends_by_a_date_and_applies_nothing_that_was_not_applied_before()
    {
        // Declared and applied when the date was still to come.
        _scene.Declare("until", [.. CiScene.Old(1, 2, 3), "old4@example.com 2026-01-01"]);
        var (_, applied) = _scene.Merge("until", 11);
        _scene.Forge.Repository.Point($"refs/tags/{CiScene.Tag}", applied);
        _scene.Declare("later", [.. CiScene.Old(1, 2, 3), "new@example.com"]);
        _scene.Merge("later", 12);
        var run = await RunAsync("github/reapply", new("schedule", _scene.Head));
        Assert.Equal("success", run["reapply"].Result);
        Assert.Equal(CiScene.Old(1, 2, 3), _scene.Members);
        Assert.Empty(_scene.Invited);
        Assert.Equal(applied, _scene.Applied);
    }

    [Fact]
    public async Task A_schedule_applies_nothing_where_the_tag_names_a_commit_that_was_not_merged()
    {
        var unreviewed = _scene.Declare("push", [.. CiScene.Old(1, 2, 3, 4), "mallory@example.com"]);
        _scene.Forge.Repository.Point($"refs/tags/{CiScene.Tag}", unreviewed);
        var run = await RunAsync("github/reapply", new("schedule", _scene.Head));
        Assert.Equal("failure", run["reapply"].Result);
        Assert.Contains(
            "::error::the tag reconciler-applied names a commit that is not part of this branch; set it back",
            run["reapply"].Log,
            Sense
        );
        Assert.Equal(0, _scene.Writes);
    }

    [Fact]
    public async Task Drift_fails_the_run_and_its_summary_shows_the_plan()
    {
        var calm = await RunAsync("github/drift", new("schedule", _scene.Head));
        Assert.Equal("success", calm["drift"].Result);
        _scene.RemoveMember("old4@example.com");
        var run = await RunAsync("github/drift", new("schedule", _scene.Head));
        Assert.Equal("failure", run["drift"].Result);
        Assert.Contains("::error::live state differs", run["drift"].Log, Sense);
        Assert.Contains("+ invite  old4@example.com", run["drift"].Summary, Sense);
        Assert.Equal(0, _scene.Writes);
    }

    [Fact]
    public async Task Manifests_are_checked_for_everybody_and_problems_stand_at_their_lines()
    {
        var good = await RunAsync("github/validate", new("merge_group", _scene.Head));
        Assert.Equal("success", good["validate"].Result);
        _scene.Change("slip", ("access/people/projects.yaml", "apiVersion: reconciler.dev/v1alpha1\nkind: Teem\n"));
        var run = await RunAsync(
            "github/validate",
            new("pull_request", _scene.Merged("slip")) { PullRequest = 12, Head = "mallory/access" }
        );
        Assert.Equal("failure", run["validate"].Result);
        Assert.Contains("::error file=access/people/projects.yaml,line=2", run["validate"].Log, Sense);
    }

    private const StringComparison Sense = StringComparison.Ordinal;

    private async Task PlanAsync(string form, string branch, int number, params string[] people)
    {
        if (people.Length > 0)
            _scene.Declare(branch, people);
        await RunAsync($"{form}/plan", new("pull_request", _scene.Merged(branch)) { PullRequest = number });
    }

    private Task<IReadOnlyDictionary<string, JobRun>> MergeAsync(string form, string branch, int number)
    {
        var (before, after) = _scene.Merge(branch, number);
        return RunAsync($"{form}/apply", new("push", after) { Before = before });
    }

    private Task<IReadOnlyDictionary<string, JobRun>> ByHandAsync(string form, string digest, string hold = "") =>
        RunAsync(
            $"{form}/apply",
            new("workflow_dispatch", _scene.Head) { Inputs = WorkflowEvent.Map(("digest", digest), ("approve", hold)) }
        );

    private async Task<IReadOnlyDictionary<string, JobRun>> RunAsync(string workflow, WorkflowEvent started)
    {
        using var runner = new GitHubRunner(_scene) { With = _scene.With };
        return await runner.RunAsync(workflow, started);
    }
}
