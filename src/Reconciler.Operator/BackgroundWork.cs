using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Ports;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Caching;

namespace Reconciler.Operator;

/// <summary>Runs writes to the cluster beside the loop, some at a time, and logs those that fail.</summary>
/// <param name="logger">Where failures are logged.</param>
internal sealed class BackgroundWork(ILogger logger) : IDisposable
{
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly SemaphoreSlim _places = new(8, 8);

    /// <summary>Ends once everything that was started has ended.</summary>
    public Task EndAsync() => Task.WhenAll(_running.Keys);

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    /// <summary>Starts a piece of work. It is never waited for.</summary>
    /// <param name="subject">What it is about, for the log.</param>
    /// <param name="retry">Called where it fails, to ask for another attempt; null where none is needed.</param>
    /// <param name="work">The work.</param>
    public void Start(string subject, Action? retry, Func<Task> work)
    {
        // It begins only once it is tracked, so that EndAsync misses none.
        var tracked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var task = Task.Run(async () =>
        {
            await tracked.Task;
            await _places.WaitAsync();
            try
            {
                await work();
            }
            catch (Exception failed) when (failed is KubernetesException or StatusConflictException or LedgerException)
            {
                OperatorLog.NotWritten(logger, subject, failed.Message);
                retry?.Invoke();
            }
            catch (Exception unforeseen)
            {
                OperatorLog.Unforeseen(logger, $"{subject}: {unforeseen.GetType().Name}: {unforeseen.Message}");
                retry?.Invoke();
            }
            finally
            {
                _places.Release();
            }
        });
        _running[task] = true;
        _ = task.ContinueWith(
            t => _running.TryRemove(t, out _),
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
        tracked.SetResult();
    }
}
