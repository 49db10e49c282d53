using Reconciler.Core.Planning;

namespace Reconciler.Hosting.Telemetry;

/// <summary>The gauges: values that are read when somebody asks for them.</summary>
public static partial class MetricCatalog
{
    internal static readonly MetricDefinition Projects = new(
        "reconciler_projects",
        MetricType.Gauge,
        "",
        "Projects of the revision in force. state: new, converged, drifted, held, failing, suspended or elsewhere "
            + "(another worker reconciles it, and counts it).",
        "provider",
        "state"
    );

    internal static readonly MetricDefinition InvitationsWaiting = new(
        "reconciler_invitations_waiting",
        MetricType.Gauge,
        "",
        "Invitations that wait for their answer, by the last reconcile of each project.",
        "provider"
    );

    internal static readonly MetricDefinition Findings = new(
        "reconciler_findings",
        MetricType.Gauge,
        "",
        "Findings of the last reconcile of each project. kind: "
            + $"{string.Join(", ", Enum.GetValues<FindingKind>().Select(ReconcilerMetrics.Word))}.",
        "provider",
        "kind"
    );

    internal static readonly MetricDefinition PlansHeld = new(
        "reconciler_plans_held",
        MetricType.Gauge,
        "",
        "Plans that a guardrail holds, whole or in part.",
        "provider"
    );

    internal static readonly MetricDefinition ProviderReachable = new(
        "reconciler_provider_reachable",
        MetricType.Gauge,
        "",
        "Whether the last read of a provider was answered: 1 or 0; absent until there was one.",
        "provider",
        "vendor"
    );

    /// <summary>The time of the last successful fetch of the source, in Unix seconds.</summary>
    public static readonly MetricDefinition SourceLastSuccess = new(
        "reconciler_source_last_success_timestamp_seconds",
        MetricType.Gauge,
        Seconds,
        "Worker: when the source of the manifests was last read successfully; absent until it was."
    );

    /// <summary>Whether the last fetch of the source failed: 1 or 0.</summary>
    public static readonly MetricDefinition SourceFailing = new(
        "reconciler_source_failing",
        MetricType.Gauge,
        "",
        "Worker: whether the source cannot be read, or its newest revision is broken: 1 or 0."
    );

    /// <summary>The revision in force, as a label; its value is always 1.</summary>
    public static readonly MetricDefinition SourceRevision = new(
        "reconciler_source_revision_info",
        MetricType.Gauge,
        "",
        "Worker: 1, labelled with the revision in force; absent until one is.",
        "revision"
    );

    /// <summary>Whether a worker's state file was taken away: 1 or 0.</summary>
    public static readonly MetricDefinition StateLost = new(
        "reconciler_state_lost",
        MetricType.Gauge,
        "",
        "Worker: 1 if the state file was deleted, moved or replaced (nothing is written at a vendor then), else 0."
    );

    /// <summary>Whether a worker has the right to write to the account of a provider: 1 or 0.</summary>
    public static readonly MetricDefinition AccountRight = new(
        "reconciler_account_right",
        MetricType.Gauge,
        "",
        "Worker: 1 while this process has the right to write to the account of a provider, else 0; absent where the "
            + "state is a file.",
        "provider"
    );

    internal static readonly MetricDefinition OldestPassAge = new(
        "reconciler_oldest_pass_age_seconds",
        MetricType.Gauge,
        Seconds,
        "How long ago the reconcile ended that is the last of its project and the oldest of all. "
            + "A project without any counts from when it was first asked for; "
            + "neither a suspended one nor one that another worker reconciles counts."
    );

    internal static readonly MetricDefinition DueLag = new(
        "reconciler_due_lag_seconds",
        MetricType.Gauge,
        Seconds,
        "How long the reconcile that waits longest has been due; 0 where none is late."
    );

    internal static readonly MetricDefinition SchedulerBeat = new(
        "reconciler_scheduler_beat_timestamp_seconds",
        MetricType.Gauge,
        Seconds,
        "When the scheduler last looked for work; absent until it did."
    );

    internal static readonly MetricDefinition BuildInfo = new(
        "reconciler_build_info",
        MetricType.Gauge,
        "",
        "1, labelled with the version of the program and of its runtime.",
        "version",
        "runtime"
    );

    internal static readonly MetricDefinition ProcessCpu = new(
        "process_cpu_seconds_total",
        MetricType.Counter,
        Seconds,
        "Processor time that the process used."
    );

    internal static readonly MetricDefinition ProcessMemory = new(
        "process_resident_memory_bytes",
        MetricType.Gauge,
        "By",
        "Memory of the process that is in RAM."
    );

    internal static readonly MetricDefinition ProcessHandles = new(
        "process_open_fds",
        MetricType.Gauge,
        "",
        "Files, sockets and other handles that the process has open."
    );

    internal static readonly MetricDefinition ProcessStart = new(
        "process_start_time_seconds",
        MetricType.Gauge,
        Seconds,
        "When the process started."
    );
}
