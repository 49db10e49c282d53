using Reconciler.Providers;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Hosts.Passes;
using Reconciler.Hosts.Worker.Settings;
using Reconciler.Sources;
using Reconciler.Telemetry;

namespace Reconciler.Hosts.Worker;

/// <summary>What a worker is put together from.</summary>
internal sealed record WorkerParts
{
    public required WorkerSettings Settings { get; init; }

    /// <summary>The folder that relative paths of the settings start from.</summary>
    public required string Folder { get; init; }

    public required IManifestSource Source { get; init; }

    public required ILedgerStore Store { get; init; }

    public required PassGate Gate { get; init; }

    /// <summary>The state file, for the logs.</summary>
    public required string StatePath { get; init; }

    /// <summary>Makes the connections of a revision.</summary>
    public required Func<WorkerSettings, Connections> Connect { get; init; }

    public required IWorkerEvents Events { get; init; }

    public required ILogger Logger { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Spreads the passes; from 0 to 1.</summary>
    public Func<double> Chance { get; init; } = Random.Shared.NextDouble;

    /// <summary>How a text is shown in the logs: addresses may be cut short there.</summary>
    public Func<string, string> Shown { get; init; } = text => text;

    /// <summary>What the audit trail says of the worker, by the revision in force; null before there is one.</summary>
    public Func<SourceRevision?, AuditContext> Context { get; init; } = _ => AuditContext.None;

    /// <summary>Told after each question to the source.</summary>
    public Action<FetchOutcome, TimeSpan> OnFetched { get; init; } = (_, _) => { };

    /// <summary>Told after each pass of a project, with how long the pass took.</summary>
    public Action<ProjectPass, TimeSpan> OnPassed { get; init; } = (_, _) => { };
}
