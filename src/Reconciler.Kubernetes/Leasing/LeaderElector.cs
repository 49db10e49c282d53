using System.Diagnostics.CodeAnalysis;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Leasing;

/// <summary>
/// Lets one of several processes work, by a Lease. Acquire: try, wait 2 to 4.4 s, try again. Lead: renew every 2 s;
/// failures are repeated until 10 s after the <em>start</em> of the last success, then leadership is over, whatever the
/// server answers later. Stop: the guarded work ends while the lease is still renewed, then the lease is released.
/// Others take over 15 s after the last renewal that they saw, so a process that checks <see cref="IsLeader"/> before
/// each write never begins one while another works. A process can still be suspended between the check and the write,
/// so writes must also be safe to repeat.
/// </summary>
public sealed class LeaderElector
{
    private readonly LeaderElectionOptions _options;
    private readonly TimeProvider _clock;
    private readonly LeaseRecord _record;
    private volatile Term? _term;

    /// <summary>Creates a candidate.</summary>
    /// <param name="client">The client of the cluster.</param>
    /// <param name="options">The Lease and the times.</param>
    /// <param name="clock">The clock, which must advance while the process is suspended; null for the system's.</param>
    public LeaderElector(ClusterClient client, LeaderElectionOptions options, TimeProvider? clock = null)
    {
        LeaderElectionOptions.Check(options);
        (_options, _clock) = (options, clock ?? TimeProvider.System);
        _record = new(client, options, _clock);
    }

    /// <summary>Whether a write may begin now. Check it before each write; it only reads the clock.</summary>
    public bool IsLeader => _term is { } term && Left(term) > TimeSpan.Zero;

    /// <summary>The last known holder of the lease; null for none.</summary>
    public string? Holder => _record.Holder;

    /// <summary>Throws unless a write may begin now.</summary>
    /// <exception cref="LeadershipLostException">This process does not hold the lease.</exception>
    public void EnsureLeader()
    {
        if (!IsLeader)
            throw new LeadershipLostException(_options.Lease);
    }

    /// <summary>Waits for the lease, runs the guarded work once, and releases the lease.</summary>
    /// <param name="guarded">
    /// The work. Its token is cancelled when the lease is lost, or when <paramref name="stopping"/> is cancelled.
    /// </param>
    /// <param name="stopping">Ends the wait or the work.</param>
    /// <exception cref="LeadershipLostException">The lease was lost. The work has ended.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> guarded, CancellationToken stopping)
    {
        if (!await AcquireAsync(stopping))
            return;
        using var work = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var working = Task.Run(() => guarded(work.Token), CancellationToken.None);
        var kept = false;
        try
        {
            kept = await RenewUntilAsync(working);
        }
        finally
        {
            _term = null;
            if (!kept)
            {
                await work.CancelAsync();
                await EndOf(working);
            }
        }

        if (!kept)
            throw new LeadershipLostException(_options.Lease, working.Exception?.InnerException);
        await AttemptAsync(
            _options.RenewDeadline / 2,
            async token =>
            {
                await _record.ReleaseAsync(token);
                return true;
            }
        );
        try
        {
            await working;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The caller asked to stop, so the cancellation is not an error.
        }
    }

    private async Task<bool> AcquireAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (await HoldAsync(_options.RenewDeadline / 2, _record.TryTakeAsync))
                return true;
            var wait = _options.RetryPeriod * (1 + (_options.Random.NextDouble() * _options.JitterFactor));
            await EndOf(Task.Delay(wait, _clock, stopping));
        }

        return false;
    }

    /// <summary>
    /// Renews until the work has ended (true), or until the deadline is over or another process holds the lease
    /// (false).
    /// </summary>
    private async Task<bool> RenewUntilAsync(Task working)
    {
        while (_term is { } term && Left(term) is var left && left > TimeSpan.Zero)
        {
            using var waiting = new CancellationTokenSource();
            await Task.WhenAny(working, Task.Delay(Least(_options.RetryPeriod, left), _clock, waiting.Token));
            await waiting.CancelAsync();
            if (working.IsCompleted)
                return IsLeader;
            var rest = Left(term);
            if (rest <= TimeSpan.Zero)
                continue;
            if (!await HoldAsync(Least(_options.RenewDeadline / 2, rest), _record.TryRenewAsync) && IsLost)
                return false;
        }

        return false;
    }

    private bool IsLost => Holder != _options.Identity;

    private async Task<bool> HoldAsync(TimeSpan timeout, Func<CancellationToken, Task<bool>> hold)
    {
        // Measured from before the request, since the others measure from a time after the server has stored it.
        var began = _clock.GetTimestamp();
        if (!await AttemptAsync(timeout, hold))
            return false;
        _term = new(began);
        return true;
    }

    // An attempt is not cancelled when stopping. It could take the lease without this process knowing, and the others
    // would have to wait for its end.
    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "Whatever a renewal fails of, the next may succeed, and the deadline holds."
    )]
    private async Task<bool> AttemptAsync(TimeSpan timeout, Func<CancellationToken, Task<bool>> attempt)
    {
        using var late = new CancellationTokenSource(timeout, _clock);
        try
        {
            return await attempt(late.Token);
        }
        catch (Exception failed) when (failed is not ObjectDisposedException)
        {
            _options.Failed?.Invoke(failed);
            return false;
        }
    }

    // Completes when the task completes, in whatever way.
    private static Task EndOf(Task task) =>
        task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private TimeSpan Left(Term term) => _options.RenewDeadline - _clock.GetElapsedTime(term.Began);

    private static TimeSpan Least(TimeSpan one, TimeSpan two) => one < two ? one : two;

    private sealed record Term(long Began);
}
