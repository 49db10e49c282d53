using System.Collections.Immutable;

namespace Reconciler.Hosting.Telemetry;

/// <summary>Every metric that Reconciler has.</summary>
public static class MetricCatalog
{
    private const string Seconds = "s";
    private static readonly ImmutableArray<double> Short = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];
    private static readonly ImmutableArray<double> Long = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

    internal static readonly MetricDefinition Passes = new(
        "reconciler_passes_total",
        MetricType.Counter,
        "",
        "Passes over a project that ended. result: converged, changed, held, failed or suspended.",
        "provider",
        "result"
    );

    internal static readonly MetricDefinition PassDuration = new(
        "reconciler_pass_duration_seconds",
        MetricType.Histogram,
        Seconds,
        "How long passes over a project took, from reading to the last write.",
        "provider"
    )
    {
        Buckets = Long,
    };

    internal static readonly MetricDefinition Actions = new(
        "reconciler_actions_total",
        MetricType.Counter,
        "",
        "Planned actions that were tried or skipped. kind: invite, update, replace, resend, revoke or remove. outcome: done, failed, manual, skipped, interrupted, or overtaken where the person accepted first.",
        "provider",
        "kind",
        "outcome"
    );

    internal static readonly MetricDefinition Requests = new(
        "reconciler_vendor_requests_total",
        MetricType.Counter,
        "",
        "Requests to vendors, each attempt by itself. status: the code of the answer, or none where no answer came whole.",
        "provider",
        "vendor",
        "method",
        "status"
    );

    internal static readonly MetricDefinition Retries = new(
        "reconciler_vendor_retries_total",
        MetricType.Counter,
        "",
        "Requests to vendors that repeat one which failed.",
        "provider",
        "vendor"
    );

    internal static readonly MetricDefinition RequestDuration = new(
        "reconciler_vendor_request_duration_seconds",
        MetricType.Histogram,
        Seconds,
        "How long requests to vendors took, without the waits before them.",
        "provider",
        "vendor",
        "method"
    )
    {
        Buckets = Short,
    };

    internal static readonly MetricDefinition Fetches = new(
        "reconciler_source_fetches_total",
        MetricType.Counter,
        "",
        "Times the source of the manifests was asked. result: unchanged, changed, broken (a revision that is not put in force) or failed.",
        "result"
    );

    internal static readonly MetricDefinition FetchDuration = new(
        "reconciler_source_fetch_duration_seconds",
        MetricType.Histogram,
        Seconds,
        "How long the source of the manifests took to answer."
    )
    {
        Buckets = Long,
    };

    internal static readonly MetricDefinition Notifications = new(
        "reconciler_notifications_total",
        MetricType.Counter,
        "",
        "Notifications. result: sent, failed or dropped.",
        "result"
    );

    internal static readonly MetricDefinition WebhookCalls = new(
        "reconciler_webhook_calls_total",
        MetricType.Counter,
        "",
        "Calls of the push webhook. result: accepted, ping, refused (wrong signature or token), too_large, or unavailable (its secret cannot be read).",
        "result"
    );

    internal static readonly MetricDefinition Reconciles = new(
        "controller_runtime_reconcile_total",
        MetricType.Counter,
        "",
        "Operator: passes over a ProjectMembership that ended. result: success, error, or requeue where a guardrail holds the plan.",
        "controller",
        "result"
    );

    internal static readonly MetricDefinition ReconcileTime = new(
        "controller_runtime_reconcile_time_seconds",
        MetricType.Histogram,
        Seconds,
        "Operator: how long passes over a ProjectMembership took.",
        "controller"
    )
    {
        Buckets = Long,
    };

    internal static readonly MetricDefinition ServerRequests = new(
        "rest_client_requests_total",
        MetricType.Counter,
        "",
        "Operator: requests to the API server of the cluster. code: of the answer, or <error> where none came.",
        "method",
        "code"
    );

    /// <summary>The number of changed resources that wait in the work queue.</summary>
    public static readonly MetricDefinition QueueDepth = new(
        "workqueue_depth",
        MetricType.Gauge,
        "",
        "Operator: ProjectMemberships that are due and wait.",
        "name"
    );

    /// <summary>Whether this replica leads: 1 or 0.</summary>
    public static readonly MetricDefinition Leads = new(
        "leader_election_master_status",
        MetricType.Gauge,
        "",
        "Operator: 1 where this replica leads, else 0. name: the shard.",
        "name"
    );

    internal static readonly MetricDefinition FinalizersLost = new(
        "reconciler_finalizers_lost_total",
        MetricType.Counter,
        "",
        "Operator: times a ProjectMembership lost its finalizer though the operator had not let it go."
    );

    internal static readonly MetricDefinition Projects = new(
        "reconciler_projects",
        MetricType.Gauge,
        "",
        "Projects of the revision in force. state: new, converged, drifted, held, failing or suspended.",
        "provider",
        "state"
    );

    internal static readonly MetricDefinition InvitationsWaiting = new(
        "reconciler_invitations_waiting",
        MetricType.Gauge,
        "",
        "Invitations that wait for their answer, by the last pass of each project.",
        "provider"
    );

    internal static readonly MetricDefinition Findings = new(
        "reconciler_findings",
        MetricType.Gauge,
        "",
        "What was noticed and needs no write, or has no way to be written, by the last pass of each project.",
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
        "When the source of the manifests was last asked with success; absent until it was."
    );

    /// <summary>Whether the last fetch of the source failed: 1 or 0.</summary>
    public static readonly MetricDefinition SourceFailing = new(
        "reconciler_source_failing",
        MetricType.Gauge,
        "",
        "Whether the source cannot be had, or its newest revision is broken: 1 or 0."
    );

    /// <summary>The revision in force, as a label; its value is always 1.</summary>
    public static readonly MetricDefinition SourceRevision = new(
        "reconciler_source_revision_info",
        MetricType.Gauge,
        "",
        "1, labelled with the revision in force; absent until one is.",
        "revision"
    );

    internal static readonly MetricDefinition OldestPassAge = new(
        "reconciler_oldest_pass_age_seconds",
        MetricType.Gauge,
        Seconds,
        "How long ago the pass ended that is the last of its project and the oldest of all. A project without any counts from when it was first asked for; a suspended one does not count."
    );

    internal static readonly MetricDefinition DueLag = new(
        "reconciler_due_lag_seconds",
        MetricType.Gauge,
        Seconds,
        "How long the pass that waits longest has been due; 0 where none is late."
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

    /// <summary>All of them, in the order of the reference page.</summary>
    public static ImmutableArray<MetricDefinition> All { get; } =
    [
        Projects,
        PlansHeld,
        InvitationsWaiting,
        Findings,
        ProviderReachable,
        Passes,
        PassDuration,
        OldestPassAge,
        DueLag,
        Actions,
        Requests,
        Retries,
        RequestDuration,
        SourceRevision,
        SourceLastSuccess,
        SourceFailing,
        Fetches,
        FetchDuration,
        WebhookCalls,
        Notifications,
        SchedulerBeat,
        BuildInfo,
        Reconciles,
        ReconcileTime,
        QueueDepth,
        Leads,
        ServerRequests,
        FinalizersLost,
        ProcessCpu,
        ProcessMemory,
        ProcessHandles,
        ProcessStart,
    ];
}
