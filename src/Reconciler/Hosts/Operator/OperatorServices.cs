using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Membership;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Hosts.Passes;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Kubernetes.Events;
using Reconciler.Providers.Http;

namespace Reconciler.Hosts.Operator;

/// <summary>Composes an operator.</summary>
internal static class OperatorServices
{
    /// <summary>
    /// Registers an operator's parts and the services that run them. They start in this order: what others ask, what follows
    /// the cluster, the work; and stop in the opposite one.
    /// </summary>
    /// <param name="services">Where they are registered.</param>
    /// <param name="settings">What the operator does.</param>
    /// <param name="connection">How the cluster is reached.</param>
    /// <param name="environment">What is around it.</param>
    public static IServiceCollection AddReconcilerOperator(
        this IServiceCollection services,
        OperatorSettings settings,
        ClusterConnection connection,
        CliEnvironment environment
    )
    {
        services.AddSingleton(settings).AddSingleton(connection).AddSingleton(environment);
        services.AddSingleton(environment.Clock).AddSingleton(new LogText(settings.Log.MaskEmails == true));
        services.AddSingleton(s => s.GetRequiredService<ILoggerFactory>().CreateLogger("operator"));
        services.AddSingleton<OperatorRules>().AddSingleton<OperatorAudit>().AddSingleton<Leadership>();
        services.AddSingleton(_ => new OperatorMetrics(settings.Shard, environment.Clock));
        services.AddCluster(settings, connection, environment);
        services.AddSingleton(ConnectionsOf);
        services.AddSingleton(PartsOf).AddSingleton(LoopOf);
        services.AddSingleton<ClusterFollower>().AddSingleton<OperatorEndpoint>().AddSingleton<OperatorWork>();
        services.AddHostedService(s => s.GetRequiredService<OperatorEndpoint>());
        services.AddHostedService(s => s.GetRequiredService<ClusterFollower>());
        services.AddHostedService(s => s.GetRequiredService<OperatorWork>());
        return services;
    }

    /// <summary>How the operator's clients of the API server behave.</summary>
    /// <param name="clock">The time.</param>
    public static ClientOptions ClientOptionsOf(TimeProvider clock) =>
        new()
        {
            UserAgent = "reconciler-operator",
            Types = ClusterJson.Default,
            Clock = clock,
        };

    private static void AddCluster(
        this IServiceCollection services,
        OperatorSettings settings,
        ClusterConnection connection,
        CliEnvironment environment
    )
    {
        services.AddSingleton(s => new ClusterClient(
            connection,
            ClientOptionsOf(environment.Clock) with
            {
                Observed = s.GetRequiredService<OperatorMetrics>().ServerAnswered,
            }
        ));
        services.AddSingleton(s => new EventRecorder(
            s.GetRequiredService<ClusterClient>(),
            new()
            {
                Controller = "reconciler.dev/operator",
                Failed = failed => OperatorLog.ServerFailed(s.GetRequiredService<ILogger>(), failed.Message),
            }
        ));
        services.AddSingleton<ResourceCache>().AddSingleton<ClusterSecrets>().AddSingleton<ClusterApprovals>();
        services.AddSingleton<OperatorEvents>().AddSingleton<StatusWriter>();
        services.AddSingleton(s => new StatusStore(s.GetRequiredService<StatusWriter>(), settings.Shard)
        {
            Audited = s.GetRequiredService<OperatorAudit>().Write,
        });
        services.AddSingleton(s => new ProviderStatuses(
            s.GetRequiredService<ClusterClient>(),
            s.GetRequiredService<StatusStore>(),
            settings.Shard,
            environment.Clock
        ));
    }

    private static Connections ConnectionsOf(IServiceProvider services)
    {
        var metrics = services.GetRequiredService<OperatorMetrics>();
        var providers = services.GetRequiredService<ProviderStatuses>();
        var leadership = services.GetRequiredService<Leadership>();
        var logger = services.GetRequiredService<ILogger>();
        var text = services.GetRequiredService<LogText>();
        return new(services.GetRequiredService<CliEnvironment>(), services.GetRequiredService<ClusterSecrets>())
        {
            MayWrite = () => leadership.MayWrite,
            Seen = Requested,
        };

        void Requested(DesiredProvider provider, RequestSeen seen)
        {
            metrics.Common.RequestEnded(provider.Id, provider.Vendor.Type, seen);
            providers.Requested(provider, seen);
            ReconcileLog.Requested(logger, text, provider, seen);
        }
    }

    private static OperatorParts PartsOf(IServiceProvider services)
    {
        var metrics = services.GetRequiredService<OperatorMetrics>();
        var approvals = services.GetRequiredService<ClusterApprovals>();
        var environment = services.GetRequiredService<CliEnvironment>();
        return new()
        {
            Settings = services.GetRequiredService<OperatorSettings>(),
            Catalog = services.GetRequiredService<ResourceCache>(),
            Book = services.GetRequiredService<StatusStore>(),
            Writer = services.GetRequiredService<StatusWriter>(),
            Providers = services.GetRequiredService<ProviderStatuses>(),
            Connections = services.GetRequiredService<Connections>(),
            Secrets = services.GetRequiredService<ClusterSecrets>(),
            Events = services.GetRequiredService<OperatorEvents>(),
            Approvals = approvals,
            Context = new(RunOrigin.OfService("operator", OperatorAudit.AccountOf(environment.Variable)), null),
            Rules = services.GetRequiredService<OperatorRules>().Now,
            Logger = services.GetRequiredService<ILogger>(),
            Clock = environment.Clock,
            Text = services.GetRequiredService<LogText>(),
            OnPassed = Passed,
            OnFinalizerLost = metrics.FinalizerLost,
        };

        void Passed(ProjectReconcile pass, TimeSpan took)
        {
            metrics.Passed(pass, took);
            approvals.Passed(pass);
        }
    }

    private static OperatorLoop LoopOf(IServiceProvider services)
    {
        var loop = new OperatorLoop(services.GetRequiredService<OperatorParts>());
        var leadership = services.GetRequiredService<Leadership>();
        services.GetRequiredService<OperatorMetrics>().Observe(loop, () => leadership.IsElected ?? loop.IsLeading);
        return loop;
    }
}
