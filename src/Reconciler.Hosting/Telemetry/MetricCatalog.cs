using System.Collections.Immutable;

namespace Reconciler.Hosting.Telemetry;

/// <summary>Every metric that Reconciler has.</summary>
public static partial class MetricCatalog
{
    private const string Seconds = "s";
    private static readonly ImmutableArray<double> Short = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];
    private static readonly ImmutableArray<double> Long = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

    internal static readonly MetricDefinition Passes = new(
        "reconciler_passes_total",
        MetricType.Counter,
        "",
        "Reconciles of a project that ended. result: converged, changed, held, failed or suspended.",
        "provider",
        "result"
    );

    internal static readonly MetricDefinition PassDuration = new(
        "reconciler_pass_duration_seconds",
        MetricType.Histogram,
        Seconds,
        "How long reconciles of a project took, from reading to the last write.",
        "provider"
    )
    {
        Buckets = Long,
    };

    internal static readonly MetricDefinition Actions = new(
        "reconciler_actions_total",
        MetricType.Counter,
        "",
        "Planned actions that were tried or skipped. kind: invite, update, replace, resend, revoke or remove. "
            + "outcome: done, failed, manual, skipped, interrupted, "
            + "or overtaken where the person accepted first.",
        "provider",
        "kind",
        "outcome"
    );

    internal static readonly MetricDefinition Requests = new(
        "reconciler_vendor_requests_total",
        MetricType.Counter,
        "",
        "Requests to vendors, each attempt by itself. status: the code of the answer, or none where no answer came "
            + "whole.",
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
        "Worker: how often the manifests' source was asked. result: unchanged, changed, "
            + "broken (a revision that is not put in force) or failed.",
        "result"
    );

    internal static readonly MetricDefinition FetchDuration = new(
        "reconciler_source_fetch_duration_seconds",
        MetricType.Histogram,
        Seconds,
        "Worker: how long the source of the manifests took to answer."
    )
    {
        Buckets = Long,
    };

    internal static readonly MetricDefinition Notifications = new(
        "reconciler_notifications_total",
        MetricType.Counter,
        "",
        "Worker: notifications. result: sent, failed or dropped.",
        "result"
    );

    internal static readonly MetricDefinition WebhookCalls = new(
        "reconciler_webhook_calls_total",
        MetricType.Counter,
        "",
        "Worker: calls of the push webhook. result: accepted, ping, refused (wrong signature or token), "
            + "too_large, or unavailable (its secret cannot be read).",
        "result"
    );

    internal static readonly MetricDefinition Reconciles = new(
        "controller_runtime_reconcile_total",
        MetricType.Counter,
        "",
        "Operator: reconciles of a ProjectMembership that ended. "
            + "result: success, error, or requeue where a guardrail holds the plan.",
        "controller",
        "result"
    );

    internal static readonly MetricDefinition ReconcileTime = new(
        "controller_runtime_reconcile_time_seconds",
        MetricType.Histogram,
        Seconds,
        "Operator: how long reconciles of a ProjectMembership took.",
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

    /// <summary>The number of VendorDefinitions that are used or not.</summary>
    public static readonly MetricDefinition VendorDefinitions = new(
        "reconciler_vendor_definitions",
        MetricType.Gauge,
        "",
        "Operator: VendorDefinitions of the cluster. ready: whether AccessProviders can name it.",
        "ready"
    );

    /// <summary>All of them, in the order of the reference page.</summary>
    public static ImmutableArray<MetricDefinition> All =>
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
            StateLost,
            AccountRight,
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
            VendorDefinitions,
            ProcessCpu,
            ProcessMemory,
            ProcessHandles,
            ProcessStart,
        ];
}
