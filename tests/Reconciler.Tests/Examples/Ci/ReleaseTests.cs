using System.Text;

namespace Reconciler.Tests.Examples.Ci;

/// <summary>How the action and the component get the program: nothing runs before its checksum is checked.</summary>
public sealed class ReleaseTests : IAsyncLifetime
{
    private const string Wrong = "0000000000000000000000000000000000000000000000000000000000000000";
    private CiScene _scene = null!;
    private Release _release = null!;

    public async ValueTask InitializeAsync()
    {
        _scene = await CiScene.StartAsync();
        _release = await Release.PackAsync();
        _scene.Forge.Releases = _release.Folder;
    }

    public async ValueTask DisposeAsync()
    {
        if (_scene is not null)
            await _scene.DisposeAsync();
        _release?.Dispose();
    }

    [Fact]
    public async Task A_release_whose_checksum_is_right_runs_and_a_private_one_is_asked_for_with_the_job_s_token()
    {
        Assert.Equal(("success", ""), await GitHubAsync());
        Assert.Equal(("success", ""), await GitHubAsync(("sha256", _release.Checksum)));
        Assert.Equal(("success", ""), await GitLabAsync());
        Assert.Equal(("success", ""), await GitLabAsync(("sha256", _release.Checksum)));
        var token = Convert.ToBase64String(Encoding.UTF8.GetBytes("gitlab-ci-token:job-token"));
        Assert.Contains(_scene.Forge.Requests, r => r.Authorization == $"Basic {token}");
    }

    [Fact]
    public async Task An_archive_that_is_not_what_its_checksum_says_does_not_run()
    {
        Assert.Contains(
            "is not what its checksum says; nothing of it was run",
            await FailAsync(("sha256", Wrong)),
            Sense
        );
        _release.Swap();
        Assert.Contains("is not what its checksum says; nothing of it was run", await FailAsync(), Sense);
    }

    [Fact]
    public async Task An_archive_without_a_checksum_does_not_run()
    {
        _release.Forget();
        Assert.Contains("SHA256SUMS of v1.0.0 does not name reconciler-1.0.0-linux-", await FailAsync(), Sense);
    }

    [Theory]
    [InlineData("v2.0.0", "could not be downloaded")]
    [InlineData("v1.0.0; touch /tmp/pwned", "expected a release such as v1.2.3")]
    [InlineData("", "expected a release such as v1.2.3")]
    public async Task A_version_that_is_none_is_named(string version, string said) =>
        Assert.Contains(said, await FailAsync(("version", version)), Sense);

    [Fact]
    public async Task A_program_that_is_not_there_is_named() =>
        Assert.Contains(
            "/nowhere/reconciler, which is no program",
            await FailAsync(("program", "/nowhere/reconciler")),
            Sense
        );

    [Theory]
    [InlineData("comment", "maybe", "the input comment is \"maybe\"; expected true or false")]
    [InlineData("mask-emails", "yes", "the input mask-emails is \"yes\"; expected true or false")]
    [InlineData("releases-repository", " ", "the repository of the releases is not known here; name it with the input")]
    [InlineData("run", "deploy", "the input run is \"deploy\"; expected validate, plan,")]
    public async Task An_input_that_is_none_is_named(string input, string value, string said)
    {
        var (result, log) = await GitHubAsync((input, value));
        Assert.Equal("failure", result);
        Assert.Contains($"::error::{said}", log, Sense);
    }

    [Fact]
    public async Task Words_of_an_input_are_no_words_of_the_shell()
    {
        var mark = Path.Combine(_release.Folder, "ran");
        var evil = $"--base-url\nx=$(touch {mark})`touch {mark}`\"; touch {mark}; \"";
        Assert.Equal("failure", (await GitHubAsync(("arguments", evil))).Result);
        Assert.Equal("failed", (await GitLabAsync(("arguments", evil))).Result);
        Assert.False(File.Exists(mark), "the shell ran a word of an input");
    }

    private const StringComparison Sense = StringComparison.Ordinal;

    private async Task<string> FailAsync(params (string Name, string Value)[] inputs)
    {
        var gitHub = await GitHubAsync(inputs);
        Assert.Equal("failure", gitHub.Result);
        var gitLab = await GitLabAsync(inputs);
        Assert.Equal("failed", gitLab.Result);
        var said = gitHub.Log[gitHub.Log.IndexOf("::error::", Sense)..]["::error::".Length..].Split('\n')[0];
        // The one says what to do about it besides.
        Assert.Contains(said.Split(';')[0].Split(" of your-organization")[0].Split(" names")[0], gitLab.Log, Sense);
        return said;
    }

    private async Task<(string Result, string Log)> GitHubAsync(params (string Name, string Value)[] inputs)
    {
        using var runner = new GitHubRunner(_scene) { With = inputs.ToDictionary(StringComparer.Ordinal) };
        var run = await runner.RunAsync("github/validate", new("merge_group", _scene.Head));
        var job = Assert.Single(run).Value;
        return (job.Result, job.Result == "success" ? "" : job.Log);
    }

    private async Task<(string Result, string Log)> GitLabAsync(params (string Name, string Value)[] inputs)
    {
        var with = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["version"] = Release.Version,
            ["releases"] = $"{_scene.ForgeUrl}/releases",
        };
        foreach (var (name, value) in inputs)
            with[name] = value;
        using var runner = new GitLabRunner(_scene, with);
        var run = await runner.RunAsync(Pipeline.OfMergeRequest(_scene.Head, 12, "merge_train"));
        var job = Assert.Single(run).Value;
        return (job.Result, job.Code == 0 ? "" : job.Log);
    }
}
