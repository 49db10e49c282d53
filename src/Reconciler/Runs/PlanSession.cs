using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Manifests.Files;
using Reconciler.Manifests.Loading;
using Reconciler.Options;
using Reconciler.Providers;
using Reconciler.Reports;
using Reconciler.Reports.Markdown;
using Reconciler.Reports.Masking;

namespace Reconciler.Runs;

/// <summary>What plan and apply share: manifests in, problems said, live state read, the plan printed.</summary>
internal sealed class PlanSession(
    CliEnvironment environment,
    ManifestRequest request,
    string format,
    Palette palette,
    bool verbose
)
{
    /// <summary>Where the run keeps its state.</summary>
    public StateRequest State { get; init; } = new((string?)null);

    /// <summary>Which holds may pass.</summary>
    public Approvals Approvals { get; init; } = Approvals.None;

    /// <summary>Whether the run may note what it saw.</summary>
    public bool Writes { get; init; }

    /// <summary>Whether the text is person by person.</summary>
    public bool IsByPerson { get; init; }

    /// <summary>The most characters of a Markdown plan.</summary>
    public int MaxLength { get; init; } = MarkdownPlan.DefaultLength;

    /// <summary>The file of an earlier plan in Markdown, which the plan is compared with; null for none.</summary>
    public string? CompareWith { get; init; }

    private EarlierPlan? _earlier;

    /// <summary>Reads the earlier plan, where one is named; false, and said, where it cannot be.</summary>
    public bool TryReadEarlier()
    {
        if (CompareWith is not { } file)
            return true;
        _earlier = EarlierPlan.Read(
            file,
            () => UserFile.ReadNamed(file, EarlierPlan.LargestFile, environment.Clock),
            out var problem
        );
        if (_earlier is null)
            ProblemReport.WriteError(environment.Error, palette, problem);
        return _earlier is not null;
    }

    /// <summary>Reads the manifests and says their problems; null where they refuse the run.</summary>
    public ResolvedManifests? Load()
    {
        var resolved = environment.Loader.Load(request);
        var problems = resolved.Problems.Masked(environment.Mask);
        if (format == OutputFormat.GitHub)
            ProblemReport.WriteCommands(environment.Error, problems);
        else
            ProblemReport.Write(environment.Error, palette, problems, verbose);
        if (!resolved.Problems.HasErrors)
        {
            environment.Log.Step?.Invoke(
                $"manifests read: {TextNames.Count(resolved.Manifests.Count, "document", "documents")}, "
                    + $"{PlanSentences.Projects(resolved.Projects.Length)}, "
                    + TextNames.Count(resolved.Connections.Length, "provider", "providers")
            );
            return resolved;
        }

        if (format == OutputFormat.Markdown)
            environment.Out.Write(MarkdownPlan.Of(problems, MaxLength));
        return null;
    }

    /// <summary>What the audit trail says of this run.</summary>
    public AuditContext Context => RunContext.Of(environment, request);

    /// <summary>The connections, which read tokens only once a provider is asked for.</summary>
    /// <param name="store">Says whether a write may begin; null where nothing is written.</param>
    public Connections Connect(ILedgerStore? store = null) => environment.Connect(request.SecretsFolder, store);

    /// <summary>
    /// Adds what the state remembers: the widest scope of each project, and projects that were deleted.
    /// </summary>
    /// <exception cref="LedgerException">The state cannot be read.</exception>
    public static async Task<ResolvedManifests> RecallAsync(
        ResolvedManifests manifests,
        ILedgerStore? store,
        CancellationToken cancellation
    ) => store is null ? manifests : manifests.WithState(await store.LoadAllAsync(cancellation));

    /// <summary>Reads the live state, compares it with the desired state, and judges the plan by the limits.</summary>
    /// <exception cref="LedgerException">The state cannot be read or written.</exception>
    public async Task<RunPlan> PlanAsync(
        ResolvedManifests desired,
        Connections connections,
        ILedgerStore? store,
        CancellationToken cancellation
    )
    {
        var documents = await ApprovalDocuments.OfAsync(
            desired.Approvals,
            store as IApprovalMemory,
            Writes,
            environment.Clock.GetUtcNow(),
            cancellation
        );
        var progress = Reading(environment, desired.Projects.Length);
        var planRun = new PlanRun(
            provider => connections.Of(provider).Reader,
            new(store, desired.Baseline),
            environment.Clock
        )
        {
            Approvals = Approvals.And(documents),
        };
        var plan = await planRun.RunAsync(desired.Projects, progress.Read, cancellation);
        progress.Clear();
        environment.Log.Step?.Invoke(
            $"planned: {TextNames.Count(plan.Plans.Sum(p => p.Actions.Length), "change", "changes")}, "
                + $"{PlanSentences.Projects(plan.Held.Count())} held, "
                + $"{PlanSentences.Projects(plan.Failures.Count())} not read"
        );
        plan = await RemovalCommits.NameAsync(plan, desired.Manifests, request, cancellation);
        return plan with { Deleted = desired.Deleted };
    }

    /// <summary>Shows how far reading has come.</summary>
    public static ReadingProgress Reading(CliEnvironment environment, int projects)
    {
        environment.Log.Step?.Invoke($"reading {PlanSentences.Projects(projects)}");
        return new(environment.Error, environment.ErrorIsTerminal, projects, environment.Clock)
        {
            Log = environment.Log.Step,
        };
    }

    /// <summary>Shows how far an apply has come.</summary>
    public static ApplyProgress Applying(CliEnvironment environment, RunPlan plan)
    {
        environment.Log.Step?.Invoke(
            $"applying {TextNames.Count(plan.Plans.Sum(p => p.Applicable.Count()), "change", "changes")}"
        );
        return new(environment.Error, environment.ErrorIsTerminal, plan, environment.Clock)
        {
            Log = environment.Log.Step,
        };
    }

    /// <summary>The command that lets holds pass, as it may be printed here.</summary>
    public string ReleaseOf(IEnumerable<string> holds, params IEnumerable<string> verb)
    {
        var command = CommandText.Release(request, State, holds, verb);
        return environment.Mask is { } mask ? $"{mask.Text(command)} {OutputOptions.MaskName}" : command;
    }

    public void Print(RunPlan plan)
    {
        var shown = plan.Masked(environment.Mask);
        var earlier = _earlier?.Masked(environment.Mask);
        if (format == OutputFormat.Json)
            environment.Out.WriteLine(PlanDocument.Of(shown).ToJson());
        else if (format == OutputFormat.Markdown)
            environment.Out.Write(MarkdownPlan.Of(shown, MaxLength, verbose, earlier));
        else
            new TextPlan(environment.Out, palette, verbose)
            {
                IsByPerson = IsByPerson,
                ReleaseCommand = holds => ReleaseOf(holds, "apply"),
            }.Write(shown);
        if (earlier is not null && format is not (OutputFormat.Json or OutputFormat.Markdown))
            PlanChangesReport.Write(environment.Out, palette, earlier.Compare(shown));
        foreach (var line in format == OutputFormat.GitHub ? GitHubCommands.Of(shown) : [])
            environment.Out.WriteLine(line);
    }

    /// <summary>Saves a plan for <c>apply --plan</c>; false, and reported, where it cannot be.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="file">The file; null where none was asked for.</param>
    public bool TrySave(RunPlan plan, string? file)
    {
        ApprovalReport.Write(environment.Error, palette, plan);
        return file is null
            || OutputFile.TryWrite(
                environment,
                file,
                request,
                State,
                full => SavedPlanFile.Write(full, SavedPlan.Of(plan))
            );
    }
}
