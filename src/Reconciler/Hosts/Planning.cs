using Reconciler.Core.Membership;
using Reconciler.Engine;
using Reconciler.Reports;

namespace Reconciler.Hosts;

/// <summary>What plan and apply share: manifests in, problems said, live state read, the plan printed.</summary>
internal sealed class Planning(CliEnvironment environment, ManifestRequest request, string format, Palette palette, bool verbose)
{
    /// <summary>Reads the manifests and says their problems; null where they refuse the run.</summary>
    public Workspace? Load()
    {
        var workspace = Workspace.Load(request, environment.Clock);
        ProblemReport.Write(environment.Error, palette, workspace.Problems, verbose);
        return workspace.Problems.HasErrors ? null : workspace;
    }

    /// <summary>The connections, which read tokens only once a provider is asked for.</summary>
    public Connections Connect() => new(environment, request.SecretsFolder, verbose);

    /// <summary>Reads the live state and plans.</summary>
    public async Task<RunPlan> PlanAsync(Workspace workspace, Connections connections, CancellationToken cancellation)
    {
        var progress = new ReadingProgress(environment.Error, environment.ErrorIsTerminal, workspace.Projects.Length);
        var plan = await new PlanPass(provider => connections.Of(provider).Reader, workspace.Ledgers, environment.Clock)
            .RunAsync(workspace.Projects, progress.Read, cancellation);
        progress.Clear();
        return plan;
    }

    public void Print(RunPlan plan)
    {
        if (format == "json") environment.Out.WriteLine(PlanDocument.Of(plan).ToJson());
        else new TextPlan(environment.Out, palette, verbose).Write(plan);
    }
}
