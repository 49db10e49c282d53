using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Ports;
using Reconciler.Hosting;
using Reconciler.Hosting.Reconciling;
using Reconciler.Hosting.Telemetry;
using Reconciler.Sources;
using Reconciler.State;
using Reconciler.Worker.Notifications;
using Reconciler.Worker.Settings;

namespace Reconciler.Worker;

/// <summary>Composes a worker.</summary>
public static class WorkerRegistration
{
    /// <summary>
    /// Registers the services of a worker. <see cref="WorkerLoop"/> runs the loop, <see cref="WorkerEndpoints"/>
    /// what surrounds it.
    /// </summary>
    /// <param name="services">Where they are registered.</param>
    /// <param name="settings">What the worker does.</param>
    /// <param name="environment">The process's environment.</param>
    /// <param name="files">Where its files are.</param>
    /// <param name="store">Its state file, opened.</param>
    public static IServiceCollection AddReconcilerWorker(
        this IServiceCollection services,
        WorkerSettings settings,
        HostEnvironment environment,
        WorkerFiles files,
        WatchedState store
    ) =>
        services
            .AddSingleton(settings)
            .AddSingleton(environment)
            .AddSingleton(files)
            .AddSingleton(environment.Clock)
            .AddSingleton(environment.Loader)
            .AddSingleton(store)
            .AddSingleton<ILedgerStore>(store)
            .AddSingleton<IApprovalMemory>(store)
            .AddSingleton(s => s.GetRequiredService<ILoggerFactory>().CreateLogger("worker"))
            .AddSingleton(new LogText(settings.Log?.MaskEmails == true))
            .AddSingleton<WorkerTelemetry>()
            .AddSource()
            .AddNotifications()
            .AddLoop()
            .AddSingleton<WorkerLoop>()
            .AddSingleton<IWorkerView>(s => s.GetRequiredService<WorkerLoop>())
            .AddSingleton<WorkerEndpoints>();

    private static IServiceCollection AddSource(this IServiceCollection services) =>
        services
            .AddSingleton(s =>
                ManifestSources.Create(
                    s.GetRequiredService<WorkerSettings>(),
                    s.GetRequiredService<WorkerFiles>(),
                    s.GetRequiredService<TimeProvider>()
                )
            )
            .AddSingleton<SourceFollower>()
            .AddSingleton<SourceFetcher>()
            .AddSingleton<WorkerApprovals>()
            .AddSingleton<RevisionInForce>()
            .AddSingleton<OrphanedLedgers>()
            .AddSingleton<StateFollower>();

    private static IServiceCollection AddNotifications(this IServiceCollection services) =>
        services
            .AddSingleton(s => new Notifier(
                NotificationTarget.Of(s.GetRequiredService<WorkerSettings>().Notifications ?? []),
                s.GetRequiredService<TimeProvider>(),
                s.GetRequiredService<ILogger<Notifier>>(),
                sent =>
                    s.GetRequiredService<WorkerTelemetry>()
                        .Metrics.NotificationEnded(sent ? NotificationOutcome.Sent : NotificationOutcome.Failed)
            ))
            .AddSingleton<IWorkerEvents>(s => s.GetRequiredService<Notifier>())
            .AddSingleton<WorkerEventPublisher>()
            .AddSingleton<IReconcileEvents>(s => s.GetRequiredService<WorkerEventPublisher>());

    private static IServiceCollection AddLoop(this IServiceCollection services) =>
        services
            .AddSingleton(s =>
            {
                var logger = s.GetRequiredService<ILogger>();
                var queue = s.GetRequiredService<LoopQueue>();
                var place = s.GetRequiredService<WorkerFiles>().State;
                return StatePlace.IsServer(place)
                    ? (IWriteGate)
                        new ServerGate(
                            s.GetRequiredService<WatchedState>(),
                            s.GetRequiredService<HostEnvironment>().SharedClock,
                            (account, holder) => WorkerLog.WaitsForAccount(logger, Name(holder), account.ToString()),
                            () => queue.Enqueue(() => { })
                        )
                    : new WriteGate(place, holder => WorkerLog.WaitsForLock(logger, Name(holder)));

                static string Name(Holder? holder) => holder?.ToString() ?? "another process";
            })
            .AddSingleton(new Schedule(Random.Shared.NextDouble))
            .AddSingleton<LoopQueue>()
            .AddSingleton(s => new WorkerSnapshotBuilder(
                s.GetRequiredService<IManifestSource>().Origin,
                s.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<StatusSnapshotBuilder>(s => s.GetRequiredService<WorkerSnapshotBuilder>())
            .AddSingleton<ReconcileNotifier>()
            .AddSingleton<AccountReconciler>()
            .AddSingleton<WorkerDesiredState>()
            .AddSingleton<IDesiredStateSource>(s => s.GetRequiredService<WorkerDesiredState>())
            .AddSingleton<IReconcileHost, WorkerReconcileHost>()
            .AddSingleton<ReconcileLoop>();
}
