using Microsoft.Extensions.Logging;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Kubernetes.Leasing;

namespace Reconciler.Operator;

/// <summary>Lets one of several replicas work at a time, by a Lease; without an election every replica works.</summary>
internal sealed class Leadership : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private readonly OperatorSettings _settings;
    private readonly ILogger _logger;
    private readonly ClusterClient? _client;
    private readonly LeaderElector? _elector;

    /// <summary>Makes it; nothing is asked of the cluster yet.</summary>
    /// <param name="settings">Whether there is an election, and its Lease.</param>
    /// <param name="connection">How the cluster is reached.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">Where failures are logged.</param>
    public Leadership(OperatorSettings settings, ClusterConnection connection, TimeProvider clock, ILogger logger)
    {
        (_settings, _logger) = (settings, logger);
        if (!settings.ElectLeader)
            return;
        // A separate connection, which notices within a renewal's time that it is dead.
        _client = new(
            connection,
            OperatorRegistration.ClientOptionsOf(clock) with
            {
                KeepAliveDelay = Soon,
                KeepAliveTimeout = Soon,
            }
        );
        _elector = new(_client, OptionsOf(connection));
    }

    /// <summary>Whether a write may begin now.</summary>
    public bool MayWrite => IsElected ?? true;

    /// <summary>Whether this replica holds the Lease; null where there is no election.</summary>
    public bool? IsElected => _elector?.IsLeader;

    /// <summary>Runs the work while this replica leads.</summary>
    /// <param name="work">The work; its token ends it when the replica no longer leads.</param>
    /// <param name="stopping">Ends it.</param>
    /// <exception cref="LeadershipLostException">The Lease was lost: the process must end, since half of what it knows
    /// may be old.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        if (_elector is null)
        {
            await work(stopping);
            return;
        }

        OperatorLog.Waits(_logger, _settings.LeaseName, Environment.MachineName);
        try
        {
            await _elector.RunAsync(work, stopping);
        }
        catch (LeadershipLostException lost)
        {
            OperatorLog.Lost(_logger, lost.InnerException?.Message ?? lost.Message);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client?.Dispose();

    private LeaderElectionOptions OptionsOf(ClusterConnection connection)
    {
        var options = new LeaderElectionOptions
        {
            Lease = new(_settings.LeaseNamespace ?? connection.Namespace ?? "default", _settings.LeaseName),
            Failed = failed => OperatorLog.ServerFailed(_logger, failed.Message),
        };
        return _settings.LeaseTimes is not { } times
            ? options
            : options with
            {
                LeaseDuration = times.Lease,
                RenewDeadline = times.Deadline,
                RetryPeriod = times.Retry,
            };
    }
}
