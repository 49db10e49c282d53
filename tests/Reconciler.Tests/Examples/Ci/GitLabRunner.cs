using Reconciler.Testing;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Tests.Examples.Ci;

/// <summary>What became of a job of GitLab; its artifacts are in a folder.</summary>
internal sealed record GitLabJobRun(
    int Code,
    string Log,
    string Artifacts,
    IReadOnlyDictionary<string, string> Variables
)
{
    public string Result => Code == 0 ? "success" : "failed";
}

/// <summary>
/// Runs the component of this repository as GitLab's runner does: jobs by their rules and needs, the lines of a job in
/// one shell, artifacts and variables from job to job. A variable is there in its environment only.
/// </summary>
internal sealed class GitLabRunner : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-gitlab-");
    private readonly CiScene _scene;
    private readonly YamlMappingNode _jobs;
    private readonly Dictionary<string, string> _inputs = new(StringComparer.Ordinal);

    public GitLabRunner(CiScene scene, IReadOnlyDictionary<string, string> with)
    {
        _scene = scene;
        var component = CiWorkflow.At("templates/access.yml");
        _jobs = component.Root;
        foreach (var (name, declared) in CiWorkflow.Map(component.Documents[0]["spec"]["inputs"]))
            _inputs[name] = CiWorkflow.Scalar((YamlMappingNode)declared, "default") ?? "";
        foreach (var (name, value) in with)
        {
            Assert.True(_inputs.ContainsKey(name), $"the component has no input {name}");
            _inputs[name] = value;
        }
    }

    /// <summary>Whether GitLab has the variables with the tokens.</summary>
    public bool HasTokens { get; init; } = true;

    /// <summary>What happens elsewhere just before a job starts.</summary>
    public Action<string> Starting { get; init; } = _ => { };

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Runs the jobs that are in a pipeline.</summary>
    public async Task<IReadOnlyDictionary<string, GitLabJobRun>> RunAsync(Pipeline pipeline)
    {
        var runs = new Dictionary<string, GitLabJobRun>(StringComparer.Ordinal);
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in CiWorkflow.Map(_jobs).Select(j => j.Key).Where(n => n[0] != '.'))
        {
            var job = Extended(name);
            var when = GitLabRule.When(job, pipeline.Variables);
            if (when == "never")
                continue;
            present.Add(name);
            var needs = job.Children.TryGetValue("needs", out var needed)
                ? ((YamlSequenceNode)needed).Children.Select(CiWorkflow.TextOf).ToList()
                : [];
            Assert.All(needs, n => Assert.Contains(n, present));
            var before = needs.Where(runs.ContainsKey).Select(n => runs[n]).ToList();
            var runsNow = when switch
            {
                "always" => true,
                "on_failure" => before.Exists(r => r.Code != 0),
                _ => before.Count == needs.Count && before.TrueForAll(r => r.Code == 0),
            };
            if (!runsNow)
                continue;
            Starting(name);
            runs[name] = await RunAsync(name, job, pipeline, before);
            CiScene.Report($"gitlab {name}: {runs[name].Code}\n{runs[name].Log}");
        }

        _scene.ReportComments();
        return runs;
    }

    private async Task<GitLabJobRun> RunAsync(
        string name,
        YamlMappingNode job,
        Pipeline pipeline,
        IReadOnlyList<GitLabJobRun> needs
    )
    {
        var folder = Path.Combine(_folder.FullName, $"{name}-{Guid.NewGuid():N}");
        var work = Directory.CreateDirectory(Path.Combine(folder, "work")).FullName;
        var home = Directory.CreateDirectory(Path.Combine(folder, "home")).FullName;
        var variables = new Dictionary<string, string>(pipeline.Variables, StringComparer.Ordinal)
        {
            ["HOME"] = home,
            ["CI_API_V4_URL"] = $"{_scene.ForgeUrl}/api/v4",
            ["CI_PROJECT_URL"] = _scene.ProjectUrl,
            ["CI_PROJECT_DIR"] = work,
        };
        foreach (var (key, value) in CiWorkflow.Map(job["variables"]))
            variables[key] = Fill(CiWorkflow.TextOf(value));
        foreach (var (key, value) in needs.SelectMany(n => n.Variables))
            variables[key] = value;
        foreach (var (key, value) in TokensOf(job, pipeline))
            variables[key] = value;
        if (variables.GetValueOrDefault("GIT_STRATEGY") != "none")
            _scene.Clone(work, pipeline.Commit);
        foreach (var file in needs.SelectMany(n => Directory.GetFiles(n.Artifacts)))
            File.Copy(file, Path.Combine(work, Path.GetFileName(file)), overwrite: true);

        // The runner takes bash where the image has it, and else sh; Alpine has no bash.
        string[] shell = Fill(CiWorkflow.TextOf(job["image"])).StartsWith("alpine", StringComparison.Ordinal)
            ? ["sh", "-e"]
            : ["bash", "-eo", "pipefail"];
        var (code, log) = await Shell.RunAsync(
            shell,
            string.Join('\n', Lines(job, "before_script").Concat(Lines(job, "script"))),
            work,
            variables
        );
        await Shell.RunAsync(["sh", "-e"], string.Join('\n', Lines(job, "after_script")), work, variables);
        Assert.False(File.Exists(Path.Combine(work, "token.txt")), "the token is left behind");
        return Kept(code, log, job, work, Path.Combine(folder, "artifacts"));
    }

    private static GitLabJobRun Kept(int code, string log, YamlMappingNode job, string work, string kept)
    {
        Directory.CreateDirectory(kept);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!job.Children.TryGetValue("artifacts", out var declared))
            return new(code, log, kept, variables);
        var artifacts = (YamlMappingNode)declared;
        if (code != 0 && CiWorkflow.Scalar(artifacts, "when") != "always")
            return new(code, log, kept, variables);
        foreach (var file in ((YamlSequenceNode)artifacts["paths"]).Children.Select(CiWorkflow.TextOf))
        {
            if (File.Exists(Path.Combine(work, file)))
                File.Copy(Path.Combine(work, file), Path.Combine(kept, file));
        }

        if (artifacts.Children.TryGetValue("reports", out var reports))
        {
            var dotenv = Path.Combine(work, CiWorkflow.TextOf(reports["dotenv"]));
            foreach (var line in File.Exists(dotenv) ? File.ReadAllLines(dotenv) : [])
                variables[line.Split('=', 2)[0]] = line.Split('=', 2)[1];
        }

        return new(code, log, kept, variables);
    }

    private IEnumerable<(string Key, string Value)> TokensOf(YamlMappingNode job, Pipeline pipeline)
    {
        if (!HasTokens || !job.Children.TryGetValue("environment", out var environment))
            yield break;
        var name = environment is YamlMappingNode map ? CiWorkflow.Scalar(map, "name") : CiWorkflow.TextOf(environment);
        if (name is "reconciler-plan" || (name is "reconciler-apply" && pipeline.IsProtected))
        {
            yield return ("RECONCILER_CLARIFEYE_TOKEN", CiScene.VendorToken);
            if (_scene.StateOf(name) is { } state)
                yield return ("RECONCILER_STATE", state);
            if (_scene.StatePasswordOf(name) is { } password)
                yield return ("PGPASSWORD", password);
        }

        if (name is "reconciler-comment")
            yield return ("ACCESS_COMMENT_TOKEN", ForgeServer.Token);
        if (name is "reconciler-tag" && pipeline.IsProtected)
            yield return ("ACCESS_TAG_TOKEN", CiScene.PushToken);
    }

    private IEnumerable<string> Lines(YamlMappingNode job, string key) =>
        job.Children.TryGetValue(key, out var lines)
            ? ((YamlSequenceNode)lines).Children.Select(l => Fill(CiWorkflow.TextOf(l)))
            : [];

    private string Fill(string text) =>
        _inputs.Aggregate(
            text,
            (filled, input) => filled.Replace($"$[[ inputs.{input.Key} ]]", input.Value, StringComparison.Ordinal)
        );

    // Maps are merged, and everything else is replaced by the job's own.
    private YamlMappingNode Extended(string name)
    {
        var job = (YamlMappingNode)_jobs[name];
        var result = new YamlMappingNode();
        var parents = job.Children.TryGetValue("extends", out var extends)
            ? extends is YamlSequenceNode list
                ? list.Children.Select(CiWorkflow.TextOf)
                : [CiWorkflow.TextOf(extends)]
            : [];
        foreach (var source in parents.Select(Extended).Append(job))
        {
            foreach (var (key, value) in source.Children)
            {
                result.Children[key] =
                    value is YamlMappingNode map
                    && result.Children.TryGetValue(key, out var found)
                    && found is YamlMappingNode earlier
                        ? new YamlMappingNode(
                            earlier.Children.Where(c => !map.Children.ContainsKey(c.Key)).Concat(map.Children)
                        )
                        : value;
            }
        }

        return result;
    }
}
