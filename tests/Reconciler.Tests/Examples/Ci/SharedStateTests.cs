namespace Reconciler.Tests.Examples.Ci;

/// <summary>The workflows of both systems with a state in PostgreSQL, which RECONCILER_STATE names.</summary>
public sealed class SharedStateTests : IAsyncLifetime
{
    private CiScene _scene = null!;

    public static TheoryData<string> Forms => ["github", "github-apart", "gitlab"];

    public async ValueTask InitializeAsync() => _scene = await CiScene.StartAsync();

    public ValueTask DisposeAsync() => _scene?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task The_second_of_two_plans_is_made_again_once_the_first_was_applied(string form)
    {
        await UseStateAsync(form);
        // Both name a newcomer, and are planned side by side.
        await PlanAsync(form, "a", 11, ["new@example.com", .. CiScene.Old(1, 2, 3)]);
        await PlanAsync(form, "b", 12, [.. CiScene.Old(1, 2, 3), "new@example.com", "other@example.com"]);
        Assert.Contains("+ invite  new@example.com", _scene.Forge.Only(12, "plan"), Sense);
        Assert.True(await MergeAsync(form, "a", 11));
        Assert.Equal(["new@example.com"], _scene.Invited);
        var written = _scene.Writes;

        Assert.False(await MergeAsync(form, "b", 12));
        Assert.Equal(written, _scene.Writes);
        var comment = _scene.Forge.Only(12, "not-applied");
        Assert.Contains("- no longer:  + invite  new@example.com", comment, Sense);
        Assert.Contains("+ invite  other@example.com", comment, Sense);

        // Somebody reads it, and starts the apply by hand.
        Assert.True(await ByHandAsync(form, CommentText.DigestOf(comment)));
        Assert.Equal(["new@example.com", "other@example.com"], _scene.Invited.Order(StringComparer.Ordinal));
        var run = form == "gitlab" ? "https://gitlab.example/acme/access" : "https://github.com/acme/access";
        Assert.Equal(
            ["remove old4@example.com", "invite new@example.com", "invite other@example.com"],
            _scene.History().Select(h => h[..h.LastIndexOf(' ')])
        );
        Assert.All(_scene.History(), h => Assert.Contains(run, h, Sense));
    }

    [Fact]
    public async Task A_run_is_held_by_what_the_run_before_it_removed()
    {
        const string form = "github";
        _scene.Change("limit", CiScene.OneRemovalAnHour);
        _scene.Merge("limit", 9);
        await UseStateAsync(form);
        await PlanAsync(form, "leave", 12, CiScene.Old(1, 2));
        Assert.Contains("held</b>", _scene.Forge.Only(12, "plan"), Sense);
        Assert.False(await MergeAsync(form, "leave", 12));
        Assert.Contains("--approve hold:sha256:", _scene.Forge.Only(12, "not-applied"), Sense);
        Assert.Equal(CiScene.Old(1, 2, 3), _scene.Members);
    }

    private const StringComparison Sense = StringComparison.Ordinal;

    // The first apply with the state makes it, and removes somebody.
    private Task UseStateAsync(string form) =>
        _scene.UseStateAsync(async () =>
        {
            await PlanAsync(form, "start", 10, CiScene.Old(1, 2, 3));
            Assert.True(await MergeAsync(form, "start", 10));
        });

    private async Task PlanAsync(string form, string branch, int number, params string[] people)
    {
        _scene.Declare(branch, people);
        var commit = _scene.Merged(branch);
        if (form == "gitlab")
            await RunAsync(Pipeline.OfMergeRequest(commit, number, "merged_result"));
        else
            await RunAsync($"{form}/plan", new("pull_request", commit) { PullRequest = number });
    }

    private async Task<bool> MergeAsync(string form, string branch, int number)
    {
        var (before, after) = _scene.Merge(branch, number);
        return form == "gitlab"
            ? await RunAsync(Pipeline.OfPush(before, after))
            : await RunAsync($"{form}/apply", new("push", after) { Before = before });
    }

    private Task<bool> ByHandAsync(string form, string digest) =>
        form == "gitlab"
            ? RunAsync(Pipeline.ByHand(_scene.Head, digest, ""))
            : RunAsync(
                $"{form}/apply",
                new("workflow_dispatch", _scene.Head)
                {
                    Inputs = WorkflowEvent.Map(("digest", digest), ("approve", "")),
                }
            );

    private async Task<bool> RunAsync(Pipeline pipeline)
    {
        using var runner = new GitLabRunner(_scene, _scene.With);
        var jobs = await runner.RunAsync(pipeline);
        return jobs.Values.All(j => j.Code == 0);
    }

    private async Task<bool> RunAsync(string workflow, WorkflowEvent started)
    {
        using var runner = new GitHubRunner(_scene) { With = _scene.With };
        var jobs = await runner.RunAsync(workflow, started);
        return jobs.Values.All(j => j.Result != "failure");
    }
}
