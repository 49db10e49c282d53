using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Hosting;
using Reconciler.Providers;
using Reconciler.Sources;
using Reconciler.Worker.Settings;

namespace Reconciler.Worker;

/// <summary>
/// Holds the revision of the manifests that is in force, with its connections. It is replaced by the loop and used by
/// reconciles from any thread.
/// </summary>
/// <param name="source">Where revisions come from.</param>
/// <param name="environment">What connections are made in.</param>
/// <param name="telemetry">Observes their requests.</param>
/// <param name="store">Says whether a write may begin.</param>
public sealed class RevisionInForce(
    IManifestSource source,
    HostEnvironment environment,
    WorkerTelemetry telemetry,
    ILedgerStore store
)
{
    private ActiveRevision? _active;

    /// <summary>
    /// Puts a revision in force. The connections of the one before are closed once no reconcile uses them.
    /// </summary>
    /// <param name="revision">The revision.</param>
    /// <param name="settings">Says where tokens are.</param>
    internal void Replace(SourceRevision revision, WorkerSettings settings)
    {
        var before = _active;
        Volatile.Write(ref _active, new(revision, Open(settings), settings.Source.Git is not null));
        before?.Retire();
    }

    /// <summary>The connections of the revision in force, and what keeps them open until it is disposed.</summary>
    internal (Connections Connections, IDisposable Use) Connect()
    {
        // A revision may be retired between the read and the use; then its successor is in force already.
        while (true)
        {
            var active = Volatile.Read(ref _active)!;
            if (active.TryUse() is { } use)
                return (active.Connections, use);
        }
    }

    /// <summary>What the audit trail says of who runs, and from which revision.</summary>
    internal AuditContext Audit()
    {
        var active = Volatile.Read(ref _active);
        return new(
            ServiceOrigin.Of("worker"),
            new RevisionHistory(source.Origin, active?.IsFromGit ?? false, active?.Revision)
        );
    }

    /// <summary>Closes the connections once no reconcile uses them.</summary>
    internal void Retire() => _active?.Retire();

    private Connections Open(WorkerSettings settings) =>
        new(
            environment.Secrets(WorkerDefaults.RequestOf(settings, environment.Folder).SecretsFolder),
            environment.Clock
        )
        {
            Seen = telemetry.RequestEnded,
            MayWrite = provider => store.Objection(provider.Vendor.Type, provider.BaseUrl.AbsoluteUri) is null,
        };
}
