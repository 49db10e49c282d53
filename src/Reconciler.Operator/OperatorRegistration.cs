using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Engine.Applying;
using Reconciler.Hosting;
using Reconciler.Hosting.Reconciling;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Kubernetes.Events;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Evaluating;
using Reconciler.Operator.Finalizing;
using Reconciler.Operator.Providers;
using Reconciler.Operator.Queue;
using Reconciler.Operator.Reconciling;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status.Updating;
using Reconciler.Operator.Vendors;
using Reconciler.Operator.Watching;
using Reconciler.Providers;
using Reconciler.Providers.Http;

namespace Reconciler.Operator;

/// <summary>Composes an operator.</summary>
internal static class OperatorRegistration
{
    /// <summary>
    /// Registers the services of an operator, in the order of its work: watch, cache, queue, evaluate, reconcile,
    /// status update, finalizer. The hosted ones start in this order: what others ask, what watches the cluster, the
    /// loop; and stop in the opposite one.
    /// </summary>
    /// <param name="services">Where they are registered.</param>
    /// <param name="settings">What the operator does.</param>
    /// <param name="connection">How the cluster is reached.</param>
    /// <param name="environment">The process's environment.</param>
    public static IServiceCollection AddReconcilerOperator(
        this IServiceCollection services,
        OperatorSettings settings,
        ClusterConnection connection,
        HostEnvironment environment
    ) =>
        services
            .AddSingleton(settings)
            .AddSingleton(connection)
            .AddSingleton(environment)
            .AddSingleton(environment.Clock)
            .AddSingleton(new LogText(settings.Log.MaskEmails == true))
            .AddSingleton(s => s.GetRequiredService<ILoggerFactory>().CreateLogger("operator"))
            .AddSingleton<OperatorMetrics>()
            .AddSingleton<ClusterVendors>()
            .AddSingleton<OperatorRules>()
            .AddSingleton<OperatorEvents>()
            .AddSingleton<OperatorAudit>()
            .AddSingleton<Leadership>()
            .AddSingleton<BackgroundWork>()
            .AddCluster()
            .AddCaches()
            .AddEvaluation()
            .AddReconciling()
            .AddStatuses()
            .AddSingleton<OperatorEndpoint>()
            .AddSingleton<ClusterFollower>()
            .AddSingleton<OperatorWorker>()
            .AddHostedService(s => s.GetRequiredService<OperatorEndpoint>())
            .AddHostedService(s => s.GetRequiredService<ClusterFollower>())
            .AddHostedService(s => s.GetRequiredService<OperatorWorker>());

    /// <summary>The options of the operator's clients of the API server.</summary>
    /// <param name="clock">The time.</param>
    public static ClientOptions ClientOptionsOf(TimeProvider clock) =>
        new()
        {
            UserAgent = "reconciler-operator",
            Types = ClusterJson.Default,
            Clock = clock,
        };

    private static IServiceCollection AddCluster(this IServiceCollection services) =>
        services
            .AddSingleton(s => new ClusterClient(
                s.GetRequiredService<ClusterConnection>(),
                ClientOptionsOf(s.GetRequiredService<TimeProvider>()) with
                {
                    Observed = s.GetRequiredService<OperatorMetrics>().ServerAnswered,
                }
            ))
            .AddSingleton(s =>
            {
                var logger = s.GetRequiredService<ILogger>();
                return new EventRecorder(
                    s.GetRequiredService<ClusterClient>(),
                    new()
                    {
                        Controller = "reconciler.dev/operator",
                        Failed = failed => OperatorLog.ServerFailed(logger, failed.Message),
                    }
                );
            });

    private static IServiceCollection AddCaches(this IServiceCollection services) =>
        services
            .AddSingleton<ResourceCache>()
            .AddSingleton<StatusWriter>()
            .AddSingleton<StatusStore>()
            .AddSingleton<ILedgerStore>(s => s.GetRequiredService<StatusStore>())
            .AddSingleton<ProviderStatuses>()
            .AddSingleton<ProviderRemovals>()
            .AddSingleton<ClusterSecrets>()
            .AddSingleton<ClusterApprovals>();

    private static IServiceCollection AddEvaluation(this IServiceCollection services) =>
        services
            .AddSingleton<LoopQueue>()
            .AddSingleton<ChangeQueue>()
            .AddSingleton<MembershipEvaluator>()
            .AddSingleton<NamespaceEvaluator>()
            .AddSingleton<DesiredMemberships>();

    private static IServiceCollection AddReconciling(this IServiceCollection services) =>
        services
            .AddSingleton(new Schedule(Random.Shared.NextDouble))
            .AddSingleton(s =>
            {
                var clock = s.GetRequiredService<TimeProvider>();
                return new StatusSnapshotBuilder(new(clock.GetUtcNow()), keepsPlans: false, clock);
            })
            // The cluster's Events notify people, so that there is no other receiver.
            .AddSingleton(s => new ReconcileNotifier(
                s.GetRequiredService<ILogger>(),
                s.GetRequiredService<LogText>(),
                events: null
            ))
            .AddSingleton(AuditContextOf)
            .AddSingleton(ConnectionsOf)
            // The Lease keeps other writers away, so that there is no gate.
            .AddSingleton(s => new AccountReconciler(
                s.GetRequiredService<ILedgerStore>(),
                gate: null,
                s.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<MembershipReconciler>()
            .AddSingleton<ProviderRefresher>()
            .AddSingleton<OwnershipTransfer>()
            .AddSingleton<DecisionRunner>()
            .AddSingleton<OperatorDesiredState>()
            .AddSingleton<IDesiredStateSource>(s => s.GetRequiredService<OperatorDesiredState>())
            .AddSingleton<IReconcileHost, OperatorReconcileHost>()
            .AddSingleton<ReconcileLoop>();

    private static IServiceCollection AddStatuses(this IServiceCollection services) =>
        services
            .AddSingleton<StatusWorker>()
            .AddSingleton<StatusUpdater>()
            .AddSingleton<ProjectForgetter>()
            .AddSingleton<Finalizers>()
            .AddSingleton<FinalizerGuard>()
            .AddSingleton<VendorUsers>()
            .AddSingleton<VendorStatuses>();

    private static AuditContext AuditContextOf(IServiceProvider services)
    {
        var account = OperatorAudit.AccountOf(services.GetRequiredService<HostEnvironment>().Variable);
        return new(ServiceOrigin.Of("operator", account), null);
    }

    private static Connections ConnectionsOf(IServiceProvider services)
    {
        var metrics = services.GetRequiredService<OperatorMetrics>();
        var providers = services.GetRequiredService<ProviderStatuses>();
        var leadership = services.GetRequiredService<Leadership>();
        var logger = services.GetRequiredService<ILogger>();
        var text = services.GetRequiredService<LogText>();
        return new(services.GetRequiredService<ClusterSecrets>(), services.GetRequiredService<HostEnvironment>().Clock)
        {
            MayWrite = _ => leadership.MayWrite,
            Seen = RequestEnded,
        };

        void RequestEnded(DesiredProvider provider, RequestSeen request)
        {
            metrics.Common.RequestEnded(provider.Id, provider.Vendor.Type, request);
            providers.RequestEnded(provider, request);
            ReconcileLog.Requested(logger, text, provider, request);
        }
    }
}
