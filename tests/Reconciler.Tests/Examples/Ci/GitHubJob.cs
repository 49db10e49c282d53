using System.Text;
using Reconciler.Testing;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Tests.Examples.Ci;

/// <summary>One job of a workflow, in a workspace and a temporary folder of its own.</summary>
internal sealed class GitHubJob(
    GitHubRunner runner,
    YamlMappingNode job,
    IReadOnlyDictionary<string, object?> contexts,
    WorkflowEvent started,
    string folder
)
{
    private readonly StringBuilder _log = new();
    private readonly string _workspace = Directory.CreateDirectory(Path.Combine(folder, "work")).FullName;
    private readonly string _temp = Directory.CreateDirectory(Path.Combine(folder, "temp")).FullName;

    private string Summary => Path.Combine(folder, "summary.md");

    public async Task<JobRun> RunAsync()
    {
        await File.WriteAllTextAsync(Summary, "", TestContext.Current.CancellationToken);
        var steps = await StepsAsync(CiWorkflow.Steps(job), contexts, WorkflowEvent.Map());
        var ended = With(contexts, "steps", steps.Outputs);
        var outputs = job.Children.TryGetValue("outputs", out var declared)
            ? WorkflowEvent.Map([.. CiWorkflow.Map(declared).Select(o => (o.Key, Fill(o.Value, ended)))])
            : WorkflowEvent.Map();
        return new(steps.Status, _log.ToString(), await File.ReadAllTextAsync(Summary), outputs);
    }

    private async Task<(string Status, IReadOnlyDictionary<string, object?> Outputs)> StepsAsync(
        IEnumerable<YamlMappingNode> steps,
        IReadOnlyDictionary<string, object?> around,
        IReadOnlyDictionary<string, object?> environment
    )
    {
        var (status, done) = ("success", new Dictionary<string, object?>(StringComparer.Ordinal));
        var runnerContext = WorkflowEvent.Map(("temp", _temp));
        foreach (var step in steps)
        {
            var now = With(With(around, "steps", done), "runner", runnerContext);
            if (!Expression.Allows(CiWorkflow.Scalar(step, "if"), now, status))
                continue;
            var own = step.Children.TryGetValue("env", out var env)
                ? CiWorkflow.Map(env).Select(e => (e.Key, Fill(e.Value, now)))
                : [];
            var variables = WorkflowEvent.Map([
                .. environment.Select(e => (e.Key, e.Value)).Where(e => own.All(o => o.Key != e.Key)),
                .. own,
            ]);
            var (code, outputs) = CiWorkflow.Scalar(step, "uses") is { } uses
                ? await UseAsync(uses, step, now, variables)
                : await ShellAsync(step, now, variables);
            if (code != 0)
                status = "failure";
            if (CiWorkflow.Scalar(step, "id") is { } id)
                done[id] = WorkflowEvent.Map(("outputs", outputs));
        }

        return (status, done);
    }

    private async Task<(int, IReadOnlyDictionary<string, object?>)> ShellAsync(
        YamlMappingNode step,
        IReadOnlyDictionary<string, object?> now,
        IReadOnlyDictionary<string, object?> environment
    )
    {
        var output = Path.Combine(folder, $"output-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(output, "", TestContext.Current.CancellationToken);
        var variables = new Dictionary<string, string>(started.Variables, StringComparer.Ordinal)
        {
            ["HOME"] = folder,
            ["RUNNER_TEMP"] = _temp,
            ["GITHUB_WORKSPACE"] = _workspace,
            ["GITHUB_OUTPUT"] = output,
            ["GITHUB_STEP_SUMMARY"] = Summary,
            ["GITHUB_ACTION_PATH"] = Repository.Root,
            ["GH_TEST_URL"] = runner.Scene.ForgeUrl,
            ["PATH"] =
                $"{Repository.At("tests/Reconciler.Tests/Examples/Ci")}:{Environment.GetEnvironmentVariable("PATH")}",
        };
        foreach (var (name, value) in environment)
            variables[name] = (string?)value ?? "";
        // What GitHub runs for "shell: bash", and without a word about the shell.
        string[] shell =
            CiWorkflow.Scalar(step, "shell") == "bash"
                ? ["bash", "--noprofile", "--norc", "-eo", "pipefail"]
                : ["bash", "-e"];
        var (code, log) = await Shell.RunAsync(
            shell,
            Expression.Fill(CiWorkflow.Scalar(step, "run")!, now),
            _workspace,
            variables
        );
        _log.Append(log);
        var written = (await File.ReadAllLinesAsync(output))
            .Select(l => l.Split('=', 2))
            .Select(l => (l[0], (object?)l[1]));
        return (code, WorkflowEvent.Map([.. written]));
    }

    private async Task<(int, IReadOnlyDictionary<string, object?>)> UseAsync(
        string uses,
        YamlMappingNode step,
        IReadOnlyDictionary<string, object?> now,
        IReadOnlyDictionary<string, object?> environment
    )
    {
        var with = step.Children.TryGetValue("with", out var given)
            ? CiWorkflow.Map(given).ToDictionary(w => w.Key, w => Fill(w.Value, now), StringComparer.Ordinal)
            : [];
        switch (uses.Split('@')[0])
        {
            case "actions/checkout":
                runner.Scene.CheckOut(_workspace, started, isWhole: with.GetValueOrDefault("fetch-depth") == "0");
                return (0, WorkflowEvent.Map());
            case "actions/upload-artifact":
                Carry(with["path"], Path.Combine(runner.Artifacts, with["name"]));
                return (0, WorkflowEvent.Map());
            case "actions/download-artifact":
                foreach (
                    var file in Directory.GetFiles(
                        Directory.CreateDirectory(Path.Combine(runner.Artifacts, with["pattern"])).FullName
                    )
                )
                    Carry(file, with["path"]);
                return (0, WorkflowEvent.Map());
            case "your-organization/reconciler":
                return await ActAsync(with, now, environment);
            default:
                throw new NotSupportedException(uses);
        }
    }

    private async Task<(int, IReadOnlyDictionary<string, object?>)> ActAsync(
        Dictionary<string, string> with,
        IReadOnlyDictionary<string, object?> now,
        IReadOnlyDictionary<string, object?> environment
    )
    {
        var action = CiWorkflow.At("action.yml").Root;
        foreach (var (name, value) in runner.With)
            with[name] = value;
        var inputs = new List<(string, object?)>();
        foreach (var (name, declared) in CiWorkflow.Map(action["inputs"]))
        {
            var value = with.Remove(name, out var given) ? given : Fill(Default(declared), now);
            inputs.Add((name, value));
        }

        Assert.Empty(with);
        var within = With(
            WorkflowEvent.Map(("github", now["github"]), ("runner", now["runner"])),
            "inputs",
            WorkflowEvent.Map([.. inputs])
        );
        var steps = ((YamlSequenceNode)action["runs"]["steps"]).Children.Cast<YamlMappingNode>();
        var (status, done) = await StepsAsync(steps, within, environment);
        var ended = With(within, "steps", done);
        var outputs = CiWorkflow.Map(action["outputs"]).Select(o => (o.Key, (object?)Fill(o.Value["value"], ended)));
        return (status == "success" ? 0 : 1, WorkflowEvent.Map([.. outputs]));
    }

    private static YamlNode Default(YamlNode input) =>
        ((YamlMappingNode)input).Children.TryGetValue("default", out var value) ? value : new YamlScalarNode("");

    private static void Carry(string file, string folder)
    {
        if (File.Exists(file))
            File.Copy(file, Path.Combine(Directory.CreateDirectory(folder).FullName, Path.GetFileName(file)), true);
    }

    private static string Fill(YamlNode text, IReadOnlyDictionary<string, object?> contexts) =>
        Expression.Fill(CiWorkflow.TextOf(text), contexts);

    private static Dictionary<string, object?> With(
        IReadOnlyDictionary<string, object?> contexts,
        string name,
        object? value
    ) => new(contexts, StringComparer.Ordinal) { [name] = value };
}
