using Reconciler.Testing;
using YamlDotNet.RepresentationModel;

namespace Reconciler.Tests.Examples.Ci;

/// <summary>What became of a job.</summary>
/// <param name="Result">success, failure or skipped.</param>
/// <param name="Log">What its steps printed.</param>
/// <param name="Summary">What they wrote into the summary.</param>
/// <param name="Outputs">Its outputs.</param>
internal sealed record JobRun(string Result, string Log, string Summary, IReadOnlyDictionary<string, object?> Outputs)
{
    public static JobRun Skipped { get; } = new("skipped", "", "", WorkflowEvent.Map());
}

/// <summary>
/// Runs a workflow as GitHub does: jobs after what they need, steps in a shell, the action of this repository step by
/// step. Actions of others are imitated: checkout, and the two that carry files between jobs.
/// </summary>
internal sealed class GitHubRunner(CiScene scene) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-github-");

    /// <summary>The vendors' tokens of the repository; forks do not get them.</summary>
    public IReadOnlyDictionary<string, object?> Secrets { get; init; } =
        WorkflowEvent.Map(("RECONCILER_CLARIFEYE_TOKEN", CiScene.VendorToken));

    /// <summary>Inputs of the action that a test sets instead of those of the workflow.</summary>
    public required IReadOnlyDictionary<string, string> With { get; init; }

    /// <summary>What happens elsewhere just before a job starts.</summary>
    public Action<string> Starting { get; init; } = _ => { };

    public CiScene Scene { get; } = scene;

    /// <summary>Where the files are that jobs leave for each other.</summary>
    public string Artifacts => Path.Combine(_folder.FullName, "artifacts");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Runs every job of a workflow.</summary>
    public async Task<IReadOnlyDictionary<string, JobRun>> RunAsync(string workflow, WorkflowEvent started)
    {
        var file = CiWorkflow.At($"examples/ci/{workflow}.yaml");
        Assert.Contains(started.Name, CiWorkflow.Map(file.Root["on"]).Select(t => t.Key));
        var runs = new Dictionary<string, JobRun>(StringComparer.Ordinal);
        foreach (var (name, job) in file.Jobs)
        {
            var needs = CiWorkflow.Scalar(job, "needs") is { } needed ? runs[needed] : null;
            var contexts = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["github"] = started.Context(Token(job)),
                ["inputs"] = started.Inputs,
                ["secrets"] = started.Head == WorkflowEvent.Repository ? SecretsOf(job) : WorkflowEvent.Map(),
                ["needs"] = WorkflowEvent.Map([
                    .. runs.Select(r =>
                        (r.Key, (object?)WorkflowEvent.Map(("result", r.Value.Result), ("outputs", r.Value.Outputs)))
                    ),
                ]),
            };
            Starting(name);
            // What needs a job that was left out is left out as well.
            var status = needs?.Result is "failure" or "skipped" ? needs.Result : "success";
            runs[name] = Expression.Allows(CiWorkflow.Scalar(job, "if"), contexts, status)
                ? await new GitHubJob(this, job, contexts, started, Folder(name)).RunAsync()
                : JobRun.Skipped;
            CiScene.Report($"github {workflow}/{name}: {runs[name].Result}\n{runs[name].Log}");
        }

        Scene.ReportComments();
        return runs;
    }

    private static string? EnvironmentOf(YamlMappingNode job) => CiWorkflow.Scalar(job, "environment");

    private IReadOnlyDictionary<string, object?> SecretsOf(YamlMappingNode job) =>
        WorkflowEvent.Map([
            .. Secrets.Select(s => (s.Key, s.Value)),
            ("RECONCILER_STATE", Scene.StateOf(EnvironmentOf(job))),
            ("PGPASSWORD", Scene.StatePasswordOf(EnvironmentOf(job))),
        ]);

    private string Folder(string job) =>
        Directory.CreateDirectory(Path.Combine(_folder.FullName, $"{job}-{Guid.NewGuid():N}")).FullName;

    // The token says what the job may do, so that the host can refuse the rest.
    private static string Token(YamlMappingNode job) =>
        string.Join('+', CiWorkflow.Map(job["permissions"]).Select(p => $"{p.Key}={CiWorkflow.TextOf(p.Value)}"));
}
